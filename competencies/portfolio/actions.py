"""What happens between a person and the panel of two that reads their portfolio. Each is an act."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from workforce.models import User

from ..models import Capability, PanelAct, Portfolio, PortfolioClaim
from ..permissions import can_be_replaced, has_a_view_from_outside, who_may_sit
from .appending import append
from .queries import newest_act
from .seats import Place, seats_of, who_left
from .states import NEXT, OF_THE_OWNER, OPEN, state_after

Act = PanelAct.Act
State = PanelAct.State


@transaction.atomic
def put_to_panel(
    *,
    portfolio: Portfolio,
    by: User,
    members: tuple[User, User],
    registration: UUID,
    prompts: Mapping[str, str],
    at: datetime | None = None,
) -> PanelAct:
    """Put a portfolio to two people, for all of `prompts` (capability code to prompt), for the first time or again.

    Raises ValidationError when a prompt has no entry, when it is with a panel already, when this attempt had its
    award, or when one of the two may not sit.
    """
    at = at or timezone.now()
    portfolio = _lock(portfolio)
    latest = newest_act(portfolio)
    if by.pk != portfolio.owner_id:
        raise ValidationError("Only the person who gathers this can put it forward.")
    if Act.PUT_FORWARD not in NEXT[state_after(latest)]:
        raise ValidationError("This is with your panel already.")
    if latest and latest.state == State.CONFERRED and latest.registration == registration:
        raise ValidationError("You have this award already. To renew it, do the module again.")
    capabilities = _claim(portfolio, prompts)
    _check_panel(portfolio.owner, members, capabilities, at)
    return append(portfolio, Act.PUT_FORWARD, latest, by=by, seats=members, registration=registration, at=at)


def _claim(portfolio: Portfolio, prompts: Mapping[str, str]) -> list[int]:
    """Write down what it is put forward for; returns the ids of the capabilities."""
    answered = set(portfolio.entries.values_list("capability__code", flat=True))
    for code, prompt in prompts.items():
        if code not in answered:
            raise ValidationError(f"Add an entry for: {prompt}")
    portfolio.claims.exclude(capability__code__in=prompts).delete()
    capabilities = list(Capability.objects.filter(code__in=prompts))
    for capability in capabilities:
        PortfolioClaim.objects.update_or_create(
            portfolio=portfolio, capability=capability, defaults={"prompt": prompts[capability.code]}
        )
    return [capability.pk for capability in capabilities]


def _check_panel(owner: User, members: Sequence[User], capabilities: Sequence[int], at: datetime) -> None:
    on = timezone.localdate(at)
    if len({member.pk for member in members}) != len(members):
        raise ValidationError("Choose 2 different people.")
    may = set(who_may_sit(owner, capabilities, on).values_list("pk", flat=True))
    for member in members:
        if member.pk not in may:
            raise ValidationError(f"{member} cannot sit on this panel. Choose people from the list.")
    if not has_a_view_from_outside(owner, members, capabilities, on):
        raise ValidationError("Choose at least 1 person from outside your own team.")


@transaction.atomic
def agree(*, portfolio: Portfolio, by: User, at: datetime | None = None) -> PanelAct:
    """A member says yes. With the second yes the record says that the panel conferred the level."""
    at = at or timezone.now()
    portfolio = _lock(portfolio)
    latest = _turn(portfolio, Act.AGREE, by)
    if not who_may_sit(portfolio.owner, claimed(portfolio), timezone.localdate(at)).filter(pk=by.pk).exists():
        raise ValidationError(
            "You can no longer sit on this panel. Step aside, so that they can ask another."
        )
    return append(portfolio, Act.AGREE, latest, by=by, at=at)


@transaction.atomic
def say_not_yet(*, portfolio: Portfolio, by: User, reason: str, at: datetime | None = None) -> PanelAct:
    """A member says what would make it a yes. The owner reads it when both have answered."""
    if not reason.strip():
        raise ValidationError("Say what would make it a yes.")
    portfolio = _lock(portfolio)
    latest = _turn(portfolio, Act.NOT_YET, by)
    return append(portfolio, Act.NOT_YET, latest, by=by, at=at or timezone.now(), reason=reason)


@transaction.atomic
def step_aside(*, portfolio: Portfolio, by: User, reason: str = "", at: datetime | None = None) -> PanelAct:
    """A member leaves their place before they have answered. Its owner sees that, and asks somebody else."""
    portfolio = _lock(portfolio)
    latest = _turn(portfolio, Act.STEP_ASIDE, by)
    seats = _without(latest, by)
    return append(
        portfolio, Act.STEP_ASIDE, latest, by=by, seats=seats, at=at or timezone.now(), reason=reason
    )


@transaction.atomic
def replace_member(
    *, portfolio: Portfolio, by: User, place: int, to: User, at: datetime | None = None
) -> PanelAct:
    """The owner asks somebody else to take a place (0 or 1) whose person has left or is silent."""
    at = at or timezone.now()
    portfolio = _lock(portfolio)
    latest = _turn(portfolio, Act.REPLACE, by)
    seats = seats_of(latest)
    seat, other = seats[place], seats[1 - place]
    capabilities = claimed(portfolio)
    if not can_be_replaced(portfolio.owner, seat, capabilities, at):
        raise ValidationError("You cannot ask somebody else yet. You can take it back, and then ask others.")
    gone = who_left(latest) | ({seat.member.pk} if seat.member else set())
    _check_next(portfolio.owner, to, other, capabilities, gone, at)
    pair = (to, other.member) if place == 0 else (other.member, to)
    return append(portfolio, Act.REPLACE, latest, by=by, seats=pair, at=at)


def _check_next(
    owner: User, to: User, other: Place, capabilities: Sequence[int], gone: set[int], at: datetime
) -> None:
    on = timezone.localdate(at)
    may = who_may_sit(owner, capabilities, on).exclude(pk__in=gone)
    if to == other.member or not may.filter(pk=to.pk).exists():
        raise ValidationError("That person cannot take this place. Choose someone from the list.")
    # While the other place is empty as well, whoever takes that one can be the view from outside.
    if other.member and not has_a_view_from_outside(owner, [to, other.member], capabilities, on, gone):
        raise ValidationError("Choose somebody from outside your own team.")


@transaction.atomic
def take_back(*, portfolio: Portfolio, by: User, at: datetime | None = None) -> PanelAct:
    """The owner takes it back before both have answered."""
    portfolio = _lock(portfolio)
    latest = _turn(portfolio, Act.WITHDRAW, by)
    return append(portfolio, Act.WITHDRAW, latest, by=by, at=at or timezone.now())


def claimed(portfolio: Portfolio) -> list[int]:
    """The ids of the capabilities that it is put forward for."""
    return list(portfolio.claims.values_list("capability", flat=True))


def _lock(portfolio: Portfolio) -> Portfolio:
    return (
        Portfolio.objects.select_for_update(of=("self",))
        .select_related("owner", "activity")
        .get(pk=portfolio.pk)
    )


def _turn(portfolio: Portfolio, act: Act, by: User) -> PanelAct:
    """The newest act, where the table lets `act` follow it and `by` is one whose turn that is."""
    latest = newest_act(portfolio)
    if latest is None or act not in NEXT[state_after(latest)] or latest.state not in OPEN:
        raise ValidationError("This is no longer waiting for an answer.")
    if act in OF_THE_OWNER:
        if by.pk != portfolio.owner_id:
            raise ValidationError("This is not yours. Look at your list for what waits for you.")
        return latest
    seat = next((seat for seat in seats_of(latest) if seat.member and seat.member.pk == by.pk), None)
    if seat is None:
        raise ValidationError("This is not with you. Look at your list for what waits for you.")
    if seat.answer is not None:
        raise ValidationError("You have answered. It waits for the other person now.")
    return latest


def _without(latest: PanelAct, member: User) -> tuple[User | None, User | None]:
    """The two places, with the one of `member` empty."""
    if latest.first_id == member.pk:
        return None, latest.second
    return latest.first, None
