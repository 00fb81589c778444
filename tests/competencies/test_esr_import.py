"""Files from ESR: what counts, what is left out, what is refused, and that twice is once."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from competencies.actions import rebuild_evidence
from competencies.esr.importing import Summary, import_esr
from competencies.esr.naming import load_esr_names
from competencies.esr.undoing import undo_esr_import
from competencies.models import EsrImport, EsrName, EsrTaken, Evidence
from learning import verbs
from learning.models import Statement
from workforce.imports.faults import Refused
from workforce.imports.staff import Stale
from workforce.models import Organisation, User

from .conftest import noon
from .esr import ESSENTIALS, HEADINGS, employ, esr_file, evidence_of, held_by, know_essentials

TODAY = date(2026, 11, 22)
NOON = noon(TODAY)


@pytest.fixture
def ada(trust: Organisation) -> User:
    return employ(trust, "0001")


@pytest.fixture
def essentials(trust: Organisation) -> EsrName:
    return know_essentials()


def take_in(trust: Organisation, *rows: tuple[str, ...], **options: object) -> Summary:
    return import_esr(organisation=trust, data=esr_file(*rows), **{"at": NOON, **options})  # type: ignore[arg-type]


def kinds(summary: Summary) -> list[tuple[int, str]]:
    return [(told.row, told.kind) for told in summary.plan.told]


def faults(trust: Organisation, data: bytes) -> list[str]:
    with pytest.raises(Refused) as refused:
        import_esr(organisation=trust, data=data, at=NOON)
    assert not EsrTaken.objects.exists()
    return [str(fault) for fault in refused.value.faults]


def test_learning_elsewhere_becomes_evidence_through_a_statement(
    trust: Organisation, ada: User, essentials: EsrName
) -> None:
    summary = take_in(trust, ("0001", ESSENTIALS, "01-Sep-2025", "No expiry"))

    assert kinds(summary) == [(2, "would count")]
    assert "shows SS-1 at level 1, SS-2 at level 1" in summary.plan.told[0].sentence
    statement = Statement.objects.get(verb=verbs.WAIVED)
    said = statement.content
    assert said["result"]["extensions"] == {
        "https://w3id.org/xapi/cmi5/result/extensions/reason": "Equivalent Outside Activity"
    }
    assert (said["context"], said["object"]["definition"]["name"]) == (
        {"platform": "ESR"},
        {"en-GB": ESSENTIALS},
    )
    assert [row[:2] + row[3:5] for row in evidence_of(ada)] == [
        ("SS-1", 1, date(2025, 9, 1), date(2028, 9, 1)),
        ("SS-2", 1, date(2025, 9, 1), date(2028, 9, 1)),
    ]
    before = evidence_of(ada), held_by(ada)
    rebuild_evidence()
    assert (evidence_of(ada), held_by(ada)) == before


def test_earlier_end_in_esr_is_honoured_and_a_later_one_is_not(
    trust: Organisation, ada: User, essentials: EsrName
) -> None:
    ben = employ(trust, "0002")
    take_in(
        trust,
        ("0001", ESSENTIALS, "01-Sep-2025", "01-Sep-2027"),
        ("0002", ESSENTIALS, "01-Sep-2025", "01-Sep-2035"),
    )
    assert {row[4] for row in evidence_of(ada)} == {date(2027, 9, 1)}
    assert {row[4] for row in evidence_of(ben)} == {date(2028, 9, 1)}
    before = evidence_of(ada)
    rebuild_evidence()
    assert evidence_of(ada) == before


def test_file_that_comes_twice_changes_nothing(trust: Organisation, ada: User, essentials: EsrName) -> None:
    row = ("0001", ESSENTIALS, "01-Sep-2025", "")
    take_in(trust, row)
    before = evidence_of(ada), Statement.objects.count(), EsrImport.objects.count()
    again = take_in(trust, row, by=employ(trust, "0009"))

    assert (kinds(again), again.esr_import) == ([(2, "taken in before")], None)
    assert (evidence_of(ada), Statement.objects.count(), EsrImport.objects.count()) == before


def test_same_row_has_the_same_id_wherever_it_is_taken_in(
    trust: Organisation, ada: User, essentials: EsrName
) -> None:
    """Taken in, undone and taken in once more, it counts again under an id of its own."""
    row = ("0001", ESSENTIALS, "01-Sep-2025", "")
    first = take_in(trust, row).esr_import
    assert first
    undo_esr_import(esr_import=first, reason="The wrong month", by=employ(trust, "0009"), at=NOON)
    take_in(trust, row)
    ids = {taken.statement_id for taken in EsrTaken.objects.all()}
    assert (len(ids), {id.version for id in ids if isinstance(id, UUID)}) == (2, {5})
    assert len(evidence_of(ada)) == 2


def test_undo_gives_the_state_before(
    trust: Organisation, ada: User, essentials: EsrName, show: Callable[..., UUID]
) -> None:
    show(ada, "SS-1", 2, date(2026, 1, 1))
    before = evidence_of(ada), held_by(ada)
    steward = employ(trust, "0009")
    taken_in = take_in(trust, ("0001", ESSENTIALS, "01-Sep-2025", "")).esr_import
    assert taken_in
    assert (evidence_of(ada), held_by(ada)) != before

    with pytest.raises(ValidationError, match="Write down why"):
        undo_esr_import(esr_import=taken_in, reason=" ", by=steward)
    undo_esr_import(esr_import=taken_in, reason="The wrong file", by=steward, at=NOON + timedelta(hours=1))
    assert (evidence_of(ada), held_by(ada)) == before
    assert Evidence.objects.filter(user=ada).exclude(withdrawn_at=None).count() == 2
    with pytest.raises(Refused, match="undone before"):
        undo_esr_import(esr_import=taken_in, reason="Once more", by=steward)
    rebuild_evidence()
    assert (evidence_of(ada), held_by(ada)) == before


def test_what_cannot_count_is_left_out_and_said(trust: Organisation, ada: User, essentials: EsrName) -> None:
    employ(trust, "0003", end=date(2026, 1, 1))
    sender = employ(trust, "0004")
    awarded = "01-Sep-2025"
    summary = take_in(
        trust,
        ("0001", "457|LOCAL|SI SS-1 Systems thinking - 3 Years|", awarded, "01-Sep-2028"),
        ("0001", "NHS|CSTF|Fire Safety - 2 Years|", "1/2/20", "whenever"),
        ("9999", ESSENTIALS, awarded, ""),
        ("0003", ESSENTIALS, awarded, ""),
        ("0004", ESSENTIALS, awarded, ""),
        ("0001", ESSENTIALS, "01-Sep-2020", "01-Sep-2023"),
        ("0001", ESSENTIALS, awarded, ""),
        ("0001", ESSENTIALS.upper().replace("–", "-"), awarded, ""),
        by=sender,
    )
    assert kinds(summary) == [
        (2, "from this service"),
        (3, "other learning"),
        (4, "unknown staff number"),
        (5, "no longer in post"),
        (6, "about whoever sent it"),
        (7, "ended already"),
        (8, "would count"),
        (9, "twice in the file"),
    ]
    assert all(told.sentence.endswith(".") for told in summary.plan.told)
    assert EsrTaken.objects.count() == 1


def test_one_wrong_row_refuses_the_whole_file(trust: Organisation, ada: User, essentials: EsrName) -> None:
    rows = [
        ("0001", ESSENTIALS, "01-Sep-2025", ""),
        ("0001", ESSENTIALS, "01/09/2024", ""),
        ("0001", ESSENTIALS, "01-Sep-2027", ""),
        ("0001", ESSENTIALS, "01-Sep-2025", "01-Sep-2025"),
        ("0001", ESSENTIALS, "01-Sep-2025", "01-Sep-2029"),
    ]
    assert faults(trust, esr_file(*rows)) == [
        "row 3, Date Last Awarded: “01/09/2024” is not a date as ESR writes it. Write it as 30-Nov-2028.",
        "row 4, Date Last Awarded: 1 September 2027 has not come yet. Correct the day.",
        "row 5, Expiry Date: It ends on 1 September 2025, but was awarded on 1 September 2025."
        " Correct one of the two days.",
        "row 6, Expiry Date: Row 2 says the same with another expiry date. Take out the row that is wrong.",
    ]


def test_missing_and_unknown_columns_are_refused(trust: Organisation) -> None:
    found = faults(
        trust, esr_file(("1", "2", "3"), headings=("Employee Number", "Competency Name", "NI Number"))
    )
    assert found == [
        "row 1, date last awarded: This column is missing. Add it; its cells may be blank where the guide says so.",
        "row 1, expiry date: This column is missing. Add it; its cells may be blank where the guide says so.",
        "row 1, “ni number”: This column is not known. Remove it: send no more than is needed.",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_usual_encodings_and_separators_are_read(
    trust: Organisation, ada: User, essentials: EsrName, encoding: str, delimiter: str
) -> None:
    data = esr_file(("0001", ESSENTIALS, "01-Sep-2025", ""), delimiter=delimiter).decode().encode(encoding)
    assert kinds(import_esr(organisation=trust, data=data, at=NOON)) == [(2, "would count")]


def test_formula_guard_is_taken_off_and_the_first_day_stands_in_for_a_missing_award(
    trust: Organisation, essentials: EsrName
) -> None:
    employ(trust, "-1")
    data = esr_file(
        ("'-1", ESSENTIALS, "", "01-Sep-2025", "", "Somebody Else"),
        headings=(*HEADINGS[:2], "Date Last Awarded", "Date Start", "Expiry Date", "Last Updated By"),
    )
    assert kinds(import_esr(organisation=trust, data=data, at=NOON)) == [(2, "would count")]
    assert not Statement.objects.filter(payload__contains="Somebody Else").exists()
    assert EsrTaken.objects.get().awarded == date(2025, 9, 1)


def test_name_of_the_organisation_stands_before_the_national_one(
    trust: Organisation, ada: User, essentials: EsrName
) -> None:
    know_essentials(trust, level=2)
    take_in(trust, ("0001", ESSENTIALS, "01-Sep-2025", ""))
    assert [row[:2] for row in evidence_of(ada)] == [("SS-1", 2), ("SS-2", 2)]


def test_name_of_another_organisation_counts_for_nothing(trust: Organisation, ada: User) -> None:
    know_essentials(Organisation.objects.create(code="X9B", name="Another", opened=date(2010, 1, 1)))
    assert kinds(take_in(trust, ("0001", ESSENTIALS, "01-Sep-2025", ""))) == [(2, "other learning")]


def test_plan_that_no_longer_holds_stores_nothing(
    trust: Organisation, ada: User, essentials: EsrName
) -> None:
    row = ("0001", ESSENTIALS, "01-Sep-2025", "")
    seen = take_in(trust, row, dry_run=True).plan.digest
    assert not EsrTaken.objects.exists()
    take_in(trust, row)
    with pytest.raises(Stale):
        take_in(trust, row, plan=seen)


def test_queries_do_not_grow_with_rows(
    trust: Organisation, essentials: EsrName, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Two people and 20 cost the same; before, somebody else made the caches warm."""
    numbers = [f"{number:04}" for number in range(23)]
    for number in numbers:
        employ(trust, number)
    take_in(trust, (numbers[0], ESSENTIALS, "01-Sep-2025", ""))
    for some in (numbers[1:3], numbers[3:]):
        with django_assert_num_queries(QUERIES):
            take_in(trust, *((number, ESSENTIALS, "01-Sep-2025", "") for number in some))


