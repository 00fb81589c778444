"""What a person held once, and holds no longer, or only at a lower level."""

from collections import defaultdict
from datetime import date

from workforce.models import User

from ..models import Holding
from .renewals import ENDED, Ending
from .wording import capability_names


def lapsed(user: User, on: date) -> list[Ending]:
    """The highest level of each capability that has ended and that nothing as high holds up today. Two queries."""
    rows = (
        Holding.objects.filter(user=user).select_related("capability").order_by("capability__code", "during")
    )
    by_capability: dict[str, list[Holding]] = defaultdict(list)
    for row in rows:
        by_capability[row.capability.code].append(row)
    names = capability_names(by_capability)
    found = (_lapsed(user, names.get(code, code), holdings, on) for code, holdings in by_capability.items())
    return [ending for ending in found if ending]


def _lapsed(user: User, name: str, holdings: list[Holding], on: date) -> Ending | None:
    now = next((h for h in holdings if on in h.during), None)
    level = now.level if now else 0
    past = [h for h in holdings if h.during.upper and h.during.upper <= on and h.level > level]
    if not past:
        return None
    highest = max(past, key=lambda h: (h.level, h.during.upper))
    return Ending(
        user.pk,
        highest.capability_id,
        highest.capability.code,
        name,
        highest.level,
        highest.during.upper,
        ENDED,
        level,
        now.during.upper if now else None,
    )
