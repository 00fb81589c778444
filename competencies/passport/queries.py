"""What a person holds, with what it rests on, and how their badges and shared pages stand."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from learning import verbs
from workforce.models import User

from ..models import (
    Badge,
    Capability,
    Edition,
    EditionCapability,
    Evidence,
    Holding,
    Level,
    Share,
    SigningKey,
    VerificationAct,
)

# What an award rests on, by the verb of its statement. Never what anybody wrote, and never who.
KINDS = {
    verbs.COMPLETED: "Finished the learning",
    verbs.PASSED: "Passed the check",
    verbs.CONFERRED: "A panel of 2 read a portfolio and agreed",
    verbs.VERIFIED: "A named person confirmed that it was done for real",
    verbs.WAIVED: "Earlier learning was accepted",
}
OTHER_KIND = "Shown on the learning record"


@dataclass(frozen=True)
class PassportEntry:
    """One capability as a person holds it on a day. `rests_on` is the award that lasts longest.

    Who confirmed it is for the person's own documents; a page that they share does not tell it.
    """

    wording: EditionCapability
    level: Level
    since: date
    last_day: date | None
    evidence: tuple[str, ...]
    confirmed_by: tuple[VerificationAct, ...]
    rests_on: Evidence

    @property
    def capability(self) -> Capability:
        return self.wording.capability

    @property
    def edition(self) -> Edition:
        return self.wording.edition


class Standing(StrEnum):
    """How a badge stands on a day."""

    GOOD = "good"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


def passport_of(user: User, on: date) -> list[PassportEntry]:
    """All that the person holds on the day, in the order of the framework. Where they work does not matter."""
    holdings = list(Holding.objects.filter(user=user, during__contains=on))
    wordings = _newest_wordings({holding.capability_id for holding in holdings})
    levels = _levels({wording.edition_id for wording in wordings.values()})
    awards = _awards(user, on)
    signed = _confirmations(award.statement_id for of_one in awards.values() for award in of_one)
    found = []
    for holding in holdings:
        wording = wordings.get(holding.capability_id)
        if wording is None:
            continue  # no published edition says what it is
        rests_on = awards[holding.capability_id, holding.level]
        found.append(
            PassportEntry(
                wording=wording,
                level=levels[wording.edition_id, holding.level],
                since=holding.during.lower,
                last_day=holding.during.upper and holding.during.upper - timedelta(days=1),
                evidence=_kinds(rests_on),
                confirmed_by=tuple(
                    signed[award.statement_id] for award in rests_on if award.statement_id in signed
                ),
                rests_on=max(rests_on, key=_lasts),
            )
        )
    return sorted(found, key=lambda held: (held.wording.order, held.capability.code))


def editions_of(held: Iterable[PassportEntry]) -> list[str]:
    """Which editions say what these things are, each once."""
    return list(dict.fromkeys(str(one.edition) for one in held))


def _newest_wordings(capabilities: Collection[int]) -> dict[int, EditionCapability]:
    wordings = (
        EditionCapability.objects.filter(capability__in=capabilities, edition__state__in=Edition.ISSUED)
        .select_related("capability", "domain", "edition__framework")
        .order_by("edition__dated", "edition__version")
    )
    return {wording.capability_id: wording for wording in wordings}


def _levels(editions: Collection[int]) -> dict[tuple[int, int], Level]:
    return {(lv.edition_id, lv.number): lv for lv in Level.objects.filter(edition__in=editions)}


def _awards(user: User, on: date) -> dict[tuple[int, int], list[Evidence]]:
    """What counts on the day, by capability and level."""
    counting = _counting(on).filter(user=user, achieved__lte=on).select_related("statement")
    found: dict[tuple[int, int], list[Evidence]] = {}
    for award in counting.order_by("achieved", "pk"):
        found.setdefault((award.capability_id, award.level), []).append(award)
    return found


def _confirmations(statements: Iterable[UUID]) -> dict[UUID, VerificationAct]:
    acts = VerificationAct.objects.filter(statement__in=list(statements), act=VerificationAct.Act.VERIFY)
    return {act.statement_id: act for act in acts}


def _counting(on: date) -> QuerySet[Evidence]:
    return Evidence.objects.filter(Q(expires=None) | Q(expires__gt=on), withdrawn_at=None)


def _kinds(awards: Iterable[Evidence]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind_of(award) for award in awards))


def kind_of(award: Evidence) -> str:
    return KINDS.get(award.statement.verb, OTHER_KIND)


def _lasts(award: Evidence) -> tuple[date, date, int]:
    return award.expires or date.max, award.achieved, award.pk


def badges_of(user: User, on: date) -> list[tuple[Badge, Standing, str]]:
    """The person's badges, newest first, each with how it stands and the name of its capability."""
    badges = list(
        _with_standing(on).filter(user=user).select_related("capability").order_by("-issued_at", "pk")
    )
    names = {pk: w.name for pk, w in _newest_wordings({b.capability_id for b in badges}).items()}
    return [(badge, standing_of(badge, on), names[badge.capability_id]) for badge in badges]


