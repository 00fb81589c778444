"""A portfolio of a module is put to one person or to a panel of two. Its entries belong to the person alone."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format

from competencies.models import PanelAct, Portfolio, PortfolioEntry, Practice
from competencies.portfolio.actions import put_to_panel
from competencies.portfolio.queries import portfolio_of
from learning.iris import activity_iri
from workforce.models import User

from ..models import Attempt, Step
from ..outline import PORTFOLIO, Activity
from .attempts import activity_of, locked_step
from .practice import submit_practice


@transaction.atomic
def put_portfolio_to_panel(
    *, attempt: Attempt, activity_key: UUID, members: tuple[User, User], at: datetime | None = None
) -> PanelAct:
    """Put what was gathered to two people. Raises ValidationError, in words for its owner, when it cannot be."""
    activity, step, portfolio = _ready(attempt, activity_key)
    act = put_to_panel(
        portfolio=portfolio,
        by=attempt.user,
        members=members,
        registration=attempt.registration,
        prompts=asked_of(attempt, activity, portfolio),
        at=at,
    )
    step.state, step.draft = Step.State.SENT, {}
    step.save(update_fields=["state", "draft"])
    return act


@transaction.atomic
def put_portfolio_to_one(
    *, attempt: Attempt, activity_key: UUID, verifier: User, at: datetime | None = None
) -> Practice:
    """Put a copy of what was gathered to one person, as practice to confirm."""
    activity, _, portfolio = _ready(attempt, activity_key)
    entries = list(portfolio.entries.select_related("capability", "practice"))
    answers = {
        code: "\n\n".join(_as_text(entry) for entry in entries if entry.capability.code == code)
        for code in asked_of(attempt, activity, portfolio)
    }
    return submit_practice(
        attempt=attempt, activity_key=activity_key, verifier=verifier, answers=answers, at=at
    )


def _ready(attempt: Attempt, activity_key: UUID) -> tuple[Activity, Step, Portfolio]:
    """The activity, its step with the attempt locked, and what the person gathered for it."""
    activity = activity_of(attempt, activity_key)
    if activity.kind != PORTFOLIO:
        raise ValidationError("This part of the module is not a portfolio.")
    step = locked_step(attempt, activity)
    if step.state != Step.State.STARTED:
        raise ValidationError("This is with somebody already, or it is decided.")
    portfolio = portfolio_of(attempt.user, activity_iri(activity.key))
    if portfolio is None:
        raise ValidationError("Add an entry first.")
    return activity, step, portfolio


def asked_of(attempt: Attempt, activity: Activity, portfolio: Portfolio) -> Mapping[str, str]:
    """Capability code to prompt. What is asked only of some people is left out where it has no entry."""
    prompts = {prompt.capability: prompt.text for prompt in activity.prompts}
    answered = {entry.capability.code for entry in portfolio.entries.all()}
    return {
        claim.capability: prompts.get(claim.capability, activity.title)
        for claim, _ in attempt.module.claims_by(activity)
        if not claim.when or claim.capability in answered
    }


def _as_text(entry: PortfolioEntry) -> str:
    lines = [
        date_format(entry.on, "j F Y"),
        f"Whom I led or coached: {entry.whom}",
        f"What changed: {entry.changed}",
        f"What I learned: {entry.learned}",
    ]
    if entry.practice:
        lines.append(f"Confirmed practice that belongs to it: “{entry.practice.title}”")
    return "\n".join(lines)
