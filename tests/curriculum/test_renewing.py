"""The short road: what ends or has lapsed is renewed by the check alone or by one new piece of practice."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from competencies.actions import rebuild_evidence, verify
from competencies.models import (
    Capability,
    Domain,
    Edition,
    EditionCapability,
    Evidence,
    Framework,
    Holding,
    Level,
    Practice,
)
from curriculum.actions import (
    answer_questions,
    finish_reading,
    open_try,
    start_attempt,
    start_renewal,
    submit_practice,
    submit_try,
    walk,
)
from curriculum.keys import key_of
from curriculum.models import Attempt
from learning.models import Statement
from workforce.models import User
from workforce.models.ranges import during

BEGUN = date(2023, 5, 3)
CHECKED_UNTIL = date(2026, 5, 3)  # level 2 counts for 36 months
APPLIED_UNTIL = date(2025, 5, 3)  # level 3 for 24
Travel = Callable[[date], None]
RENEW = "/my-capabilities/SS-1/renew/"


def at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


@pytest.fixture
def edition(curriculum: None) -> Edition:
    framework = Framework.objects.get(key="small")
    edition = Edition.objects.create(
        framework=framework, version="1", dated=date(2020, 1, 1), note="A test", source_digest="0"
    )
    domain = Domain.objects.create(edition=edition, code="SS", name="Safer systems", order=1)
    EditionCapability.objects.create(
        edition=edition,
        capability=Capability.objects.get(code="SS-1"),
        domain=domain,
        name="Testing changes",
        description="A test",
        order=1,
    )
    for number, months in ((1, 36), (2, 36), (3, 24), (4, 24)):
        Level.objects.create(
            edition=edition,
            number=number,
            label=f"Level {number}",
            meaning="A test",
            evidence="A test",
            validity_months=months,
        )
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.PUBLISHED)
    return edition


def pass_check(attempt: Attempt, day: date) -> None:
    quiz_try = open_try(attempt=attempt, activity_key=key_of("TS-1.a3"), at=at(day))
    questions = attempt.module.activity_by_key[key_of("TS-1.a3")].question_by_key
    answer_questions(quiz_try=quiz_try, answers={key: questions[key].right for key in quiz_try.drawn})
    quiz_try.refresh_from_db()
    submit_try(quiz_try=quiz_try, at=at(day))


def confirm(attempt: Attempt, verifier: User, day: date) -> None:
    practice = submit_practice(
        attempt=attempt,
        activity_key=key_of("TS-1.a4"),
        verifier=verifier,
        answers={"SS-1": "I asked why"},
        at=at(day),
    )
    verify(practice=practice, by=verifier, at=at(day))


@pytest.fixture
def level_2(edition: Edition, learner: User) -> Attempt:
    attempt = start_attempt(user=learner, module_key=key_of("TS-1"), at=at(BEGUN))
    finish_reading(attempt=attempt, activity_key=key_of("TS-1.a1"), at=at(BEGUN))
    walk(attempt=attempt, activity_key=key_of("TS-1.a2"), choices=[("start", 1)], at=at(BEGUN))
    pass_check(attempt, BEGUN)
    return attempt


@pytest.fixture
def level_3(level_2: Attempt, verifier: User) -> Attempt:
    confirm(level_2, verifier, BEGUN)
    return level_2


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Travel:
    def to(day: date) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: at(day))

    return to


def held(user: User, day: date) -> int:
    found = Holding.objects.filter(user=user, capability__code="SS-1", during__contains=day).first()
    return found.level if found else 0


def page(user: User, path: str = RENEW) -> str:
    client = Client()
    client.force_login(user)
    return " ".join(client.get(path).content.decode().split())


def evidence() -> list[tuple[object, ...]]:
    fields = ("user", "capability", "level", "statement", "achieved", "expires", "recorded_at")
    return list(Evidence.objects.order_by(*fields).values_list(*fields))


def test_what_ends_later_than_90_days_is_not_renewed(level_2: Attempt, learner: User, travel: Travel) -> None:
    travel(CHECKED_UNTIL - timedelta(days=91))
    assert "Nothing of this ends within 90 days" in page(learner)
    with pytest.raises(ValidationError, match="nothing to renew"):
        start_renewal(user=learner, capability_code="SS-1")


@pytest.mark.parametrize("days", [-90, -1, 0, 30, 400])
def test_the_check_alone_gives_level_2_again_before_and_after_the_end(
    level_2: Attempt, learner: User, travel: Travel, days: int
) -> None:
    day = CHECKED_UNTIL + timedelta(days=days)
    travel(day)
    words = "ends" if days < 0 else "ended"
    assert f"Level 2 of Testing changes {words} on 3 May 2026." in page(learner)
    assert "The check alone, about 5 minutes" in page(learner)
    assert held(learner, day) == (2 if days < 0 else 0)
    client = Client()
    client.force_login(learner)
    begun = client.post(RENEW)
    renewal = Attempt.objects.get(kind="check")
    assert begun.headers["Location"] == renewal.get_absolute_url()
    shown = client.get(renewal.get_absolute_url()).content.decode()
    assert "What you read before is not asked again" in shown
    assert client.get(f"/attempts/{renewal.registration}/{key_of('TS-1.a1')}/").status_code == 404
    before = Statement.objects.count()
    pass_check(renewal, day)
    assert Statement.objects.count() == before + 2, "the check and the gate, under ids of their own"
    renewal.refresh_from_db()
    assert renewal.finished_at
    assert held(learner, day) == 2
    assert held(learner, day + timedelta(days=3 * 365)) == 2
    rows = evidence()
    rebuild_evidence()
    assert evidence() == rows


def test_the_whole_attempt_stays_as_it_was(level_2: Attempt, learner: User, travel: Travel) -> None:
    travel(CHECKED_UNTIL)
    renewal = start_renewal(user=learner, capability_code="SS-1")
    assert start_renewal(user=learner, capability_code="SS-1") == renewal
    assert start_attempt(user=learner, module_key=key_of("TS-1")) == level_2
    assert "Continue" in page(learner)
    assert renewal.version.number == level_2.version.number


def test_level_3_falls_back_to_2_and_one_new_piece_of_practice_renews_all(
    level_3: Attempt, learner: User, verifier: User, travel: Travel
) -> None:
    travel(APPLIED_UNTIL - timedelta(days=10))
    shown = page(learner)
    assert "Level 3 of Testing changes ends on 3 May 2025. You still hold level 2 until 3 May 2026." in shown
    assert "One new piece of practice, about 5 minutes" in shown
    day = APPLIED_UNTIL + timedelta(days=60)
    travel(day)
    assert held(learner, day) == 2
    assert "Level 3 of Testing changes ended on 3 May 2025. You still hold level 2" in page(learner)
    assert "You still hold level 2" in page(learner, "/my-capabilities/SS-1/")
    renewal = start_renewal(user=learner, capability_code="SS-1")
    assert (renewal.kind, renewal.activity_key) == ("practice", key_of("TS-1.a4"))
    confirm(renewal, verifier, day)
    renewal.refresh_from_db()
    assert renewal.finished_at
    assert Practice.objects.count() == 2
    assert held(learner, day) == 3
    assert held(learner, CHECKED_UNTIL + timedelta(days=1)) == 3
    assert held(learner, day + timedelta(days=2 * 365 + 30)) == 2, "level 2 was renewed with it"
    rows = evidence()
    rebuild_evidence()
    assert evidence() == rows


def test_nobody_skips_the_readings_of_a_module_that_they_never_did(
    edition: Edition, learner: User, travel: Travel
) -> None:
    capability = Capability.objects.get(code="SS-1")
    Holding.objects.create(user=learner, capability=capability, level=2, during=during(BEGUN, CHECKED_UNTIL))
    travel(CHECKED_UNTIL + timedelta(days=1))
    assert "There is no short way here" in page(learner)
