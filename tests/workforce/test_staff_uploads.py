"""A staff list between preview and confirmation: what was seen is done, once, or nothing is."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.workforce.conftest import DAY
from workforce.actions import cancel_post, open_post
from workforce.imports.faults import Refused
from workforce.imports.staff import Stale, import_staff
from workforce.imports.uploads import confirm_upload, preview_again, upload_staff_list
from workforce.models import Membership, Organisation, Post, StaffImport, StaffUpload, Team, Tier, User
from workforce.queries import current_posts
from workforce.tasks import forget_staff_uploads

StaffList = Callable[..., bytes]
ADA = {"staff_number": "0001", "name": "Ada Example", "email": "ada@zz1.example"}
BEN = {"staff_number": "0002", "name": "Ben Example", "post_start": "2021-03-01"}
BEFORE = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def places(ward: Team, clinic: Team, frontline: Tier) -> None:
    """The places and tier that the lists name."""


@pytest.fixture
def send(trust: Organisation) -> Callable[..., StaffUpload]:
    sender = User.objects.create_user("sender@zz1.example", name="Sander Sender")

    def send(data: bytes, **options: Any) -> StaffUpload:
        usual = {"organisation": trust, "on": DAY, "by": sender, "file_name": "staff.csv"}
        return upload_staff_list(data=data, **{**usual, **options})

    return send


def told(upload: StaffUpload) -> list[tuple[str, list[str]]]:
    return [(person[1], person[3]) for person in upload.people]


def test_preview_says_what_would_change_and_stores_none_of_it(
    send: Callable[..., StaffUpload], trust: Organisation, staff_list: StaffList
) -> None:
    import_staff(organisation=trust, data=staff_list(ADA, BEN), on=BEFORE)
    moved = {
        **ADA,
        "name": "Ada New",
        "email": "new@zz1.example",
        "team_code": "clinic",
        "post_start": "2026-11-01",
        "leave_start": "2026-11-02",
        "leave_end": "2026-11-09",
    }

    upload = send(staff_list(moved, {**BEN, "staff_number": "0003", "overlays": "patient_facing"}))

    assert told(upload) == [
        ("0002", ["Post in Ward, Frontline staff: ends. Last day 21 November 2026."]),
        (
            "0001",
            [
                "E-mail address: ada@zz1.example becomes new@zz1.example.",
                "Name: Ada Example becomes Ada New.",
                "Post in Ward, Frontline staff: ends. Last day 21 November 2026.",
                "Post in Clinic, Frontline staff: added, from 1 November 2026.",
                "Leave: added, from 2 November 2026 to 9 November 2026.",
            ],
        ),
        ("0003", ["Post in Ward, Frontline staff: added, from 1 March 2021."]),
    ]
    assert (upload.counts["joiners"], upload.counts["movers"], upload.counts["leavers"]) == (1, 1, 1)
    assert (StaffImport.objects.count(), Post.objects.count()) == (1, 2)


def test_corrections_are_told_in_words(
    send: Callable[..., StaffUpload], trust: Organisation, staff_list: StaffList
) -> None:
    soon, more = {**ADA, "post_end": "2026-12-31"}, {**BEN, "post_start": "2021-04-01"}
    import_staff(organisation=trust, data=staff_list(soon, BEN), on=BEFORE)

    corrected = send(staff_list(ADA, {**more, "engagement": "bank"}))
    again = send(staff_list({**soon, "engagement": "bank"}, BEN))

    assert told(corrected) == [
        ("0001", ["Post in Ward, Frontline staff: no longer has an end, from 6 January 2020."]),
        (
            "0002",
            [
                "Post in Ward, Frontline staff: added, from 1 April 2021.",
                "Post in Ward, Frontline staff: taken out, from 1 March 2021.",
            ],
        ),
    ]
    corrected_terms = "overlays or engagement corrected, from 6 January 2020 to 31 December 2026."
    assert told(again) == [("0001", [f"Post in Ward, Frontline staff: {corrected_terms}"])]


def test_account_from_elsewhere_tells_nothing_that_the_list_does_not_hold(
    send: Callable[..., StaffUpload], other_trust: Organisation, staff_list: StaffList
) -> None:
    Team.objects.create(organisation=other_trust, code="ward", name="Ward")
    named = {**ADA, "name": "Another Name", "first_nhs_day": "2015-01-05"}
    import_staff(organisation=other_trust, data=staff_list(named), on=BEFORE)

    upload = send(staff_list({**ADA, "first_nhs_day": "2010-01-04"}))

    assert [person[2] for person in upload.people] == ["Ada Example"]
    assert told(upload)[0][1] == [
        "Has an account already, from another organisation.",
        "First day in NHS-funded care: now 4 January 2010.",
        "Post in Ward, Frontline staff: added, from 6 January 2020.",
    ]


def test_confirmed_list_is_stored_with_who_and_which_file(
    send: Callable[..., StaffUpload], staff_list: StaffList
) -> None:
    upload = send(staff_list(ADA))

    taken = confirm_upload(upload=upload, plan=upload.plan)

    upload.refresh_from_db()
    assert current_posts(User.objects.get(email="ada@zz1.example"), DAY).exists()
    assert (taken.imported_by, taken.file_name, taken.plan) == (upload.uploaded_by, "staff.csv", upload.plan)
    assert (upload.staff_import, upload.data, upload.people) == (taken, None, [])


def test_confirmed_twice_is_stored_once(send: Callable[..., StaffUpload], staff_list: StaffList) -> None:
    upload = send(staff_list(ADA))

    first = confirm_upload(upload=upload, plan=upload.plan)

    assert confirm_upload(upload=upload, plan=upload.plan) == first
    assert (StaffImport.objects.count(), Post.objects.count()) == (1, 1)


def test_list_with_faults_keeps_only_its_faults(
    send: Callable[..., StaffUpload], staff_list: StaffList
) -> None:
    upload = send(staff_list(ADA, {**BEN, "tier": "nurse"}))

    assert upload.faults == [[3, "tier", "“nurse” is not a tier.", "Use frontline."]]
    assert (upload.data, upload.plan, upload.people) == (None, "", [])
    with pytest.raises(Refused):
        confirm_upload(upload=upload, plan="")
    assert not Post.objects.exists()


def test_nothing_is_done_that_was_not_previewed(
    send: Callable[..., StaffUpload], trust: Organisation, staff_list: StaffList
) -> None:
    import_staff(organisation=trust, data=staff_list(ADA, BEN), on=BEFORE)
    upload = send(staff_list(ADA))
    seen = upload.plan
    cancel_post(post=Post.objects.get(membership__staff_number="0002"))
    before = Post.objects.count()

    with pytest.raises(Stale):
        confirm_upload(upload=upload, plan=seen)
    assert (Post.objects.count(), StaffImport.objects.count()) == (before, 1)

    again = preview_again(upload=upload)
    assert (told(again), again.plan == seen) == ([], False)
    assert confirm_upload(upload=upload, plan=again.plan).counts["leavers"] == 0


def test_what_changed_elsewhere_does_not_make_a_preview_stale(
    send: Callable[..., StaffUpload],
    trust: Organisation,
    other_trust: Organisation,
    staff_list: StaffList,
    ward: Team,
    frontline: Tier,
) -> None:
    Team.objects.create(organisation=other_trust, code="ward", name="Ward")
    upload = send(staff_list(ADA))
    import_staff(organisation=other_trust, data=staff_list(BEN), on=DAY)
    lay = User.objects.create(name="Pat")
    membership = Membership.objects.create(user=lay, organisation=trust)
    open_post(membership=membership, team=ward, tier=frontline, start=DAY, engagement="lay")

    assert confirm_upload(upload=upload, plan=upload.plan).counts["joiners"] == 1


def test_list_that_is_older_by_now_is_refused(
    send: Callable[..., StaffUpload], trust: Organisation, staff_list: StaffList
) -> None:
    upload = send(staff_list(ADA), on=BEFORE)
    import_staff(organisation=trust, data=staff_list(ADA, BEN), on=DAY)

    with pytest.raises(Refused, match="was taken in already"):
        confirm_upload(upload=upload, plan=upload.plan)

    again = preview_again(upload=upload)
    assert (len(again.faults), again.data) == (1, None)


def test_preview_of_the_other_window_does_not_confirm_this_one(
    send: Callable[..., StaffUpload], staff_list: StaffList
) -> None:
    upload, other = send(staff_list(ADA)), send(staff_list(ADA, BEN))

    with pytest.raises(Stale):
        confirm_upload(upload=upload, plan=other.plan)


def test_uploads_are_forgotten_after_a_day(send: Callable[..., StaffUpload], staff_list: StaffList) -> None:
    now = timezone.now()
    old = send(staff_list(ADA), at=now - timedelta(days=1, minutes=1))
    young, new = (send(staff_list(ADA), at=now - timedelta(hours=hours)) for hours in (23, 0))

    assert list(StaffUpload.objects.all()) == [young, new]
    StaffUpload.objects.update(recorded_at=old.recorded_at)
    assert forget_staff_uploads() == 2
    assert not StaffUpload.objects.exists()


def test_history_outlives_the_upload(send: Callable[..., StaffUpload], staff_list: StaffList) -> None:
    upload = send(staff_list(ADA))
    taken = confirm_upload(upload=upload, plan=upload.plan)

    StaffUpload.objects.update(recorded_at=timezone.now() - timedelta(days=2))
    forget_staff_uploads()

    assert StaffImport.objects.get() == taken


@pytest.mark.parametrize("people", [1, 30])
def test_queries_do_not_grow_with_the_list(
    people: int,
    send: Callable[..., StaffUpload],
    staff_list: StaffList,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rows = [{"staff_number": str(number), "overlays": "patient_facing"} for number in range(people)]
    with django_assert_num_queries(31):
        upload = send(staff_list(*rows))
    with django_assert_num_queries(38):
        confirm_upload(upload=upload, plan=upload.plan)
