"""Plans follow posts and the record; whoever leads makes and changes them; what happened is kept."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from random import Random
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from competencies.actions import rebuild_evidence
from competencies.models import Evidence, Holding, LearningPlan, PlanAct, PlanAssignment, PlanItem
from competencies.plans.actions import (
    Draft,
    ItemSpec,
    change_due,
    end_plan,
    make_plan,
    people_reached,
    remove_from_plan,
)
from competencies.plans.following import follow_posts
from competencies.plans.queries import item_progress, own_plans, progress_of
from competencies.plans.states import MAY_FOLLOW, Act, State, state_after
from competencies.plans.stating import state_plans
from competencies.tasks import follow_plans, tell_the_record_of_plans
from learning import verbs
from learning.actions import void_statement
from learning.models import Statement
from workforce.actions import cancel_post, correct_post, end_post, grant, open_post, place_team
from workforce.models import Grant, Membership, Organisation, Post, Team, Tier, User

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=30)
SAFETY = ItemSpec(capability_code="SS-1", level=2, name="Systems thinking")


@pytest.fixture
def head(organisation: Organisation, edition: object) -> User:
    """The capability lead of the learner's trust."""
    head = User.objects.create_user("head@zz8.example", name="Hedda Head")
    grant(user=head, role=Grant.Role.CAPABILITY_LEAD, scope=organisation, start=date(2015, 1, 5))
    return head


@pytest.fixture
def draft(organisation: Organisation) -> Callable[..., Draft]:
    def draft(**said: object) -> Draft:
        usual: dict[str, object] = {
            "organisation": organisation,
            "title": "Before winter",
            "why": "Wards get full, and handovers get short.",
            "audience": "everybody",
            "items": [SAFETY],
            "due_on": SOON if "due_days" not in said else None,
        }
        return Draft(**{**usual, **said})  # type: ignore[arg-type]

    return draft


def on_it(plan: LearningPlan) -> set[str]:
    return set(plan.assignments.filter(ended_on=None).values_list("user__name", flat=True))


def acts_of(plan: LearningPlan, user: User) -> list[str]:
    acts = PlanAct.objects.filter(assignment__plan=plan, assignment__user=user)
    return list(acts.order_by("assignment", "number").values_list("act", flat=True))


def test_a_plan_for_a_tier_reaches_everybody_in_it_and_nobody_else(
    head: User,
    draft: Callable[..., Draft],
    tiers: dict[str, Tier],
    learner: User,
    colleague: User,
    lead: User,
) -> None:
    asked = draft(audience="tier", tier=tiers["frontline"])
    assert people_reached(draft=asked, by=head) == 2
    assert not LearningPlan.objects.exists()

    plan = make_plan(draft=asked, by=head)

    assert on_it(plan) == {"Lena Learner", "Colm Colleague"}


def test_a_plan_for_a_team_reaches_the_teams_under_it(
    head: User, draft: Callable[..., Draft], organisation: Organisation, learner: User, lead: User
) -> None:
    assert on_it(make_plan(draft=draft(team=organisation.teams.get(code="D1")), by=head)) == {
        "Lena Learner",
        "Leda Lead",
    }
    assert on_it(make_plan(draft=draft(team=organisation.teams.get(code="W2")), by=head)) == set()


def test_a_plan_by_hand_reaches_those_who_were_named(
    head: User, draft: Callable[..., Draft], learner: User, colleague: User, outsider: User
) -> None:
    plan = make_plan(draft=draft(audience="people", people=[learner, outsider]), by=head)
    assert on_it(plan) == {"Lena Learner"}


def test_a_post_that_starts_gives_the_plan_and_its_end_ends_it(
    head: User, draft: Callable[..., Draft], team: Team, tiers: dict[str, Tier], learner: User
) -> None:
    plan = make_plan(draft=draft(audience="joiners", joined_from=TODAY, due_days=90), by=head)
    assert on_it(plan) == set()

    membership = Membership.objects.get(user=learner)
    post = open_post(membership=membership, team=team, tier=tiers["managers"], start=TODAY)
    assert on_it(plan) == {"Lena Learner"}
    assert plan.assignments.get().due == TODAY + timedelta(days=90)

    cancel_post(post=post)
    assert on_it(plan) == set()
    assert acts_of(plan, learner) == ["plan", "end"]


