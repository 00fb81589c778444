"""What waits with whom: below the predicates, which ask it, and the queries, which hand it on."""

from django.db.models import OuterRef, QuerySet, Subquery

from workforce.models import User

from .models import VerificationAct
from .practice_states import OPEN, STATE_AFTER


def waiting_for(verifier: User) -> QuerySet[VerificationAct]:
    """The newest act of each piece of practice that is with this person, oldest first."""
    standing = VerificationAct.objects.filter(practice=OuterRef("practice"), statement__voided_at=None)
    newest = standing.order_by("-number").values("pk")[:1]
    undecided = [act for act, state in STATE_AFTER.items() if state in OPEN]
    return (
        VerificationAct.objects.filter(verifier=verifier, act__in=undecided, pk=Subquery(newest))
        .select_related("practice__owner", "by")
        .prefetch_related("practice__claims__capability")
        .order_by("at", "pk")
    )
