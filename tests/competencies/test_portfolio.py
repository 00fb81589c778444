"""A portfolio for level 4: gathered in private, and decided by a panel of two. Every pair of states is walked."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from competencies.actions import RuleSpec, rebuild_evidence, set_evidence_rules, verify
from competencies.models import Capability, Evidence, Holding, PanelAct, Portfolio, PortfolioEntry
from competencies.permissions import can_be_replaced
from competencies.portfolio.actions import (
    agree,
    claimed,
    put_to_panel,
    replace_member,
    say_not_yet,
    step_aside,
    take_back,
)
from competencies.portfolio.entries import EntryWords, add_entry, change_entry, delete_entry, move_entry
from competencies.portfolio.queries import newest_act, waiting_panels
from competencies.portfolio.seats import seats_of
from competencies.portfolio.states import NEXT, OF_A_MEMBER, OF_THE_OWNER, OPEN, state_after, who_does
from competencies.queries import current_levels, grounds
from learning import verbs
from learning.actions import actor_for, void_statement
from learning.iris import activity_iri
from learning.models import Statement
from workforce.actions import appoint_founding_verifier
from workforce.models import Grant, Membership, Organisation, Post, Team, Tier, User
from workforce.models.ranges import during

from .conftest import noon
from .test_evidence import (
    EVIDENCE,
    HOLDINGS,
    LOG,
    TODAY,
    founder,
    module_rules,
    passed,
    people,
    put_forward,
    team,
)

__all__ = ["founder", "people", "team"]

Act = PanelAct.Act
State = PanelAct.State
PORTFOLIO = activity_iri(UUID(int=44))
ATTEMPT = UUID("00000000-0000-4000-8000-000000000044")
LATER = TODAY + timedelta(days=14)
PROMPTS = {"PP-2": "Whom did you help to hear patients?"}
DECISION = Path(__file__).parents[2] / "docs" / "adr" / "0025-portfolio-and-panel.md"
JANUARY = date(2026, 1, 1)
Sitting = list[User]


def words(**changes: object) -> EntryWords:
    given = {
        "capability_code": "PP-2",
        "on": date(2026, 3, 2),
        "whom": "A new charge nurse.",
        "changed": "She now asks on each round.",
        "learned": "To wait.",
    }
    return EntryWords(**{**given, **changes})  # type: ignore[arg-type]


def gathered(owner: User, **changes: object) -> PortfolioEntry:
    return add_entry(
        owner=owner, activity_iri=PORTFOLIO, title="Hearing, taught to others", words=words(**changes)
    )


def somebody(name: str, organisation: Organisation, team: Team | None = None) -> User:
    """A founding verifier of the organisation, who works in this team or in none."""
    user = User.objects.create(name=name, email=f"{name}@example.org")
    if team:
        membership = Membership.objects.create(user=user, organisation=organisation, staff_number=name)
        tier = Tier.objects.get(key="frontline")
        Post.objects.create(membership=membership, team=team, tier=tier, during=during(JANUARY))
    appoint_founding_verifier(user=user, organisation=organisation, start=JANUARY, reason="By the board")
    return user


@pytest.fixture
def sitting(people: dict[str, User], founder: User, trust: Organisation) -> Sitting:
    """Two who may sit: one from the learner's own team, one from outside."""
    return [founder, somebody("outside", trust)]


@pytest.fixture
def third(trust: Organisation) -> User:
    return somebody("third", trust)


@pytest.fixture
def portfolio(people: dict[str, User]) -> Portfolio:
    return gathered(people["learner"]).portfolio


def put(portfolio: Portfolio, members: Sitting, on: date = TODAY, registration: UUID = ATTEMPT) -> PanelAct:
    return put_to_panel(
        portfolio=portfolio,
        by=portfolio.owner,
        members=(members[0], members[1]),
        registration=registration,
        prompts=PROMPTS,
        at=noon(on),
    )


