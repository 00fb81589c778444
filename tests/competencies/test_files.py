"""Files with practice: known by their content, for those who judge it only, and gone with the words."""

import io
import zipfile
from collections.abc import Mapping
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from competencies.actions import (
    decline,
    erase_words,
    give_second_reading,
    pass_on,
    verify,
    withdraw_practice,
)
from competencies.files.actions import attach_file, remove_file
from competencies.files.kinds import MEDIA_TYPES, kind_of
from competencies.files.queries import files_of
from competencies.models import PracticeFile, PracticeFilePart
from competencies.models.files import LARGEST_FILE
from workforce.models import User

from .test_evidence import LOG, REGISTRATION, founder, people, put_forward, team
from .test_practice_states import second

__all__ = ["founder", "people", "second", "team"]

Kind = PracticeFile.Kind
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(range(200))
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"


def packed(parts: Mapping[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return content.getvalue()


def office(kind: Kind, **more: str) -> bytes:
    return packed({"[Content_Types].xml": f'<Override ContentType="{MEDIA_TYPES[kind]}.main+xml"/>', **more})


def open_document(kind: Kind, **more: str) -> bytes:
    return packed({"mimetype": MEDIA_TYPES[kind], **more})


def kind(content: bytes) -> Kind:
    return kind_of(io.BytesIO(content))


def attach(owner: User, content: bytes = PDF, name: str = "chart.pdf", **more: object) -> PracticeFile:
    given = {
        "owner": owner,
        "activity_iri": LOG,
        "registration": REGISTRATION,
        "name": name,
        "content": io.BytesIO(content),
        "length": len(content),
    }
    return attach_file(**{**given, **more})  # type: ignore[arg-type]


TAKEN = [
    (PDF, Kind.PDF),
    (PNG, Kind.PNG),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(100), Kind.JPEG),
    *((office(each), each) for each in (Kind.DOCX, Kind.XLSX, Kind.PPTX)),
    *((open_document(each), each) for each in (Kind.ODT, Kind.ODS, Kind.ODP)),
    (b"day,falls\r\n1 June,3\r\n", Kind.TEXT),
    ("Caf\u00e9 minutes".encode("cp1252"), Kind.TEXT),
    (b"BM meeting: we tried it", Kind.TEXT),
]
REFUSED = [
    (b"", "is empty"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "web page or a drawing"),
    (b"\xef\xbb\xbf  <!DOCTYPE html><p>", "web page or a drawing"),
    (b"harmless, then <script>", "web page or a drawing"),
    (b"#!/bin/sh\nrm", "program or a script"),
    (b"MZ\x90\x00\x03" + bytes(100), "program or a script"),
    (b"\x7fELF\x02" + bytes(100), "program or a script"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "older Office file, or has a password"),
    (b"{\\rtf1 words}", "kind that we do not take"),
    (b"GIF89a" + bytes(100), "kind that we do not take"),
    (office(Kind.DOCX, **{"word/vbaProject.bin": "x"}), "holds macros"),
    (packed({"[Content_Types].xml": "application/vnd.ms-excel.sheet.macroEnabled.main+xml"}), "holds macros"),
    (open_document(Kind.ODS, **{"Basic/Standard/Module1.xml": "x"}), "holds macros"),
    (packed({"notes.txt": "words"}), "packed folder"),
    (packed({"[Content_Types].xml": " " * 2_000_000}), "kind that we do not take"),
    (office(Kind.DOCX)[:60], "cannot be read"),
]


@pytest.mark.parametrize(("content", "expected"), TAKEN)
def test_a_file_is_known_by_its_content(content: bytes, expected: Kind) -> None:
    assert kind(content) == expected


@pytest.mark.parametrize(("content", "words"), REFUSED)
def test_what_we_do_not_take_is_refused_with_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        kind(content)


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda more: b"PK\x03\x04" + more)))
def test_any_bytes_have_a_kind_or_are_refused(content: bytes) -> None:
    try:
        found: str = kind(content)
    except ValidationError as refusal:
        found = refusal.message[-1]
    assert found in {*Kind, "."}


def test_a_name_keeps_no_folder_and_gets_the_ending_of_what_the_file_is(people: dict[str, User]) -> None:
    owner = people["learner"]
    names = ("C:\\docs\\chart.EXE", "../../\u202echart.PDF", "x" * 300)
    assert [attach(owner, name=name).name for name in names] == ["chart.pdf", "chart.pdf", "x" * 146 + ".pdf"]
    assert attach(owner, b"a,b", name="falls.csv").name == "falls.csv"


def test_five_at_most_and_the_place_of_one_that_was_removed_is_free(people: dict[str, User]) -> None:
    owner = people["learner"]
    files = [attach(owner) for _ in range(5)]
    with pytest.raises(ValidationError, match=r"“sixth\.pdf” is one too many"):
        attach(owner, name="sixth.pdf")
    remove_file(file=files[2], by=owner)
    assert attach(owner).number == 3


