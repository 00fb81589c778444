"""Bytes in, rows of text out. Comma, semicolon or tab: whichever the row of headings uses most."""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from workforce.imports.faults import Fault, Refused, shown

LARGEST_FILE = 50_000_000  # bytes; a list of 200,000 people is about 20 MB
SAVE_AS = "Save the file again as “CSV UTF-8”."
UTF_8, WINDOWS = "utf-8-sig", "cp1252"
SEPARATORS = (",", ";", "\t")  # where two are as frequent, the first of them


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its number as a spreadsheet shows it, and its trimmed cells by column."""

    number: int
    cells: dict[str, str]


def read_table(
    data: bytes,
    columns: Collection[str],
    *,
    optional: Collection[str] = (),
    encodings: Sequence[str] = (UTF_8,),
) -> list[Row]:
    """Read a CSV file that has exactly these columns, in any order; `optional` ones may be missing.

    The first of `encodings` in which every letter can be read is taken. Raises `Refused`.
    """
    records = _records(_text(data, encodings))
    number, headings = next(records, (1, []))
    headings = [heading.strip().lower() for heading in headings]
    faults = _heading_faults(headings, columns, optional)
    if faults:
        raise Refused(faults)
    rows = []
    for number, record in records:
        if len(record) == len(headings):
            rows.append(Row(number, dict(zip(headings, (cell.strip() for cell in record), strict=True))))
        else:
            problem = f"There are {len(record)} cells, but {len(headings)} headings."
            faults.append(Fault(number, "", problem, "Look for a missing or extra separator or quote mark."))
    if faults:
        raise Refused(faults)
    if not rows:
        raise Refused([Fault(0, "", "There are no rows under the headings.", "Send the list with its rows.")])
    return rows


def _text(data: bytes, encodings: Sequence[str]) -> str:
    if len(data) > LARGEST_FILE:
        raise Refused([Fault(0, "", "The file is larger than 50 MB.", "Check that it is the right file.")])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused([Fault(0, "", "The file is in UTF-16 (“Unicode text”).", SAVE_AS)])
    if b"\0" in data:
        row = data[: data.index(b"\0")].count(b"\n") + 1
        raise Refused([Fault(row, "", "There is a zero byte, so this is not a text file.", SAVE_AS)])
    text = _decoded(data, encodings)
    if not text.strip():
        raise Refused([Fault(0, "", "The file is empty.", "Check that it was saved and sent whole.")])
    return text


def _decoded(data: bytes, encodings: Sequence[str]) -> str:
    first_error = None
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            first_error = first_error or error
    row = data[: first_error.start].count(b"\n") + 1 if first_error else 0
    problem = (
        "A letter is neither in UTF-8 nor in the older Windows encoding (cp1252)."
        if WINDOWS in encodings
        else "A letter is not in UTF-8; the file seems to use an older Windows encoding (cp1252)."
    )
    raise Refused([Fault(row, "", problem, SAVE_AS)]) from first_error


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with its number. Raises `Refused` where quoting goes wrong."""
    first_line = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(SEPARATORS, key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise Refused([_broken(number, error)]) from error
        if record is None:
            return
        if any(cell.strip() for cell in record):
            yield number, record


def _broken(number: int, error: csv.Error) -> Fault:
    if "field limit" in str(error):
        problem = f"A cell is longer than {csv.field_size_limit():,} characters."
        return Fault(number, "", problem, "Look for a quote mark that is opened and not closed.")
    return Fault(
        number, "", "The quote marks do not match.", "Close each quote mark, and double those inside a cell."
    )


def _heading_faults(headings: list[str], columns: Collection[str], optional: Collection[str]) -> list[Fault]:
    faults = [
        Fault(1, column, "This column is missing.", "Add it; its cells may be blank where the guide says so.")
        for column in columns
        if column not in headings
    ]
    for position, heading in enumerate(headings):
        if heading not in columns and heading not in optional:
            faults.append(
                Fault(
                    1, shown(heading), "This column is not known.", "Remove it: send no more than is needed."
                )
            )
        elif heading in headings[:position]:
            faults.append(Fault(1, heading, "This column is there twice.", "Remove one of the two."))
    return faults