def stands(portfolio: Portfolio) -> State:
    return state_after(newest_act(portfolio))


def unanswered(portfolio: Portfolio) -> int:
    """The place that still has to answer; the second where neither has."""
    act = newest_act(portfolio)
    assert act
    return max(number for number, seat in enumerate(seats_of(act)) if seat.answer is None)


def revoke(portfolio: Portfolio, at: date = LATER) -> object:
    """Void the statement on which it stands, as an administrator does."""
    act = newest_act(portfolio)
    assert act
    return void_statement(
        statement_id=act.statement_id, by=act.seats[0], reason="The wrong person.", at=noon(at)
    )


Do = Callable[[Portfolio, Act], object]


@pytest.fixture
def do(sitting: Sitting, third: User) -> Do:
    """Let something happen to a portfolio, by whose turn it would be, 14 days after it was put forward."""

    def do(portfolio: Portfolio, act: Act) -> object:
        at = noon(LATER)
        if act == Act.PUT_FORWARD:
            return put(portfolio, sitting, on=LATER, registration=uuid4())
        if act == Act.WITHDRAW:
            return take_back(portfolio=portfolio, by=portfolio.owner, at=at)
        if act == Act.REVOKE:
            return revoke(portfolio)
        latest = newest_act(portfolio)
        place = unanswered(portfolio) if latest and latest.state in OPEN else 1
        if act == Act.REPLACE:
            return replace_member(portfolio=portfolio, by=portfolio.owner, place=place, to=third, at=at)
        by = (seats_of(latest)[place].member if latest else None) or sitting[place]
        if act == Act.AGREE:
            return agree(portfolio=portfolio, by=by, at=at)
        if act == Act.NOT_YET:
            return say_not_yet(portfolio=portfolio, by=by, reason="Say what changed.", at=at)
        return step_aside(portfolio=portfolio, by=by, at=at)

    return do


WAYS_TO = {
    State.GATHERING: [],
    State.WAITING: [Act.PUT_FORWARD],
    State.ONE_YES: [Act.PUT_FORWARD, Act.AGREE],
    State.ONE_NOT_YET: [Act.PUT_FORWARD, Act.NOT_YET],
    State.WITHDRAWN: [Act.PUT_FORWARD, Act.WITHDRAW],
    State.NOT_YET: [Act.PUT_FORWARD, Act.AGREE, Act.NOT_YET],
    State.CONFERRED: [Act.PUT_FORWARD, Act.AGREE, Act.AGREE],
    State.REVOKED: [Act.PUT_FORWARD, Act.AGREE, Act.AGREE, Act.REVOKE],
}


def walked(portfolio: Portfolio, sitting: Sitting, do: Do, ways: list[Act]) -> None:
    for act in ways:
        if act == Act.PUT_FORWARD:
            put(portfolio, sitting)
        else:
            do(portfolio, act)


@pytest.mark.parametrize(
    ("start", "act"),
    [(start, act) for start, act in product(State, Act) if act != Act.REVOKE or Act.REVOKE in NEXT[start]],
)
def test_from_every_state_only_what_the_table_says_can_follow(
    start: State, act: Act, portfolio: Portfolio, sitting: Sitting, do: Do
) -> None:
    walked(portfolio, sitting, do, WAYS_TO[start])
    assert stands(portfolio) == start
    number = portfolio.acts.count()
    if act in NEXT[start]:
        do(portfolio, act)
        assert (portfolio.acts.count(), stands(portfolio)) == (number + 1, NEXT[start][act])
    else:
        with pytest.raises(ValidationError):
            do(portfolio, act)
        assert (portfolio.acts.count(), stands(portfolio)) == (number, start)


