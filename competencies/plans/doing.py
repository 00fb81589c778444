"""What is done of plans: done.sql says it once, for the pages and for the acts that follow."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from learning import verbs

# Ends in the table `done`; whoever uses it goes on with a comma or a SELECT.
DONE = Path(__file__).with_name("done.sql").read_text(encoding="utf-8")


def about(
    on: date,
    *,
    plans: Sequence[int] | None = None,
    users: Sequence[int] | None = None,
    assignments: Sequence[int] | None = None,
    is_running: bool = False,
) -> dict[str, Any]:
    """The parameters of done.sql."""
    return {
        "on": on,
        "plans": plans,
        "users": users,
        "assignments": assignments,
        "is_running": is_running,
        "waived": verbs.WAIVED,
    }
