"""What programs read of frameworks and practice, and what they do in the name of the person asked and of the owner."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competencies.api.actions import make_token
from competencies.models import Edition, Practice
from workforce.actions import appoint_founding_verifier
from workforce.models import Organisation, User

from .test_evidence import founder, people, put_forward, team

__all__ = ["founder", "people", "team"]
EDITION = "/api/v1/frameworks/safety-and-improvement-capability-model/editions/0.2"
JSON = "application/json"


def program(user: User, may: str = "verify") -> Client:
    _, secret = make_token(user=user, name="A program", may=may, days=1)
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def practice(people: dict[str, User], founder: User) -> Practice:
    return put_forward(people, on=timezone.localdate())


@pytest.fixture
def second(people: dict[str, User], trust: Organisation) -> User:
    """Somebody else who may confirm."""
    appoint_founding_verifier(
        user=people["stranger"], organisation=trust, start=date(2026, 1, 1), reason="Board, 1 January 2026"
    )
    return people["stranger"]


def test_an_edition_has_its_levels_domains_and_capabilities_by_iri(
    people: dict[str, User], edition: Edition
) -> None:
    client = program(people["stranger"])
    listed = client.get("/api/v1/frameworks").json()["items"]
    assert [each["key"] for each in listed] == [edition.framework.key]
    found = client.get(listed[0]["editions"][0]["href"]).json()
    assert (found["version"], len(found["capabilities"]), len(found["domains"])) == (edition.version, 36, 7)
    assert [level["number"] for level in found["levels"]] == [0, 1, 2, 3, 4]
    assert found["note"] == edition.note
    assert all(each["iri"].startswith("https://") for each in found["capabilities"])


def test_a_draft_is_not_there(people: dict[str, User], edition: Edition) -> None:
    Edition.objects.create(
        framework=edition.framework, version="9", dated=date(2030, 1, 1), note="", source_digest="9"
    )
    client = program(people["stranger"])
    assert client.get(EDITION.replace("0.2", "9")).status_code == 404
    assert [e["version"] for e in client.get("/api/v1/frameworks").json()["items"][0]["editions"]] == ["0.2"]


def test_an_edition_that_is_known_is_not_sent_again(people: dict[str, User], edition: Edition) -> None:
    client = program(people["stranger"])
    first = client.get(EDITION)
    again = client.get(EDITION, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert client.get(EDITION, headers={"If-None-Match": '"other"'}).status_code == 200


def test_requirements_are_paged_by_keys_and_say_where_they_come_from(
    people: dict[str, User], edition: Edition
) -> None:
    client, address, found = program(people["stranger"]), f"{EDITION}/requirements?limit=50", []
    while address:
        page = client.get(address).json()
        found += page["items"]
        address = page["next"]
    assert len(found) == edition.requirements.count()
    assert len({(r["tier"], r["overlay"], r["capability"]["iri"]) for r in found}) == len(found)
    assert {r["provenance"] for r in found} == {"direct", "inferred", "reconstruction"}
    board = client.get(f"{EDITION}/requirements?tier=board&limit=100").json()["items"]
    assert {r["tier"] for r in board} == {"board"}
    assert len(board) == edition.requirements.filter(tier__key="board").count()


@pytest.mark.parametrize("limit", [1, 3])
def test_requirements_take_as_many_queries_for_one_as_for_three(
    people: dict[str, User], edition: Edition, limit: int
) -> None:
    assert queries(program(people["stranger"]), f"{EDITION}/requirements?limit={limit}", limit) == 4


def queries(client: Client, address: str, items: int) -> int:
    client.get("/api/v1/me")
    with CaptureQueriesContext(connection) as seen:
        assert len(client.get(address).json()["items"]) == items
    return len(seen)


@pytest.mark.parametrize("pieces", [1, 3])
def test_lists_of_practice_take_as_many_queries_for_one_piece_as_for_three(
    people: dict[str, User], founder: User, pieces: int
) -> None:
    for number in range(pieces):
        put_forward(people, registration=uuid4(), title=f"Piece {number}")
    assert queries(program(founder), "/api/v1/verification", pieces) == 5
    assert queries(program(people["learner"]), "/api/v1/me/practice", pieces) == 9


def test_what_waits_goes_on_where_it_stopped_even_if_a_piece_is_decided_meanwhile(
    people: dict[str, User], founder: User
) -> None:
    days = [timezone.localdate() - timedelta(days=days) for days in (9, 5, 1)]
    pieces = [put_forward(people, registration=uuid4(), on=day) for day in days]
    client = program(founder)
    address, ids = "/api/v1/verification?limit=1", []
    while address:
        page = client.get(address).json()
        ids += [each["id"] for each in page["items"]]
        client.post(f"/api/v1/verification/{ids[-1]}/confirm")
        address = page["next"]
    assert ids == [str(piece.uuid) for piece in pieces]
    mine = program(people["learner"]).get("/api/v1/me/practice?limit=2").json()
    assert len(program(people["learner"]).get(mine["next"]).json()["items"]) == 1
    assert client.get(f"/api/v1/verification?after={UUID(int=7)}").status_code == 404


def test_the_person_asked_reads_it_asks_and_confirms(
    practice: Practice, people: dict[str, User], founder: User
) -> None:
    asked, owner = program(founder), program(people["learner"])
    here, mine = f"/api/v1/verification/{practice.uuid}", f"/api/v1/me/practice/{practice.uuid}"
    read = asked.get(here).json()
    assert read["claims"][0]["text"] == "A quiet word about the noise at night."
    assert read["may"] == ["ask", "decline", "pass_on", "verify"]
    assert asked.post(f"{here}/ask", {"question": "Who was there?"}, content_type=JSON).status_code == 200
    told = owner.get(mine).json()
    assert (told["state"], told["told"][0]["words"]) == ("asked", "Who was there?")
    assert told["may"] == ["answer", "withdraw"]
    answered = owner.post(f"{mine}/answer", {"answer": "The night staff."}, content_type=JSON).json()
    assert answered["state"] == "waiting"
    assert asked.post(f"{here}/confirm").json()["state"] == "confirmed"
    again = asked.post(f"{here}/confirm")
    assert (again.status_code, again.headers["Content-Type"]) == (409, "application/problem+json")
    assert "no longer waiting" in again.json()["detail"]
    assert list(practice.acts.values_list("act", flat=True)) == ["request", "ask", "answer", "verify"]


def test_not_yet_says_what_would_make_it_a_yes(
    practice: Practice, people: dict[str, User], founder: User
) -> None:
    here = f"/api/v1/verification/{practice.uuid}/not-yet"
    assert program(founder).post(here, {"reason": "Say more."}, content_type=JSON).json()["may"] == []
    mine = program(people["learner"]).get(f"/api/v1/me/practice/{practice.uuid}").json()
    assert (mine["state"], mine["would_make_it_yes"]) == ("not_yet", "Say more.")


def test_what_is_taken_back_is_no_longer_read_by_the_person_asked(
    practice: Practice, people: dict[str, User], founder: User
) -> None:
    mine = program(people["learner"]).post(f"/api/v1/me/practice/{practice.uuid}/withdraw").json()
    assert (mine["state"], mine["claims"][0]["text"][:7]) == ("withdrawn", "A quiet")
    read = program(founder).get(f"/api/v1/verification/{practice.uuid}").json()
    assert (read["state"], read["claims"], read["told"]) == ("withdrawn", [], [])


def test_it_is_passed_on_to_one_of_the_others_only(
    practice: Practice, people: dict[str, User], founder: User, second: User
) -> None:
    asked, here = program(founder), f"/api/v1/verification/{practice.uuid}"
    others = asked.get(here).json()["others"]
    assert others == [{"id": str(second.uuid), "name": "stranger"}]
    not_one = {"to": str(people["learner"].uuid)}
    assert asked.post(f"{here}/pass-on", not_one, content_type=JSON).status_code == 404
    answer = asked.post(f"{here}/pass-on", {"to": others[0]["id"], "reason": "Nights."}, content_type=JSON)
    assert (answer.status_code, answer.content) == (204, b"")
    assert asked.get(here).status_code == 404
    assert program(second).get(here).json()["told"][0]["words"] == "Nights."


def test_its_owner_moves_it_after_a_silence(people: dict[str, User], founder: User, second: User) -> None:
    practice = put_forward(people, on=timezone.localdate() - timedelta(days=20))
    owner, mine = program(people["learner"]), f"/api/v1/me/practice/{practice.uuid}"
    assert owner.get(mine).json()["may"] == ["move", "withdraw"]
    moved = owner.post(f"{mine}/move", {"to": str(second.uuid)}, content_type=JSON).json()
    assert moved["asked"]["name"] == "stranger"


def test_nobody_else_reads_or_answers_it(practice: Practice, people: dict[str, User]) -> None:
    for who in ("learner", "stranger"):
        client = program(people[who])
        assert client.get(f"/api/v1/verification/{practice.uuid}").status_code == 404
        assert client.post(f"/api/v1/verification/{practice.uuid}/confirm").status_code == 404
    assert practice.acts.count() == 1
