"""Sessions that a team held together, as the person sees them who was asked to confirm what people did there."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from learning.models import Activity
from workforce.models import Post, Team, User
from workforce.permissions import can_view_team
from workforce.queries import members_of

from ..models import TeamSession, VerificationAct
from ..waiting import waiting_for


@dataclass(frozen=True)
class ToRecord:
    """A session that somebody could record: practice of this activity waits with them, from people of this team."""

    activity: Activity
    team: Team
    title: str


def sessions_to_record(verifier: User, on: date) -> list[ToRecord]:
    """What of the practice that waits with a person was done by a team together. Two queries."""
    acts = _together(verifier).select_related("practice__activity", "practice__owner")
    of_owner: dict[int, list[Team]] = {act.practice.owner_id: [] for act in acts}
    posts = Post.objects.filter(membership__user__in=of_owner, superseded_at=None, during__contains=on)
    for post in posts.select_related("team__organisation", "membership"):
        of_owner[post.membership.user_id].append(post.team)
    found = {
        (act.practice.activity_id, team.pk): ToRecord(act.practice.activity, team, act.practice.title)
        for act in acts
        for team in of_owner[act.practice.owner_id]
    }
    return list(found.values())


def people_of_session(verifier: User, activity: Activity, team: Team, day: date, on: date) -> list[User]:
    """Who can be said to have been there: the team of that day, for those who may see its names.

    Anybody else sees only those whose practice waits with them.
    """
    asking = _together(verifier).filter(practice__activity=activity).order_by().values("owner")
    members = members_of(team, day)
    return list(members if can_view_team(verifier, team, on) else members.filter(pk__in=asking))


def sessions_of(recorder: User) -> QuerySet[TeamSession]:
    return TeamSession.objects.filter(recorded_by=recorder).select_related("team")


def practice_of_session(session: TeamSession) -> QuerySet[VerificationAct]:
    """What waits with the person who recorded a session, of those who were there and of its activity."""
    return _together(session.recorded_by).filter(
        practice__activity=session.activity_id, owner__in=session.presences.values("user")
    )


def _together(verifier: User) -> QuerySet[VerificationAct]:
    return waiting_for(verifier).filter(practice__together=True)
