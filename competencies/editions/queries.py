"""Who was named for a review and what they answered, and which editions somebody may see."""

from datetime import date

from django.db.models import Q, QuerySet

from workforce.models import Organisation, User
from workforce.queries import Viewer

from ..models import Adoption, Edition, EditionAct
from ..permissions import can_edit_framework
from .states import ANSWERS, Act


def review(edition: Edition) -> EditionAct | None:
    """The act that sent the edition for its newest review."""
    return edition.acts.filter(act=Act.SEND).order_by("-number").first()


def named_reviewers(edition: Edition) -> list[User]:
    sent = review(edition)
    return list(sent.reviewers.order_by("name", "pk")) if sent else []


def answers(edition: Edition) -> list[tuple[User, str]]:
    """Each named reviewer of the newest review with their newest answer; empty while they have not answered."""
    sent = review(edition)
    if sent is None:
        return []
    given = edition.acts.filter(number__gt=sent.number, act__in=ANSWERS).order_by("number")
    newest = dict(given.values_list("by", "act"))
    return [(reviewer, newest.get(reviewer.pk, "")) for reviewer in sent.reviewers.order_by("name", "pk")]


def history(edition: Edition) -> QuerySet[EditionAct]:
    """All that was done and said, newest first."""
    return (
        edition.acts.select_related("by", "capability", "tier", "overlay")
        .prefetch_related("reviewers")
        .order_by("-number")
    )


def reviews_for(user: Viewer) -> QuerySet[Edition]:
    """The editions in review for whose newest review the person was named."""
    named = Edition.objects.filter(state=Edition.State.IN_REVIEW, acts__reviewers=user.pk or 0)
    return named.distinct().select_related("framework")


def visible_editions(user: Viewer, on: date) -> QuerySet[Edition]:
    """Anyone may read what was published; who edits the framework, all; a named reviewer, what they review."""
    editions = Edition.objects.select_related("framework").order_by("framework", "-dated", "-version")
    if can_edit_framework(user, on):
        return editions
    mine = [edition.pk for edition in reviews_for(user) if user in named_reviewers(edition)]
    return editions.filter(Q(state__in=Edition.ISSUED) | Q(pk__in=mine))


def left_behind(edition: Edition) -> list[str]:
    """What people may hold from published editions, is not in this one, and gives nothing on its map."""
    gone = (
        edition.framework.capabilities.filter(wordings__edition__state__in=Edition.ISSUED)
        .exclude(wordings__edition=edition)
        .exclude(carried_over_to__edition=edition)
    )
    return list(gone.order_by("code").values_list("code", flat=True).distinct())


def organisations_by(edition: Edition, on: date) -> QuerySet[Organisation]:
    """The organisations that go by an edition on a day or will later, in the order of the alphabet."""
    adopted = Adoption.objects.filter(edition=edition).filter(
        Q(during__contains=on) | Q(during__startswith__gt=on)
    )
    return Organisation.objects.filter(pk__in=adopted.values("organisation")).order_by("name", "code")
