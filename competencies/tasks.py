"""Background work on capabilities: ids in, one action called."""

from celery import shared_task

from competencies.plans.following import follow_posts
from competencies.plans.stating import state_plans


@shared_task
def follow_plans() -> int:
    """Posts begin and end by the calendar alone, so every night all plans follow them; returns how many changed."""
    return follow_posts()


@shared_task
def tell_the_record_of_plans() -> int:
    return state_plans()
