"""Which tokens open the door, and what of frameworks and practice programs may read."""

from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Collate, Concat

from learning.secrets import digest_of, keys
from workforce.models import User

from ..models import AccessToken, Edition, Framework, Practice, Requirement


def tokens_in_force(at: datetime) -> QuerySet[AccessToken]:
    return AccessToken.objects.filter(ended_at=None, ends_at__gt=at, user__is_active=True)


def token_behind(secret: str, at: datetime) -> AccessToken | None:
    """The token of a secret, while its person lets it in. One query, with the keys of today and of before."""
    digests = [digest_of(secret, key) for key in keys()]
    return tokens_in_force(at).filter(digest__in=digests).select_related("user").first()


def tokens_of(user: User) -> QuerySet[AccessToken]:
    """All that the person ever made, newest first."""
    return AccessToken.objects.filter(user=user)


def published_editions() -> QuerySet[Edition]:
    """What everybody who is signed in may read, newest first within a framework."""
    return (
        Edition.objects.filter(state__in=Edition.ISSUED)
        .select_related("framework")
        .order_by("framework__key", "-dated", "-version")
    )


def frameworks_in_use() -> QuerySet[Framework]:
    """Frameworks with something published."""
    editions = published_editions().order_by().values("framework")
    return Framework.objects.filter(pk__in=editions).order_by("key")


def placed_requirements(edition: Edition) -> QuerySet[Requirement]:
    """The requirements of an edition in an order that never changes: `place` names each by what people call it."""
    group = Case(
        When(tier__isnull=False, then=Concat(Value("tier/"), F("tier__key"))),
        default=Concat(Value("overlay/"), F("overlay__key")),
        output_field=TextField(),
    )
    place = Concat(group, Value("/"), F("capability__code"), output_field=TextField())
    return (
        Requirement.objects.filter(edition=edition)
        .annotate(place=Collate(place, "C"))
        .select_related("tier", "overlay", "capability")
        .order_by("place")
    )


def own_practice(owner: User) -> QuerySet[Practice]:
    """What the person put forward, oldest first."""
    return (
        Practice.objects.filter(owner=owner)
        .select_related("owner", "activity")
        .prefetch_related("claims__capability", "acts__verifier", "acts__by", "acts__statement")
        .order_by("created_at", "uuid")
    )


def started_after(practice: QuerySet[Practice], after: tuple[datetime, object]) -> QuerySet[Practice]:
    at, uuid = after
    return practice.filter(Q(created_at__gt=at) | Q(created_at=at, uuid__gt=uuid))
