"""Who may confirm practice: what the activity declares, and who never may."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from competencies.actions import erase_words, pass_on, verify
from competencies.models import Capability, Confirmer, Practice
from competencies.permissions import who_may_verify, who_may_verify_practice
from workforce.actions import appoint_founding_verifier, grant, place_team, seat_on_committee
from workforce.models import Committee, Grant, Organisation, Team, User

from .conftest import noon
from .test_evidence import TODAY, founder, people, put_forward, team

__all__ = ["founder", "people", "team"]

START = date(2026, 1, 1)
Show = Callable[..., UUID]
GRANTED = [Confirmer.LINK_WORKER, Confirmer.BUDDY, Confirmer.COACH, Confirmer.CHAIR, Confirmer.PEER]


def asked(people: dict[str, User], *confirmers: str, about: User | None = None) -> set[str]:
    pp_2 = Capability.objects.get(code="PP-2").pk
    may = who_may_verify(people["learner"], [pp_2], TODAY, 3, confirmers, about)
    return {user.name for user in may}


def has_seat(user: User, trust: Organisation, link_person: User | None = None) -> None:
    committee = Committee.objects.create(
        organisation=trust, role_key="panel", name=f"Of {user}", link_person=link_person
    )
    seat_on_committee(user=user, committee=committee, start=START)


@pytest.mark.parametrize("role", GRANTED)
def test_a_granted_role_confirms_only_what_names_it_and_only_on_its_days(
    role: Confirmer, people: dict[str, User], trust: Organisation
) -> None:
    given = grant(
        user=people["stranger"],
        role=Grant.Role(role),
        scope=trust,
        start=START,
        reason="Agreed with the board",
    )
    assert asked(people, role) == {"stranger"}
    assert asked(people, *(set(Confirmer) - {role})) == set()
    given.during = given.during.__class__(START, TODAY)
    given.save()
    assert asked(people, role) == set()


def test_a_grant_for_a_team_counts_for_the_teams_beneath_it(
    people: dict[str, User], trust: Organisation, team: Team
) -> None:
    division = Team.objects.create(organisation=trust, code="D1", name="Division")
    other = Team.objects.create(organisation=trust, code="W2", name="Ward 2")
    place_team(team=team, parent=division, start=START)
    for user, scope in ((people["stranger"], division), (people["colleague"], other)):
        grant(user=user, role=Grant.Role.COACH, scope=scope, start=START, reason="Agreed")
    assert asked(people, Confirmer.COACH) == {"stranger"}


def test_a_team_lead_confirms_only_what_names_the_team_lead(people: dict[str, User], team: Team) -> None:
    grant(user=people["colleague"], role=Grant.Role.TEAM_LEAD, scope=team, start=START)
    assert asked(people, Confirmer.TEAM_LEAD) == {"colleague"}
    assert asked(people, Confirmer.COLLEAGUE, Confirmer.COACH) == set()


def test_a_holder_confirms_only_where_colleagues_may(people: dict[str, User], show: Show) -> None:
    show(people["colleague"], "PP-2", 3, START)
    assert asked(people, Confirmer.COLLEAGUE) == {"colleague"}
    assert asked(people, Confirmer.COACH) == set()


def test_a_peer_comes_from_elsewhere(people: dict[str, User], trust: Organisation, team: Team) -> None:
    for name in ("colleague", "stranger"):
        grant(user=people[name], role=Grant.Role.PEER, scope=trust, start=START, reason="Asked by the board")
    assert asked(people, Confirmer.PEER) == {"stranger"}


def test_patient_representatives_and_the_link_person_come_from_seats(
    people: dict[str, User], trust: Organisation
) -> None:
    has_seat(people["stranger"], trust)
    assert asked(people, Confirmer.PATIENT_REPRESENTATIVE) == {"stranger"}
    assert asked(people, Confirmer.LINK_WORKER) == set()
    has_seat(people["learner"], trust, link_person=people["colleague"])
    assert asked(people, Confirmer.LINK_WORKER) == {"colleague"}


def test_a_founding_verifier_confirms_whatever_the_activity_declares(
    people: dict[str, User], founder: User
) -> None:
    assert [asked(people, confirmer) for confirmer in Confirmer] == [{"colleague"}] * len(Confirmer)


def test_whom_it_is_about_is_never_asked_and_cannot_confirm(
    people: dict[str, User], founder: User, trust: Organisation
) -> None:
    appoint_founding_verifier(user=people["stranger"], organisation=trust, start=START, reason="Board")
    assert asked(people, Confirmer.COLLEAGUE, about=founder) == {"stranger"}
    with pytest.raises(ValidationError, match="cannot confirm"):
        put_forward(people, about=founder)
    practice = put_forward(people, "stranger", about=founder)
    with pytest.raises(ValidationError, match="cannot confirm"):
        pass_on(practice=practice, by=people["stranger"], to=founder, at=noon(TODAY))
    Practice.objects.filter(pk=practice.pk).update(about=people["stranger"])
    with pytest.raises(ValidationError, match="no longer confirm"):
        verify(practice=practice, by=people["stranger"], at=noon(TODAY))
    Practice.objects.filter(pk=practice.pk).update(about=founder)
    verify(practice=practice, by=people["stranger"], at=noon(TODAY))
    erase_words(practice=practice, by=people["learner"])
    practice.refresh_from_db()
    assert practice.about is None


def test_somebody_who_gains_is_not_asked(people: dict[str, User], founder: User, trust: Organisation) -> None:
    """The two would confirm each other."""
    appoint_founding_verifier(user=people["learner"], organisation=trust, start=START, reason="Board")
    assert asked(people) == {"colleague"}
    of_founder = put_forward(people, "learner", owner=founder, registration=uuid4())
    assert asked(people) == set()
    verify(practice=of_founder, by=people["learner"], at=noon(TODAY))
    assert asked(people) == {"colleague"}


def test_practice_keeps_what_its_activity_declared(
    people: dict[str, User], founder: User, team: Team
) -> None:
    practice = put_forward(people, confirmers=[Confirmer.TEAM_LEAD])
    grant(user=people["stranger"], role=Grant.Role.TEAM_LEAD, scope=team, start=START)
    may = who_may_verify_practice(practice, noon(TODAY))
    assert [user.name for user in may] == ["colleague", "stranger"]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("practice_confirmers_known", {"confirmers": ["anybody"]}),
        ("practice_confirmers_known", {"confirmers": []}),
        ("practice_about_somebody_else", {"about": "learner"}),
    ],
)
def test_the_database_refuses(
    name: str, change: dict[str, object], people: dict[str, User], founder: User
) -> None:
    practice = put_forward(people)
    change = {key: people[value] if isinstance(value, str) else value for key, value in change.items()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Practice.objects.filter(pk=practice.pk).update(**change)
