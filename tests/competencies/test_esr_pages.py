"""The screens for files from and for ESR: send, preview, confirm, history, undo, download, and who may do so."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from competencies.esr.importing import import_esr
from competencies.models import Capability, EsrExport, EsrImport, EsrName, EsrTaken, EsrUpload, EvidenceRule
from workforce.actions import grant
from workforce.models import Grant, Organisation, User

from .esr import ESSENTIALS, START, employ, esr_file, evidence_of, know_essentials, profile

HISTORY = "/admin/competencies/esrimport/"
FILES = "/admin/competencies/esrexport/"
NAMES = "/admin/competencies/esrname/"
ALL = ("add_esrimport", "add_esrexport", "view_esrname", "add_esrname", "change_esrname", "add_esrcredit",
       "change_esrcredit", "delete_esrcredit", "view_esrcredit")  # fmt: skip
ROW = ("0001", ESSENTIALS, "01-Sep-2025", "")


@pytest.fixture
def steward(client: Client, trust: Organisation) -> User:
    """Capability lead of the trust, who may exchange its files; signed in."""
    steward = lead_of(trust, *ALL)
    client.force_login(steward)
    return steward


def lead_of(organisation: Organisation | None, *permissions: str, **flags: Any) -> User:
    number = User.objects.count()
    user = User.objects.create_user(
        f"lead{number}@nhs.example", name=f"Lead {number}", **({"is_staff": True} | flags)
    )
    if organisation:
        grant(user=user, role=Grant.Role.CAPABILITY_LEAD, scope=organisation, start=START)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=permissions, content_type__app_label="competencies")
    )
    return user


def sent(client: Client, trust: Organisation, data: bytes) -> Any:
    file = SimpleUploadedFile("esr.csv", data, content_type="text/csv")
    return client.post(f"{HISTORY}add/", {"organisation": trust.pk, "file": file})


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_file_is_sent_previewed_confirmed_and_undone(
    client: Client, steward: User, trust: Organisation
) -> None:
    know_essentials()
    ada = employ(trust, "0001")
    address = sent(client, trust, esr_file(ROW, ("=cmd", ESSENTIALS, "01-Sep-2025", "")))["Location"]
    upload = EsrUpload.objects.get()
    preview = words(client.get(address))
    assert "Check what would count" in preview
    assert "shows SS-1 at level 1, SS-2 at level 1." in preview
    assert "Left out: unknown staff number" in preview
    assert not EsrTaken.objects.exists()

    confirm = f"{HISTORY}uploads/{upload.uuid}/confirm/"
    stored = words(client.post(confirm, {"plan": upload.plan}, follow=True))
    client.post(confirm, {"plan": upload.plan})
    taken = EsrImport.objects.get()
    assert "The file from ESR is stored." in stored
    assert (taken.imported_by, taken.counts["would count"], len(evidence_of(ada))) == (steward, 1, 2)
    assert taken.digest in stored
    upload.refresh_from_db()
    assert (upload.data, upload.rows) == (None, [])

    undo = f"{HISTORY}{taken.pk}/undo/"
    assert "Undo this file?" in words(client.get(undo))
    assert "Write down why the file is undone." in words(client.post(undo, {"reason": " "}))
    undone = words(client.post(undo, {"reason": "The file of another month"}, follow=True))
    assert "The file of another month" in undone
    assert evidence_of(ada) == []
    assert "undone before" in words(client.post(undo, {"reason": "Again"}, follow=True))
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        "Taken in from a file.",
        "Undone.",
    ]


def test_faults_are_shown_with_their_rows_and_nothing_can_be_confirmed(
    client: Client, steward: User, trust: Organisation
) -> None:
    know_essentials()
    employ(trust, "0001")
    address = sent(client, trust, esr_file(("0001", ESSENTIALS, "1/9/25", "")))["Location"]
    page = words(client.get(address))
    assert "Nothing can be stored yet" in page
    assert "“1/9/25” is not a date as ESR writes it." in page
    assert "Store this file" not in page
    client.post(f"{address}confirm/", {"plan": ""})
    assert not EsrImport.objects.exists()


def test_file_with_nothing_new_has_nothing_to_store(
    client: Client, steward: User, trust: Organisation
) -> None:
    address = sent(client, trust, esr_file(("0001", "NHS|CSTF|Fire Safety - 2 Years|", "x", "y")))["Location"]
    page = words(client.get(address))
    assert "Nothing in this file is new" in page
    assert "Store this file" not in page
    plan = EsrUpload.objects.get().plan
    assert "Nothing was stored" in words(client.post(f"{address}confirm/", {"plan": plan}, follow=True))


def test_what_changed_since_the_preview_is_shown_before_anything_is_stored(
    client: Client, steward: User, trust: Organisation
) -> None:
    know_essentials()
    employ(trust, "0001")
    address = sent(client, trust, esr_file(ROW))["Location"]
    plan = EsrUpload.objects.get().plan
    import_esr(organisation=trust, data=esr_file(ROW))
    answer = words(client.post(f"{address}confirm/", {"plan": plan}, follow=True))
    assert "what we know has changed since the preview" in answer
    assert "Left out: taken in before" in answer
    assert EsrImport.objects.count() == 1


def test_lead_downloads_the_file_and_the_history_says_so(
    client: Client, steward: User, trust: Organisation, show: Callable[..., UUID]
) -> None:
    assert "no ESR profile" in words(client.post(f"{FILES}add/", {"organisation": trust.pk}))
    profile(trust)
    show(employ(trust, "0001"), "SS-2", 1, date(2025, 1, 1))
    assert "Make a file for ESR" in words(client.get(f"{FILES}add/"))
    answer: Any = client.post(f"{FILES}add/", {"organisation": trust.pk})
    content = answer.getvalue().decode("utf-8-sig")
    export = EsrExport.objects.get()
    assert content.splitlines()[1].startswith("0001,457|LOCAL|SI SS-2 Human factors - 3 Years|")
    assert answer["Content-Disposition"] == f'attachment; filename="{export.file_name}"'
    assert (export.rows, export.exported_by, export.way) == (1, steward, "download")
    assert export.file_name in words(client.get(FILES))


@pytest.mark.parametrize(
    ("leads", "permissions", "flags"),
    [
        (False, ALL, {}),
        (True, (), {}),
        (True, ALL, {"is_staff": False}),
        (False, (), {"is_superuser": True}),
    ],
    ids=["permission alone", "role alone", "no staff account", "runs the service"],
)
def test_role_and_permission_are_both_needed(
    client: Client, trust: Organisation, leads: bool, permissions: tuple[str, ...], flags: dict[str, bool]
) -> None:
    know_essentials()
    employ(trust, "0001")
    taken = import_esr(organisation=trust, data=esr_file(ROW)).esr_import
    assert taken
    client.force_login(lead_of(trust if leads else None, *permissions, **flags))
    answers = [
        client.get(f"{HISTORY}add/"),
        client.get(f"{FILES}add/"),
        client.get(f"{HISTORY}{taken.pk}/change/"),
        client.get(f"{HISTORY}{taken.pk}/undo/"),
    ]
    assert {answer.status_code for answer in answers} <= {302, 403, 404}


def test_lead_elsewhere_finds_neither_file_nor_upload(
    client: Client, steward: User, trust: Organisation
) -> None:
    know_essentials()
    employ(trust, "0001")
    address = sent(client, trust, esr_file(ROW))["Location"]
    taken = import_esr(organisation=trust, data=esr_file(ROW)).esr_import
    assert taken
    elsewhere = Organisation.objects.create(code="X9B", name="Another", opened=START)
    client.force_login(lead_of(elsewhere, *ALL))
    pages = [address, f"{HISTORY}{taken.pk}/change/", f"{HISTORY}{taken.pk}/undo/"]
    assert [client.get(page).status_code for page in pages] == [404] * 3
    assert "Select a valid choice" in words(sent(client, trust, esr_file(ROW)))
    assert "Select a valid choice" in words(client.post(f"{FILES}add/", {"organisation": trust.pk}))
    client.force_login(lead_of(trust, *ALL))
    assert client.get(address).status_code == 404  # another lead's file is not theirs to see


def credits(*levels: tuple[str, int]) -> dict[str, Any]:
    form = {"credits-TOTAL_FORMS": len(levels), "credits-INITIAL_FORMS": 0}
    for number, (code, level) in enumerate(levels):
        form[f"credits-{number}-capability"] = Capability.objects.get(code=code).pk
        form[f"credits-{number}-level"] = level
    return form


def test_lead_adds_a_name_of_their_own_and_it_counts(
    client: Client, steward: User, trust: Organisation
) -> None:
    form = {"organisation": trust.pk, "name": "457 Safety basics", **credits(("SS-1", 2))}
    assert client.post(f"{NAMES}add/", form).status_code == 302
    name = EsrName.objects.get()
    assert EvidenceRule.objects.get().level == 2
    ada = employ(trust, "0001")
    import_esr(organisation=trust, data=esr_file(("0001", "457 SAFETY basics", "01-Sep-2025", "")))
    assert [row[:2] for row in evidence_of(ada)] == [("SS-1", 2)]

    again = client.post(f"{NAMES}add/", form | {"name": "457  safety basics|"})
    assert "This name is there already" in words(again)
    third = client.post(f"{NAMES}add/", form | {"name": "Other", **credits(("SS-1", 3))})
    assert "Select a valid choice" in words(third)
    own = client.post(f"{NAMES}add/", form | {"name": "457|LOCAL|SI SS-1 Systems thinking - 3 Years|"})
    assert "This name comes from here" in words(own)
    assert list(EsrName.objects.all()) == [name]


def test_lead_looks_at_national_names_and_changes_none(
    client: Client, steward: User, trust: Organisation
) -> None:
    national = know_essentials()
    page = client.get(f"{NAMES}{national.pk}/change/")
    assert (page.status_code, "Save" in words(page)) == (200, False)
    assert client.post(f"{NAMES}{national.pk}/change/", {"name": "Mine"}).status_code == 403
    nationwide = client.post(f"{NAMES}add/", {"organisation": "", "name": "000 All", **credits(("SS-1", 1))})
    assert "This field is required" in words(nationwide)
