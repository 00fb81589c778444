"""Where people put themselves. Every query starts from the one person whose page asks."""

from django.db.models import QuerySet

from workforce.models import User

from ..models import SelfAssessment


def self_assessments(user: User, code: str) -> QuerySet[SelfAssessment]:
    """All that a person has said of themself on one capability, newest first."""
    return SelfAssessment.objects.filter(user=user, capability__code=code).order_by("-at", "-pk")


def latest_self_assessments(user: User) -> dict[str, SelfAssessment]:
    """Capability code → what the person said of themself last."""
    newest = (
        SelfAssessment.objects.filter(user=user)
        .select_related("capability")
        .order_by("capability_id", "-at", "-pk")
        .distinct("capability_id")
    )
    return {assessment.capability.code: assessment for assessment in newest}
