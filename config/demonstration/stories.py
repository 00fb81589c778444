"""Where the people stand as whom a visitor can sign in: something done, something open, something that waits."""

from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from competencies.actions import assess_oneself
from competencies.conversations.actions import plan_conversation
from competencies.models import LearningPlan, Practice, SelfAssessment
from competencies.plans.actions import Draft, ItemSpec, make_plan
from competencies.portfolio.entries import EntryWords, add_entry
from curriculum.actions import (
    Learned,
    PriorLearning,
    answer_questions,
    ask_for_prior_learning,
    finish_reading,
    open_try,
    start_attempt,
    walk,
)
from curriculum.keys import key_of
from curriculum.models import ActivityPage, Attempt
from curriculum.statements import gathered
from learning.iris import activity_iri
from workforce.models import Grant, Organisation, Post, Team, Tier, User

from .accounts import DOMAIN
from .learning import complete, put_forward, registration_of, say_not_yet
from .places import at

ANSWERED_SO_FAR = 4


def tell_stories(today: date) -> None:
    random = Random(f"stories {today.isoformat()}")  # noqa: S311 - repeatable, not secret
    _nurse(today, random)
    _manager_and_board(today, random)
    _partners(today, random)
    practice = _waiting(today, random)
    _conversation(practice, today)
    _plans(today)
    _learned_elsewhere(today)
    _leadership_record(today)
    _own_view(today)


def _user(key: str) -> User:
    return User.objects.get(email=f"{key}@{DOMAIN}")


def _nurse(today: date, random: Random) -> None:
    """Has passed FR-2, and stopped in the middle of the check of FR-1."""
    nurse = _user("nurse")
    complete(nurse, "FR-2", at(today - timedelta(days=60), 14), random)
    when = at(today - timedelta(days=2), 13)
    with gathered(at=when + timedelta(minutes=40)):
        attempt = start_attempt(
            user=nurse, module_key=key_of("FR-1"), registration=registration_of(nurse, "FR-1"), at=when
        )
        reading, scenario = attempt.version.module.taught
        finish_reading(attempt=attempt, activity_key=reading.key, at=when + timedelta(minutes=11))
        scene, route = scenario.scenes[0], []
        while scene.choices:
            route.append((scene.key, 0))
            scene = scenario.scene_by_key[scene.choices[0].next]
        walk(attempt=attempt, activity_key=scenario.key, choices=route, at=when + timedelta(minutes=20))
        check = attempt.version.module.checks[0]
        quiz_try = open_try(attempt=attempt, activity_key=check.key, at=when + timedelta(minutes=30))
        answers = {key: check.question_by_key[key].right for key in quiz_try.drawn[:ANSWERED_SO_FAR]}
        answer_questions(quiz_try=quiz_try, answers=answers, at=when + timedelta(minutes=35))


def _manager_and_board(today: date, random: Random) -> None:
    done = (("manager", "FR-2", 300), ("manager", "FR-1", 120), ("board", "FR-2", 200), ("lead", "FR-2", 400))
    for key, module, days in done:
        complete(_user(key), module, at(today - timedelta(days=days), 12), random)


def _partners(today: date, random: Random) -> None:
    """Five patient representatives have talked PT-1 through; the one with the account has begun it."""
    posts = Post.objects.filter(team__code="PSP").select_related("membership__user").order_by("pk")
    partners = [post.membership.user for post in posts if post.membership.user.email != f"patient@{DOMAIN}"]
    for number, partner in enumerate(partners[:5]):
        complete(partner, "PT-1", at(today - timedelta(days=25 - number * 3), 11), random)
    patient = _user("patient")
    when = at(today - timedelta(days=4), 10)
    with gathered(at=when):
        start_attempt(
            user=patient, module_key=key_of("PT-1"), registration=registration_of(patient, "PT-1"), at=when
        )


def _waiting(today: date, random: Random) -> Sequence[Practice]:
    """Logs that wait for the improvement adviser, and one that was answered with "not yet"; returns the last ones."""
    expert = _user("expert")
    practice: Sequence[Practice] = ()
    for number, attempt in enumerate(_without_logs()):
        practice = put_forward(attempt, expert, at(today - timedelta(days=9 - 2 * number), 15), random)
        if number == 0:
            say_not_yet(practice[0], expert, at(today - timedelta(days=5), 9))
    return practice