@pytest.mark.parametrize("start", [s for s in State if Act.REVOKE not in NEXT[s] and s != State.GATHERING])
def test_voiding_what_is_over_changes_nothing(
    start: State, portfolio: Portfolio, sitting: Sitting, do: Do
) -> None:
    walked(portfolio, sitting, do, WAYS_TO[start])
    number = portfolio.acts.count()
    put_before = portfolio.acts.get(number=1).statement_id
    void_statement(statement_id=put_before, by=sitting[0], reason="A mistake.", at=noon(LATER))
    assert (portfolio.acts.count(), stands(portfolio)) == (number, start)


def test_the_owner_has_a_way_on_from_every_state() -> None:
    assert {state for state in State if not set(NEXT[state]) & OF_THE_OWNER} == set()


def test_the_decision_shows_the_table_of_the_code() -> None:
    lines = [line.strip("| \n").split(" | ") for line in DECISION.read_text().splitlines() if line[:1] == "|"]
    assert sorted(map(tuple, lines[2:])) == sorted(
        (state.label, str(act), who_does(act), after.label)
        for state, acts in NEXT.items()
        for act, after in acts.items()
    )


@pytest.mark.parametrize("act", sorted(OF_THE_OWNER | OF_A_MEMBER))
def test_nobody_acts_in_the_place_of_another(
    act: Act, portfolio: Portfolio, sitting: Sitting, third: User
) -> None:
    put(portfolio, sitting)
    wrong = [third, sitting[0]] if act in OF_THE_OWNER else [third, portfolio.owner]
    for by in wrong:
        ways: dict[str, Callable[[User], object]] = {
            Act.PUT_FORWARD: lambda by: put_to_panel(
                portfolio=portfolio,
                by=by,
                members=(sitting[0], sitting[1]),
                registration=uuid4(),
                prompts=PROMPTS,
            ),
            Act.REPLACE: lambda by: replace_member(
                portfolio=portfolio, by=by, place=1, to=third, at=noon(LATER)
            ),
            Act.WITHDRAW: lambda by: take_back(portfolio=portfolio, by=by),
            Act.AGREE: lambda by: agree(portfolio=portfolio, by=by, at=noon(TODAY)),
            Act.NOT_YET: lambda by: say_not_yet(portfolio=portfolio, by=by, reason="More."),
            Act.STEP_ASIDE: lambda by: step_aside(portfolio=portfolio, by=by),
        }
        with pytest.raises(ValidationError, match=r"not with you|not yours|Only the person"):
            ways[act](by)
    assert portfolio.acts.count() == 1


def rules() -> None:
    module_rules()
    set_evidence_rules(
        activity_iri=PORTFOLIO, rules=[RuleSpec(verbs.VERIFIED, "PP-2", 4, after=(LOG, verbs.VERIFIED))]
    )


@pytest.fixture
def at_level_three(people: dict[str, User], founder: User) -> User:
    rules()
    passed(people["learner"], TODAY)
    verify(practice=put_forward(people), by=founder, at=noon(TODAY))
    return people["learner"]


def conferred(portfolio: Portfolio, sitting: Sitting, on: date = TODAY) -> PanelAct:
    put(portfolio, sitting, on=on)
    agree(portfolio=portfolio, by=sitting[0], at=noon(on))
    return agree(portfolio=portfolio, by=sitting[1], at=noon(on))


def test_two_yes_confer_level_four_and_one_does_not(
    at_level_three: User, portfolio: Portfolio, sitting: Sitting
) -> None:
    put(portfolio, sitting)
    agree(portfolio=portfolio, by=sitting[1], at=noon(TODAY))
    assert current_levels(at_level_three, TODAY) == {"PP-2": 3}
    agree(portfolio=portfolio, by=sitting[0], at=noon(TODAY))
    assert current_levels(at_level_three, TODAY) == {"PP-2": 4}
    ground = grounds(at_level_three, "PP-2")[0]
    assert (ground.verifier, ground.title) == ("colleague and outside", "Hearing, taught to others")