def test_a_mover_leaves_the_plan_of_one_team_and_gets_that_of_the_other(
    head: User, draft: Callable[..., Draft], organisation: Organisation, team: Team, learner: User
) -> None:
    other = organisation.teams.get(code="W2")
    here = make_plan(draft=draft(team=team), by=head)
    there = make_plan(draft=draft(team=other), by=head)

    correct_post(post=Post.objects.get(membership__user=learner), team=other)

    assert (acts_of(here, learner), acts_of(there, learner)) == (["plan", "end"], ["plan"])


def test_a_correction_that_changes_nothing_for_the_plan_leaves_no_act(
    head: User, draft: Callable[..., Draft], team: Team, learner: User
) -> None:
    plan = make_plan(draft=draft(team=team), by=head)
    correct_post(post=Post.objects.get(membership__user=learner), engagement="bank")
    assert acts_of(plan, learner) == ["plan"]


def test_a_team_that_moves_takes_its_people_along(
    head: User, draft: Callable[..., Draft], organisation: Organisation, team: Team, learner: User
) -> None:
    plan = make_plan(draft=draft(team=organisation.teams.get(code="D1")), by=head)
    place_team(team=team, parent=None, start=TODAY)
    assert acts_of(plan, learner) == ["plan", "end"]


def test_the_nightly_task_follows_the_calendar_and_a_second_run_changes_nothing(
    head: User, draft: Callable[..., Draft], learner: User, team: Team
) -> None:
    plan = make_plan(draft=draft(team=team), by=head)
    post = Post.objects.get(membership__user=learner)
    end_post(post=post, on=TODAY + timedelta(days=3))
    assert follow_plans() == 0
    assert follow_posts(on=TODAY + timedelta(days=3)) == 1
    assert follow_posts(on=TODAY + timedelta(days=3)) == 0
    assert acts_of(plan, learner) == ["plan", "end"]


def test_who_was_taken_off_is_not_put_back_by_a_post(
    head: User, draft: Callable[..., Draft], learner: User, colleague: User, team: Team
) -> None:
    plan = make_plan(draft=draft(team=team), by=head)
    remove_from_plan(plan=plan, user=learner, reason="On a course that covers it", by=head)

    follow_posts()

    assert on_it(plan) == {"Colm Colleague"}
    act = PlanAct.objects.get(act="remove")
    assert (act.by, act.reason) == (head, "On a course that covers it")


def test_what_the_record_shows_meets_a_plan_and_what_is_voided_opens_it_again(
    head: User, draft: Callable[..., Draft], learner: User, team: Team, show: Callable[..., UUID]
) -> None:
    plan = make_plan(draft=draft(team=team), by=head)
    statement = show(learner, "SS-1", 2, TODAY, stored=timezone.now())
    assert plan.assignments.get(user=learner).met_on == TODAY
    assert own_plans(learner, TODAY)[0].done == 1

    void_statement(statement_id=statement, by=head, reason="It was somebody else")

    assert plan.assignments.get(user=learner).met_on is None
    assert acts_of(plan, learner) == ["plan", "meet", "reopen"]


def test_a_level_that_lapses_later_leaves_the_plan_done(
    head: User, draft: Callable[..., Draft], learner: User, team: Team, show: Callable[..., UUID]
) -> None:
    show(learner, "SS-1", 2, TODAY, stored=timezone.now())
    plan = make_plan(draft=draft(team=team), by=head)
    follow_posts(on=TODAY + timedelta(days=3000))
    assert acts_of(plan, learner) == ["plan", "meet"]


def test_an_earlier_level_that_lapsed_before_the_plan_does_not_count(
    head: User, draft: Callable[..., Draft], learner: User, team: Team, show: Callable[..., UUID]
) -> None:
    show(learner, "SS-1", 2, TODAY - timedelta(days=3000))
    plan = make_plan(draft=draft(team=team), by=head)
    assert acts_of(plan, learner) == ["plan"]


