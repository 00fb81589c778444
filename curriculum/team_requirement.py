"""What a whole team is expected to have: some people who can run a test of change (framework, team_requirements)."""

from dataclasses import dataclass
from datetime import date

from competencies.coverage.disclosure import INSIDE_MINIMUM
from competencies.models import Edition, EditionCapability, Holding
from workforce.models import Post, Team
from workforce.queries import beneath, places_on

CAPABILITY, LEVEL, PEOPLE = "IM-3", 3, 2


@dataclass(frozen=True)
class TeamRequirement:
    """`met` is None where the team is too small to say: yes or no would then be about one or two known people."""

    capability_name: str
    met: bool | None
    people: int = PEOPLE
    level: int = LEVEL


def team_requirement(team: Team, edition: Edition, on: date) -> TeamRequirement | None:
    """Whether enough people of a team, with the teams beneath it, hold the level on a day. Four queries."""
    wording = EditionCapability.objects.filter(edition=edition, capability__code=CAPABILITY).first()
    if wording is None:
        return None
    teams = {team.pk, *beneath([team.pk], places_on(team.organisation, on))}
    members = Post.objects.filter(team__in=teams, superseded_at=None, during__contains=on).order_by()
    if members.values("membership__user").distinct().count() < INSIDE_MINIMUM:
        return TeamRequirement(wording.name, None)
    held = Holding.objects.filter(
        user__in=members.values("membership__user"),
        capability=wording.capability_id,
        level__gte=LEVEL,
        during__contains=on,
    )
    return TeamRequirement(wording.name, held.values("user").distinct().count() >= PEOPLE)