def test_a_file_over_20_mb_is_refused_before_it_is_read(people: dict[str, User]) -> None:
    with pytest.raises(ValidationError, match="larger than 20 MB"):
        attach(people["learner"], length=LARGEST_FILE + 1)
    assert not PracticeFile.objects.exists()


def test_only_while_it_is_with_nobody_are_files_attached_and_removed(
    people: dict[str, User], founder: User
) -> None:
    owner = people["learner"]
    file = attach(owner)
    practice = put_forward(people)
    for change in (lambda: attach(owner), lambda: remove_file(file=file, by=owner)):
        with pytest.raises(ValidationError, match="Its files stay as they are"):
            change()
    withdraw_practice(practice=practice, by=owner)
    with pytest.raises(ValidationError, match="Only the person who attached this"):
        remove_file(file=file, by=founder)
    remove_file(file=file, by=owner)
    assert not PracticeFilePart.objects.exists()


def test_files_survive_not_yet_and_asking_again_and_go_with_the_words(
    people: dict[str, User], founder: User
) -> None:
    attach(people["learner"])
    practice = put_forward(people)
    decline(practice=practice, by=founder, reason="Say what changed.")
    attach(people["learner"], PNG, "after.png")
    put_forward(people)
    verify(practice=practice, by=founder)
    assert [file.name for file in files_of(practice)] == ["chart.pdf", "after.png"]
    erase_words(practice=practice, by=people["learner"])
    assert not files_of(practice).exists()


def answer(client: Client, who: User, file: PracticeFile) -> int:
    client.force_login(who)
    return client.get(f"/practice-files/{file.uuid}/").status_code


def test_only_the_owner_and_the_person_asked_at_present_read_it(
    client: Client, people: dict[str, User], founder: User, second: User
) -> None:
    owner, file = people["learner"], attach(people["learner"])
    assert [answer(client, who, file) for who in (owner, founder, second)] == [200, 404, 404]
    practice = put_forward(people)
    assert [answer(client, who, file) for who in (owner, founder, second)] == [200, 200, 404]
    pass_on(practice=practice, by=founder, to=second)
    assert [answer(client, who, file) for who in (owner, founder, second)] == [200, 404, 200]
    verify(practice=practice, by=second)
    assert [answer(client, who, file) for who in (owner, founder, second)] == [200, 404, 404]


def test_a_large_file_comes_back_whole_to_be_saved_and_not_shown(
    client: Client, people: dict[str, User]
) -> None:
    content = PDF + bytes(2 * 1024 * 1024)
    file = attach(people["learner"], content, "run chart.pdf")
    client.force_login(people["learner"])
    response = client.get(f"/practice-files/{file.uuid}/")
    assert b"".join(response.streaming_content) == content  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="run chart.pdf"'
    assert (response["X-Content-Type-Options"], response["Content-Length"]) == ("nosniff", str(len(content)))
    assert "no-store" in response["Cache-Control"]
    assert file.parts.count() == 3


def test_the_person_asked_finds_the_files_on_the_page(
    client: Client, people: dict[str, User], founder: User
) -> None:
    file = attach(people["learner"])
    practice = put_forward(people)
    client.force_login(founder)
    assert f"/practice-files/{file.uuid}/" in client.get(f"/verify/{practice.uuid}/").content.decode()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"number": 6}, "practice_files_5_at_most"),
        ({"number": 2}, "practice_file_number"),
        ({"length": LARGEST_FILE + 1}, "practice_file_up_to_20_mb"),
    ],
)
def test_the_database_holds_the_limits(change: dict[str, int], rule: str, people: dict[str, User]) -> None:
    file = attach(people["learner"])
    attach(people["learner"])
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        PracticeFile.objects.filter(pk=file.pk).update(**change)


def test_an_unknown_file_is_not_found(client: Client, people: dict[str, User]) -> None:
    client.force_login(people["learner"])
    assert client.get(f"/practice-files/{UUID(int=7)}/").status_code == 404


def test_a_second_reader_opens_them_until_they_have_answered(
    client: Client, people: dict[str, User], founder: User, second: User, settings: Settings
) -> None:
    settings.SECOND_READER_SHARE = 100
    file, practice = attach(people["learner"]), put_forward(people)
    assert answer(client, second, file) == 404
    reading = verify(practice=practice, by=founder).second_reading
    assert [answer(client, who, file) for who in (founder, second)] == [404, 200]
    page = f"/verify/second-readings/{reading.pk}/"
    assert f"/practice-files/{file.uuid}/" in client.get(page).content.decode()
    give_second_reading(reading=reading, by=second, verdict="confirm")
    assert answer(client, second, file) == 404
    assert f"/practice-files/{file.uuid}/" not in client.get(page).content.decode()