def test_a_plan_never_counts_as_evidence_and_a_rebuild_ignores_it(
    head: User, draft: Callable[..., Draft], learner: User, team: Team
) -> None:
    make_plan(draft=draft(team=team), by=head)
    state_plans()
    rebuild_evidence()
    assert (Evidence.objects.count(), Holding.objects.count()) == (0, 0)


def test_the_record_is_told_once_who_was_planned_and_who_left(
    head: User, draft: Callable[..., Draft], learner: User, team: Team
) -> None:
    plan = make_plan(draft=draft(team=team, title="Secret title", why="Secret why"), by=head)
    assert tell_the_record_of_plans() == 1
    remove_from_plan(plan=plan, user=learner, reason="Secret reason", by=head)
    assert (state_plans(), state_plans()) == (1, 0)

    said = list(Statement.objects.filter(verb__in=(verbs.PLANNED, verbs.DESELECTED)).order_by("stored"))
    assert [one.verb for one in said] == [verbs.PLANNED, verbs.DESELECTED]
    assert said[0].content["context"]["contextActivities"]["grouping"][0]["id"].endswith("/ss-1")
    assert "Secret" not in "".join(one.payload for one in said)
    assert not PlanAct.objects.filter(statement=None).exists()


def test_another_day_moves_those_who_are_not_done_and_is_kept_with_its_reason(
    head: User,
    draft: Callable[..., Draft],
    learner: User,
    colleague: User,
    team: Team,
    show: Callable[..., UUID],
) -> None:
    plan = make_plan(draft=draft(team=team), by=head)
    show(colleague, "SS-1", 2, TODAY, stored=timezone.now())

    change_due(plan=plan, due_on=None, due_days=60, reason="Winter pressure", by=head)

    dues = dict(plan.assignments.values_list("user__name", "due"))
    assert dues == {"Lena Learner": TODAY + timedelta(days=60), "Colm Colleague": SOON}
    assert [(c.kind, c.reason) for c in plan.changes.all()] == [("made", ""), ("due", "Winter pressure")]


def test_an_ended_plan_takes_everybody_off_and_takes_nobody_on(
    head: User, draft: Callable[..., Draft], learner: User, colleague: User, team: Team
) -> None:
    plan = make_plan(draft=draft(team=team), by=head)
    end_plan(plan=plan, reason="It is in the induction now", by=head)
    follow_posts()
    assert on_it(plan) == set()
    with pytest.raises(ValidationError, match="This plan has ended"):
        end_plan(plan=plan, reason="Again", by=head)


def test_a_team_lead_plans_for_their_own_team_and_for_no_other_place(
    lead: User,
    edition: object,
    draft: Callable[..., Draft],
    organisation: Organisation,
    team: Team,
    learner: User,
) -> None:
    assert on_it(make_plan(draft=draft(team=team), by=lead)) == {"Lena Learner", "Leda Lead"}
    for elsewhere in (None, organisation.teams.get(code="W2"), organisation.teams.get(code="D1")):
        with pytest.raises(ValidationError, match="that you lead"):
            make_plan(draft=draft(team=elsewhere), by=lead)


