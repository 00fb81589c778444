import gzip
import io
import json
import secrets
import uuid
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning import verbs
from learning.actions import actor_for, create_credential, importing, store_statements
from learning.models import Credential, FileImport, Statement
from learning.queries.walking import walk
from workforce.models import Organisation

from .conftest import statement
from .mixed import attachment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _through_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests store and export within one transaction, and within the second left for clocks."""
    command = "learning.management.commands.export_statements"
    monkeypatch.setattr(f"{command}.consistent_through", timezone.now)


def numbered(count: int, **changes: Any) -> list[dict[str, Any]]:
    return [statement(id=str(uuid.UUID(int=number, version=4)), **changes) for number in range(1, count + 1)]


def a_file(path: Path, *lines: Any) -> str:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    data = "".join(f"{text}\n" for text in texts).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return str(path)


def bring_in(*words: str) -> str:
    out = io.StringIO()
    call_command("import_statements", *words, stdout=out, stderr=out)
    return out.getvalue()


def refused(*words: str) -> str:
    """What an import says that ends with an error."""
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_statements", *words, stdout=out, stderr=out)
    return f"{out.getvalue()}{error.value}"


def sent_out(tmp_path: Path, *words: str) -> list[dict[str, Any]]:
    file = tmp_path / "out.jsonl"
    call_command("export_statements", str(file), *words, stderr=io.StringIO())
    return [json.loads(line) for line in file.read_bytes().splitlines()]


# In


@pytest.mark.parametrize("name", ["in.jsonl", "in.jsonl.gz"])
def test_a_file_is_taken_in_and_again_without_harm(tmp_path: Path, name: str) -> None:
    file = a_file(tmp_path / name, *numbered(3), "", statement())
    assert "4 new, 0 here already, 0 refused" in bring_in(file)
    assert "0 new, 4 here already, 0 refused" in bring_in(file)
    assert Statement.objects.count() == 4
    assert not FileImport.objects.exists()


def test_standard_input_and_several_files_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.dumps(statement()).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    file = a_file(tmp_path / "in.jsonl", *numbered(2))
    assert bring_in("-", file).count("new") == 2
    assert Statement.objects.count() == 3


def test_a_bad_line_is_told_with_its_number_and_rule_and_the_rest_is_kept(tmp_path: Path) -> None:
    good = numbered(4)
    file = a_file(
        tmp_path / "in.jsonl",
        good[0],
        "{",
        statement(actor={"mbox": "sam"}),
        good[1],
        good[0] | {"verb": {"id": "http://adlnet.gov/expapi/verbs/passed"}},
        statement(attachments=[attachment()]),
        good[2],
        good[3],
    )
    said = refused(file)
    assert "line 2: must be JSON" in said
    assert "line 3: actor.mbox: must be an e-mail address" in said
    assert f"line 5: Another statement already has the id {good[0]['id']}" in said
    assert "line 6: attachments[0].fileUrl: is needed" in said
    assert "4 new, 0 here already, 4 refused" in said
    assert "Lines refused: 4" in said
    assert {str(pk) for pk in Statement.objects.values_list("pk", flat=True)} == {one["id"] for one in good}


def test_a_file_attached_within_is_asked_for_too_and_the_keeper_is_told_what_to_do(tmp_path: Path) -> None:
    within = statement(objectType="SubStatement", attachments=[attachment()])
    said = refused(a_file(tmp_path / "in.jsonl", statement(object=within)))
    assert "line 1: object.attachments[0].fileUrl: is needed" in said
    assert "send the statement with its file to /xapi/statements" in said


def test_a_dry_run_says_the_same_and_keeps_nothing(tmp_path: Path) -> None:
    file = a_file(tmp_path / "in.jsonl", *numbered(2), "{")
    said = refused(file, "--dry-run")
    assert "2 new, 0 here already, 1 refused" in said
    assert "could be kept" in said
    assert not Statement.objects.exists()
    assert not FileImport.objects.exists()


def test_an_interrupted_import_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("learning.management.commands.import_statements.BATCH_LINES", 2)
    file = a_file(tmp_path / "in.jsonl", "{", *numbered(6))
    store = importing.store_statements
    stored: list[Any] = []

    def store_until_interrupted(**words: Any) -> Any:
        if len(stored) == 2:
            raise KeyboardInterrupt
        stored.append(words)
        return store(**words)

    monkeypatch.setattr(importing, "store_statements", store_until_interrupted)
    assert "Interrupted after line 4" in refused(file)
    assert (Statement.objects.count(), FileImport.objects.get().lines) == (3, 4)
    monkeypatch.setattr(importing, "store_statements", store)
    said = refused(file)
    assert "going on after line 4, of which 1 lines were refused" in said
    assert "3 new, 0 here already, 1 refused" in said
    assert Statement.objects.count() == 6
    assert not FileImport.objects.exists()


def test_an_import_can_begin_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = a_file(tmp_path / "in.jsonl", *numbered(2))
    bring_in(file)
    FileImport.objects.create(digest=sha256(Path(file).read_bytes()).hexdigest(), lines=1)
    assert "0 new, 1 here already" in bring_in(file)
    FileImport.objects.create(digest=sha256(Path(file).read_bytes()).hexdigest(), lines=1)
    assert "0 new, 2 here already" in bring_in(file, "--from-start")


def test_a_damaged_file_is_kept_up_to_the_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("learning.management.commands.import_statements.BATCH_LINES", 10)
    unlike = [
        statement(id=str(uuid.uuid4()), result={"response": secrets.token_hex(2000)}) for _ in range(50)
    ]
    whole = gzip.compress("".join(json.dumps(one) + "\n" for one in unlike).encode())
    file = tmp_path / "in.jsonl.gz"
    file.write_bytes(whole[: len(whole) // 2])
    assert "is damaged after line" in refused(str(file))
    assert 0 < Statement.objects.count() < 50


def test_a_file_that_is_not_there_is_said_before_anything_is_kept(tmp_path: Path) -> None:
    file = a_file(tmp_path / "in.jsonl", statement())
    assert "There is no file" in refused(file, str(tmp_path / "none.jsonl"))
    assert not Statement.objects.exists()


def test_what_is_taken_in_keeps_its_time_and_is_vouched_for_by_the_import(tmp_path: Path) -> None:
    sent = statement(
        timestamp="2020-03-01T09:30:00Z",
        stored="2020-03-01T09:31:00Z",
        authority={"mbox": "mailto:old@example.org"},
    )
    bring_in(a_file(tmp_path / "in.jsonl", sent))
    kept = Statement.objects.get()
    assert kept.content["timestamp"] == "2020-03-01T09:30:00Z"
    assert kept.content["stored"] > "2026"
    assert kept.content["authority"]["account"]["name"] == "import"
    assert not Credential.objects.get(key="import").secrets.exists()


def test_a_credential_can_vouch_for_what_is_taken_in(tmp_path: Path) -> None:
    credential, _ = create_credential(name="Old record", scopes=["statements/write"])
    bring_in(a_file(tmp_path / "in.jsonl", statement()), "--credential", credential.key)
    assert Statement.objects.get().credential == credential
    reader, _ = create_credential(name="Reader", scopes=["all/read"])
    for key in (reader.key, "nobody"):
        assert "may write statements" in refused(str(tmp_path / "in.jsonl"), "--credential", key)


def test_each_line_is_read_by_the_rules_of_its_own_version(tmp_path: Path) -> None:
    newer = {"contextAgents": [{"objectType": "contextAgent", "agent": {"mbox": "mailto:a@b.example"}}]}
    first, second, third = numbered(3)
    file = a_file(
        tmp_path / "in.jsonl",
        first | {"version": "1.0.3"},
        second | {"version": "2.0.0", "context": newer},
        third | {"version": "1.0.3", "context": newer},
    )
    assert "line 3: context.contextAgents: is a property of xAPI 2.0" in refused(file)
    assert {one.content["version"] for one in Statement.objects.all()} == {"1.0.3", "2.0.0"}


@pytest.mark.parametrize("count", [1, 3, 60])
def test_a_batch_of_lines_costs_the_same_queries_whatever_its_size(count: int) -> None:
    lines = [
        importing.Line(number, json.dumps(one).encode()) for number, one in enumerate(numbered(count), 1)
    ]
    credential = importing.import_credential()
    store_statements(statements=[statement()])  # the actor and the activity are known
    with CaptureQueriesContext(connection) as queries:
        importing.import_lines(lines=lines, credential=credential)
    with CaptureQueriesContext(connection) as alone:
        store_statements(statements=[statement() for _ in range(count)], credential=credential)
    assert len(queries) == len(alone) + 3  # its savepoint, and which are known


# Out


def test_a_round_trip_gives_the_same_statements_but_for_who_stored_them_and_when(tmp_path: Path) -> None:
    [target] = store_statements(statements=[statement(result={"score": {"raw": 1.5}})])
    store_statements(
        statements=[
            statement(verb={"id": verbs.VOIDED}, object={"objectType": "StatementRef", "id": str(target)}),
            statement(timestamp="2020-03-01T09:30:00+01:00", context={"extensions": {"a:b": "\u2028\n"}}),
        ]
    )
    before = sent_out(tmp_path)
    file = a_file(tmp_path / "in.jsonl", *before)
    Statement.objects.all().delete()
    assert "3 new" in bring_in(file)
    after = sent_out(tmp_path)
    assert len(before) == 3
    assert [without(one) for one in by_id(after)] == [without(one) for one in by_id(before)]
    assert Statement.objects.get(pk=target).voided_by


def by_id(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(statements, key=lambda one: str(one["id"]))


def without(one: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in {"stored", "authority"}}


def test_a_statement_that_came_over_several_lines_leaves_on_one(lms: Any, tmp_path: Path) -> None:
    lms.post(json.dumps(statement(), indent=2).replace("\n", "\r\n").encode())
    assert len(sent_out(tmp_path)) == 1


def test_what_is_sent_out_can_be_narrowed(tmp_path: Path, trust: Organisation, person: Any) -> None:
    ours, _ = create_credential(name="Trust", scopes=["all"], organisation=trust)
    [early] = store_statements(statements=[statement()], at=datetime(2026, 1, 1, tzinfo=UTC))
    [late] = store_statements(statements=[statement()], at=datetime(2026, 3, 1, tzinfo=UTC))
    [theirs] = store_statements(statements=[statement(actor=actor_for(person("Asha", trust)))])
    [written] = store_statements(statements=[statement()], credential=ours)

    def ids(*words: str) -> set[uuid.UUID]:
        return {uuid.UUID(one["id"]) for one in sent_out(tmp_path, *words)}

    assert ids() == {early, late, theirs, written}
    assert ids("--until", "2026-02-01") == {early}
    assert ids("--since", "2026-02-01T00:00:00Z", "--until", "2026-03-01T01:00:00+01:00") == {late}
    assert ids("--organisation", "ZZ1") == {theirs, written}
    with pytest.raises(CommandError, match="no organisation"):
        sent_out(tmp_path, "--organisation", "QQQ")
    with pytest.raises(CommandError, match="give a day or a time"):
        sent_out(tmp_path, "--since", "yesterday")


def test_a_file_can_be_compressed_and_standard_output_is_the_default(
    tmp_path: Path, capfdbinary: Any
) -> None:
    store_statements(statements=[statement(), statement()])
    file = tmp_path / "out.jsonl.gz"
    call_command("export_statements", str(file), stderr=io.StringIO())
    assert len(gzip.decompress(file.read_bytes()).splitlines()) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl.gz"]
    call_command("export_statements", stderr=io.StringIO())
    assert len(capfdbinary.readouterr().out.splitlines()) == 2


def test_a_walk_goes_page_by_page_and_leaves_nothing_out() -> None:
    names = [str(name) for name in store_statements(statements=[statement() for _ in range(7)])]
    # All at one time, so that only their ids tell them apart.
    Statement.objects.update(stored=datetime(2026, 1, 1, tzinfo=UTC))
    everything = Statement.objects.all()
    for size in (1, 3, 7, 100):
        for backwards in (False, True):
            with CaptureQueriesContext(connection) as queries:
                found = [
                    json.loads(one)["id"]
                    for page in walk(everything, size, backwards=backwards)
                    for one in page
                ]
            assert found == sorted(names, reverse=backwards)
            assert len(queries) <= 7 // size + 1
