"""Files for ESR: who is in them, how they are written, and the folder into which they go."""

import csv
import io
import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from competencies.esr.exporting import CannotExport, write_esr
from competencies.esr.folder import export_to_folder, import_from_folder
from competencies.esr.importing import import_esr
from competencies.models import EsrCredit, EsrExport, EsrImport, EsrName, EsrProfile, EsrTaken
from competencies.tasks import exchange_with_esr, forget_uploads_from_esr
from workforce.models import Organisation

from .esr import ESSENTIALS, employ, esr_file, know_essentials, profile

ON = date(2026, 11, 22)
Show = Callable[..., UUID]


def exported(trust: Organisation, on: date = ON) -> list[dict[str, str]]:
    file = io.BytesIO()
    written = write_esr(organisation=trust, on=on, file=file)
    rows = list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"))))
    assert written.rows == len(rows)
    return rows


def test_each_level_held_is_a_row_as_esr_spells_it(trust: Organisation, show: Show) -> None:
    profile(trust)
    ada = employ(trust, "0001")
    show(ada, "SS-1", 2, date(2025, 11, 30))
    show(ada, "SS-1", 2, date(2026, 1, 5))
    assert exported(trust) == [
        {
            "Employee Number": "0001",
            "Competency Name": "457|LOCAL|SI SS-1 Systems thinking - 3 Years|",
            "Proficiency Level": "2 - Understand",
            "Title": "Systems thinking, level 2",
            "Date Start": "30-Nov-2025",
            "Date Last Awarded": "05-Jan-2026",
            "Expiry Date": "05-Jan-2029",
            "Last Updated By": "Promise to Learn",
            "VPD": "457",
            "Compliance Status": "Compliant",
        }
    ]


def test_only_staff_with_a_number_and_a_post_here_on_the_day_are_in_it(
    trust: Organisation, show: Show
) -> None:
    profile(trust)
    elsewhere = Organisation.objects.create(code="X9B", name="Another", opened=date(2010, 1, 1))
    people = [
        employ(trust, "0001"),
        employ(trust, None),
        employ(trust, "0003", end=date(2026, 11, 22)),
        employ(elsewhere, "0004"),
        employ(trust, "0005"),
    ]
    for person in people[:4]:
        show(person, "SS-2", 1, date(2025, 1, 1))
    show(people[4], "SS-2", 1, date(2020, 2, 1))  # ended long ago
    assert [row["Employee Number"] for row in exported(trust)] == ["0001"]


def test_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(trust: Organisation, show: Show) -> None:
    profile(trust)
    show(employ(trust, "=1+1"), "SS-2", 1, date(2025, 1, 1))
    assert exported(trust)[0]["Employee Number"] == "'=1+1"


