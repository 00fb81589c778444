from django.utils.formats import date_format

from ..models import LearningPlan


def due_words(plan: LearningPlan) -> str:
    """By when, for the plan as a whole."""
    if plan.due_on is not None:
        return f"by {date_format(plan.due_on, 'j F Y')}"
    return f"{plan.due_days} day{'' if plan.due_days == 1 else 's'} after the post or the plan started"


def audience_words(plan: LearningPlan) -> str:
    """For whom, in a sentence without its full stop. Needs `tier`, `team` and `organisation` at hand."""
    where = f"{plan.team.name}, with the teams under it" if plan.team else plan.organisation.name
    if plan.audience == LearningPlan.Audience.TIER:
        return f"{plan.tier} in {where}"
    if plan.joined_from is not None:
        return f"Everybody whose post starts on or after {date_format(plan.joined_from, 'j F Y')} in {where}"
    if plan.audience == LearningPlan.Audience.PEOPLE:
        return f"People who were named, in {where}"
    return f"Everybody in {where}"