def badge_standing(uuid: UUID, on: date) -> tuple[Badge, Standing, EditionCapability] | None:
    """One badge as anybody may see it who has its address: nothing in it tells whose it is."""
    badge = _with_standing(on).select_related("capability").filter(uuid=uuid).first()
    if badge is None:
        return None
    worded = EditionCapability.objects.select_related("edition__framework")
    wording = worded.get(edition=badge.edition_id, capability=badge.capability_id)
    return badge, standing_of(badge, on), wording


def _with_standing(on: date) -> QuerySet[Badge]:
    return Badge.objects.annotate(
        is_counted=Exists(_behind(_counting(on))),
        is_on_record=Exists(_behind(Evidence.objects.filter(withdrawn_at=None))),
    )


def _behind(evidence: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """The evidence that a badge was signed for, if its statement still gives it to the same person."""
    return evidence.filter(
        user=OuterRef("user"),
        statement=OuterRef("statement"),
        capability=OuterRef("capability"),
        level=OuterRef("level"),
    )


def standing_of(badge: Badge, on: date) -> Standing:
    """How a badge that a query of this module found stands on the day."""
    if not badge.is_on_record:  # type: ignore[attr-defined]
        return Standing.WITHDRAWN
    lapsed = badge.expires is not None and badge.expires <= on
    return Standing.LAPSED if lapsed or not badge.is_counted else Standing.GOOD  # type: ignore[attr-defined]


def has_status_list(number: int) -> bool:
    """The first list is there from the start; others once a badge is in them."""
    return number == 1 or Badge.objects.filter(status_list=number).exists()


def places_withdrawn(number: int, on: date) -> list[int]:
    """The places in a list of all badges whose evidence was withdrawn or has lapsed."""
    withdrawn = Badge.objects.filter(~Exists(_behind(_counting(on))), status_list=number)
    return list(withdrawn.order_by("place").values_list("place", flat=True))


def signing_keys() -> QuerySet[SigningKey]:
    """All that ever signed, so that what they signed can be checked."""
    return SigningKey.objects.order_by("-pk")


def share_digest(secret: str) -> str:
    """By what a shared page is found. Its secret is long and random, so one hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def current_share(user: User, at: datetime) -> Share | None:
    return _open_shares(at).filter(user=user).prefetch_related("capabilities").first()


def shared_page(secret: str, at: datetime) -> Share | None:
    """What a link opens, while it may be opened."""
    shares = _open_shares(at).filter(digest=share_digest(secret), user__is_active=True)
    return shares.select_related("user").prefetch_related("capabilities").first()


def earlier_shares(user: User, at: datetime) -> QuerySet[Share]:
    """Links that have ended, newest first."""
    return Share.objects.filter(Q(ended_at__isnull=False) | Q(ends_at__lte=at), user=user)


def _open_shares(at: datetime) -> QuerySet[Share]:
    return Share.objects.filter(ended_at=None, ends_at__gt=at)