def test_queries_do_not_grow_with_people(
    trust: Organisation, show: Show, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The profile, the edition in force, and one for all rows; the other two open and end the transaction."""
    profile(trust)
    for numbers in (["0001"], ["0002", "0003"]):
        for number in numbers:
            show(employ(trust, number), "SS-2", 1, date(2025, 1, 1))
        with django_assert_num_queries(QUERIES):
            write_esr(organisation=trust, on=ON, file=io.BytesIO())


QUERIES = 5


def test_file_that_comes_back_is_known_and_brings_nothing(trust: Organisation, show: Show) -> None:
    profile(trust)
    know_essentials()
    for number in ("0001", "=2"):
        show(employ(trust, number), "SS-2", 1, date(2025, 1, 1))
    file = io.BytesIO()
    write_esr(organisation=trust, on=ON, file=file)
    back = import_esr(organisation=trust, data=file.getvalue())
    assert [told.kind for told in back.plan.told] == ["from this service"] * 2
    assert not EsrImport.objects.exists()


def test_organisation_without_profile_or_edition_is_told_what_to_do(trust: Organisation) -> None:
    with pytest.raises(CannotExport, match="Give its 3-digit VPD"):
        exported(trust)
    profile(trust)
    with pytest.raises(CannotExport, match="Adopt one first"):
        exported(trust, date(2014, 1, 1))


def test_command_writes_all_or_nothing(trust: Organisation, show: Show, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    with pytest.raises(CommandError, match="no ESR profile"):
        call_command("export_esr", file, organisation=trust.code)
    assert list(tmp_path.iterdir()) == []
    profile(trust)
    show(employ(trust, "0001"), "SS-2", 1, date(2025, 1, 1))
    call_command("export_esr", file, organisation=trust.code)
    export = EsrExport.objects.get()
    assert (export.way, export.rows, export.file_name) == ("command", 1, "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_esr", tmp_path / "nowhere" / "out.csv", organisation=trust.code)


def test_one_file_a_day_goes_into_the_folder(trust: Organisation, tmp_path: Path) -> None:
    profile(trust)
    first = export_to_folder(organisation=trust, on=ON, folder=tmp_path)
    assert first
    assert export_to_folder(organisation=trust, on=ON, folder=tmp_path) is None
    assert [path.name for path in (tmp_path / "X9A" / "out").iterdir()] == ["esr-X9A-2026-11-22.csv"]
    assert EsrExport.objects.count() == 1


def test_what_fails_midway_leaves_neither_file_nor_history(
    trust: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile(trust)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        export_to_folder(organisation=trust, on=ON, folder=tmp_path)
    assert list((tmp_path / "X9A" / "out").iterdir()) == []
    assert not EsrExport.objects.exists()


def put(folder: Path, name: str, data: bytes, age: int = 3600) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    os.utime(folder / name, (time.time() - age,) * 2)


def test_files_in_the_folder_are_taken_in_or_refused_with_reasons(
    trust: Organisation, tmp_path: Path
) -> None:
    know_essentials()
    employ(trust, "0001")
    inbox = tmp_path / "X9A" / "in"
    put(inbox, "good.csv", esr_file(("0001", ESSENTIALS, "01-Sep-2025", "")))
    put(inbox, "again.csv", esr_file(("0001", ESSENTIALS, "01-Sep-2025", "")))
    put(inbox, "bad.csv", esr_file(("0001", ESSENTIALS, "1/9/25", "")))
    put(inbox, "arriving.csv", b"Employee", age=0)
    put(tmp_path, "elsewhere.csv", b"")
    (inbox / "link.csv").symlink_to(tmp_path / "elsewhere.csv")

    assert import_from_folder(organisation=trust, folder=tmp_path) == 3
    assert {path.name for path in inbox.iterdir()} == {"arriving.csv", "link.csv", "done", "refused"}
    assert sorted(path.name[16:] for path in (inbox / "done").iterdir()) == ["again.csv", "good.csv"]
    reasons = next((inbox / "refused").glob("*.txt")).read_text(encoding="utf-8")
    assert "row 2, Date Last Awarded: “1/9/25” is not a date as ESR writes it." in reasons
    assert EsrTaken.objects.count() == EsrImport.objects.count() == 1
    assert import_from_folder(organisation=Organisation(code="X9Z"), folder=tmp_path) == 0


def test_beat_exchanges_only_where_a_folder_and_a_profile_are_given(
    trust: Organisation, tmp_path: Path, settings: Any
) -> None:
    assert exchange_with_esr() == 0
    settings.ESR_FOLDER = str(tmp_path)
    assert exchange_with_esr() == 0
    profile(trust)
    undecided = Organisation.objects.create(code="X9B", name="Another", opened=date(2010, 1, 1))
    profile(undecided, "458")
    assert (exchange_with_esr(), exchange_with_esr()) == (2, 2)
    assert [(e.organisation, e.on, e.way) for e in EsrExport.objects.all()] == [
        (trust, timezone.localdate(), "nightly")
    ]
    assert forget_uploads_from_esr() == 0


def refused_rows(trust: Organisation, other: Organisation) -> dict[str, Any]:
    """By its name, a row that each constraint refuses; a usual one of each is there."""
    profile(trust)
    name = know_essentials()
    credit = name.credits.all()[0]
    usual = {"organisation": trust, "on": ON, "file_name": "f", "rows": 0, "digest": "d"}
    EsrExport.objects.create(**usual, way="nightly")
    return {
        "esr_vpd_has_3_digits": EsrProfile(organisation=other, vpd="45a"),
        "vpd": EsrProfile(organisation=other, vpd="457"),
        "esr_name_once": EsrName(name="Other words", folded=name.folded),
        "esr_name_is_folded": EsrName(name="?", folded=""),
        "esr_credit_once": EsrCredit(esr_name=name, capability=credit.capability, level=2),
        "esr_credit_level_1_or_2": EsrCredit(
            esr_name=EsrName.objects.create(name="n", folded="n"), capability=credit.capability, level=3
        ),
        "esr_export_once_a_night": EsrExport(**usual, way="nightly"),
        "esr_download_has_a_person": EsrExport(**usual, way="download"),
    }


def test_the_database_refuses_what_cannot_be(trust: Organisation) -> None:
    other = Organisation.objects.create(code="X9B", name="Another", opened=date(2010, 1, 1))
    refused = refused_rows(trust, other)
    for constraint, row in refused.items():
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            row.save()
