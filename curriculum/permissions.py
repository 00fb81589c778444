"""Who decides what was learned elsewhere, and who sees the document that shows it."""

from datetime import date

from workforce.models import Grant, User
from workforce.queries import has_grant

from .models import PriorLearningAct, PriorLearningClaim
from .prior_learning_states import OF_THE_PERSON, State, state_after


def can_decide_prior_learning(user: User, claim: PriorLearningClaim, on: date) -> bool:
    """Any capability lead of the organisation that was asked, except the person: the queue is the organisation's."""
    is_lead = has_grant(user, Grant.Role.CAPABILITY_LEAD, on, claim.organisation)
    return is_lead and user.pk != claim.person_id


def can_read_prior_learning(
    user: User, claim: PriorLearningClaim, latest: PriorLearningAct | None, on: date
) -> bool:
    """Who may read the words and open the document, beside the person.

    While it waits, those who may decide. Afterwards only the lead who decided, while they are one.
    """
    if not can_decide_prior_learning(user, claim, on):
        return False
    if state_after(latest) == State.WAITING:
        return True
    return latest is not None and latest.act not in OF_THE_PERSON and latest.by_id == user.pk
