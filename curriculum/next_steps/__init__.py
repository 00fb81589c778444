"""What to learn next: where a person stands with each module, and which of their gaps it closes."""

from .practice import Sent, sent_practice
from .programmes import Section, next_module, sections
from .reasons import reason
from .standing import Standing, State, standings

__all__ = [
    "Section",
    "Sent",
    "Standing",
    "State",
    "next_module",
    "reason",
    "sections",
    "sent_practice",
    "standings",
]
