"""Where people put themselves: added, never rewritten, theirs alone, and nothing that is counted sees it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from competencies.actions import assess_oneself, erase_comment, rebuild_evidence
from competencies.coverage.queries import coverage_rows
from competencies.models import Capability, Edition, Evidence, Holding, SelfAssessment
from competencies.queries import current_levels, expectations, latest_self_assessments, self_assessments
from learning.models import Activity, Statement
from workforce.models import Membership, Organisation, Post, Team, Tier, User
from workforce.models.ranges import during

from .conftest import noon

Show = Callable[..., UUID]
TODAY = date(2026, 6, 1)
LOW, SOME, HIGH = SelfAssessment.Confidence.values


@pytest.fixture
def learner(db: None) -> User:
    return User.objects.create_user("lena@example.org", name="Lena Learner")


@pytest.fixture
def colleague(db: None) -> User:
    return User.objects.create_user("colm@example.org", name="Colm Colleague")


def said(user: User, level: int | None, at: datetime | None = None, **more: object) -> SelfAssessment:
    given = {"capability_code": "PP-2", "confidence": SOME, **more}
    return assess_oneself(user=user, level=level, at=at or noon(TODAY), **given)  # type: ignore[arg-type]


def test_a_change_of_mind_is_a_new_row_and_the_old_one_stays(edition: Edition, learner: User) -> None:
    said(learner, 3, noon(TODAY), comment="I do this each week.")
    said(learner, None, noon(TODAY + timedelta(days=30)), confidence=LOW)

    history = self_assessments(learner, "PP-2").values_list("level", "confidence", "comment")

    assert list(history) == [(None, LOW, ""), (3, SOME, "I do this each week.")]
    assert {code: last.level for code, last in latest_self_assessments(learner).items()} == {"PP-2": None}


def test_what_a_colleague_said_is_not_found_by_asking_for_oneself(
    edition: Edition, learner: User, colleague: User
) -> None:
    said(colleague, 4)

    assert list(self_assessments(learner, "PP-2")) == []
    assert latest_self_assessments(learner) == {}


@pytest.mark.parametrize("changes", [{"level": 0}, {"level": 5}, {"confidence": 0}, {"confidence": 4}])
def test_a_level_or_confidence_that_does_not_exist_is_refused(
    edition: Edition, learner: User, changes: dict[str, int]
) -> None:
    given = {"capability": Capability.objects.get(code="PP-2"), "level": 1, "confidence": SOME} | changes

    with pytest.raises(ValidationError):
        said(learner, **({"level": 1} | changes))  # type: ignore[arg-type]
    with pytest.raises(IntegrityError), transaction.atomic():
        SelfAssessment.objects.create(user=learner, **given)


@pytest.mark.parametrize(
    "changes", [{"level": 4}, {"confidence": HIGH}, {"comment": "Other words"}, {"comment": "", "level": 4}]
)
def test_the_database_refuses_to_rewrite_one(
    edition: Edition, learner: User, changes: dict[str, object]
) -> None:
    row = said(learner, 2, comment="My words")

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        SelfAssessment.objects.filter(pk=row.pk).update(**changes)

    row.refresh_from_db()
    assert (row.level, row.confidence, row.comment) == (2, SOME, "My words")


def test_its_author_can_delete_the_words_and_the_rest_stays(edition: Edition, learner: User) -> None:
    row = said(learner, 2, comment="Words that I regret")

    erase_comment(assessment=row, by=learner)

    assert list(self_assessments(learner, "PP-2").values_list("level", "comment")) == [(2, "")]


def test_nobody_else_can_delete_the_words(edition: Edition, learner: User, colleague: User) -> None:
    row = said(learner, 2, comment="Mine")

    with pytest.raises(ValidationError):
        erase_comment(assessment=row, by=colleague)

    row.refresh_from_db()
    assert row.comment == "Mine"


def test_it_goes_with_the_account(edition: Edition, learner: User) -> None:
    said(learner, 2)

    learner.delete()

    assert SelfAssessment.objects.count() == 0


def test_nothing_that_is_counted_is_different_for_it(
    edition: Edition, trust: Organisation, learner: User, show: Show
) -> None:
    """Evidence, holdings, what is asked and coverage, before and after, and after a rebuild."""
    ward = Team.objects.create(organisation=trust, code="W1", name="Ward 1")
    Post.objects.create(
        membership=Membership.objects.create(user=learner, organisation=trust),
        team=ward,
        tier=Tier.objects.get(key="frontline"),
        during=during(date(2020, 1, 1)),
    )
    show(learner, "PP-2", 2, date(2025, 5, 1))
    before, record = counted(trust, edition, learner), Statement.objects.count()

    said(learner, 4, confidence=HIGH, comment="I coach others in it.")
    said(learner, None, capability_code="SS-1")

    assert counted(trust, edition, learner) == before
    rebuild_evidence()
    assert counted(trust, edition, learner) == before
    assert current_levels(learner, TODAY) == {"PP-2": 2}
    assert Statement.objects.count() == record


def counted(trust: Organisation, edition: Edition, user: User) -> dict[str, object]:
    evidence = (
        "user",
        "capability",
        "level",
        "statement",
        "achieved",
        "expires",
        "recorded_at",
        "withdrawn_at",
    )
    return {
        "evidence": set(Evidence.objects.values_list(*evidence)),
        "holdings": set(Holding.objects.values_list("user", "capability", "level", "during")),
        "asked": expectations(user, TODAY),
        "coverage": coverage_rows(trust, edition, TODAY).to_dict("records"),
    }


def test_no_statement_tells_of_it(edition: Edition, learner: User) -> None:
    said(learner, 3, comment="A word for nobody else")

    assert Statement.objects.count() == 0
    assert Activity.objects.count() == 0


def test_no_screen_of_the_administration_shows_it(db: None) -> None:
    assert SelfAssessment not in admin.site._registry
