"""Which names of ESR count here, and for what. Their credits become evidence rules, so a rebuild gives the same."""

import json
from pathlib import Path

from django.db import transaction

from learning import verbs
from learning.iris import activity_iri

from ..actions.evidence import RuleSpec, set_evidence_rules
from ..models import Capability, EsrCredit, EsrName
from .spelling import folded

_SHIPPED = Path(__file__).with_name("names.json")


@transaction.atomic
def set_esr_credits(*, name: EsrName) -> None:
    """Make the credits of a name the rules for what is taken in under it.

    The first hold for all time. Later changes hold for what is awarded from tomorrow; what was shown stays.
    """
    credits = name.credits.select_related("capability").order_by("capability__code")
    rules = [RuleSpec(verbs.WAIVED, each.capability.code, each.level) for each in credits]
    set_evidence_rules(activity_iri=activity_iri(name.uuid), rules=rules)


@transaction.atomic
def load_esr_names() -> int:
    """Add the national names that come with the service; those that are there stay as they were changed."""
    added = 0
    for shipped in json.loads(_SHIPPED.read_text(encoding="utf-8")):
        name, is_new = EsrName.objects.get_or_create(
            organisation=None, folded=folded(shipped["name"]), defaults={"name": shipped["name"]}
        )
        if is_new:
            capabilities = Capability.objects.filter(code__in=shipped["capabilities"])
            EsrCredit.objects.bulk_create(
                EsrCredit(esr_name=name, capability=each, level=shipped["level"]) for each in capabilities
            )
            set_esr_credits(name=name)
            added += 1
    return added
