"""The screens for staff lists: send, preview, confirm, history, undo, and who may do so."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.workforce.conftest import START
from workforce.actions import cancel_post, grant
from workforce.imports.staff import import_staff
from workforce.imports.undoing import undo_staff_import
from workforce.models import (
    Grant,
    Organisation,
    Post,
    StaffImport,
    StaffImportUndoing,
    StaffUpload,
    Team,
    Tier,
    User,
)

StaffList = Callable[..., bytes]
HISTORY = "/admin/workforce/staffimport/"
SEND = f"{HISTORY}add/"
ADA = {"staff_number": "0001", "name": "Ada Example", "email": "ada@zz1.example"}
BEN = {"staff_number": "0002", "name": "=cmd <b>Ben</b>", "post_start": "2021-03-01"}


@pytest.fixture(autouse=True)
def places(ward: Team, clinic: Team, frontline: Tier) -> None:
    """The places and tier that the lists name."""


@pytest.fixture
def steward(client: Client, trust: Organisation) -> User:
    """Capability lead of the trust, who may take in its lists; signed in."""
    steward = lead_of(trust, "add_staffimport")
    client.force_login(steward)
    return steward


def lead_of(organisation: Organisation | None, *permissions: str, is_staff: bool = True) -> User:
    number = User.objects.count()
    user = User.objects.create_user(f"lead{number}@nhs.example", name=f"Lead {number}", is_staff=is_staff)
    if organisation:
        grant(user=user, role=Grant.Role.CAPABILITY_LEAD, scope=organisation, start=START)
    wanted = Permission.objects.filter(codename__in=permissions, content_type__app_label="workforce")
    user.user_permissions.set(wanted)
    return user


def sent(client: Client, trust: Organisation, data: bytes, **changes: Any) -> Any:
    file = SimpleUploadedFile(changes.pop("name", "staff.csv"), data, content_type="text/csv")
    asked = {"organisation": trust.pk, "on": str(timezone.localdate()), "covers": "all", "file": file}
    return client.post(SEND, asked | changes)


def confirmed(client: Client, upload: StaffUpload, plan: str | None = None) -> Any:
    return client.post(
        f"{HISTORY}uploads/{upload.uuid}/confirm/",
        {"plan": upload.plan if plan is None else plan},
        follow=True,
    )


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_list_is_sent_previewed_confirmed_and_undone(
    client: Client, steward: User, trust: Organisation, staff_list: StaffList
) -> None:
    answer = sent(client, trust, staff_list(ADA, BEN))
    upload = StaffUpload.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{HISTORY}uploads/{upload.uuid}/")

    preview = words(client.get(answer["Location"]))
    assert "Check what would change" in preview
    assert "Person by person: 2 would change" in preview
    assert "Post in Ward, Frontline staff: added, from 6 January 2020." in preview
    assert "=cmd &lt;b&gt;Ben&lt;/b&gt;" in preview
    assert not Post.objects.exists()

    stored = words(confirmed(client, upload))
    taken = StaffImport.objects.get()
    assert "The staff list is stored." in stored
    assert (taken.imported_by, taken.counts["joiners"]) == (steward, 2)
    assert taken.digest in stored

    undo = f"{HISTORY}{taken.pk}/undo/"
    assert "Undo this list?" in words(client.get(undo))
    assert "Write down why the list is undone." in words(client.post(undo, {"reason": " "}))
    undone = words(client.post(undo, {"reason": "The file of another month"}, follow=True))
    assert "The staff list is undone." in undone
    assert "The file of another month" in undone
    assert not Post.objects.filter(superseded_at=None).exists()
    said = list(LogEntry.objects.order_by("pk").values_list("change_message", "user"))
    assert said == [("Taken in from a file.", steward.pk), ("Undone.", steward.pk)]


def test_every_fault_is_shown_with_its_row_and_nothing_can_be_confirmed(
    client: Client, steward: User, trust: Organisation, staff_list: StaffList
) -> None:
    rows = [{"staff_number": str(number), "tier": "nurse"} for number in range(130)]
    first = sent(client, trust, staff_list(ADA, *rows))["Location"]

    one, two = words(client.get(first)), words(client.get(f"{first}?page=2"))

    assert "Nothing was stored. 130 things to put right." in one
    assert '<th scope="row">3</th> <td>tier</td> <td>“nurse” is not a tier.</td>' in one
    assert "Page 1 of 2" in one
    assert '<th scope="row">132</th>' in two
    assert "Store this list" not in one
    assert "Nothing was stored" in words(confirmed(client, StaffUpload.objects.get()))
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n", "A letter is not in UTF-8"),
        ("staff_number".encode("utf-16"), "The file is in UTF-16"),
        (b"staff_number\n1", "This column is missing."),
        (b"\0", "There is a zero byte"),
        (b" ", "The file is empty."),
    ],
)
def test_odd_file_is_refused_in_words(
    data: bytes, said: str, client: Client, steward: User, trust: Organisation
) -> None:
    answer = sent(client, trust, data, name="../<b>odd.csv")

    assert said in words(client.get(answer["Location"]))
    assert not StaffImport.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"file": ""}, "Choose the file with the staff list."),
        ({"file": SimpleUploadedFile("staff.csv", b"")}, "The file is empty. Check that it was saved"),
        ({"organisation": ""}, "Choose whose staff list it is."),
        ({"on": "1/2/20"}, "Write the day as 2026-11-30 or 30/11/2026."),
        ({"on": "2999-01-01"}, "01/01/2999 has not come yet. Correct the day."),
        ({"covers": ""}, "Say whether the list has all of the staff."),
    ],
)
def test_what_is_missing_in_the_form_is_said(
    changes: dict[str, Any],
    said: str,
    client: Client,
    steward: User,
    trust: Organisation,
    staff_list: StaffList,
) -> None:
    answer = sent(client, trust, staff_list(ADA), **changes)

    assert answer.status_code == 200
    assert said in words(answer)
    assert not StaffUpload.objects.exists()


def test_file_that_is_too_large_is_refused_before_it_is_read(
    client: Client,
    steward: User,
    trust: Organisation,
    staff_list: StaffList,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("workforce.forms.LARGEST_FILE", 100)

    assert "The file is larger than 50 MB." in words(sent(client, trust, staff_list(ADA)))
    assert not StaffUpload.objects.exists()


def test_part_of_a_list_and_leavers_are_said_in_the_form(
    client: Client, steward: User, trust: Organisation, staff_list: StaffList
) -> None:
    people = [{"staff_number": str(number), "name": f"Person {number}"} for number in range(12)]
    import_staff(organisation=trust, data=staff_list(*people), on=date(2026, 6, 1))

    sent(client, trust, staff_list(*people[:6]))
    sent(client, trust, staff_list(*people[:6]), covers="some")
    sent(client, trust, staff_list(*people[:6]), leavers_expected="on")

    refused, part, left = StaffUpload.objects.order_by("pk")
    assert refused.faults[0][2].startswith("6 of 12 people would leave")
    assert (part.counts["leavers"], part.counts["unchanged"]) == (0, 6)
    assert left.counts["leavers"] == 6


def test_stale_preview_is_not_stored_and_the_new_one_is_shown(
    client: Client, steward: User, trust: Organisation, staff_list: StaffList
) -> None:
    import_staff(organisation=trust, data=staff_list(ADA, BEN), on=date(2026, 6, 1))
    sent(client, trust, staff_list(ADA))
    upload = StaffUpload.objects.get()
    cancel_post(post=Post.objects.get(membership__staff_number="0002"))

    answer = words(confirmed(client, upload))

    assert "Nothing was stored: what we know has changed since the preview." in answer
    assert "Nobody would change: what we know is what the list says." in answer
    assert StaffImport.objects.count() == 1


def test_submitted_twice_is_stored_once(
    client: Client, steward: User, trust: Organisation, staff_list: StaffList
) -> None:
    sent(client, trust, staff_list(ADA))
    upload = StaffUpload.objects.get()
    confirmed(client, upload)

    answer = confirmed(client, upload)

    taken = StaffImport.objects.get()
    assert answer.redirect_chain == [(f"{HISTORY}{taken.pk}/change/", 302)]
    assert LogEntry.objects.count() == 1
    assert client.get(f"{HISTORY}uploads/{upload.uuid}/")["Location"] == f"{HISTORY}{taken.pk}/change/"


def test_confirmation_needs_a_post(
    client: Client, steward: User, trust: Organisation, staff_list: StaffList
) -> None:
    sent(client, trust, staff_list(ADA))

    assert client.get(f"{HISTORY}uploads/{StaffUpload.objects.get().uuid}/confirm/").status_code == 405
    assert not Post.objects.exists()


def test_list_from_the_command_line_stands_in_the_history(
    client: Client, steward: User, trust: Organisation, staff_list: StaffList, tmp_path: Path
) -> None:
    (tmp_path / "november.csv").write_bytes(staff_list(ADA))
    call_command("import_staff", str(tmp_path / "november.csv"), "--organisation=ZZ1", verbosity=0)

    history = words(client.get(HISTORY))

    assert "november.csv" in history
    assert "The command line" in history
    assert "Joiners: 1, Movers: 0, Leavers: 0" in history
    assert "Undo this list" in words(client.get(f"{HISTORY}{StaffImport.objects.get().pk}/change/"))


def test_undo_that_cannot_be_says_why(
    client: Client, steward: User, trust: Organisation, staff_list: StaffList
) -> None:
    old, new = (
        import_staff(organisation=trust, data=staff_list(*people), on=date(2026, 6, 1)).staff_import
        for people in ((ADA,), (ADA, BEN))
    )
    assert old
    assert new
    undo = f"{HISTORY}{old.pk}/undo/"

    asked, tried = client.get(undo), client.post(undo, {"reason": "Wrong"})

    for answer in (asked, tried):
        assert "A list of 01/06/2026 was taken in after this one. Undo that one first." in words(answer)
    assert Post.objects.filter(superseded_at=None).count() == 2


def test_undo_that_came_too_late_says_why(
    client: Client, steward: User, trust: Organisation, staff_list: StaffList
) -> None:
    taken = import_staff(organisation=trust, data=staff_list(ADA), on=date(2026, 6, 1)).staff_import
    assert taken
    undo_staff_import(staff_import=taken, reason="First")

    answer = client.post(f"{HISTORY}{taken.pk}/undo/", {"reason": "Second"})

    assert "This list was undone before." in words(answer)
    assert StaffImportUndoing.objects.get().reason == "First"


# Who may


@pytest.fixture
def stored(trust: Organisation, staff_list: StaffList, steward: User, client: Client) -> list[str]:
    """The addresses of a list of the trust that waits, and of one that was taken in."""
    taken = import_staff(organisation=trust, data=staff_list(BEN), on=date(2026, 6, 1)).staff_import
    assert taken
    sent(client, trust, staff_list(ADA, BEN))
    upload = f"{HISTORY}uploads/{StaffUpload.objects.get().uuid}/"
    return [upload, f"{upload}confirm/", f"{HISTORY}{taken.pk}/change/", f"{HISTORY}{taken.pk}/undo/"]


def answers(client: Client, addresses: list[str]) -> list[int]:
    """What each address answers, asked in the way that does most."""
    posts = ("/confirm/", "/undo/")
    return [
        client.post(address, {"reason": "x", "plan": "x"}).status_code
        if address.endswith(posts)
        else client.get(address).status_code
        for address in addresses
    ]


def test_lead_of_another_trust_finds_nothing_of_ours(
    stored: list[str], trust: Organisation, other_trust: Organisation, staff_list: StaffList
) -> None:
    client = Client()
    client.force_login(lead_of(other_trust, "add_staffimport", "view_staffimport"))

    assert answers(client, stored) == [404, 404, 404, 404]
    assert "0 staff lists" in words(client.get(HISTORY))
    page = words(client.get(SEND))
    assert "Another Invented Trust" in page
    assert "option value" in page
    assert str(trust) not in page.replace(str(other_trust), "")
    assert "Select a valid choice" in words(sent(client, trust, staff_list(ADA)))
    assert StaffUpload.objects.count() == 1


def test_colleague_who_leads_too_sees_the_history_but_not_what_another_sent(
    stored: list[str], trust: Organisation
) -> None:
    client = Client()
    client.force_login(lead_of(trust, "add_staffimport"))

    assert answers(client, stored)[:3] == [404, 404, 200]


def test_whoever_may_only_look_takes_nothing_in_and_undoes_nothing(
    stored: list[str], trust: Organisation
) -> None:
    client = Client()
    client.force_login(lead_of(trust, "view_staffimport"))

    assert answers(client, stored) == [404, 404, 200, 404]
    assert (client.get(HISTORY).status_code, client.get(SEND).status_code) == (200, 403)
    assert "Undo this list" not in words(client.get(stored[2]))


@pytest.mark.parametrize("kind", ["permission without the role", "role without the permission"])
def test_one_of_permission_and_role_is_not_enough(kind: str, stored: list[str], trust: Organisation) -> None:
    client = Client()
    has_role = kind == "role without the permission"
    client.force_login(lead_of(trust) if has_role else lead_of(None, "add_staffimport"))

    assert answers(client, stored) == [404, 404, 404, 404]
    assert client.get(SEND).status_code == 403


def test_lead_who_may_not_open_the_administration_site_is_sent_away(
    stored: list[str], trust: Organisation
) -> None:
    client = Client()
    client.force_login(lead_of(trust, "add_staffimport", is_staff=False))

    assert answers(client, [HISTORY, SEND, *stored]) == [302] * 6


def test_lead_whose_time_is_over_confirms_nothing(stored: list[str], client: Client, steward: User) -> None:
    today = timezone.localdate()
    Grant.objects.filter(user=steward).update(during=(START, today - timedelta(days=1)))

    assert answers(client, stored) == [404, 404, 404, 404]
    assert StaffImport.objects.count() == 1


def test_whoever_runs_the_system_takes_in_lists_for_every_organisation(
    client: Client, trust: Organisation, other_trust: Organisation, staff_list: StaffList
) -> None:
    client.force_login(User.objects.create_superuser("root@nhs.example", name="Root"))

    page = words(client.get(SEND))
    assert f'<option value="{trust.pk}">' in page
    assert f'<option value="{other_trust.pk}">' in page
    assert sent(client, trust, staff_list(ADA)).status_code == 302


# Queries


@pytest.mark.parametrize("lists", [1, 3])
def test_history_asks_as_much_for_one_list_as_for_three(
    lists: int,
    client: Client,
    steward: User,
    trust: Organisation,
    staff_list: StaffList,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(lists):
        import_staff(organisation=trust, data=staff_list(ADA), on=date(2026, 6, 1 + number), by=steward)

    with django_assert_num_queries(8):
        assert client.get(HISTORY).context["cl"].result_count == lists


@pytest.mark.parametrize("people", [1, 30])
def test_screens_ask_as_much_for_a_short_list_as_for_a_long_one(
    people: int,
    client: Client,
    steward: User,
    trust: Organisation,
    staff_list: StaffList,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rows = [{"staff_number": str(number), "overlays": "patient_facing"} for number in range(people)]
    ContentType.objects.get_for_model(StaffImport)  # kept between requests
    with django_assert_num_queries(37):
        address = sent(client, trust, staff_list(*rows))["Location"]
    upload = StaffUpload.objects.get()
    with django_assert_num_queries(5):
        client.get(address)
    with django_assert_num_queries(45):
        client.post(f"{address}confirm/", {"plan": upload.plan})
    change = f"{HISTORY}{StaffImport.objects.get().pk}/change/"
    with django_assert_num_queries(6):
        client.get(change)
    with django_assert_num_queries(17):
        client.get(change.replace("change", "undo"))
    with django_assert_num_queries(38):
        client.post(change.replace("change", "undo"), {"reason": "Wrong"})
