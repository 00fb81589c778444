"""What a draft would change on the figures of today, before it is published. Small numbers are hidden as outside."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection

from workforce.models import Organisation, Tier

from ..coverage.disclosure import cover_pairs, number_text, rounded
from ..coverage.queries import AS_BEFORE, BY_HASH, LONG_LEAVE_DAYS
from ..models import Adoption, Edition, EditionCapability, Requirement
from ..queries.expected import EXPECTED, EXPECTED_UNDER

_COUNT = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
Counts = dict[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Line:
    """One capability: what is asked of the tier, how many meet it, and how many are due; now and under the draft."""

    code: str
    name: str
    now: str
    then: str
    met_now: str
    met_then: str

    @property
    def differs(self) -> bool:
        return (self.now, self.met_now) != (self.then, self.met_then)


@dataclass(frozen=True)
class Preview:
    organisation: Organisation
    lines: list[Line]

    @property
    def different(self) -> list[Line]:
        return [line for line in self.lines if line.differs]


def previews(draft: Edition, tier: Tier, on: date) -> list[Preview]:
    """Each organisation that goes by an edition of this framework, by name. Six queries, whatever their number."""
    adopted = {
        adoption.organisation: adoption.edition_id
        for adoption in Adoption.objects.filter(edition__framework=draft.framework_id, during__contains=on)
        .select_related("organisation")
        .order_by("organisation__name", "organisation__code")
    }
    asked = _asked({draft.pk, *adopted.values()}, tier)
    names = _names({draft.pk, *adopted.values()}, draft)
    now = _counts(EXPECTED, on, tier, draft, mapped=False)
    then = _counts(EXPECTED_UNDER, on, tier, draft, mapped=True)
    return [
        Preview(
            organisation,
            [
                _line(organisation, code, name, capability, (asked[edition], asked[draft.pk]), (now, then))
                for capability, (code, name) in names.items()
                if asked[edition].get(capability) or asked[draft.pk].get(capability)
            ],
        )
        for organisation, edition in adopted.items()
    ]


def _asked(editions: set[int], tier: Tier) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {edition: {} for edition in editions}
    rows = Requirement.objects.filter(edition__in=editions, tier=tier)
    for edition, capability, level in rows.values_list("edition", "capability", "level"):
        found[edition][capability] = level
    return found


def _names(editions: set[int], draft: Edition) -> dict[int, tuple[str, str]]:
    """Capability → code and name: as the draft words it, and after that what only the others have."""
    wordings = EditionCapability.objects.filter(edition__in=editions).order_by("order", "pk")
    rows = list(wordings.values_list("edition", "capability", "capability__code", "name"))
    first = [row for row in rows if row[0] == draft.pk]
    found: dict[int, tuple[str, str]] = {}
    for _, capability, code, name in [*first, *rows]:
        found.setdefault(capability, (code, name))
    return found


def _counts(expected: str, on: date, tier: Tier, draft: Edition, mapped: bool) -> Counts:
    """(organisation, capability) → how many meet it, and how many are due."""
    given = {
        "on": on,
        "organisation": None,
        "user": None,
        "edition": draft.pk,
        "map": draft.pk if mapped else None,
        "tier": tier.pk,
        "long_leave": LONG_LEAVE_DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(BY_HASH + expected + _COUNT + AS_BEFORE, given)
        while cursor.description is None:
            cursor.nextset()
        return {(place, capability): (met, due) for place, capability, met, due in cursor.fetchall()}


def _line(
    organisation: Organisation,
    code: str,
    name: str,
    capability: int,
    asked: tuple[dict[int, int], dict[int, int]],
    counts: tuple[Counts, Counts],
) -> Line:
    levels = [f"level {each[capability]}" if each.get(capability) else "not expected" for each in asked]
    pairs = [each.get((organisation.pk, capability), (0, 0)) for each in counts]
    texts = [_text(*pair) for pair in pairs]
    if HIDDEN in texts:  # The one beside it would say too much about the one that is hidden.
        texts = [HIDDEN if pair[1] else text for pair, text in zip(pairs, texts, strict=True)]
    return Line(code, name, levels[0], levels[1], texts[0], texts[1])


HIDDEN = "too few to show"
NOBODY = "nobody due"


def _text(met: int, due: int) -> str:
    if not due:
        return NOBODY
    pair = cover_pairs([(met, due)])[0]
    if not (pair.met_cover.shown and pair.due_cover.shown):
        return HIDDEN
    return f"{number_text(rounded(met))} of {number_text(rounded(due))}"
