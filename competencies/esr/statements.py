"""What the record says when learning elsewhere, known from ESR, is accepted here.

The file's “Last Updated By” is not the learner and is not said.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils import timezone

from learning import verbs
from learning.iris import CMI5_REASON, EXPIRES_EXTENSION, activity_iri

from ..models import EsrName
from .planning import Credit

ELSEWHERE = "Equivalent Outside Activity"
COURSE = "http://adlnet.gov/expapi/activities/course"
PLATFORM = "ESR"


def accepted(
    organisation_code: str,
    credit: Credit,
    name: EsrName,
    actor: Mapping[str, object],
    by: Mapping[str, object] | None,
    times_undone: int,
) -> dict[str, object]:
    """The same row has the same id for ever; another one after each time that it was undone."""
    who = (organisation_code, credit.staff_number, str(actor["account"]))
    what = (str(name.uuid), credit.awarded.isoformat(), str(times_undone))
    id = uuid5(NAMESPACE_URL, f"{settings.IRI_BASE}esr/{'/'.join(who + what)}")
    context: dict[str, object] = {"platform": PLATFORM}
    if by is not None:
        context["instructor"] = by
    if credit.until is not None:
        context["extensions"] = {EXPIRES_EXTENSION: credit.until.isoformat()}
    return {
        "id": str(id),
        "actor": actor,
        "verb": verbs.verb(verbs.WAIVED),
        "object": {
            "objectType": "Activity",
            "id": activity_iri(name.uuid),
            "definition": {"type": COURSE, "name": {"en-GB": name.name}},
        },
        "result": {"success": True, "completion": True, "extensions": {CMI5_REASON: ELSEWHERE}},
        "context": context,
        "timestamp": _begin(credit.awarded).isoformat(),
    }


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
