"""The command at the door: files of any kind in, a clear answer out, nothing half-stored."""

import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from tests.workforce.conftest import DAY
from workforce.imports.faults import Refused
from workforce.imports.staff import Summary, import_staff
from workforce.imports.staff_rows import COLUMNS
from workforce.management.commands.import_staff import Command
from workforce.models import Organisation, Post, StaffImport, Team, Tier, User

StaffList = Callable[..., bytes]
ADA = {"staff_number": "0001", "name": "Zoë Example", "email": "zoe@zz1.example"}


@pytest.fixture(autouse=True)
def places(trust: Organisation, ward: Team, frontline: Tier) -> None:
    """The organisation, team and tier that the lists name."""


@pytest.fixture
def send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.setattr(f"{Command.__module__}.timezone.localdate", lambda *_: DAY)

    def command(data: bytes, *options: str, code: str = "ZZ1") -> str:
        (tmp_path / "staff.csv").write_bytes(data)
        out = StringIO()
        path = str(tmp_path / "staff.csv")
        call_command("import_staff", path, f"--organisation={code}", "--on=2026-11-22", *options, stdout=out)
        return out.getvalue()

    return command


def test_summary_is_printed(send: Callable[..., str], staff_list: StaffList) -> None:
    printed = send(staff_list(ADA))

    assert printed.startswith("Stored.")
    assert "joiners                              1" in printed
    assert "Frontline staff                      1" in printed
    assert StaffImport.objects.get().counts["joiners"] == 1


def test_file_is_named_in_the_history_however_its_name_is_written(
    staff_list: StaffList, tmp_path: Path
) -> None:
    path = os.fsencode(tmp_path / "list ") + b"\xe9.csv"
    with open(path, "wb") as file:
        file.write(staff_list(ADA))

    call_command("import_staff", os.fsdecode(path), "--organisation=ZZ1", verbosity=0)

    taken = StaffImport.objects.get()
    assert (taken.file_name, taken.imported_by) == ("list \ufffd.csv", None)


def test_dry_run_says_the_same_and_stores_nothing(send: Callable[..., str], staff_list: StaffList) -> None:
    printed = send(staff_list(ADA), "--dry-run")

    assert printed.startswith("Dry run: nothing was stored.")
    assert "Joiners: 0001" in printed
    assert not User.objects.exists()
    assert not StaffImport.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text.replace(b",", b";"),
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"\n\n" + text + b"\n\n",
        lambda text: text.replace(b"staff_number", b" Staff_Number "),
    ],
    ids=["mark", "semicolons", "windows lines", "blank lines", "spaced heading"],
)
def test_usual_kinds_of_file_are_read(
    change: Callable[[bytes], bytes], send: Callable[..., str], staff_list: StaffList
) -> None:
    send(change(staff_list(ADA)))

    assert User.objects.get().name == "Zoë Example"


HEAD = ",".join(COLUMNS).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "file: The file is empty."),
        (b" \n\n", "The file is empty."),
        (HEAD, "There are no rows under the headings."),
        (HEAD + b"\n1,a\0b", "row 2: There is a zero byte"),
        (
            HEAD + "\n1,Zoë".encode("cp1252"),
            "row 2: A letter is not in UTF-8; the file seems to use an older Windows",
        ),
        ("staff_number".encode("utf-16"), "The file is in UTF-16"),
        (HEAD + b'\n1,"Ada', "row 2: The quote marks do not match."),
        (HEAD + b'\n1,"' + b"a" * 10_000_000 + b'"', "row 2: A cell is longer than 131,072 characters."),
        (b"x" * 50_000_001, "The file is larger than 50 MB."),
        (HEAD + b"\n1,Ada", "row 2: There are 2 cells, but 12 headings."),
        (HEAD.replace(b"tier", b"rank") + b"\n", "row 1, tier: This column is missing."),
        (HEAD.replace(b"tier", b"rank") + b"\n", "row 1, “rank”: This column is not known."),
        (HEAD + b",tier\n", "row 1, tier: This column is there twice."),
        (b"\x89PNG\r\n\x1a\n", "A letter is not in UTF-8"),
    ],
)
def test_unreadable_file_is_refused_in_words(data: bytes, said: str, send: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="Nothing was stored") as refused:
        send(data)

    assert said in str(refused.value)
    assert refused.value.returncode == 1
    assert not User.objects.exists()


