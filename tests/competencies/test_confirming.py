"""Confirming with care: a weekly cap, a signature, a team session in one go, and a second reader."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from competencies.actions import (
    answer_team_session,
    ask_question,
    decline,
    erase_words,
    give_second_reading,
    pass_on,
    record_team_session,
    verify,
)
from competencies.calibration import agreement, is_drawn
from competencies.capacity import by_room, next_confirmation
from competencies.models import Practice, SecondReading, SessionPresence, TeamSession, VerificationAct
from competencies.queries import readings_for, waiting_for
from learning.actions import void_statement
from workforce.actions import appoint_founding_verifier, enter_registration, grant
from workforce.models import Grant, Membership, Organisation, Post, Team, Tier, User
from workforce.models.ranges import during

from .conftest import noon
from .test_evidence import TODAY, founder, people, put_forward, team

__all__ = ["founder", "people", "team"]


@pytest.fixture
def second(people: dict[str, User], trust: Organisation) -> User:
    """Somebody else who may confirm."""
    appoint_founding_verifier(
        user=people["stranger"], organisation=trust, start=date(2026, 1, 1), reason="Board, 1 January 2026"
    )
    return people["stranger"]


def pieces(people: dict[str, User], number: int, **changes: Any) -> list[Practice]:
    return [put_forward(people, registration=uuid4(), **changes) for _ in range(number)]


def mates(team: Team, number: int) -> list[User]:
    """More people of the ward."""
    found = []
    for n in range(number):
        user = User.objects.create(name=f"Mate {n}", email=f"mate{n}@example.org")
        membership = Membership.objects.create(user=user, organisation=team.organisation)
        tier = Tier.objects.get(key="frontline")
        Post.objects.create(membership=membership, team=team, tier=tier, during=during(date(2020, 1, 1)))
        found.append(user)
    return found


# The weekly cap


def test_over_the_cap_the_next_is_from_a_named_day_and_everything_else_stays_possible(
    people: dict[str, User], founder: User, second: User, settings: Settings
) -> None:
    settings.VERIFICATIONS_A_WEEK = 2
    first, other, third, fourth, fifth = pieces(people, 5)
    verify(practice=first, by=founder, at=noon(TODAY))
    verify(practice=other, by=founder, at=noon(TODAY + timedelta(days=1)))
    later = noon(TODAY + timedelta(days=2))
    with pytest.raises(ValidationError, match="confirm the next one from 8 June 2026, 12:00"):
        verify(practice=third, by=founder, at=later)
    ask_question(practice=third, by=founder, question="Who was there?", at=later)
    decline(practice=fourth, by=founder, reason="Say what changed.", at=later)
    pass_on(practice=fifth, by=founder, to=second, at=later)
    assert by_room([founder, second], later) == [(second, None), (founder, noon(date(2026, 6, 8)))]
    verify(practice=third, by=founder, at=noon(date(2026, 6, 8)))
    assert VerificationAct.objects.filter(act="verify", by=founder).count() == 3


def test_no_cap_and_a_voided_confirmation_leave_room(
    people: dict[str, User], founder: User, settings: Settings
) -> None:
    settings.VERIFICATIONS_A_WEEK = 1
    act = verify(practice=put_forward(people), by=founder, at=noon(TODAY))
    assert next_confirmation(founder, noon(TODAY)) == noon(TODAY + timedelta(days=7))
    void_statement(statement_id=act.statement_id, by=founder, reason="Wrong person")
    assert next_confirmation(founder, noon(TODAY)) is None
    settings.VERIFICATIONS_A_WEEK = 0
    verify(practice=pieces(people, 1)[0], by=founder, at=noon(TODAY))
    assert next_confirmation(founder, noon(TODAY)) is None


@pytest.mark.parametrize("number", [1, 3])
def test_who_has_room_is_one_query(
    number: int,
    team: Team,
    people: dict[str, User],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    asked = mates(team, number)
    with django_assert_num_queries(1):
        by_room(asked, noon(TODAY))


def test_the_pages_say_until_when_somebody_is_busy(
    client: Client, people: dict[str, User], founder: User, second: User, settings: Settings
) -> None:
    settings.VERIFICATIONS_A_WEEK = 1
    one, other = pieces(people, 2)
    verify(practice=one, by=founder)
    client.force_login(founder)
    assert "You have confirmed 1 in 7 days." in client.get("/verify/").content.decode()
    answer = client.post(f"/verify/{other.uuid}/", {"go": "decide", "decision": "confirm"})
    assert (answer.status_code, "that is the most for now" in answer.content.decode()) == (422, True)
    client.force_login(second)
    pass_on(practice=other, by=founder, to=second)
    assert "colleague (can confirm again from" in client.get(f"/verify/{other.uuid}/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_the_same_moment_do_not_pass_the_cap(
    people: dict[str, User], founder: User, settings: Settings
) -> None:
    settings.VERIFICATIONS_A_WEEK = 1
    barrier = Barrier(2)

    def confirm(practice: Practice) -> bool:
        try:
            barrier.wait(timeout=20)
            verify(practice=practice, by=founder, at=noon(TODAY))
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(confirm, pieces(people, 2))) == [False, True]


# The signature


def test_a_confirmation_keeps_name_role_and_registration_as_they_were(
    people: dict[str, User], founder: User
) -> None:
    enter_registration(user=founder, body="nmc", number="12a 3456e")
    act = verify(practice=put_forward(people), by=founder, at=noon(TODAY))
    tier = Tier.objects.get(key="frontline").label
    signed = f"colleague, {tier}, Ward 1, Test Trust; Founding verifier, NMC 12A3456E"
    enter_registration(user=founder, body="", number="")
    User.objects.filter(pk=founder.pk).update(name="Another Name")
    Post.objects.filter(membership__user=founder).delete()
    act.refresh_from_db()
    assert act.signature == signed
    assert "colleague" not in act.statement.payload
    assert "3456" not in act.statement.payload


@pytest.mark.parametrize(
    ("body", "number"),
    [("nmc", "1234567"), ("gmc", "12A3456E"), ("hcpc", "12"), ("", "1234567"), ("gmc", "")],
)
def test_a_number_that_its_register_would_not_give_is_refused(
    body: str, number: str, people: dict[str, User]
) -> None:
    with pytest.raises(ValidationError):
        enter_registration(user=people["learner"], body=body, number=number)
    with pytest.raises(IntegrityError, match="user_registration_has_its_shape"), transaction.atomic():
        User.objects.filter(pk=people["learner"].pk).update(
            registration_body=body, registration_number=number
        )


def test_people_enter_their_registration_on_their_account(client: Client, people: dict[str, User]) -> None:
    client.force_login(people["learner"])
    wrong = client.post("/account/registration/", {"body": "gmc", "number": "12"})
    assert (wrong.status_code, "Check the number." in wrong.content.decode()) == (422, True)
    assert client.post("/account/registration/", {"body": "gmc", "number": "123 4567"}).status_code == 302
    assert "GMC 1234567" in client.get("/account/").content.decode()


# Team sessions


@pytest.fixture
def session(people: dict[str, User], founder: User, team: Team) -> TeamSession:
    """The learner and the first mate were there; the second mate was not. All three asked the same person."""
    one, other = mates(team, 2)
    sent = [
        put_forward(
            {**people, "learner": owner}, registration=uuid4(), together=True, title="The team's cycle"
        )
        for owner in (people["learner"], one, other)
    ]
    return record_team_session(
        by=founder,
        team=team,
        activity=sent[0].activity,
        title="The team's cycle",
        day=TODAY,
        present=[people["learner"], one],
        at=noon(TODAY),
    )


def of(name: str) -> Practice:
    return Practice.objects.get(owner__name=name)


def test_those_present_are_confirmed_in_one_go_each_with_an_act_and_count_as_one(
    session: TeamSession, founder: User, settings: Settings
) -> None:
    settings.VERIFICATIONS_A_WEEK = 2
    acts = answer_team_session(
        session=session, by=founder, confirmed=[of("learner"), of("Mate 0")], not_yet={}, at=noon(TODAY)
    )
    assert [(act.owner.name, act.act, act.session, act.signed_name) for act in acts] == [
        ("learner", "verify", session, "colleague"),
        ("Mate 0", "verify", session, "colleague"),
    ]
    assert len({act.statement_id for act in acts}) == 2
    assert next_confirmation(founder, noon(TODAY)) is None
    assert [act.owner.name for act in waiting_for(founder)] == ["Mate 1"]


def test_somebody_can_be_left_out_or_told_not_yet(session: TeamSession, founder: User) -> None:
    answer_team_session(
        session=session, by=founder, confirmed=[], not_yet={of("Mate 0"): "Say more."}, at=noon(TODAY)
    )
    assert [act.owner.name for act in waiting_for(founder)] == ["learner", "Mate 1"]
    assert of("Mate 0").acts.latest("number").act == "decline"


def test_who_was_not_there_cannot_be_confirmed_in_one_go(session: TeamSession, founder: User) -> None:
    with pytest.raises(ValidationError, match="was not there"):
        answer_team_session(
            session=session,
            by=founder,
            confirmed=[of("learner"), of("Mate 1")],
            not_yet={},
            at=noon(TODAY),
        )
    assert not VerificationAct.objects.filter(act="verify").exists(), "all or nothing"
    act = verify(practice=of("Mate 1"), by=founder, at=noon(TODAY))
    VerificationAct.objects.filter(pk=act.pk).update(session=session)
    with pytest.raises(IntegrityError, match="confirmed_in_a_session_was_present"), transaction.atomic():
        connection.check_constraints()
    VerificationAct.objects.filter(pk=act.pk).update(session=None)


def test_presence_cannot_be_taken_away_from_under_a_confirmation(session: TeamSession, founder: User) -> None:
    answer_team_session(session=session, by=founder, confirmed=[of("learner")], not_yet={}, at=noon(TODAY))
    presence = SessionPresence.objects.get(user__name="learner")
    presence.delete()
    with pytest.raises(IntegrityError, match="confirmed_in_a_session_was_present"), transaction.atomic():
        connection.check_constraints()
    SessionPresence.objects.create(session=session, user=presence.user)


def test_a_session_is_refused_without_practice_that_a_team_did_together(
    people: dict[str, User], founder: User, team: Team
) -> None:
    practice = put_forward(people)
    with pytest.raises(ValidationError, match="Nothing from a session"):
        record_team_session(
            by=founder,
            team=team,
            activity=practice.activity,
            title="A log",
            day=TODAY,
            present=[people["learner"]],
            at=noon(TODAY),
        )


def test_the_database_refuses_a_session_on_an_act_that_confirms_nothing(session: TeamSession) -> None:
    with pytest.raises(IntegrityError, match="only_confirmations_have_a_session"), transaction.atomic():
        of("learner").acts.update(session=session)
    with pytest.raises(IntegrityError, match="confirmations_are_signed"), transaction.atomic():
        of("learner").acts.update(signed_name="Somebody")


def test_a_session_is_recorded_and_answered_on_its_pages(
    client: Client, people: dict[str, User], founder: User, team: Team
) -> None:
    practice = put_forward(people, together=True)
    client.force_login(founder)
    assert "Record a team session" in client.get("/verify/").content.decode()
    assert "What mattered today, Ward 1" in client.get("/verify/sessions/").content.decode()
    address = f"/verify/sessions/?activity={practice.activity_id}&team={team.pk}"
    sent = {"title": "Our cycle", "day": "2026-05-30", "present": [people["learner"].pk]}
    assert "Choose who was there" in client.post(address, {**sent, "present": []}).content.decode()
    page = client.post(address, sent, follow=True)
    assert "A quiet word about the noise at night." in page.content.decode()
    there = page.redirect_chain[-1][0]
    wrong = client.post(there, {f"{practice.pk}-decision": "not_yet"})
    assert (wrong.status_code, "a yes for learner" in wrong.content.decode()) == (422, True)
    done = client.post(there, {f"{practice.pk}-decision": "confirm"}, follow=True)
    assert "You answered 1 of 1." in done.content.decode()
    assert TeamSession.objects.get(confirmations=practice.acts.get(act="verify")).title == "Our cycle"
    client.force_login(people["stranger"])
    assert client.get(there).status_code == 404


# Second readings


@pytest.fixture
def all_are_drawn(settings: Settings) -> None:
    settings.SECOND_READER_SHARE = 100


def test_two_in_a_hundred_are_drawn_the_same_each_time_and_by_the_seed(settings: Settings) -> None:
    settings.SECOND_READER_SHARE, settings.SECOND_READER_SEED = 2, "one"
    ids = [UUID(int=n) for n in range(10_000)]
    drawn = {one for one in ids if is_drawn(one)}
    assert 150 < len(drawn) < 250
    assert drawn == {one for one in ids if is_drawn(one)}
    settings.SECOND_READER_SEED = "two"
    assert drawn != {one for one in ids if is_drawn(one)}
    settings.SECOND_READER_SHARE = 0
    assert not any(map(is_drawn, ids))


def test_a_third_person_reads_from_another_team_where_there_is_one(
    people: dict[str, User], founder: User, second: User, team: Team, all_are_drawn: None
) -> None:
    for mate in mates(team, 3):
        appoint_founding_verifier(
            user=mate, organisation=team.organisation, start=date(2026, 1, 1), reason="Board"
        )
    act = verify(practice=put_forward(people), by=founder, at=noon(TODAY))
    assert act.second_reading.reader == second
    Grant.objects.filter(user=second).delete()
    again = verify(practice=pieces(people, 1)[0], by=founder, at=noon(TODAY))
    assert again.second_reading.reader.name.startswith("Mate")


def test_with_no_third_person_there_is_no_second_reading(
    people: dict[str, User], founder: User, all_are_drawn: None
) -> None:
    verify(practice=put_forward(people), by=founder, at=noon(TODAY))
    assert not SecondReading.objects.exists()


def test_a_second_reading_undoes_nothing_and_its_words_are_for_the_first(
    client: Client, people: dict[str, User], founder: User, second: User, all_are_drawn: None
) -> None:
    practice = put_forward(people)
    act = verify(practice=practice, by=founder)
    client.force_login(second)
    assert "For a second reading" in client.get("/verify/").content.decode()
    address = f"/verify/second-readings/{act.second_reading.pk}/"
    assert "A quiet word about the noise at night." in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 422
    client.post(address, {"verdict": "not_yet", "words": "What changed?"})
    assert "A quiet word" not in client.get(address).content.decode()
    assert practice.acts.latest("number").act == "verify"
    with pytest.raises(ValidationError, match="answered this before"):
        give_second_reading(reading=act.second_reading, by=second, verdict="confirm")
    client.force_login(founder)
    page = client.get(f"/verify/{practice.uuid}/").content.decode()
    assert "would not confirm it yet" in page
    assert "What changed?" in page
    assert client.get(address).status_code == 404


def test_erasing_ends_the_reading_and_its_words(
    people: dict[str, User], founder: User, second: User, all_are_drawn: None
) -> None:
    one, other = pieces(people, 2)
    for practice in (one, other):
        verify(practice=practice, by=founder, at=noon(TODAY))
    give_second_reading(
        reading=SecondReading.objects.get(act__practice=other), by=second, verdict="not_yet", words="Noise?"
    )
    for practice in (one, other):
        erase_words(practice=practice, by=people["learner"])
    assert not readings_for(second).exists()
    assert list(SecondReading.objects.values_list("verdict", "words")) == [("not_yet", "")]


def test_the_database_wants_a_third_person(
    people: dict[str, User], founder: User, second: User, all_are_drawn: None
) -> None:
    verify(practice=put_forward(people), by=founder, at=noon(TODAY))
    for name in ("learner", "colleague"):
        with pytest.raises(IntegrityError, match="third_person"), transaction.atomic():
            SecondReading.objects.update(reader=people[name])
    with pytest.raises(IntegrityError, match="verdict_and_day"), transaction.atomic():
        SecondReading.objects.update(verdict="confirm")


@pytest.mark.parametrize(
    ("confirm", "not_yet", "shown"),
    [
        (0, 0, ("0", "0", "not shown")),
        (5, 0, ("*", "*", "not shown")),
        (40, 0, ("40", "40", "100%")),
        (40, 1, ("40", "*", "not shown")),
        (40, 10, ("50", "40", "80%")),
    ],
)
def test_agreement_is_told_over_all_and_small_numbers_are_hidden(
    confirm: int,
    not_yet: int,
    shown: tuple[str, str, str],
    people: dict[str, User],
    founder: User,
    second: User,
    trust: Organisation,
    settings: Settings,
) -> None:
    settings.VERIFICATIONS_A_WEEK = settings.SECOND_READER_SHARE = 0
    acts = [
        verify(practice=practice, by=founder, at=noon(TODAY))
        for practice in pieces(people, confirm + not_yet)
    ]
    SecondReading.objects.bulk_create(
        SecondReading(
            act=act,
            owner=act.owner,
            verifier=founder,
            reader=second,
            asked_at=act.at,
            verdict="confirm" if number < confirm else "not_yet",
            read_at=act.at,
        )
        for number, act in enumerate(acts)
    )
    told = agreement(trust)
    assert (told.read, told.agreed, told.share) == shown


# Founding verifiers


def test_a_capability_lead_names_and_ends_a_founding_verifier_with_reasons(
    client: Client, people: dict[str, User], trust: Organisation
) -> None:
    grant(user=people["colleague"], role=Grant.Role.CAPABILITY_LEAD, scope=trust, start=date(2026, 1, 1))
    client.force_login(people["colleague"])
    address = f"/confirmers/{trust.code}/"
    appoint = {"go": "appoint", "email": "learner@example.org", "start": "2026-05-01", "reason": ""}
    assert "Write down why" in client.post(address, appoint).content.decode()
    unknown = client.post(address, {**appoint, "email": "stranger@example.org", "reason": "Board"})
    assert "Nobody in your organisation has this email address." in unknown.content.decode()
    page = client.post(address, {**appoint, "reason": "Board, 1 May 2026"}, follow=True).content.decode()
    assert "Board, 1 May 2026" in page
    given = Grant.objects.get(role=Grant.Role.FOUNDING_VERIFIER)
    assert (given.user.name, given.during.upper) == ("learner", date(2028, 5, 1))
    assert given.granted_by == people["colleague"]
    assert client.post(address, {"go": "end", "grant": given.pk, "reason": ""}).status_code == 422
    client.post(address, {"go": "end", "grant": given.pk, "reason": "Moved on"})
    given.refresh_from_db()
    assert given.ending.reason == "Moved on"
    assert "Nobody is named today." in client.get(address).content.decode()
