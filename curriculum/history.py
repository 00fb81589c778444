"""A person's whole history: what competencies knows of it, and what became of what they learned elsewhere."""

import csv
import io
from collections.abc import Iterable

from django.utils import timezone

from competencies.coverage.exports import guarded
from competencies.history.queries import Happening, history_of, said_who
from workforce.models import User

from .models import PriorLearningAct

Act = PriorLearningAct.Act
_WORDS = {
    Act.ASK: "Asked for learning from elsewhere to count",
    Act.WITHDRAW: "Request about learning from elsewhere taken back",
    Act.ACCEPT: "Learning from elsewhere accepted",
    Act.NOT_YET: "Learning from elsewhere answered: not yet",
    Act.UNDO: "Learning from elsewhere had been accepted by mistake",
}
COLUMNS = ("when", "who", "what", "about", "why")


def whole_history_of(person: User) -> list[Happening]:
    """Newest first. Three queries, however much happened."""
    acts = PriorLearningAct.objects.filter(person=person).select_related("claim", "by")
    elsewhere = [
        Happening(
            act.at,
            said_who(person, act.by_id, act.by.name),
            _WORDS[Act(act.act)],
            act.claim.title,
            act.words,
        )
        for act in acts.order_by("-at", "-number")
    ]
    return sorted([*history_of(person), *elsewhere], key=lambda happening: happening.at, reverse=True)


def history_csv(history: Iterable[Happening]) -> str:
    """The same lines as the page, in the same order, with the time as a clock in England shows it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for one in history:
        when = timezone.localtime(one.at).isoformat(sep=" ", timespec="minutes")
        writer.writerow([when, *(guarded(cell) for cell in (one.who, one.what, one.about, one.why))])
    return file.getvalue()