def _conversation(practice: Sequence[Practice], today: date) -> None:
    """Somebody goes through what waits with the improvement adviser, next week."""
    plan_conversation(
        person=practice[0].owner,
        confirmer=_user("expert"),
        on=today + timedelta(days=7),
        practices=practice,
        capabilities=["LC-4"],
        at=at(today - timedelta(days=3), 16),
    )


def _plans(today: date) -> None:
    """One plan for everybody on the front line of the trust, by its lead; and one for a ward, by its manager."""
    trust = Organisation.objects.get(code="DEMO1")
    frontline = Tier.objects.get(key="frontline")
    for_all = Draft(
        organisation=trust,
        tier=frontline,
        title="Speaking up before winter",
        why="Winter is busy. We want everybody to know how to raise a worry, and that it is welcome.",
        audience=LearningPlan.Audience.TIER,
        items=[ItemSpec(capability_code="SS-6", level=2, name="Speaking up and listening up")],
        due_on=today + timedelta(days=60),
    )
    make_plan(draft=for_all, by=_user("lead"), at=at(today - timedelta(days=30), 10))
    manager = _user("manager")
    ward = Team.objects.get(grants__user=manager, grants__role=Grant.Role.TEAM_LEAD)
    for_a_ward = Draft(
        organisation=trust,
        team=ward,
        title="Small tests of change",
        why="We try one change together this spring. Knowing how helps all of us.",
        audience=LearningPlan.Audience.EVERYBODY,
        items=[ItemSpec(capability_code="IM-3", level=2, name="Testing changes (PDSA)")],
        due_days=90,
    )
    make_plan(draft=for_a_ward, by=manager, at=at(today - timedelta(days=12), 15))


def _learned_elsewhere(today: date) -> None:
    """The porter asks for a course of another trust to count. It waits for the capability lead."""
    ask_for_prior_learning(
        person=_user("starter"),
        module_key=key_of("FR-2"),
        organisation=Organisation.objects.get(code="DEMO1"),
        learned=Learned(
            what="How errors come about, and what makes work safe",
            where="Induction at an invented trust",
            on=today - timedelta(days=200),
            reason=PriorLearning.EQUIVALENT_ELSEWHERE,
        ),
        document=ContentFile(_certificate(), name="certificate.png"),
        at=at(today - timedelta(days=6), 12),
    )


def _certificate() -> bytes:
    picture = Image.new("RGB", (640, 200), "white")
    ImageDraw.Draw(picture).text(
        (40, 80), "An invented certificate: how errors come about", "black", font_size=22
    )
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _leadership_record(today: date) -> None:
    """The non-executive director has begun to gather for level 4."""
    record = ActivityPage.objects.get(source_key="BD-1.a6")
    for days, changed in (
        (120, "The board heard one patient's story before any figure, and asked what had been done since."),
        (40, "Two projects were ended, so that the aim on falls got the people it needed."),
    ):
        words = EntryWords(
            capability_code="LC-2",
            on=today - timedelta(days=days),
            whom="Two directors and the safety committee",
            changed=changed,
            learned="Fewer aims, and asking the same question each month.",
        )
        add_entry(
            owner=_user("board"), activity_iri=activity_iri(record.key), title=record.title, words=words
        )


def _own_view(today: date) -> None:
    """Where the nurse puts herself, then and now. Only she sees it."""
    for days, level, confidence in (
        (150, 1, SelfAssessment.Confidence.LOW),
        (10, 2, SelfAssessment.Confidence.SOME),
    ):
        assess_oneself(
            user=_user("nurse"),
            capability_code="IM-3",
            level=level,
            confidence=confidence,
            at=at(today - timedelta(days=days), 13),
        )


def _without_logs() -> Sequence[Attempt]:
    """Three attempts at FR-1 in the first trust whose logs were never sent."""
    untouched = (
        Attempt.objects.filter(module_key=key_of("FR-1"), checked_at__isnull=False)
        .exclude(user__practice__isnull=False)
        .filter(user__memberships__organisation__code="DEMO1")
        .exclude(user__email__in=[f"manager@{DOMAIN}"])
    )
    return list(untouched.order_by("pk")[:3])
