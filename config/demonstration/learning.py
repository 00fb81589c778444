"""What the invented people learned: the same actions as on the pages, with the times at which they happened."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings

from competencies.actions import decline, verify
from competencies.capacity import next_confirmation
from competencies.models import Practice
from curriculum.actions import (
    accept_prior_learning,
    answer_questions,
    finish_reading,
    open_try,
    start_attempt,
    submit_practice,
    submit_try,
    talk_through,
    walk,
)
from curriculum.actions.prior_learning import PriorLearning
from curriculum.keys import key_of
from curriculum.models import Attempt
from curriculum.outline import Activity
from curriculum.statements import gathered
from learning import verbs
from learning.actions import actors_for, create_credential, store_statements
from learning.iris import activity_iri
from learning.keys import key_of as id_of
from learning.models import Actor
from learning.xapi.actors import account_key
from workforce.models import Organisation, User
from workforce.months import months_after

from .accounts import DOMAIN
from .people import MONTHS, STARRED_NUMBERS, TRUSTS, Person, Trust
from .places import at

# Taught elsewhere and accepted here, for each tier; the pages of these modules are still in preparation.
ACCEPTED = {
    "frontline": ("FR-3", "FR-4", "FR-5", "FR-6"),
    "managers": ("FR-3", "MG-1", "MG-2", "MG-3", "MG-5", "MG-8"),
    "board": ("BD-1", "BD-2", "BD-3", "BD-4", "BD-6"),
    "experts": ("FR-3", "EX-1", "EX-2", "EX-3", "EX-4", "EX-5"),
}
# Modules done here step by step, in a trust of so many learners; how many of their logs were sent and confirmed.
DONE_HERE = {"FR-2": 55, "FR-1": 55}
LEARNERS = 480
CONFIRMED = 0.6
LOG_TEXTS = (
    "I asked what mattered today. The answer was quiet at night, so we moved the noisy bin.",
    "A carer said the leaflet made no sense. I asked for a plain one and it came the same week.",
    "We were behind on the round, and somebody was frightened. I stayed, and told the team why.",
    "A family asked to be told before transport came. We now ring them, and I asked how it worked.",
)


@dataclass(frozen=True)
class Learner:
    user: User
    person: Person
    tier: str
    keen: float


def record_learning(people: Mapping[str, Sequence[Person]], today: date) -> None:
    """Fill the record of both trusts, in the order in which it happened."""
    _mint_actors()
    events: dict[date, list[Callable[[], None]]] = defaultdict(list)
    for trust in TRUSTS:
        random = Random(f"learning {trust.code} {today.isoformat()}")  # noqa: S311 - repeatable, not secret
        learners = list(_learners(trust, people[trust.code], random))
        _brought_along(trust, learners, random, today)
        for day, event in _accepted(trust, learners, random, today):
            events[_end_of_week(day, today)].append(event)
        _learned_here(trust, learners, random, today)
    for week in sorted(events):
        with gathered(at=at(week, 20)):
            for event in events[week]:
                event()


def _end_of_week(day: date, today: date) -> date:
    """When the record takes a week in; never today, whose evening is still to come."""
    return min(day + timedelta(days=6 - day.weekday()), today - timedelta(days=1))


def _mint_actors() -> None:
    """Accounts on the record that are the same each time; elsewhere they are minted at random."""
    own = {
        user: account_key(settings.IRI_BASE, str(uuid5(NAMESPACE_URL, f"{user.pk} {user.email}")))
        for user in User.objects.order_by("pk")
    }
    Actor.objects.bulk_create(
        Actor(id=id_of(identifier), identifier=identifier, user=user, is_own=True)
        for user, identifier in own.items()
    )


def _learners(trust: Trust, people: Sequence[Person], random: Random) -> Iterator[Learner]:
    users = {user.email: user for user in User.objects.filter(email__in=[person.email for person in people])}
    for person in people:
        if person.email in users:  # those who left before the first list were never taken in
            spell = person.spells[-1]
            keen = trust.place(spell.team).keen * random.uniform(0.6, 1.35)
            yield Learner(users[person.email], person, spell.tier, keen)


def _brought_along(trust: Trust, learners: Sequence[Learner], random: Random, today: date) -> None:
    """Checks passed in the trust's earlier system, sent over on the first day by that system."""
    first = months_after(today.replace(day=1), -MONTHS)
    credential, _ = create_credential(
        name=f"Earlier learning system of {trust.name}",
        scopes=["statements/write"],
        organisation=Organisation.objects.get(code=trust.code),
        gives_evidence=True,
    )
    credential.key = uuid5(NAMESPACE_URL, credential.name).hex[
        :24
    ]  # it stands on the record as the authority
    credential.save(update_fields=["key"])
    actors = actors_for(learner.user for learner in learners)
    passed = [
        _passed(
            learner.user,
            actors[learner.user.pk],
            max(first - timedelta(days=random.randrange(10, 530)), learner.person.started),
        )
        for learner in learners
        if learner.person.started < first and random.random() < learner.keen * 0.8
    ]
    store_statements(statements=passed, credential=credential, at=at(first, 7))


