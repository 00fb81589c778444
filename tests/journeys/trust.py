"""An invented trust, made through the real actions: who works there, and what they have learned before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from competencies.actions import adopt_edition
from competencies.models import Edition, Practice
from curriculum.actions import (
    answer_questions,
    finish_reading,
    open_try,
    start_attempt,
    submit_practice,
    submit_try,
    walk,
)
from curriculum.keys import key_of
from curriculum.models import Attempt, Try
from curriculum.outline import Activity
from learning import verbs
from learning.actions import actors_for, store_statements
from learning.iris import activity_iri
from workforce.actions import (
    appoint_founding_verifier,
    grant,
    join_organisation,
    open_post,
    place_team,
    seat_on_committee,
)
from workforce.models import Committee, Grant, Organisation, Team, Tier, User

PASSWORD = "four-words-in-a-row"
LONG_AGO = date(2015, 1, 5)


@dataclass(frozen=True)
class Trust:
    """A trust with one ward to begin with."""

    organisation: Organisation
    ward: Team

    @property
    def code(self) -> str:
        return self.organisation.code

    def team(self, code: str) -> Team:
        team = Team.objects.create(organisation=self.organisation, code=code, name=f"Ward {code}")
        place_team(team=team, parent=None, start=LONG_AGO)
        return team

    def person(self, name: str, tier: str = "frontline", team: Team | None = None) -> User:
        """Somebody long in post, who signs in with first.last@code.example."""
        user = account(name, self.code)
        open_post(
            membership=join_organisation(user=user, organisation=self.organisation),
            team=team or self.ward,
            tier=Tier.objects.get(key=tier),
            start=LONG_AGO,
        )
        return user

    def people(self, number: int, tier: str = "frontline", team: Team | None = None) -> list[User]:
        before = User.objects.count()
        return [self.person(f"{tier} {before + n}", tier, team) for n in range(number)]

    def team_lead(self, name: str = "Leda Lead") -> User:
        lead = self.person(name, "managers")
        grant(user=lead, role=Grant.Role.TEAM_LEAD, scope=self.ward, start=LONG_AGO)
        return lead

    def capability_lead(self, name: str = "Cato Keeper") -> User:
        lead = self.person(name, "managers")
        grant(user=lead, role=Grant.Role.CAPABILITY_LEAD, scope=self.organisation, start=LONG_AGO)
        return lead

    def verifier(self, name: str = "Vera Verifier") -> User:
        verifier = self.person(name, "experts")
        began = timezone.localdate() - timedelta(days=30)
        appoint_founding_verifier(
            user=verifier, organisation=self.organisation, start=began, reason="Chosen by the board"
        )
        return verifier

    def representative(self, name: str = "Petra Partner") -> User:
        """A patient representative with a seat."""
        partner = self.person(name, "patients")
        committee, _ = Committee.objects.get_or_create(
            organisation=self.organisation, role_key="safety_quality_committee", name="Safety committee"
        )
        seat_on_committee(user=partner, committee=committee, start=LONG_AGO)
        return partner


def found_trust(code: str) -> Trust:
    organisation = Organisation.objects.create(
        code=code, name=f"Invented Trust {code}", opened=LONG_AGO, is_invented=True
    )
    adopt_edition(organisation=organisation, edition=Edition.objects.earliest("dated"), on=LONG_AGO)
    ward = Team.objects.create(organisation=organisation, code="W1", name="Ward 1")
    place_team(team=ward, parent=None, start=LONG_AGO)
    return Trust(organisation, ward)


def account(name: str, code: str = "nowhere") -> User:
    """Somebody who can sign in; where they work comes later, if at all."""
    return User.objects.create_user(f"{name.replace(' ', '.')}@{code}.example".lower(), PASSWORD, name=name)


def national_lead(name: str) -> User:
    user = account(name, "nation")
    grant(user=user, role=Grant.Role.EDUCATION_LEAD, scope=None, start=LONG_AGO)
    return user


def passed_before(users: Iterable[User], module: str, on: date) -> None:
    """On the record: these people passed the checks of a module on a day."""
    actors = actors_for(users)
    statements: list[dict[str, Any]] = [
        {
            "actor": actor,
            "verb": verbs.verb(verbs.PASSED),
            "object": {"objectType": "Activity", "id": activity_iri(key_of(module))},
            "timestamp": f"{on.isoformat()}T12:00:00Z",
        }
        for actor in actors.values()
    ]
    store_statements(statements=statements)


def begin(user: User, module: str, at: datetime | None = None) -> Attempt:
    return start_attempt(user=user, module_key=key_of(module), at=at)


def take_in(attempt: Attempt) -> None:
    """Do all that a module teaches, by the first choice of every scene."""
    for activity in attempt.version.module.taught:
        if activity.scenes:
            walk(attempt=attempt, activity_key=activity.key, choices=list(_first_way(activity)))
        else:
            finish_reading(attempt=attempt, activity_key=activity.key)


def _first_way(activity: Activity) -> Iterable[tuple[str, int]]:
    scene = activity.scenes[0]
    while scene.choices:
        yield scene.key, 0
        scene = activity.scene_by_key[scene.choices[0].next]


def answer(attempt: Attempt, number: int | None = None, *, wrongly: bool = False) -> Try:
    """Open the module's check and answer so many of its questions; None means all."""
    check = attempt.version.module.checks[0]
    quiz_try = open_try(attempt=attempt, activity_key=check.key)
    answers = {key: check.question_by_key[key].right for key in quiz_try.drawn[:number]}
    if wrongly:
        answers = {key: int(right == 0) for key, right in answers.items()}
    answer_questions(quiz_try=quiz_try, answers=answers)
    return quiz_try


def learn(user: User, module: str) -> Attempt:
    """Do all that is taught and pass the check."""
    attempt = begin(user, module)
    take_in(attempt)
    submit_try(quiz_try=answer(attempt))
    return attempt


def put_forward(attempt: Attempt, activity: Activity, verifier: User) -> Practice:
    claims = attempt.version.module.claims_by(activity)
    return submit_practice(
        attempt=attempt,
        activity_key=activity.key,
        verifier=verifier,
        answers={claim.capability: "I asked what mattered, and we changed it." for claim, _ in claims},
    )