def test_fifty_faults_are_printed_and_all_are_written(
    send: Callable[..., str], staff_list: StaffList, tmp_path: Path
) -> None:
    rows = [{"staff_number": str(number), "tier": "x"} for number in range(60)]

    with pytest.raises(CommandError) as refused:
        send(staff_list(*rows), f"--errors={tmp_path / 'errors.csv'}")

    printed = str(refused.value).splitlines()
    written = (tmp_path / "errors.csv").read_text(encoding="utf-8-sig").splitlines()
    assert printed[0] == "Nothing was stored. 60 to put right:"
    assert printed[1] == "row 2, tier: “x” is not a tier. Use frontline."
    assert sum(line.startswith("row ") for line in printed) == 50
    assert written[0] == "row,column,problem,what to do"
    assert len(written) == 61


def test_unknown_organisation_and_missing_file_are_said(
    send: Callable[..., str], staff_list: StaffList
) -> None:
    with pytest.raises(CommandError, match="No organisation has the code NONE"):
        send(staff_list(ADA), code="NONE")
    with pytest.raises(
        CommandError, match=r"^/nowhere/staff.csv cannot be read: No such file or directory.$"
    ):
        call_command("import_staff", "/nowhere/staff.csv", "--organisation=ZZ1")


def test_a_day_that_is_none_or_has_not_come_is_refused(
    send: Callable[..., str], staff_list: StaffList
) -> None:
    with pytest.raises(CommandError, match="'yesterday' is not a day"):
        send(staff_list(ADA), "--on=yesterday")
    with pytest.raises(CommandError, match="23/11/2026 has not come yet"):
        send(staff_list(ADA), "--on=2026-11-23")
    assert not StaffImport.objects.exists()


@pytest.mark.parametrize("people", [1, 30])
def test_queries_do_not_grow_with_the_list(
    people: int, trust: Organisation, staff_list: StaffList, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [{"staff_number": str(number), "overlays": "patient_facing"} for number in range(people)]

    with django_assert_num_queries(31):
        import_staff(organisation=trust, data=staff_list(*rows), on=DAY)


CELLS = st.sampled_from(
    [
        "",
        "0001",
        "Zoë Example",
        "zoe@zz1.example",
        "ward",
        "frontline",
        "patient_facing",
        "bank",
        "2020-01-06",
        "30/11/2026",
        "x",
        '"',
        ";",
        "|",
        "\0",
        "\ufeff",
        "\r",
        "=1+1",
    ]
)
ROWS = st.lists(st.lists(CELLS, min_size=10, max_size=13), max_size=4)
FILES = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=100).map(lambda tail: HEAD + b"\n" + tail),
    ROWS.map(lambda rows: "\n".join([",".join(COLUMNS), *map(",".join, rows)]).encode()),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=FILES)
def test_any_bytes_get_a_clear_answer(data: bytes, trust: Organisation) -> None:
    before = User.objects.count(), Post.objects.count()
    answer = answer_to(trust, data)
    if isinstance(answer, Summary):
        assert Post.objects.count() == before[1] + answer.posts_added
    else:
        assert all(fault.problem and fault.remedy and str(fault).isprintable() for fault in answer.faults)
        assert (User.objects.count(), Post.objects.count()) == before


def answer_to(trust: Organisation, data: bytes) -> Summary | Refused:
    try:
        return import_staff(organisation=trust, data=data, on=DAY)
    except Refused as refused:
        return refused