def test_the_award_names_the_person_the_competency_and_the_panel_and_no_words(
    at_level_three: User, portfolio: Portfolio, sitting: Sitting
) -> None:
    act = conferred(portfolio, sitting)
    said = act.statement.content
    assert said["verb"]["id"] == "https://w3id.org/xapi/tla/verbs/conferred"
    assert said["object"]["account"] == actor_for(at_level_three)["account"]
    competency = Capability.objects.get(code="PP-2").iri
    grouped = said["context"]["contextActivities"]
    assert [one["id"] for one in grouped["grouping"]] == [competency]
    assert [one["id"] for one in grouped["parent"]] == [PORTFOLIO]
    assert len(said["context"]["team"]["member"]) == 2
    everything = " ".join(Statement.objects.values_list("payload", flat=True))
    assert not any(word in everything for word in ("charge nurse", "each round", "To wait"))


def test_rebuilding_gives_the_same_with_awards_and_with_one_that_was_revoked(
    at_level_three: User, portfolio: Portfolio, sitting: Sitting
) -> None:
    conferred(portfolio, sitting)
    revoke(portfolio, at=TODAY + timedelta(days=1))
    conferred(portfolio, sitting, on=TODAY + timedelta(days=2))
    before = list(Evidence.objects.order_by(*EVIDENCE).values_list(*EVIDENCE))
    held = list(Holding.objects.order_by(*HOLDINGS).values_list(*HOLDINGS))
    assert [row[-1] is None for row in before if row[2] == 4].count(True) == 1
    assert [row[-1] is None for row in before if row[2] == 4].count(False) == 1
    assert rebuild_evidence() == len(before)
    assert list(Evidence.objects.order_by(*EVIDENCE).values_list(*EVIDENCE)) == before
    assert list(Holding.objects.order_by(*HOLDINGS).values_list(*HOLDINGS)) == held


def test_an_award_waits_for_the_practice_before_it(
    people: dict[str, User], portfolio: Portfolio, sitting: Sitting, founder: User
) -> None:
    rules()
    conferred(portfolio, sitting)
    assert current_levels(people["learner"], TODAY) == {}
    passed(people["learner"], TODAY)
    verify(practice=put_forward(people), by=founder, at=noon(TODAY))
    assert current_levels(people["learner"], TODAY) == {"PP-2": 4}


def test_a_voided_award_is_revoked_and_falls_back_to_level_three(
    at_level_three: User, portfolio: Portfolio, sitting: Sitting
) -> None:
    award = conferred(portfolio, sitting)
    revoke(portfolio)
    assert current_levels(at_level_three, LATER) == {"PP-2": 3}
    act = newest_act(portfolio)
    assert act
    assert (act.state, act.by, act.reason) == (State.REVOKED, sitting[0], "The wrong person.")
    said = act.statement.content
    assert said["verb"]["id"] == "https://w3id.org/xapi/tla/verbs/revoked"
    assert said["object"] == award.statement.content["object"]
    assert said["context"]["statement"]["id"] == str(award.statement_id)
    assert conferred(portfolio, sitting, on=LATER).state == State.CONFERRED


def test_one_not_yet_makes_it_a_not_yet_when_both_have_answered(
    at_level_three: User, portfolio: Portfolio, sitting: Sitting
) -> None:
    put(portfolio, sitting)
    statements = Statement.objects.count()
    say_not_yet(portfolio=portfolio, by=sitting[0], reason="Say what changed.", at=noon(TODAY))
    assert Statement.objects.count() == statements
    act = agree(portfolio=portfolio, by=sitting[1], at=noon(TODAY))
    assert act.statement.verb == verbs.DECLINED
    answers = [seat.answer and (seat.answer.act, seat.answer.reason) for seat in seats_of(act)]
    assert answers == [("not_yet", "Say what changed."), ("agree", "")]
    assert current_levels(at_level_three, TODAY) == {"PP-2": 3}