def _passed(user: User, actor: dict[str, object], on: date) -> dict[str, object]:
    return {
        "id": str(uuid5(NAMESPACE_URL, f"earlier {user.email}")),
        "actor": actor,
        "verb": verbs.verb(verbs.PASSED),
        "object": {"objectType": "Activity", "id": activity_iri(key_of("FR-2"))},
        "timestamp": at(on, 11).isoformat(),
    }


def _accepted(
    trust: Trust, learners: Sequence[Learner], random: Random, today: date
) -> Iterator[tuple[date, Callable[[], None]]]:
    """Prior learning that the capability lead accepts, each with the day on which that was."""
    lead = User.objects.get(email=f"{'lead' if trust is TRUSTS[0] else 'neighbour'}@{DOMAIN}")
    first = months_after(today.replace(day=1), -MONTHS)
    for learner in learners:
        for module in ACCEPTED.get(learner.tier, ()):
            begun = max(first, learner.person.started + timedelta(days=14))
            days = (today - begun).days
            if learner.user != lead and days > 0 and random.random() < learner.keen:
                on = begun + timedelta(days=int(days * random.random() ** 1.5))
                yield on, _accept(learner.user, module, lead, on)


def _accept(user: User, module: str, lead: User, on: date) -> Callable[[], None]:
    def accept() -> None:
        accept_prior_learning(
            user=user,
            module_key=key_of(module),
            reason=PriorLearning.EQUIVALENT_ELSEWHERE,
            by=lead,
            at=at(on, 15),
            id=uuid5(NAMESPACE_URL, f"accepted {user.email} {module}"),
        )

    return accept


def _learned_here(trust: Trust, learners: Sequence[Learner], random: Random, today: date) -> None:
    """Modules done on these pages, step by step, and logs that were confirmed; the record takes them in by week."""
    first = months_after(today.replace(day=1), -MONTHS)
    share = len(learners) / LEARNERS
    weeks: dict[date, list[tuple[Learner, str, datetime]]] = defaultdict(list)
    for module, number in DONE_HERE.items():
        for place, learner in enumerate(_drawn(learners, int(number * share), random, today)):
            begun = max(first + timedelta(days=40), learner.person.started + timedelta(days=6))
            on = begun + timedelta(days=int(max(1, (today - begun).days - 10) * random.random()))
            weeks[_end_of_week(on, today)].append((learner, module, at(on, 10 + place % 8)))
    logs = []
    for week in sorted(weeks):
        with gathered(at=at(week, 23)):
            for learner, module, when in weeks[week]:
                attempt = go_through(learner.user, module, when, random)
                if module == "FR-1" and random.random() < CONFIRMED:
                    logs.append((attempt, when + timedelta(days=3)))
    for attempt, when in logs:
        _confirmed(trust, attempt, when, random, today)


