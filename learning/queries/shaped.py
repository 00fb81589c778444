from collections.abc import Sequence

from ..keys import key_of
from ..models import Activity
from ..xapi.shaping import activities_in_payloads, in_canonical_form, with_ids


def shaped(payloads: Sequence[str], form: str, accept_language: str = "") -> list[str]:
    """Payloads in the format that was asked for (Communication 2.1.3): one query for `canonical`, else none."""
    if form == "ids":
        return [with_ids(payload).decode() for payload in payloads]
    if form == "canonical":
        keys = [key_of(iri) for iri in activities_in_payloads(payloads)]
        known = Activity.objects.filter(pk__in=keys).values_list("iri", "definition")
        definitions = dict(known) if keys else {}
        return [in_canonical_form(payload, definitions, accept_language).decode() for payload in payloads]
    return list(payloads)
