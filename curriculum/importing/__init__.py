"""From the source files to pages: read, check everything, plan, and only then store."""

from .faults import BrokenSource, Fault
from .planning import Plan, plan_curriculum
from .storing import Report, store

__all__ = ["BrokenSource", "Fault", "Plan", "Report", "plan_curriculum", "store"]