def test_a_not_yet_needs_words(portfolio: Portfolio, sitting: Sitting) -> None:
    put(portfolio, sitting)
    with pytest.raises(ValidationError, match="what would make it a yes"):
        say_not_yet(portfolio=portfolio, by=sitting[0], reason=" ")
    assert portfolio.acts.count() == 1


def test_a_member_answers_once(portfolio: Portfolio, sitting: Sitting) -> None:
    put(portfolio, sitting)
    agree(portfolio=portfolio, by=sitting[0], at=noon(TODAY))
    with pytest.raises(ValidationError, match="You have answered"):
        agree(portfolio=portfolio, by=sitting[0], at=noon(TODAY))
    with pytest.raises(ValidationError, match="You have answered"):
        step_aside(portfolio=portfolio, by=sitting[0])
    assert stands(portfolio) == State.ONE_YES


@pytest.mark.parametrize("who", ["learner", "stranger", "guardian"])
def test_only_those_who_may_sit(
    who: str,
    portfolio: Portfolio,
    people: dict[str, User],
    sitting: Sitting,
    third: User,
    trust: Organisation,
) -> None:
    Grant.objects.create(
        user=third, organisation=trust, role=Grant.Role.SPEAK_UP_GUARDIAN, during=during(JANUARY)
    )
    person = third if who == "guardian" else people[who]
    with pytest.raises(ValidationError, match="cannot sit on this panel"):
        put(portfolio, [sitting[0], person])
    assert not portfolio.acts.exists()


def test_a_panel_is_two_people(portfolio: Portfolio, sitting: Sitting) -> None:
    with pytest.raises(ValidationError, match="2 different people"):
        put(portfolio, [sitting[0], sitting[0]])


def test_holders_of_level_three_may_sit(
    portfolio: Portfolio, team: Team, sitting: Sitting, show: Callable[..., UUID]
) -> None:
    holder = somebody("holder", team.organisation, team)
    Grant.objects.filter(user=holder).delete()
    with pytest.raises(ValidationError, match="holder cannot sit"):
        put(portfolio, [holder, sitting[1]])
    show(holder, "PP-2", 3, JANUARY)
    assert put(portfolio, [holder, sitting[1]]).state == State.WAITING


def test_one_of_the_two_works_outside_the_team_where_anybody_there_may_sit(
    portfolio: Portfolio, team: Team, sitting: Sitting
) -> None:
    inside = somebody("inside", team.organisation, team)
    with pytest.raises(ValidationError, match="from outside your own team"):
        put(portfolio, [sitting[0], inside])
    Grant.objects.filter(user=sitting[1]).delete()
    assert put(portfolio, [sitting[0], inside]).state == State.WAITING


def test_a_place_can_be_given_to_another_after_silence_and_not_before(
    portfolio: Portfolio, sitting: Sitting, third: User
) -> None:
    put(portfolio, sitting)
    early = noon(LATER) - timedelta(seconds=1)
    with pytest.raises(ValidationError, match="cannot ask somebody else yet"):
        replace_member(portfolio=portfolio, by=portfolio.owner, place=1, to=third, at=early)
    agree(portfolio=portfolio, by=sitting[0], at=noon(TODAY))
    act = replace_member(portfolio=portfolio, by=portfolio.owner, place=1, to=third, at=noon(LATER))
    assert (act.seats, act.state) == ([sitting[0], third], State.ONE_YES)
    seats = seats_of(act)
    assert not can_be_replaced(portfolio.owner, seats[1], claimed(portfolio), noon(LATER))
    assert [one.portfolio for one in waiting_panels(third)] == [portfolio]
    assert not waiting_panels(sitting[1]).exists()
    assert not waiting_panels(sitting[0]).exists()
    assert agree(portfolio=portfolio, by=third, at=noon(LATER)).state == State.CONFERRED