def test_nobody_changes_a_plan_of_somebody_else(
    head: User, outsider: User, learner: User, draft: Callable[..., Draft], team: Team
) -> None:
    plan = make_plan(draft=draft(team=team), by=head)
    for stranger in (outsider, learner):
        with pytest.raises(ValidationError, match="that you lead"):
            end_plan(plan=plan, reason="Because", by=stranger)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"items": []}, "Choose 1 to 40"),
        ({"due_on": None}, "Say by which day"),
        ({"due_on": TODAY}, "still to come"),
        ({"why": " "}, "why people are asked"),
        ({"audience": "people"}, "Name the people"),
        ({"due_days": 0}, "1 to 730"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_and_nothing_is_kept(
    head: User, draft: Callable[..., Draft], said: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        make_plan(draft=draft(**said), by=head)
    assert not LearningPlan.objects.exists()


@pytest.mark.parametrize("people", [1, 30])
def test_following_takes_as_many_queries_for_one_person_as_for_thirty(
    head: User,
    draft: Callable[..., Draft],
    team: Team,
    tiers: dict[str, Tier],
    people: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    staff(people, team, tiers["frontline"])
    plan = make_plan(draft=draft(team=team), by=head)
    PlanAct.objects.all().delete()
    PlanAssignment.objects.all().delete()
    with django_assert_num_queries(5):  # the savepoint, its release, the lock, who is on it, what is done
        assert follow_posts() == people
    with django_assert_num_queries(1):
        assert progress_of([plan])[plan.pk].given == people


def staff(number: int, team: Team, tier: Tier) -> list[User]:
    users = User.objects.bulk_create(
        User(email=f"p{n}@zz8.example", name=f"Person {n}", password="!") for n in range(number)
    )
    memberships = Membership.objects.bulk_create(
        Membership(user=user, organisation=team.organisation, staff_number=f"P{user.pk}") for user in users
    )
    start = Post(during=(date(2020, 1, 6), None)).during
    Post.objects.bulk_create(Post(membership=one, team=team, tier=tier, during=start) for one in memberships)
    return users


def test_progress_of_fewer_than_ten_is_not_shown_and_of_ten_is(
    head: User, draft: Callable[..., Draft], team: Team, tiers: dict[str, Tier], show: Callable[..., UUID]
) -> None:
    people = staff(9, team, tiers["frontline"])
    few = make_plan(draft=draft(team=team), by=head)
    show(people[0], "SS-1", 2, TODAY, stored=timezone.now())
    progress = progress_of([few])[few.pk]
    assert (progress.given, progress.met) == (9, None)
    assert item_progress(few, progress, TODAY) == [
        ("Systems thinking, level 2", "not shown: fewer than 10 people")
    ]

    open_post(
        membership=Membership.objects.create(
            user=User.objects.create_user("x@zz8.example", name="X"), organisation=team.organisation
        ),
        team=team,
        tier=tiers["frontline"],
        start=TODAY,
    )

    progress = progress_of([few])[few.pk]
    assert (progress.given, progress.met, progress.open_text) == (10, 1, "9")
    assert item_progress(few, progress, TODAY) == [("Systems thinking, level 2", "1")]


def test_taking_one_person_off_tells_nothing_about_them(
    head: User, draft: Callable[..., Draft], team: Team, tiers: dict[str, Tier], show: Callable[..., UUID]
) -> None:
    people = staff(11, team, tiers["frontline"])
    plan = make_plan(draft=draft(team=team), by=head)
    show(people[0], "SS-1", 2, TODAY, stored=timezone.now())
    before = progress_of([plan])[plan.pk]
    remove_from_plan(plan=plan, user=people[0], reason="To see", by=head)
    after = progress_of([plan])[plan.pk]
    assert (after.given, after.met) == (before.given, before.met)
    assert item_progress(plan, after, TODAY) == item_progress(plan, before, TODAY)


def test_every_pair_of_state_and_act_is_allowed_or_refused_as_the_table_says() -> None:
    ways = {
        State.NOWHERE: [],
        State.PLANNED: [Act.PLAN],
        State.MET: [Act.PLAN, Act.MEET],
        State.OFF: [Act.PLAN, Act.REMOVE],
    }
    allowed = {
        (State.NOWHERE, Act.PLAN): State.PLANNED,
        (State.PLANNED, Act.MEET): State.MET,
        (State.PLANNED, Act.END): State.OFF,
        (State.PLANNED, Act.REMOVE): State.OFF,
        (State.MET, Act.REOPEN): State.PLANNED,
        (State.MET, Act.END): State.OFF,
        (State.MET, Act.REMOVE): State.OFF,
    }
    for state, act in product(State, Act):
        assert state_after(ways[state]) == state
        if (state, act) in allowed:
            assert state_after([*ways[state], act]) == allowed[state, act]
        else:
            with pytest.raises(KeyError):
                state_after([*ways[state], act])
    assert {(s, a) for s, then in MAY_FOLLOW.items() for a in then} == set(allowed)


def test_whatever_happens_at_random_the_acts_say_what_the_columns_say(
    head: User,
    draft: Callable[..., Draft],
    organisation: Organisation,
    team: Team,
    tiers: dict[str, Tier],
    show: Callable[..., UUID],
) -> None:
    random, people = Random(4), staff(6, team, tiers["frontline"])
    other, shown = organisation.teams.get(code="W2"), {}
    plans = [make_plan(draft=draft(team=team), by=head), make_plan(draft=draft(), by=head)]
    for _ in range(40):
        person = random.choice(people)
        step = random.choice(("move", "show", "void", "remove"))
        if step == "move":
            post = Post.objects.get(membership__user=person, superseded_at=None)
            correct_post(post=post, team=random.choice((team, other)))
        elif step == "show":
            shown[person.pk] = show(person, "SS-1", 2, TODAY, stored=timezone.now())
        elif step == "void" and person.pk in shown:
            void_statement(statement_id=shown.pop(person.pk), by=head, reason="At random")
        elif random.random() < 0.1 and plans[1].assignments.filter(user=person, ended_on=None).exists():
            remove_from_plan(plan=plans[1], user=person, reason="At random", by=head)
    for assignment in PlanAssignment.objects.prefetch_related("acts"):
        acts = [act.act for act in assignment.acts.all()]
        state = State.OFF if assignment.ended_on else State.MET if assignment.met_on else State.PLANNED
        assert state_after(acts) == state
        assert len(acts) == assignment.newest_act


def test_the_database_refuses_what_must_not_be(
    head: User, draft: Callable[..., Draft], learner: User, team: Team
) -> None:
    plan = make_plan(draft=draft(team=team), by=head)
    assignment = plan.assignments.get()
    capability = plan.items.get().capability
    wrong = {
        "plan_assigned_once_at_a_time": lambda: PlanAssignment.objects.create(
            plan=plan, user=learner, since=TODAY, due=SOON
        ),
        "plan_act_number": lambda: PlanAct.objects.create(
            assignment=assignment, number=1, act="plan", on=TODAY, at=timezone.now()
        ),
        "plan_removal_has_person_and_reason": lambda: PlanAct.objects.create(
            assignment=assignment, number=2, act="remove", on=TODAY, at=timezone.now()
        ),
        "is never changed": lambda: PlanAct.objects.update(reason="Another"),
        "plan_says_for_whom": lambda: LearningPlan.objects.update(audience="tier"),
        "plan_due_on_a_day_or_after_days": lambda: LearningPlan.objects.update(due_days=3),
        "plan_ends_after_it_starts": lambda: LearningPlan.objects.update(ended_on=date(2000, 1, 1)),
        "plan_capability_once": lambda: PlanItem.objects.create(
            plan=plan, capability=capability, level=1, name="A"
        ),
        "plan_item_is_capability_or_module": lambda: PlanItem.objects.create(plan=plan, name="A"),
        "plan_item_level_1_to_4": lambda: plan.items.update(level=5),
        "plan_assignment_met_after_since": lambda: plan.assignments.update(met_on=date(2000, 1, 1)),
        "plan_assignment_ends_after_since": lambda: plan.assignments.update(ended_on=date(2000, 1, 1)),
        "plan_change_has_reason": lambda: plan.changes.update(kind="ended"),
    }
    for name, act in wrong.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            act()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_put_nobody_on_a_plan_twice(
    head: User, draft: Callable[..., Draft], team: Team, tiers: dict[str, Tier]
) -> None:
    staff(40, team, tiers["frontline"])
    plan = make_plan(draft=draft(team=team), by=head)
    with transaction.atomic():
        PlanAct.objects.all().delete()
        PlanAssignment.objects.all().delete()
    gate, changed = Barrier(4), []

    def run() -> None:
        gate.wait()
        changed.append(follow_posts())
        connection.close()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(changed) == [0, 0, 0, 40]
    assert plan.assignments.count() == PlanAct.objects.count() == 40
