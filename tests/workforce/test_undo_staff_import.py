"""A staff list is taken back: what was believed before is believed again, or the answer says why not."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from tests.workforce.conftest import DAY
from workforce.actions import cancel_post, join_organisation, open_post
from workforce.imports.faults import Refused
from workforce.imports.staff import import_staff
from workforce.imports.undoing import undo_staff_import, why_not_undo
from workforce.models import (
    Absence,
    ListedChange,
    Membership,
    Organisation,
    Post,
    StaffImport,
    StaffImportUndoing,
    Team,
    Tier,
    User,
)
from workforce.queries import current_posts

StaffList = Callable[..., bytes]
ADA = {"staff_number": "0001", "name": "Ada Example", "email": "ada@zz1.example"}
BEN = {"staff_number": "0002", "name": "Ben Example", "post_start": "2021-03-01"}
CAT = {"staff_number": "0003", "name": "Cat Example", "tier": "managers", "team_code": "clinic"}
BEFORE = date(2026, 6, 1)
MOVED = {
    **ADA,
    "name": "Ada New",
    "email": "ada.new@zz1.example",
    "team_code": "clinic",
    "post_start": "2026-11-01",
    "first_nhs_day": "2010-01-04",
    "leave_start": "2026-10-01",
}


@pytest.fixture(autouse=True)
def places(ward: Team, clinic: Team, frontline: Tier, managers: Tier) -> None:
    """The places and tiers that the lists name."""


def take_in(trust: Organisation, data: bytes, on: date = DAY, **options: Any) -> StaffImport:
    summary = import_staff(organisation=trust, data=data, on=on, **options)
    assert summary.staff_import
    return summary.staff_import


def undo(staff_import: StaffImport) -> StaffImportUndoing:
    return undo_staff_import(staff_import=staff_import, reason="The wrong file")


def refusals(staff_import: StaffImport) -> list[str]:
    """Why a list cannot be taken back; trying changes nothing."""
    before = state()
    with pytest.raises(Refused) as refused:
        undo(staff_import)
    assert state() == before
    assert not StaffImportUndoing.objects.filter(staff_import=staff_import).exists()
    return [fault.problem for fault in refused.value.faults]


def state() -> dict[str, list[Any]]:
    """All that is believed today."""
    posts: QuerySet[Any] = Post.objects.filter(superseded_at=None)
    columns = ("membership__user", "team__code", "tier__key", "engagement", "during", "overlays__key")
    absences = Absence.objects.filter(superseded_at=None)
    numbered = Membership.objects.exclude(staff_number=None).order_by("pk")
    known = User.objects.filter(memberships__in=numbered).order_by("pk")
    return {
        "posts": sorted(posts.values_list(*columns), key=str),
        "leave": sorted(absences.values_list("membership__user", "during"), key=str),
        "numbers": list(numbered.values_list("pk", "staff_number")),
        "people": list(known.values_list("pk", "name", "email", "first_nhs_day")),
    }


def test_what_was_believed_before_is_believed_again(trust: Organisation, staff_list: StaffList) -> None:
    take_in(trust, staff_list({**ADA, "overlays": "patient_facing"}, BEN), BEFORE)
    before = state()
    wrong = take_in(trust, staff_list(MOVED, CAT))
    assert state() != before

    undoing = undo(wrong)

    assert state() == before
    assert (undoing.staff_import, undoing.reason, undoing.undone_by) == (wrong, "The wrong file", None)
    assert StaffImport.objects.filter(undoing=None).count() == 1


def test_what_was_believed_in_between_is_kept(trust: Organisation, staff_list: StaffList) -> None:
    june, july, august = (datetime(2026, month, 1, tzinfo=UTC) for month in (6, 7, 8))
    take_in(trust, staff_list(ADA, BEN), BEFORE, at=june)
    wrong = take_in(trust, staff_list(MOVED), date(2026, 7, 1), at=july)

    undo_staff_import(staff_import=wrong, reason="The wrong file", at=august)

    in_between = Post.objects.filter(recorded_at__lte=july, superseded_at=august)
    assert [post.team.code for post in in_between] == ["ward", "clinic", "ward"]
    assert Post.objects.filter(superseded_at=None, recorded_at=august).count() == 2


def test_first_list_is_taken_back_and_the_right_one_taken_in(
    trust: Organisation, staff_list: StaffList
) -> None:
    wrong = take_in(trust, staff_list(ADA, BEN))
    undo(wrong)

    assert not Post.objects.filter(superseded_at=None).exists()
    assert not Membership.objects.exclude(staff_number=None).exists()

    take_in(trust, staff_list({**ADA, "staff_number": "0009"}), BEFORE)

    ada = User.objects.get(email="ada@zz1.example")
    assert [post.team.code for post in current_posts(ada, DAY)] == ["ward"]
    assert ada.memberships.get().staff_number == "0009"


def test_lists_are_undone_one_after_the_other_newest_first(
    trust: Organisation, staff_list: StaffList
) -> None:
    first = take_in(trust, staff_list(ADA, BEN), BEFORE)
    nothing_yet = state()
    second = take_in(trust, staff_list(MOVED, CAT))
    both = state()
    third = take_in(trust, staff_list(MOVED, BEN, CAT))

    assert refusals(first) == ["A list of 22/11/2026 was taken in after this one."]
    undo(third)
    assert state() == both
    undo(second)
    assert state() == nothing_yet
    undo(first)
    assert state() == {"posts": [], "leave": [], "numbers": [], "people": []}


def test_list_is_undone_once(trust: Organisation, staff_list: StaffList) -> None:
    wrong = take_in(trust, staff_list(ADA))
    undo(wrong)

    with pytest.raises(Refused, match="undone before"):
        undo(wrong)
    assert StaffImportUndoing.objects.count() == 1


def test_list_without_a_record_of_its_changes_stays(trust: Organisation, staff_list: StaffList) -> None:
    old = take_in(trust, staff_list(ADA))
    StaffImport.objects.update(plan="")
    old.refresh_from_db()

    assert refusals(old) == ["This list was taken in before the service kept what a list changes."]


def test_reason_is_needed(trust: Organisation, staff_list: StaffList) -> None:
    wrong = take_in(trust, staff_list(ADA))

    with pytest.raises(ValidationError, match="Write down why"):
        undo_staff_import(staff_import=wrong, reason="  ")
    assert why_not_undo(wrong) == []


def test_post_of_the_list_that_was_changed_by_hand_bars_the_way(
    trust: Organisation, staff_list: StaffList
) -> None:
    wrong = take_in(trust, staff_list(ADA, BEN))
    cancel_post(post=Post.objects.get(membership__staff_number="0002"))

    assert refusals(wrong) == ["Posts or leave have changed since, for 0002."]


def test_new_post_of_somebody_who_joined_by_the_list_bars_the_way(
    trust: Organisation, clinic: Team, frontline: Tier, staff_list: StaffList
) -> None:
    wrong = take_in(trust, staff_list(ADA, BEN))
    open_post(membership=Membership.objects.get(staff_number="0001"), team=clinic, tier=frontline, start=DAY)

    assert refusals(wrong) == ["Posts or leave have changed since, for 0001."]


def test_post_that_would_come_back_twice_bars_the_way(
    trust: Organisation, ward: Team, frontline: Tier, staff_list: StaffList
) -> None:
    take_in(trust, staff_list(ADA, BEN), BEFORE)
    wrong = take_in(trust, staff_list(ADA), leavers_expected=True)
    open_post(membership=Membership.objects.get(staff_number="0002"), team=ward, tier=frontline, start=DAY)

    assert refusals(wrong) == ["Posts, addresses or staff numbers that would come back are in use again."]


@pytest.mark.parametrize(
    "values",
    [
        {"name": "Ada Other"},
        {"email": "ada.other@zz1.example"},
        {"email": None},
        {"first_nhs_day": date(2001, 1, 1)},
        {"first_nhs_day": None},
    ],
    ids=str,
)
def test_value_of_an_account_that_was_changed_by_hand_bars_the_way(
    values: dict[str, Any], trust: Organisation, staff_list: StaffList
) -> None:
    take_in(trust, staff_list(ADA), BEFORE)
    wrong = take_in(trust, staff_list(MOVED))
    User.objects.update(**values)

    assert refusals(wrong) == ["Names, addresses or staff numbers have changed since, for 0001."]


@pytest.mark.parametrize(("number", "named"), [("77", "77"), (None, "membership ")])
def test_staff_number_that_was_changed_by_hand_bars_the_way(
    number: str | None, named: str, trust: Organisation, staff_list: StaffList
) -> None:
    take_in(trust, staff_list(ADA), BEFORE)
    wrong = take_in(trust, staff_list({**ADA, "staff_number": "0005"}))
    Membership.objects.update(staff_number=number)

    (said,) = refusals(wrong)
    assert said.startswith(f"Names, addresses or staff numbers have changed since, for {named}")


def test_address_that_somebody_else_has_by_now_bars_the_way(
    trust: Organisation, staff_list: StaffList
) -> None:
    take_in(trust, staff_list(ADA), BEFORE)
    wrong = take_in(trust, staff_list({**ADA, "email": "ada.new@zz1.example"}))
    User.objects.create_user("ada@zz1.example", name="Another Ada")

    assert refusals(wrong) == ["Posts, addresses or staff numbers that would come back are in use again."]


def test_address_on_which_another_organisation_relies_by_now_bars_the_way(
    trust: Organisation, other_trust: Organisation, staff_list: StaffList
) -> None:
    take_in(trust, staff_list(ADA), BEFORE)
    wrong = take_in(trust, staff_list({**ADA, "email": "ada.new@zz1.example"}))
    join_organisation(user=User.objects.get(), organisation=other_trust, staff_number="9")

    said = "The list changed the address of an account that others now rely on, for 0001."
    assert refusals(wrong) == [said]


def test_address_passed_on_from_one_to_the_next_comes_back(
    trust: Organisation, staff_list: StaffList
) -> None:
    """One value is free only once the other has been put back."""
    ben = {**BEN, "email": "two@zz1.example"}
    take_in(trust, staff_list({**ADA, "email": "one@zz1.example"}, ben), BEFORE)
    before = state()
    wrong = take_in(
        trust, staff_list({**ADA, "email": "three@zz1.example"}, {**BEN, "email": "four@zz1.example"})
    )
    ada, ben_now = User.objects.order_by("pk")
    ListedChange.objects.filter(membership__user=ada, field="email").update(before="two@zz1.example")
    ListedChange.objects.filter(membership__user=ben_now, field="email").update(before="one@zz1.example")

    undo(wrong)

    assert [row[2] for row in state()["people"]] == [row[2] for row in reversed(before["people"])]


def test_organisation_that_took_in_the_wrong_people_no_longer_binds_their_accounts(
    trust: Organisation, other_trust: Organisation, staff_list: StaffList
) -> None:
    Team.objects.create(organisation=other_trust, code="ward", name="Ward")
    take_in(trust, staff_list(ADA), BEFORE)
    undo(take_in(other_trust, staff_list(ADA)))

    take_in(trust, staff_list({**ADA, "email": "ada.new@zz1.example"}))

    assert User.objects.get().email == "ada.new@zz1.example"


def test_another_organisation_is_left_alone(
    trust: Organisation, other_trust: Organisation, staff_list: StaffList
) -> None:
    Team.objects.create(organisation=other_trust, code="ward", name="Ward")
    take_in(other_trust, staff_list(BEN))
    theirs = state()
    undo(take_in(trust, staff_list(ADA)))

    assert state() == theirs


@pytest.mark.parametrize("people", [1, 30])
def test_queries_do_not_grow_with_the_list(
    people: int, trust: Organisation, staff_list: StaffList, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [{"staff_number": str(number), "overlays": "patient_facing"} for number in range(people)]
    take_in(trust, staff_list(*rows), BEFORE)
    changed = [{**row, "name": "New", "post_end": "2026-12-31", "leave_start": "2026-11-01"} for row in rows]
    wrong = take_in(trust, staff_list(*changed), DAY + timedelta(days=1))

    with django_assert_num_queries(34):
        undo(wrong)
