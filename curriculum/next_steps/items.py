"""A module as one line of a task list."""

from datetime import date

from django.utils.formats import date_format

from .reasons import reason
from .standing import Standing, State, length

STATUS = {
    State.READY: ("To do", "blue"),
    State.STARTED: ("Started", "aqua-green"),
    State.SENT: ("Sent", "yellow"),
    State.DONE: ("Done", ""),
    State.HELD: ("Held already", ""),
    State.PREPARATION: ("In preparation", "grey"),
}


def task(module: Standing, on: date) -> dict[str, str]:
    """Text, address, status and hint, as `task_list` draws them."""
    status, colour = STATUS[module.state]
    if module.state == State.DONE and module.finished_on:
        status = f"Done {date_format(module.finished_on, 'j F Y')}"
    if module.is_again:
        status = "To renew"
    hints = [_time(module), _after(module), *_why(module, on)]
    return {
        "text": f"{module.source_key} {module.title}",
        "href": module.under_way.href if module.under_way else module.href,
        "status": status,
        "colour": colour,
        "hint": " ".join(hint for hint in hints if hint),
    }


def _why(module: Standing, on: date) -> list[str]:
    if module.state == State.SENT:
        return ["You have done your part. Somebody is asked to confirm the rest."]
    if module.state == State.HELD:
        return ["You hold what this shows, so you need not do it."]
    if module.is_behind:
        return []
    essential = "Part of Essentials, for your first 90 days." if module.is_essential else ""
    return [essential, reason(module, on)]


def _time(module: Standing) -> str:
    if module.state == State.STARTED:
        return f"{length(module.minutes_left)} left."
    if module.state == State.SENT or module.is_behind:
        return ""
    return f"{length(module.minutes)}."


def _after(module: Standing) -> str:
    if module.state in (State.READY, State.PREPARATION) and module.prerequisites:
        return f"Best after {' and '.join(module.prerequisites)}."
    return ""
