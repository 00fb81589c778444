"""Evidence follows the record: awarded, voided, rebuilt; practice is confirmed by somebody who may."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from competencies.actions import (
    ClaimAnswer,
    RuleSpec,
    decline,
    erase_words,
    rebuild_evidence,
    request_verification,
    set_evidence_rules,
    verify,
    withdraw_practice,
)
from competencies.models import Capability, Edition, Evidence, EvidenceRule, Holding, Practice
from competencies.queries import current_levels, expectations, suggested_verifiers, waiting_for
from learning import verbs
from learning.actions import actor_for, create_credential, store_statements, void_statement
from learning.iris import activity_iri
from learning.models import Statement
from workforce.actions import appoint_founding_verifier, grant
from workforce.models import Grant, Membership, Organisation, Overlay, Post, Team, Tier, User
from workforce.models.ranges import during

from .conftest import noon

Show = Callable[..., UUID]
MODULE, LOG = activity_iri(UUID(int=1)), activity_iri(UUID(int=2))
REGISTRATION = UUID("7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f")
TODAY = date(2026, 6, 1)
EVIDENCE = ["user", "capability", "level", "statement", "achieved", "expires", "recorded_at", "withdrawn_at"]
HOLDINGS = ["user", "capability", "level", "during"]


@pytest.fixture
def team(trust: Organisation) -> Team:
    return Team.objects.create(organisation=trust, code="W1", name="Ward 1")


@pytest.fixture
def people(team: Team) -> dict[str, User]:
    people = {}
    for name in ("learner", "colleague", "stranger"):
        people[name] = User.objects.create(name=name, email=f"{name}@example.org")
    for name in ("learner", "colleague"):
        membership = Membership.objects.create(
            user=people[name], organisation=team.organisation, staff_number=name
        )
        Post.objects.create(
            membership=membership,
            team=team,
            tier=Tier.objects.get(key="frontline"),
            during=during(date(2020, 1, 1)),
        )
    return people


def put_forward(
    people: dict[str, User], verifier: str = "colleague", on: date = TODAY, **changes: object
) -> Practice:
    given = {
        "owner": people["learner"],
        "verifier": people[verifier],
        "activity_iri": LOG,
        "registration": REGISTRATION,
        "title": "What mattered today",
        "answers": [ClaimAnswer("PP-2", 3, "What did you hear?", "A quiet word about the noise at night.")],
        "at": noon(on),
    }
    return request_verification(**{**given, **changes})  # type: ignore[arg-type]


def module_rules() -> None:
    set_evidence_rules(activity_iri=MODULE, rules=[RuleSpec(verbs.PASSED, "PP-2", 2)])
    set_evidence_rules(
        activity_iri=LOG, rules=[RuleSpec(verbs.VERIFIED, "PP-2", 3, after=(MODULE, verbs.PASSED))]
    )


def passed(user: User, on: date) -> UUID:
    statement = {
        "actor": actor_for(user),
        "verb": verbs.verb(verbs.PASSED),
        "object": {"objectType": "Activity", "id": MODULE},
        "timestamp": noon(on).isoformat(),
    }
    return store_statements(statements=[statement], at=noon(on))[0]


@pytest.fixture
def founder(people: dict[str, User], trust: Organisation) -> User:
    appoint_founding_verifier(
        user=people["colleague"], organisation=trust, start=date(2026, 1, 1), reason="Board, 1 January 2026"
    )
    return people["colleague"]


def test_a_statement_gives_a_holding_until_it_expires(people: dict[str, User], show: Show) -> None:
    show(people["learner"], "SS-1", 2, date(2024, 2, 29))
    holding = Holding.objects.get()
    assert (holding.level, holding.during.lower, holding.during.upper) == (
        2,
        date(2024, 2, 29),
        date(2027, 2, 28),
    )
    assert current_levels(people["learner"], date(2027, 2, 27)) == {"SS-1": 2}
    assert current_levels(people["learner"], date(2027, 2, 28)) == {}


def test_voiding_withdraws_what_the_statement_gave_and_keeps_the_row(
    people: dict[str, User], show: Show
) -> None:
    shown = show(people["learner"], "SS-1", 2, TODAY)
    void_statement(statement_id=shown, by=people["colleague"], reason="Wrong person")
    assert Evidence.objects.get().withdrawn_at is not None
    assert not Holding.objects.exists()


def test_level_three_comes_when_practice_is_confirmed(people: dict[str, User], founder: User) -> None:
    module_rules()
    passed(people["learner"], TODAY)
    practice = put_forward(people)
    assert [act.practice for act in waiting_for(founder)] == [practice]
    verify(practice=practice, by=founder, at=noon(TODAY))
    assert current_levels(people["learner"], TODAY) == {"PP-2": 3}
    assert not waiting_for(founder).exists()


def test_practice_confirmed_first_waits_for_the_check(people: dict[str, User], founder: User) -> None:
    module_rules()
    verify(practice=put_forward(people), by=founder, at=noon(TODAY))
    assert current_levels(people["learner"], TODAY) == {}
    passed(people["learner"], TODAY + timedelta(days=9))
    assert current_levels(people["learner"], TODAY + timedelta(days=9)) == {"PP-2": 3}


def test_rebuilding_gives_the_identical_table(people: dict[str, User], founder: User, show: Show) -> None:
    module_rules()
    first = passed(people["learner"], TODAY)
    verify(practice=put_forward(people), by=founder, at=noon(TODAY))
    show(people["colleague"], "SS-1", 2, date(2023, 3, 31))
    void_statement(statement_id=first, by=founder, reason="Wrong day", at=noon(TODAY + timedelta(days=1)))
    passed(people["learner"], TODAY + timedelta(days=2))
    before = list(Evidence.objects.order_by(*EVIDENCE).values_list(*EVIDENCE))
    held = list(Holding.objects.order_by(*HOLDINGS).values_list(*HOLDINGS))
    assert any(row[-1] for row in before)
    assert len(held) > 1
    assert rebuild_evidence() == len(before)
    assert list(Evidence.objects.order_by(*EVIDENCE).values_list(*EVIDENCE)) == before
    assert list(Holding.objects.order_by(*HOLDINGS).values_list(*HOLDINGS)) == held


def test_not_yet_says_what_would_make_it_yes_and_can_be_asked_again(
    people: dict[str, User], founder: User
) -> None:
    practice = put_forward(people)
    with pytest.raises(ValidationError):
        decline(practice=practice, by=founder, reason=" ")
    decline(practice=practice, by=founder, reason="Say what you changed.", at=noon(TODAY))
    put_forward(people)
    withdraw_practice(practice=practice, by=people["learner"], at=noon(TODAY))
    put_forward(people)
    verify(practice=practice, by=founder, at=noon(TODAY))
    assert list(practice.acts.values_list("act", flat=True)) == [
        "request",
        "decline",
        "request",
        "withdraw",
        "request",
        "verify",
    ]


def test_a_decision_is_taken_once(people: dict[str, User], founder: User) -> None:
    practice = put_forward(people)
    verify(practice=practice, by=founder, at=noon(TODAY))
    with pytest.raises(ValidationError, match="no longer waiting"):
        verify(practice=practice, by=founder, at=noon(TODAY))
    with pytest.raises(ValidationError, match="confirmed"):
        put_forward(people)


@pytest.mark.parametrize("verifier", ["learner", "stranger", "colleague"])
def test_only_those_who_may_are_asked(verifier: str, people: dict[str, User], edition: Edition) -> None:
    with pytest.raises(ValidationError, match="cannot confirm"):
        put_forward(people, verifier)
    assert not Practice.objects.exists()


def test_a_holder_of_level_three_may_confirm_but_not_a_speak_up_guardian(
    people: dict[str, User], show: Show, trust: Organisation
) -> None:
    show(people["colleague"], "PP-2", 3, date(2026, 1, 1))
    assert list(suggested_verifiers(people["learner"], ["PP-2"], TODAY)) == [people["colleague"]]
    assert not suggested_verifiers(people["learner"], ["PP-2", "PP-3"], TODAY).exists()
    grant(user=people["colleague"], role=Grant.Role.SPEAK_UP_GUARDIAN, scope=trust, start=date(2026, 1, 1))
    assert not suggested_verifiers(people["learner"], ["PP-2"], TODAY).exists()


def test_the_database_refuses_a_confirmation_of_ones_own_practice(
    people: dict[str, User], founder: User
) -> None:
    practice = put_forward(people)
    with pytest.raises(IntegrityError, match="nobody_verifies_themselves"), transaction.atomic():
        practice.acts.update(verifier=people["learner"])


def test_people_delete_their_own_words_and_keep_what_was_decided(
    people: dict[str, User], founder: User
) -> None:
    module_rules()
    passed(people["learner"], TODAY)
    practice = put_forward(people)
    with pytest.raises(ValidationError, match="Take this back first"):
        erase_words(practice=practice, by=people["learner"])
    verify(practice=practice, by=founder, at=noon(TODAY))
    with pytest.raises(ValidationError, match="Only the person"):
        erase_words(practice=practice, by=founder)
    erase_words(practice=practice, by=people["learner"])
    assert practice.claims.get().text == ""
    assert current_levels(people["learner"], TODAY) == {"PP-2": 3}


def test_private_words_stay_out_of_the_record(people: dict[str, User], founder: User) -> None:
    practice = put_forward(people)
    decline(practice=practice, by=founder, reason="Tell me about the night staff.")
    payloads = "".join(Statement.objects.values_list("payload", flat=True))
    assert "quiet word" not in payloads
    assert "night staff" not in payloads


def test_another_system_gives_evidence_only_for_its_own_people(
    people: dict[str, User], trust: Organisation
) -> None:
    module_rules()
    elsewhere = Organisation.objects.create(code="X9C", name="Elsewhere", opened=date(2010, 1, 1))
    for organisation in (elsewhere, trust):
        credential = create_credential(
            name="LMS", scopes=["statements/write"], organisation=organisation, gives_evidence=True
        )[0]
        statement = {
            "actor": actor_for(people["learner"]),
            "verb": verbs.verb(verbs.PASSED),
            "object": {"objectType": "Activity", "id": MODULE},
            "timestamp": noon(TODAY).isoformat(),
        }
        store_statements(
            statements=[{"id": str(uuid4()), **statement}], credential=credential, at=noon(TODAY)
        )
        assert Evidence.objects.exists() == (organisation == trust)


def test_rules_that_are_gone_end_and_what_they_gave_stays(people: dict[str, User], edition: Edition) -> None:
    module_rules()
    passed(people["learner"], TODAY)
    set_evidence_rules(
        activity_iri=MODULE, rules=[RuleSpec(verbs.PASSED, "PP-1", 1)], on=TODAY + timedelta(days=1)
    )
    passed(people["learner"], TODAY + timedelta(days=1))
    assert current_levels(people["learner"], TODAY + timedelta(days=1)) == {"PP-2": 2, "PP-1": 1}
    assert EvidenceRule.objects.filter(activity__iri=MODULE, during__upper_inf=True).count() == 1


def test_an_overlay_changes_what_is_expected(people: dict[str, User], team: Team) -> None:
    post = Post.objects.get(membership__user=people["learner"])
    plain = {e.code: e.level for e in expectations(people["learner"], TODAY)}
    post.overlays.add(Overlay.objects.get(key="patient_facing"))
    facing = {e.code: e.level for e in expectations(people["learner"], TODAY)}
    assert (plain["PP-4"], facing["PP-4"]) == (2, 3)
    assert {code for code in plain if plain[code] != facing[code]} == {"PP-4"}


@pytest.mark.parametrize("batch", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_people(
    batch: int, people: dict[str, User], edition: Edition
) -> None:
    module_rules()
    users = [User.objects.create(name=str(number)) for number in range(batch)]
    statements = [
        {
            "actor": actor_for(user),
            "verb": verbs.verb(verbs.PASSED),
            "object": {"objectType": "Activity", "id": MODULE},
        }
        for user in users
    ]
    with CaptureQueriesContext(connection) as queries:
        store_statements(statements=statements)
    assert Evidence.objects.filter(user__in=users).count() == batch
    assert Capability.objects.count() == 36
    assert len(queries) == 18