QUERIES = 36


def test_shipped_name_is_loaded_once_and_counts(trust: Organisation, ada: User) -> None:
    assert (load_esr_names(), load_esr_names()) == (1, 0)
    take_in(trust, ("0001", ESSENTIALS, "01-Sep-2025", ""))
    assert [row[0] for row in evidence_of(ada)] == [
        "LC-1", "PP-4", "SS-1", "SS-2", "SS-3", "SS-4", "SS-5", "SS-6", "SS-7", "SS-9",
    ]  # fmt: skip


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.one_of(st.binary(max_size=300), st.lists(st.lists(st.sampled_from(
    ["0001", "9", ESSENTIALS, "'=1", "01-Sep-2025", "31-Sep-2025", "No expiry", "", "“", "\x00", "ü\r", '"']
), min_size=3, max_size=5)).map(lambda rows: esr_file(*map(tuple, rows)))))  # fmt: skip
def test_any_bytes_get_a_clear_answer_and_nothing_is_half_stored(
    trust: Organisation, ada: User, essentials: EsrName, data: bytes
) -> None:
    try:
        first = import_esr(organisation=trust, data=data, at=NOON)
    except Refused as refused:
        answers = [fault.problem and fault.remedy for fault in refused.faults]
    else:
        answers = [told.sentence for told in first.plan.told]
        assert import_esr(organisation=trust, data=data, at=NOON).esr_import is None
    assert answers
    assert all(answers)
    taken = set(EsrTaken.objects.values_list("statement_id", flat=True))
    assert set(Statement.objects.values_list("pk", flat=True)) == taken
    assert set(Evidence.objects.values_list("statement_id", flat=True)) == taken


def test_command_takes_in_and_says_what_it_did(
    trust: Organisation, essentials: EsrName, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    employ(trust, "0001")
    file = tmp_path / "from-esr.csv"
    file.write_bytes(esr_file(("0001", ESSENTIALS, "01-Sep-2025", "")))
    call_command("import_esr", file, organisation=trust.code, dry_run=True)
    assert not EsrTaken.objects.exists()
    call_command("import_esr", file, organisation=trust.code)
    call_command("import_esr", file, organisation=trust.code)
    said = capsys.readouterr().out
    assert [line for line in said.splitlines() if line.endswith(".")] == [
        "Dry run: nothing was stored.",
        "Stored.",
        "Nothing is new, so nothing was stored.",
    ]
    with pytest.raises(CommandError, match="No organisation has the code ZZZ"):
        call_command("import_esr", file, organisation="ZZZ")
    file.write_bytes(b"\x81")
    with pytest.raises(CommandError, match="neither in UTF-8 nor in the older Windows encoding"):
        call_command("import_esr", file, organisation=trust.code)
    assert EsrImport.objects.get().file_name == "from-esr.csv"
    assert EsrImport.objects.get().recorded_at <= timezone.now()
