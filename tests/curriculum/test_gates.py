"""What each gate of a module shows, and which questions a check draws: no database, but for the rules' names."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.actions import RuleSpec
from curriculum.drawing import draw, is_mastered, missed, needs_review, score_of
from curriculum.gates import gates_of, rules_of
from curriculum.outline import Activity, Claim, Module, Option, Outcome, Question
from learning import verbs
from learning.iris import activity_iri

KEYS = {
    kind: UUID(int=number) for number, kind in enumerate(("module", "reading", "quiz", "log", "portfolio"))
}


def activity(kind: str, **more: object) -> Activity:
    made = {"log": "reflective_log"}.get(kind, kind)
    needs = kind in ("log", "portfolio")
    return Activity(KEYS[kind], kind, kind.title(), made, 5, needs_verifier=needs, **more)  # type: ignore[arg-type]


def module(*kinds: str, claims: list[Claim], for_patients: bool = False) -> Module:
    return Module(KEYS["module"], "X-1", "X", 5, for_patients, [], claims, [activity(kind) for kind in kinds])


FULL = [Claim("SS-1", 4, ["log"], ["portfolio"]), Claim("SS-2", 1)]


def rule(verb: str, capability: str, level: int, after: tuple[str, str] | None = None) -> RuleSpec:
    return RuleSpec(verb, capability, level, after)


def iri(kind: str) -> str:
    return activity_iri(KEYS[kind])


def test_every_gate_gives_the_lower_of_its_number_and_the_claim() -> None:
    rules = rules_of(module("reading", "quiz", "log", "portfolio", claims=FULL), startable=True)
    assert rules == {
        iri("module"): [
            rule(verbs.WAIVED, "SS-1", 2),
            rule(verbs.WAIVED, "SS-2", 1),
            rule(verbs.COMPLETED, "SS-1", 1),
            rule(verbs.COMPLETED, "SS-2", 1),
            rule(verbs.PASSED, "SS-1", 2),
            rule(verbs.PASSED, "SS-2", 1),
        ],
        iri("log"): [rule(verbs.VERIFIED, "SS-1", 3, (iri("module"), verbs.PASSED))],
        iri("portfolio"): [rule(verbs.VERIFIED, "SS-1", 4, (iri("log"), verbs.VERIFIED))],
    }


def test_module_in_preparation_can_only_be_waived() -> None:
    rules = rules_of(module("reading", "quiz", "log", claims=FULL), startable=False)
    assert rules == {
        iri("module"): [rule(verbs.WAIVED, "SS-1", 2), rule(verbs.WAIVED, "SS-2", 1)],
        iri("log"): [],
    }


def test_patients_gates_have_verbs_of_their_own() -> None:
    claims = [Claim("SS-1", 2)]
    rules = rules_of(module("reading", "quiz", claims=claims, for_patients=True), startable=True)
    assert [(spec.verb, spec.level) for spec in rules[iri("module")]] == [
        (verbs.WAIVED, 2),
        (verbs.EXPERIENCED, 1),
        (verbs.COMPLETED, 2),
    ]


@pytest.mark.parametrize(
    ("kinds", "gates", "after"),
    [
        (("reading", "quiz"), [1, 2], (iri("module"), verbs.PASSED)),
        (("reading",), [1], (iri("module"), verbs.COMPLETED)),
        ((), [], None),
    ],
)
def test_practice_waits_for_the_last_gate_that_is_there(
    kinds: tuple[str, ...], gates: list[int], after: tuple[str, str] | None
) -> None:
    made = module(*kinds, "log", claims=[Claim("SS-1", 3, ["log"])])
    assert gates_of(made) == gates
    assert rules_of(made, startable=True)[iri("log")] == [rule(verbs.VERIFIED, "SS-1", 3, after)]


def test_claim_for_some_people_only_comes_from_practice_alone() -> None:
    claims = [Claim("SS-1", 3, ["log"], when="for those who led")]
    rules = rules_of(module("reading", "quiz", "log", claims=claims), startable=True)
    assert rules[iri("module")] == []
    assert [spec.level for spec in rules[iri("log")]] == [3]


OUTCOMES = [Outcome("o1", "One", "SS-1"), Outcome("o2", "Two", "SS-2"), Outcome("o3", "Three", "SS-2")]
OPTIONS = [Option("a", True, ""), Option("b", False, "")]
BANK = [Question(f"{o.key}.{n}", o.key, "?", OPTIONS) for o in OUTCOMES for n in range(4)]
QUIZ = Activity(KEYS["quiz"], "quiz", "Quiz", "quiz", 5, questions=BANK)


@given(st.uuids(), st.integers(1, 9))
def test_draw_takes_two_different_questions_of_each_outcome(registration: UUID, number: int) -> None:
    drawn = draw(QUIZ, OUTCOMES, [], registration, number)
    assert [QUIZ.question_by_key[key].outcome for key in drawn] == ["o1", "o1", "o2", "o2", "o3", "o3"]
    assert len(set(drawn)) == 6


@given(st.uuids())
def test_draw_prefers_what_was_shown_least(registration: UUID) -> None:
    first = draw(QUIZ, OUTCOMES, [], registration, 1)
    second = draw(QUIZ, OUTCOMES, first, registration, 2)
    assert set(first) | set(second) == {question.key for question in BANK}


def test_draw_can_be_repeated_and_differs_from_person_to_person() -> None:
    one, other = UUID(int=1), UUID(int=2)
    assert draw(QUIZ, OUTCOMES, [], one, 1) == draw(QUIZ, OUTCOMES, [], one, 1)
    assert draw(QUIZ, OUTCOMES, [], one, 1) != draw(QUIZ, OUTCOMES, [], other, 1)


@pytest.mark.parametrize(
    ("right", "total", "mastered"),
    [(8, 10, True), (7, 10, False), (4, 5, True), (10, 12, True), (9, 12, False)],
)
def test_mastery_is_four_fifths(right: int, total: int, mastered: bool) -> None:
    drawn = [question.key for question in BANK[:total]]
    answers = {key: 0 if place < right else 1 for place, key in enumerate(drawn)}
    assert is_mastered(QUIZ, drawn, answers) is mastered
    assert float(score_of(QUIZ, drawn, answers)) == round(right / total, 3)
    assert missed(QUIZ, drawn, answers) == drawn[right:]


def test_no_answer_is_not_right() -> None:
    assert missed(QUIZ, ["o1.0"], {}) == ["o1.0"]


@pytest.mark.parametrize(
    ("failed", "reviewed", "needed"),
    [(0, 0, False), (2, 0, False), (3, 0, True), (3, 3, False), (5, 3, False), (6, 3, True)],
)
def test_review_comes_after_each_three_failed_tries(failed: int, reviewed: int, needed: bool) -> None:
    assert needs_review(failed, reviewed) is needed
