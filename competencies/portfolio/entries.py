"""A person gathers, changes, orders and deletes the entries of their own portfolio. The record hears nothing of it."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from learning.models import Activity
from workforce.models import User

from ..models import Capability, Portfolio, PortfolioEntry, Practice
from ..practice_states import State as PracticeState
from ..practice_states import state_after as practice_state_after
from ..queries import latest_act
from .queries import newest_act
from .states import OPEN, state_after

# Its place among the others is no part of what it says.
WRITTEN = ("capability", "on", "whom", "changed", "learned", "practice")


@dataclass(frozen=True)
class EntryWords:
    """What an entry says; `practice` is a confirmed piece of the person's own practice that it points to."""

    capability_code: str
    on: date
    whom: str
    changed: str
    learned: str
    practice: Practice | None = None


@transaction.atomic
def add_entry(*, owner: User, activity_iri: str, title: str, words: EntryWords) -> PortfolioEntry:
    """Add an entry after the others, to a portfolio that begins with its first one."""
    portfolio, _ = Portfolio.objects.get_or_create(
        owner=owner, activity=Activity.objects.named(activity_iri), defaults={"title": title}
    )
    _own_and_closed(portfolio, owner)
    last = portfolio.entries.order_by("order").last()
    entry = PortfolioEntry(portfolio=portfolio, order=last.order + 1 if last else 1)
    return _write(entry, owner, words)


@transaction.atomic
def change_entry(*, entry: PortfolioEntry, by: User, words: EntryWords) -> PortfolioEntry:
    _own_and_closed(entry.portfolio, by)
    return _write(entry, by, words)


@transaction.atomic
def delete_entry(*, entry: PortfolioEntry, by: User) -> None:
    """Delete what an entry says, for good. What was decided about the portfolio stays."""
    _own_and_closed(entry.portfolio, by)
    entry.delete()


@transaction.atomic
def move_entry(*, entry: PortfolioEntry, by: User, up: bool) -> None:
    """Let an entry change places with the one before it, or after it, that answers the same prompt."""
    _own_and_closed(entry.portfolio, by)
    entry.refresh_from_db(fields=["order"])
    beside = entry.portfolio.entries.filter(capability=entry.capability_id)
    neighbour = (
        beside.filter(order__lt=entry.order).order_by("order").last()
        if up
        else beside.filter(order__gt=entry.order).order_by("order").first()
    )
    if neighbour is None:
        return
    entry.order, neighbour.order = neighbour.order, entry.order
    PortfolioEntry.objects.bulk_update([entry, neighbour], ["order"])


def _write(entry: PortfolioEntry, owner: User, words: EntryWords) -> PortfolioEntry:
    _check_practice(owner, words.practice)
    entry.capability = Capability.objects.get(code=words.capability_code)
    entry.on, entry.practice = words.on, words.practice
    entry.whom, entry.changed, entry.learned = (
        words.whom.strip(),
        words.changed.strip(),
        words.learned.strip(),
    )
    entry.full_clean(validate_constraints=False)
    entry.save(update_fields=WRITTEN if entry.pk else None)
    return entry


def _check_practice(owner: User, practice: Practice | None) -> None:
    if practice is None:
        return
    if practice.owner_id != owner.pk or practice_state_after(latest_act(practice)) != PracticeState.CONFIRMED:
        raise ValidationError("Choose practice of your own that was confirmed.")


def _own_and_closed(portfolio: Portfolio, by: User) -> None:
    """Locks it: the panel reads what was put forward to them, and nothing else."""
    Portfolio.objects.select_for_update().get(pk=portfolio.pk)
    if portfolio.owner_id != by.pk:
        raise ValidationError("Only the person who gathers this can change it.")
    if state_after(newest_act(portfolio)) in OPEN:
        raise ValidationError("This is with your panel. Take it back first, then you can change it.")
