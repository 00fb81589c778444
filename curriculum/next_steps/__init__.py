"""What to learn next: where a person stands with each module, and which of their gaps it closes."""

from .capabilities import Asked, OfTier, asked_of
from .practice import Sent, sent_practice
from .programmes import Section, next_module, sections
from .reasons import reason
from .standing import Standing, State, standings

__all__ = [
    "Asked",
    "OfTier",
    "Section",
    "Sent",
    "Standing",
    "State",
    "asked_of",
    "next_module",
    "reason",
    "sections",
    "sent_practice",
    "standings",
]
