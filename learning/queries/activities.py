from typing import Any

from ..keys import key_of
from ..models import Activity


def activity_object(iri: str) -> dict[str, Any]:
    """What the record knows of an activity, as xAPI writes it; where it knows nothing, its name (Communication 2.5)."""
    definition = Activity.objects.filter(pk=key_of(iri)).values_list("definition", flat=True).first()
    known = {"definition": definition} if definition else {}
    return {"objectType": "Activity", "id": iri, **known}
