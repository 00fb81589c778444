"""Named gaps: off unless the organisation chose it, only for those who lead, and every look is noted."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from competencies.actions import adopt_edition
from competencies.models import Edition, NamedGapsChoice, NamedGapsLook
from competencies.named_gaps.actions import choose_named_gaps, note_look
from competencies.named_gaps.queries import named_gaps, notices
from workforce.actions import grant, record_absence
from workforce.models import Grant, Membership, Organisation, Team, User

LONG_AGO = date(2015, 1, 5)
TODAY = timezone.localdate()


@pytest.fixture
def head(organisation: Organisation, edition: Edition) -> User:
    adopt_edition(organisation=organisation, edition=edition, on=LONG_AGO)
    head = User.objects.create_user("head@zz8.example", name="Hedda Head")
    grant(user=head, role=Grant.Role.CAPABILITY_LEAD, scope=organisation, start=LONG_AGO)
    return head


@pytest.fixture
def switched_on(head: User, organisation: Organisation) -> NamedGapsChoice:
    return choose_named_gaps(organisation=organisation, is_on=True, reason="Agreed with staff side", by=head)


def seen(user: User, team: Team) -> tuple[int, str]:
    client = Client()
    client.force_login(user)
    answer = client.get(f"/named-gaps/teams/{team.pk}/")
    return answer.status_code, answer.content.decode()


def test_while_it_is_off_nobody_sees_names(head: User, lead: User, learner: User, team: Team) -> None:
    assert [seen(user, team)[0] for user in (head, lead, learner)] == [404, 404, 404]
    assert not NamedGapsLook.objects.exists()
    assert notices(learner, TODAY) == []


def test_while_it_is_on_only_those_who_lead_see_names_and_each_look_is_noted(
    switched_on: NamedGapsChoice,
    head: User,
    lead: User,
    learner: User,
    colleague: User,
    outsider: User,
    team: Team,
) -> None:
    status, page = seen(lead, team)
    assert status == 200
    assert "Lena Learner" in page
    assert "planning time and help" in page
    assert seen(head, team)[0] == 200
    assert [seen(user, team)[0] for user in (learner, colleague, outsider)] == [404, 404, 404]
    assert list(NamedGapsLook.objects.order_by("pk").values_list("by__name", "team__code")) == [
        ("Leda Lead", "W1"),
        ("Hedda Head", "W1"),
    ]


def test_a_team_lead_sees_no_team_beside_their_own(
    switched_on: NamedGapsChoice, lead: User, organisation: Organisation
) -> None:
    assert [seen(lead, organisation.teams.get(code=code))[0] for code in ("W2", "D1")] == [404, 404]


def test_the_list_says_what_is_missing_and_leaves_out_what_is_held(
    switched_on: NamedGapsChoice, learner: User, team: Team, show: Callable[..., UUID]
) -> None:
    before = {gap.code: gap for gap in dict(named_gaps(team, TODAY))["Lena Learner"]}
    level = before["SS-1"].level
    show(learner, "SS-1", level, TODAY)
    after = {gap.code for gap in dict(named_gaps(team, TODAY))["Lena Learner"]}
    assert set(before) - after == {"SS-1"}


def test_who_is_on_long_leave_is_not_listed(switched_on: NamedGapsChoice, learner: User, team: Team) -> None:
    record_absence(membership=Membership.objects.get(user=learner), start=date(2026, 1, 5))
    assert "Lena Learner" not in dict(named_gaps(team, TODAY))


def test_the_list_takes_one_query_for_one_person_and_for_three(
    switched_on: NamedGapsChoice,
    team: Team,
    learner: User,
    colleague: User,
    lead: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        assert len(named_gaps(team, TODAY)) == 3


def test_staff_are_told_who_may_look_why_and_who_did(
    switched_on: NamedGapsChoice,
    learner: User,
    lead: User,
    team: Team,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    note_look(team=team, by=lead)
    with django_assert_num_queries(5):
        notice = notices(learner, TODAY)[0]
    assert notice.choice.reason == "Agreed with staff side"
    assert notice.leads == ["Hedda Head", "Leda Lead"]
    assert [look.by.name for look in notice.looks] == ["Leda Lead"]


def test_a_choice_needs_a_reason_a_capability_lead_and_a_change(
    head: User, lead: User, organisation: Organisation
) -> None:
    for by, reason, is_on, message in (
        (head, " ", True, "Write down why"),
        (lead, "Because", True, "Only a capability lead"),
        (head, "Because", False, "It is off already"),
    ):
        with pytest.raises(ValidationError, match=message):
            choose_named_gaps(organisation=organisation, is_on=is_on, reason=reason, by=by)
    assert not NamedGapsChoice.objects.exists()


def test_nobody_notes_a_look_who_may_not_look(
    switched_on: NamedGapsChoice, learner: User, team: Team
) -> None:
    with pytest.raises(ValidationError):
        note_look(team=team, by=learner)


def test_the_switch_is_kept_as_a_history_and_its_page_is_for_the_capability_lead(
    head: User, lead: User, outsider: User, organisation: Organisation
) -> None:
    client = Client()
    client.force_login(head)
    path = f"/named-gaps/{organisation.code}/"
    assert client.post(path, {"go": "on", "reason": ""}).status_code == 422
    assert client.post(path, {"go": "on", "reason": "Agreed"}).status_code == 302
    assert client.post(path, {"go": "on", "reason": "Again"}).status_code == 422
    assert client.post(path, {"go": "off", "reason": "Not needed"}).status_code == 302
    page = client.get(path).content.decode()
    assert "Agreed" in page
    assert "Not needed" in page
    for other in (lead, outsider):
        client.force_login(other)
        assert client.get(path).status_code == 404


def test_the_database_wants_a_reason(head: User, organisation: Organisation) -> None:
    with pytest.raises(IntegrityError, match="named_gaps_has_reason"), transaction.atomic():
        NamedGapsChoice.objects.create(organisation=organisation, is_on=True, reason="", by=head)