def test_a_place_can_be_given_to_another_at_once_when_its_person_left(
    portfolio: Portfolio, sitting: Sitting, third: User
) -> None:
    put(portfolio, sitting)
    Grant.objects.filter(user=sitting[1]).delete()
    with pytest.raises(ValidationError, match="can no longer sit"):
        agree(portfolio=portfolio, by=sitting[1], at=noon(TODAY))
    act = replace_member(portfolio=portfolio, by=portfolio.owner, place=1, to=third, at=noon(TODAY))
    assert act.seats == [sitting[0], third]


def test_whoever_has_answered_stays(portfolio: Portfolio, sitting: Sitting, third: User) -> None:
    put(portfolio, sitting)
    agree(portfolio=portfolio, by=sitting[0], at=noon(TODAY))
    Grant.objects.filter(user=sitting[0]).delete()
    with pytest.raises(ValidationError, match="cannot ask somebody else yet"):
        replace_member(portfolio=portfolio, by=portfolio.owner, place=0, to=third, at=noon(LATER))
    assert agree(portfolio=portfolio, by=sitting[1], at=noon(LATER)).state == State.CONFERRED


def test_somebody_who_steps_aside_no_longer_sees_it_and_is_followed_by_another(
    portfolio: Portfolio, sitting: Sitting, third: User
) -> None:
    put(portfolio, sitting)
    act = step_aside(portfolio=portfolio, by=sitting[1], reason="We are friends.", at=noon(TODAY))
    assert (act.seats, act.state) == ([sitting[0]], State.WAITING)
    assert not waiting_panels(sitting[1]).exists()
    with pytest.raises(ValidationError, match="cannot take this place"):
        replace_member(portfolio=portfolio, by=portfolio.owner, place=1, to=sitting[1], at=noon(TODAY))
    act = replace_member(portfolio=portfolio, by=portfolio.owner, place=1, to=third, at=noon(TODAY))
    assert act.seats == [sitting[0], third]


def test_the_only_one_from_outside_can_be_followed_by_one_of_the_team(
    portfolio: Portfolio, team: Team, sitting: Sitting
) -> None:
    inside = somebody("inside", team.organisation, team)
    put(portfolio, sitting)
    act = replace_member(portfolio=portfolio, by=portfolio.owner, place=1, to=inside, at=noon(LATER))
    assert act.seats == [sitting[0], inside]


def test_the_same_attempt_gives_its_award_once(portfolio: Portfolio, sitting: Sitting) -> None:
    conferred(portfolio, sitting)
    with pytest.raises(ValidationError, match="You have this award already"):
        put(portfolio, sitting)
    assert put(portfolio, sitting, registration=uuid4()).state == State.WAITING


def test_each_prompt_needs_an_entry(portfolio: Portfolio, sitting: Sitting) -> None:
    with pytest.raises(ValidationError, match="Add an entry for: And who else"):
        put_to_panel(
            portfolio=portfolio,
            by=portfolio.owner,
            members=(sitting[0], sitting[1]),
            registration=ATTEMPT,
            prompts={**PROMPTS, "PP-1": "And who else?"},
        )
    assert not portfolio.claims.exists()


def test_entries_are_added_changed_ordered_and_deleted(people: dict[str, User]) -> None:
    owner = people["learner"]
    first, second = gathered(owner, whom="First"), gathered(owner, whom="Second")
    other = gathered(owner, whom="Other", capability_code="PP-1")
    third = gathered(owner, whom="Third")
    move_entry(entry=third, by=owner, up=True)
    move_entry(entry=first, by=owner, up=True)
    change_entry(entry=second, by=owner, words=words(whom="Changed"))
    delete_entry(entry=other, by=owner)
    assert list(first.portfolio.entries.values_list("whom", flat=True)) == ["First", "Third", "Changed"]