def _drawn(learners: Sequence[Learner], number: int, random: Random, today: date) -> list[Learner]:
    """The keener are likelier; accounts with a story of their own are left out."""
    able = [
        learner
        for learner in learners
        if learner.person.number not in STARRED_NUMBERS
        and (today - learner.person.started).days > 20
        and learner.person.spells[-1].end is None
    ]
    return sorted(able, key=lambda learner: random.random() / max(learner.keen, 0.05))[:number]


def registration_of(user: User, module: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"attempt {user.email} {module}")


def complete(user: User, module: str, when: datetime, random: Random) -> Attempt:
    """Go through a module without a mistake, and let the record have it an hour later."""
    with gathered(at=when + timedelta(hours=1)):
        return go_through(user, module, when, random, right=1)


def go_through(user: User, module: str, when: datetime, random: Random, *, right: float = 0.97) -> Attempt:
    """Everything that a module teaches and checks, as a person would do it on one day."""
    attempt = start_attempt(
        user=user, module_key=key_of(module), registration=registration_of(user, module), at=when
    )
    for place, activity in enumerate(attempt.version.module.taught, start=1):
        _take_in(attempt, activity, when + timedelta(minutes=10 * place), random)
    for activity in attempt.version.module.checks:
        _check(attempt, activity, when + timedelta(minutes=45), random, right)
    return attempt


def _take_in(attempt: Attempt, activity: Activity, when: datetime, random: Random) -> None:
    if not activity.scenes:
        finish_reading(attempt=attempt, activity_key=activity.key, at=when)
        return
    scene, route = activity.scenes[0], []
    while scene.choices:
        route.append((scene.key, random.randrange(len(scene.choices))))
        scene = activity.scene_by_key[scene.choices[route[-1][1]].next]
    walk(attempt=attempt, activity_key=activity.key, choices=route, at=when)


def _check(attempt: Attempt, activity: Activity, when: datetime, random: Random, right: float) -> None:
    quiz_try = open_try(attempt=attempt, activity_key=activity.key, at=when)
    answers = {}
    for key in quiz_try.drawn:
        question = activity.question_by_key[key]
        wrong = [number for number in range(len(question.options)) if number != question.right]
        answers[key] = question.right if random.random() < right else random.choice(wrong)
    answer_questions(quiz_try=quiz_try, answers=answers, at=when)
    if attempt.version.module.for_patients:
        talk_through(quiz_try=quiz_try, with_whom="My link person", at=when)
    else:
        submit_try(quiz_try=quiz_try, at=when)


def _confirmed(trust: Trust, attempt: Attempt, when: datetime, random: Random, today: date) -> None:
    verifier = _verifier(trust)
    for practice in put_forward(attempt, verifier, when, random):
        answered = when + timedelta(days=random.randrange(1, 9))
        answered = next_confirmation(verifier, answered) or answered
        if answered.date() < today:
            verify(practice=practice, by=verifier, at=answered)


def _verifier(trust: Trust) -> User:
    return User.objects.get(email=f"{'expert' if trust is TRUSTS[0] else 'neighbour'}@{DOMAIN}")


def put_forward(attempt: Attempt, verifier: User, when: datetime, random: Random) -> list[Practice]:
    """Write each log of the attempt and send it to somebody who may confirm it."""
    module = attempt.version.module
    return [
        submit_practice(
            attempt=attempt,
            activity_key=activity.key,
            verifier=verifier,
            answers={claim.capability: random.choice(LOG_TEXTS) for claim, _ in module.claims_by(activity)},
            at=when,
        )
        for activity in module.practice
    ]


def say_not_yet(practice: Practice, by: User, when: datetime) -> None:
    decline(
        practice=practice,
        by=by,
        reason="Thank you. Please add what you and the person decided together.",
        at=when,
    )
