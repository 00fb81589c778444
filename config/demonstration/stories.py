"""Where the people stand as whom a visitor can sign in: something done, something open, something that waits."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from curriculum.actions import answer_questions, finish_reading, open_try, start_attempt, walk
from curriculum.keys import key_of
from curriculum.models import Attempt
from curriculum.statements import gathered
from workforce.models import Post, User

from .accounts import DOMAIN
from .learning import complete, put_forward, registration_of, say_not_yet
from .places import at

ANSWERED_SO_FAR = 4


def tell_stories(today: date) -> None:
    random = Random(f"stories {today.isoformat()}")  # noqa: S311 - repeatable, not secret
    _nurse(today, random)
    _manager_and_board(today, random)
    _partners(today, random)
    _waiting(today, random)


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


def _waiting(today: date, random: Random) -> None:
    """Logs that wait for the improvement adviser, and one that was answered with "not yet"."""
    expert = _user("expert")
    for number, attempt in enumerate(_without_logs()):
        practice = put_forward(attempt, expert, at(today - timedelta(days=9 - 2 * number), 15), random)
        if number == 0:
            say_not_yet(practice[0], expert, at(today - timedelta(days=5), 9))


def _without_logs() -> Sequence[Attempt]:
    """Three attempts at FR-1 in the first trust whose logs were never sent."""
    untouched = (
        Attempt.objects.filter(module_key=key_of("FR-1"), checked_at__isnull=False)
        .exclude(user__practice__isnull=False)
        .filter(user__memberships__organisation__code="DEMO1")
        .exclude(user__email__in=[f"manager@{DOMAIN}"])
    )
    return list(untouched.order_by("pk")[:3])
