"""What the database itself refuses, whoever writes to it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.workforce.conftest import DAY, START
from workforce.models import (
    Absence,
    Committee,
    Grant,
    ListedChange,
    Membership,
    Organisation,
    Post,
    Seat,
    StaffImport,
    StaffImportUndoing,
    StaffUpload,
    Succession,
    Team,
    TeamPlace,
    Tier,
    User,
)
from workforce.models.ranges import during

Member = Callable[[str], Membership]


@pytest.fixture
def rows(
    trust: Organisation, other_trust: Organisation, ward: Team, frontline: Tier, member: Member
) -> dict[str, Any]:
    alice = member("Alice")
    committee = Committee.objects.create(organisation=trust, role_key="safety-partner", name="Quality")
    rows = {
        "trust": trust,
        "other": other_trust,
        "ward": ward,
        "alice": alice,
        "user": alice.user,
        "tier": frontline,
        "committee": committee,
    }
    Post.objects.create(membership=alice, team=ward, tier=frontline, during=during(START))
    Absence.objects.create(membership=alice, during=during(START))
    Seat.objects.create(user=alice.user, committee=committee, during=during(START))
    Succession.objects.create(old=trust, new=other_trust, on=DAY)
    Membership.objects.create(user=User.objects.create(name="Bob"), organisation=trust, staff_number="1")
    rows["list"] = StaffImport.objects.create(organisation=trust, on=DAY, digest="d", plan="p")
    undone = rows["undone"] = StaffImport.objects.create(organisation=trust, on=START, digest="d", plan="p")
    StaffImportUndoing.objects.create(staff_import=undone, reason="The wrong file")
    ListedChange.objects.create(staff_import=undone, membership=alice, field="name", before="A", after="B")
    upload(rows, data=None, staff_import=undone).save()
    return rows


def upload(rows: dict[str, Any], **given: Any) -> StaffUpload:
    usual = {
        "organisation": rows["trust"],
        "uploaded_by": rows["user"],
        "on": DAY,
        "file_name": "staff.csv",
        "data": b"staff",
        "plan": "p",
    }
    return StaffUpload(**{**usual, **given})


def listed_change(rows: dict[str, Any], **given: Any) -> ListedChange:
    usual = {"staff_import": rows["list"], "membership": rows["alice"], "field": "name", "after": "B"}
    return ListedChange(**{**usual, **given})


def post(rows: dict[str, Any], **given: Any) -> Post:
    return Post(**{"membership": rows["alice"], "team": rows["ward"], "tier": rows["tier"], **given})


def founding(rows: dict[str, Any], **given: Any) -> Grant:
    return Grant(
        **{
            "user": rows["user"],
            "role": "founding_verifier",
            "reason": "Named",
            "during": during(START),
            **given,
        }
    )


REFUSED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "post_once_at_a_time": lambda r: post(r, during=during(DAY)),
    "post_has_a_first_day": lambda r: post(r, during=during(DAY, DAY)),
    "post_superseded_after_recorded": lambda r: post(
        r, during=during(START), superseded_at=datetime(2020, 1, 1, tzinfo=UTC)
    ),
    "absence_once_at_a_time": lambda r: Absence(membership=r["alice"], during=during(DAY)),
    "absence_has_a_first_day": lambda r: Absence(membership=r["alice"], during=during(DAY, DAY)),
    "seat_once_at_a_time": lambda r: Seat(user=r["user"], committee=r["committee"], during=during(DAY)),
    "committee_name_in_organisation": lambda r: Committee(
        organisation=r["trust"], role_key="x", name="Quality"
    ),
    "team_in_one_place": lambda r: TeamPlace(team=r["ward"], during=during(DAY)),
    "team_not_its_own_parent": lambda r: TeamPlace(
        team=r["ward"], parent=r["ward"], during=during(date(2000, 1, 1), date(2001, 1, 1))
    ),
    "team_code_in_organisation": lambda r: Team(organisation=r["trust"], code="ward", name="Ward"),
    "membership_once": lambda r: Membership(user=r["user"], organisation=r["trust"]),
    "staff_number_in_organisation": lambda r: Membership(
        user=User.objects.create(name="Dee"), organisation=r["trust"], staff_number="1"
    ),
    "succession_once": lambda r: Succession(old=r["trust"], new=r["other"], on=START),
    "succession_to_another": lambda r: Succession(old=r["trust"], new=r["trust"], on=START),
    "organisation_closes_after_it_opens": lambda r: Organisation(
        code="ZZ9", name="Z", opened=DAY, closed=START
    ),
    "workforce_organisation_code": lambda r: Organisation(code="ZZ1", name="Z", opened=DAY),
    "user_email_lower_case": lambda r: User(email="Big@zz1.example", name="Big"),
    "workforce_user_email": lambda r: User(email="alice@zz1.example", name="Other Alice"),
    "grant_has_one_scope": lambda r: founding(r, organisation=r["trust"], national=True),
    "grant_scope_suits_role": lambda r: founding(r, role="team_lead", organisation=r["trust"]),
    "founding_verifier_has_reason": lambda r: founding(r, reason="", national=True),
    "confirming_role_has_reason": lambda r: founding(r, role="coach", reason="", organisation=r["trust"]),
    "post_superseded_in_a_list": lambda r: post(r, during=during(START, DAY), superseded_in=r["list"]),
    "absence_superseded_in_a_list": lambda r: Absence(
        membership=r["alice"], during=during(START, DAY), superseded_in=r["list"]
    ),
    "workforce_staffimportundoing_staff_import_id": lambda r: StaffImportUndoing(
        staff_import=r["undone"], reason="Again"
    ),
    "undoing_has_reason": lambda r: StaffImportUndoing(staff_import=r["list"], reason=""),
    "listed_change_once": lambda r: listed_change(r, staff_import=r["undone"]),
    "listed_change_changes": lambda r: listed_change(r, before="B"),
    "upload_is_refused_or_planned": lambda r: upload(r, faults=[[2, "tier", "x", "y"]]),
    "upload_keeps_its_file_while_it_waits": lambda r: upload(r, data=None),
    "workforce_staffupload_staff_import_id": lambda r: upload(r, data=None, staff_import=r["undone"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_database_refuses(name: str, rows: dict[str, Any]) -> None:
    wrong = REFUSED[name](rows)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        wrong.save()


def test_superseded_rows_may_overlap_current_ones(rows: dict[str, Any]) -> None:
    Post.objects.update(superseded_at=datetime(2100, 1, 1, tzinfo=UTC))

    post(rows, during=during(START)).save()

    assert Post.objects.count() == 2


@pytest.mark.parametrize(
    "given",
    [
        {"data": None, "plan": ""},
        {"data": b"staff", "plan": "", "faults": [[2, "tier", "x", "y"]]},
        {"data": b"staff", "staff_import": "list"},
    ],
)
def test_upload_is_refused_waiting_or_taken_in_and_nothing_between(
    given: dict[str, Any], rows: dict[str, Any]
) -> None:
    given = {key: rows["list"] if value == "list" else value for key, value in given.items()}

    with pytest.raises(IntegrityError, match="upload_"), transaction.atomic():
        upload(rows, **given).save()


def test_people_without_address_or_number_may_be_many(trust: Organisation) -> None:
    for name in ("Pat", "Sam"):
        Membership.objects.create(user=User.objects.create(name=name), organisation=trust)

    assert Membership.objects.filter(staff_number=None, user__email=None).count() == 2
