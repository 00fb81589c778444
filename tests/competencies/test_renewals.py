"""What ends soon, what still holds after that, who is to be told, and what the database refuses."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from competencies.actions import choose_reminders, claim_digest
from competencies.models import Capability, Edition, Holding, ReminderChoice, RenewalDigest, RenewalReminder
from competencies.queries import Ending, endings, people_to_remind, untold_endings
from workforce.models import User
from workforce.models.ranges import during

ON = date(2026, 6, 1)
SINCE = date(2023, 6, 1)


@pytest.fixture
def learner(edition: Edition) -> User:
    return someone("Lena")


def someone(name: str, **fields: Any) -> User:
    return User.objects.create_user(f"{name.lower()}@example.com", name=name, **fields)


def hold(user: User, level: int, end: date | None, start: date = SINCE, code: str = "SS-1") -> None:
    capability = Capability.objects.get(code=code)
    Holding.objects.create(user=user, capability=capability, level=level, during=during(start, end))


def after(days: int) -> date:
    return ON + timedelta(days=days)


def tell(user: User, on: date = ON) -> bool:
    return claim_digest(user_id=user.pk, endings=untold_endings([user.pk], on), on=on) is not None


@pytest.mark.parametrize(
    ("days", "stage"),
    [(91, None), (90, 90), (31, 90), (30, 30), (1, 30), (0, 0), (-13, 0), (-14, None)],
)
def test_an_end_is_told_90_and_30_days_before_and_when_it_comes(
    learner: User, days: int, stage: int | None
) -> None:
    hold(learner, 2, after(days))

    assert [ending.stage for ending in endings(learner, ON)] == ([] if stage is None else [stage])


def test_the_level_that_still_holds_afterwards_is_told(learner: User) -> None:
    hold(learner, 3, after(20))
    hold(learner, 2, after(400), start=after(20))

    (ending,) = endings(learner, ON)

    assert (ending.level, ending.then_level, ending.then_until) == (3, 2, after(400))


def test_after_the_end_the_level_that_holds_now_is_told(learner: User) -> None:
    hold(learner, 4, after(-3))
    hold(learner, 2, None, start=after(-3))

    (ending,) = endings(learner, ON)

    assert (ending.has_ended, ending.then_level, ending.then_until) == (True, 2, None)


@pytest.mark.parametrize("level", [2, 3])
def test_a_level_that_a_later_holding_keeps_up_is_not_ending(learner: User, level: int) -> None:
    hold(learner, 2, after(20))
    hold(learner, level, None, start=after(20))

    assert endings(learner, ON) == []


def test_a_level_that_was_renewed_after_it_ended_is_no_news(learner: User) -> None:
    hold(learner, 2, after(-5))
    hold(learner, 2, after(900), start=after(-2))

    assert endings(learner, ON) == []


def test_what_somebody_does_not_hold_yet_is_not_ending(learner: User) -> None:
    hold(learner, 3, after(20))
    hold(learner, 2, after(60), start=after(20))

    assert [ending.level for ending in endings(learner, ON)] == [3]


def test_each_stage_is_told_once(learner: User) -> None:
    hold(learner, 2, after(60))

    told = [after(days) for days in range(0, 90) if tell_if_due(learner, after(days))]

    assert told == [after(0), after(30), after(60)]
    assert list(RenewalReminder.objects.values_list("stage", flat=True)) == [90, 30, 0]


def tell_if_due(user: User, on: date) -> bool:
    return user.pk in people_to_remind(on) and tell(user, on)


def test_a_second_digest_waits_a_week_also_for_what_has_ended(learner: User) -> None:
    hold(learner, 2, after(90))
    hold(learner, 2, after(2), code="SS-2")
    tell(learner)

    waits = [people_to_remind(after(days)) for days in (2, 6, 7)]

    assert waits == [[], [], [learner.pk]]
    assert [(e.code, e.stage) for e in untold_endings([learner.pk], after(7))] == [("SS-2", 0)]


def test_only_when_it_ends_means_no_mail_before(learner: User) -> None:
    hold(learner, 2, after(10))
    choose_reminders(user=learner, choice=ReminderChoice.Choice.ENDED)

    assert [people_to_remind(after(days)) for days in (0, 9, 10)] == [[], [], [learner.pk]]


def test_nobody_is_mailed_who_does_not_want_it_or_cannot_get_it(learner: User) -> None:
    closed = someone("Clea", is_active=False)
    unreachable = User.objects.create_user(None, name="Una")
    for user in (learner, closed, unreachable):
        hold(user, 2, after(10))
    choose_reminders(user=learner, choice=ReminderChoice.Choice.NONE)

    assert people_to_remind(ON) == []
    assert len(endings(unreachable, ON)) == 1


def test_a_claim_made_twice_is_refused_the_second_time(learner: User) -> None:
    hold(learner, 2, after(10))
    news = untold_endings([learner.pk], ON)

    claims = [claim_digest(user_id=learner.pk, endings=news, on=day) for day in (ON, ON, after(7))]

    assert [claim is None for claim in claims] == [False, True, True]
    assert (RenewalDigest.objects.count(), RenewalReminder.objects.count()) == (1, 1)


def test_the_database_refuses_two_digests_in_a_week(learner: User) -> None:
    RenewalDigest.objects.create(user=learner, during=during(ON, after(7)))

    with pytest.raises(IntegrityError, match="one_renewal_digest_a_week"):
        RenewalDigest.objects.create(user=learner, during=during(after(6), after(13)))


@pytest.mark.parametrize(
    ("model", "fields", "constraint"),
    [
        (RenewalReminder, {"level": 2, "ends": ON, "stage": 60}, "renewal_reminder_stage"),
        (ReminderChoice, {"choice": "hourly"}, "reminder_choice_known"),
    ],
)
def test_the_database_refuses_what_has_no_meaning(
    learner: User, model: type[Any], fields: dict[str, object], constraint: str
) -> None:
    if model is RenewalReminder:
        digest = RenewalDigest.objects.create(user=learner, during=during(ON, after(7)))
        fields = fields | {"digest": digest, "capability": Capability.objects.get(code="SS-1")}

    with pytest.raises(IntegrityError, match=constraint):
        model.objects.create(user=learner, **fields)


@pytest.mark.parametrize("count", [1, 3])
def test_finding_who_and_what_takes_two_queries(
    edition: Edition, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        hold(someone(f"P{number}"), 2, after(10))

    with django_assert_num_queries(2):
        found: list[Ending] = untold_endings(people_to_remind(ON), ON)

    assert len(found) == count