def test_entries_are_the_owners_and_stay_as_they_are_while_a_panel_reads_them(
    people: dict[str, User], portfolio: Portfolio, sitting: Sitting
) -> None:
    entry = portfolio.entries.get()
    with pytest.raises(ValidationError, match="Only the person who gathers this"):
        delete_entry(entry=entry, by=people["colleague"])
    put(portfolio, sitting)
    with pytest.raises(ValidationError, match="Take it back first"):
        delete_entry(entry=entry, by=portfolio.owner)
    with pytest.raises(ValidationError, match="Take it back first"):
        gathered(portfolio.owner)
    take_back(portfolio=portfolio, by=portfolio.owner)
    delete_entry(entry=entry, by=portfolio.owner)
    assert not portfolio.entries.exists()


def test_an_entry_points_only_to_confirmed_practice_of_ones_own(
    people: dict[str, User], founder: User
) -> None:
    practice = put_forward(people)
    for owner in (people["learner"], people["colleague"]):
        with pytest.raises(ValidationError, match="practice of your own that was confirmed"):
            gathered(owner, practice=practice)
    verify(practice=practice, by=founder, at=noon(TODAY))
    assert gathered(people["learner"], practice=practice).practice == practice


@pytest.mark.parametrize("pieces", [1, 3])
def test_what_waits_for_a_panel_takes_as_many_queries_for_one_as_for_three(
    team: Team, sitting: Sitting, pieces: int
) -> None:
    for number in range(pieces):
        entry = gathered(somebody(f"owner{number}", team.organisation, team))
        put(entry.portfolio, sitting, registration=uuid4())
    with CaptureQueriesContext(connection) as queries:
        found = [
            [claim.capability.code for claim in act.portfolio.claims.all()]
            for act in waiting_panels(sitting[0])
        ]
    assert found == [["PP-2"]] * pieces
    assert len(queries) == 3


CHANGES = {
    "nobody sits on their own panel": "panel_never_holds_its_owner",
    "two are two": "panel_of_two_people",
    "a not yet has words": "panel_not_yet_says_what_would_make_it_yes",
    "a member answers once": "panel_member_answers_once",
    "an answer is a member's": "panel_act_by_whose_turn_it_is",
    "numbers run on": "panel_act_number",
}


@pytest.mark.parametrize("case", CHANGES)
def test_the_database_refuses(
    case: str, portfolio: Portfolio, people: dict[str, User], sitting: Sitting
) -> None:
    put(portfolio, sitting)
    act = agree(portfolio=portfolio, by=sitting[0], at=noon(TODAY))
    act.pk, act._state.adding = None, True
    act.number = 3
    act.by = sitting[1]
    match case:
        case "nobody sits on their own panel":
            act.first = portfolio.owner
        case "two are two":
            act.first = sitting[1]
        case "a not yet has words":
            act.act = Act.NOT_YET
        case "a member answers once":
            act.by = sitting[0]
        case "an answer is a member's":
            act.by = people["stranger"]
        case _:
            act.number = 2
    with pytest.raises(IntegrityError, match=CHANGES[case]), transaction.atomic():
        act.save()
    assert portfolio.acts.count() == 2


def test_the_database_never_changes_an_act(portfolio: Portfolio, sitting: Sitting) -> None:
    put(portfolio, sitting)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        portfolio.acts.update(reason="Something else")
    assert portfolio.acts.get().reason == ""


@pytest.mark.parametrize("change", [{"whom": ""}, {"changed": ""}, {"learned": ""}])
def test_the_database_refuses_an_entry_that_says_nothing(
    portfolio: Portfolio, change: dict[str, str]
) -> None:
    with pytest.raises(IntegrityError, match="portfolio_entry_says_something"), transaction.atomic():
        portfolio.entries.update(**change)


def test_a_person_has_one_portfolio_for_one_part_of_a_module(portfolio: Portfolio) -> None:
    with pytest.raises(IntegrityError, match="portfolio_once_a_person"), transaction.atomic():
        Portfolio.objects.create(owner=portfolio.owner, activity=portfolio.activity, title="Again")
