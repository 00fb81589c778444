"""What a question finds (Communication 2.1.3), against a plain reading of every statement."""

import json
import random
import uuid
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection

from learning import verbs
from learning.actions import store_statements
from learning.actions.references import KEEP_REFERENCES, MOST_STEPS
from learning.models import Activity, Statement
from tests.learning.conftest import Door, statement

pytestmark = pytest.mark.django_db

PEOPLE = [{"mbox": f"mailto:{name}@example.org"} for name in ("ann", "bob", "cat")]
VERBS = ["https://verbs.example/did", "https://verbs.example/saw"]
COURSES = [{"id": f"https://courses.example/{number}"} for number in range(3)]
REGISTRATIONS = [str(uuid.UUID(int=number + (4 << 76) + (8 << 60))) for number in range(2)]


def reference(target: str) -> dict[str, str]:
    return {"objectType": "StatementRef", "id": target}


def group(chance: random.Random) -> dict[str, Any]:
    return {"objectType": "Group", "member": chance.sample(PEOPLE, 2)}


def made_up(chance: random.Random, known: list[str]) -> dict[str, Any]:
    """A statement whose parts are drawn from few, so that questions find some and not others."""
    inner = {
        "objectType": "SubStatement",
        **statement(actor=chance.choice(PEOPLE), object=chance.choice(COURSES)),
    }
    objects = [*COURSES, chance.choice(PEOPLE) | {"objectType": "Agent"}, group(chance), inner]
    if known:
        objects += [reference(chance.choice(known)), reference(chance.choice(known))]
    about = chance.choice(objects)
    context: dict[str, Any] = {}
    if chance.random() < 0.4:
        context["registration"] = chance.choice(REGISTRATIONS)
    if chance.random() < 0.3:
        context["instructor"] = chance.choice(PEOPLE)
    if chance.random() < 0.3:
        context["team"] = group(chance)
    if chance.random() < 0.4:
        context["contextActivities"] = {chance.choice(["parent", "other"]): [chance.choice(COURSES)]}
    actor = chance.choice([*PEOPLE, group(chance)])
    return statement(
        id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        actor=actor,
        verb={"id": chance.choice(VERBS)},
        object=about,
        context=context,
    )


def agents(value: dict[str, Any]) -> list[str]:
    return [value["mbox"]] if "mbox" in value else [mail for m in value["member"] for mail in agents(m)]


def has_agent(said: dict[str, Any], mail: str, related: bool) -> bool:
    about, context = said["object"], said.get("context", {})
    found = agents(said["actor"])
    if about.get("objectType") in ("Agent", "Group"):
        found += agents(about)
    if related:
        found += [
            mail for name in ("instructor", "team") if name in context for mail in agents(context[name])
        ]
        if about.get("objectType") == "SubStatement":
            return mail in found or has_agent(about, mail, related)
    return mail in found


def has_activity(said: dict[str, Any], iri: str, related: bool) -> bool:
    about, context = said["object"], said.get("context", {})
    if about.get("id") == iri:
        return True
    listed = [a["id"] for usage in context.get("contextActivities", {}).values() for a in usage]
    if related and about.get("objectType") == "SubStatement" and has_activity(about, iri, related):
        return True
    return related and iri in listed


def answers(said: dict[str, Any], question: dict[str, Any]) -> bool:
    checks = {
        "agent": lambda value: has_agent(said, json.loads(value)["mbox"], "related_agents" in question),
        "verb": lambda value: said["verb"]["id"] == value,
        "activity": lambda value: has_activity(said, value, "related_activities" in question),
        "registration": lambda value: said.get("context", {}).get("registration") == value,
    }
    return all(check(question[name]) for name, check in checks.items() if name in question)


def on_the_way(said: dict[str, Any], everything: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The statement itself, what it refers to, what that refers to, and so on."""
    met: set[str] = set()
    while said["id"] not in met:
        met.add(said["id"])
        yield said
        if said["object"].get("objectType") != "StatementRef" or said["object"]["id"] not in everything:
            return
        said = everything[said["object"]["id"]]


def a_question(chance: random.Random) -> dict[str, Any]:
    offered = {
        "agent": json.dumps(chance.choice(PEOPLE)),
        "verb": chance.choice(VERBS),
        "activity": chance.choice(COURSES)["id"],
        "registration": chance.choice(REGISTRATIONS),
    }
    question = {name: value for name, value in offered.items() if chance.random() < 0.4}
    for name in ("agent", "activity"):
        if name in question and chance.random() < 0.5:
            question["related_agents" if name == "agent" else "related_activities"] = "true"
    return question


def walk(lms: Door, question: dict[str, Any]) -> list[str]:
    """The ids of every page, asked three at a time."""
    answer = lms.get(**question, limit=3).json()
    found = [said["id"] for said in answer["statements"]]
    while answer["more"]:
        answer = lms.get(answer["more"]).json()
        found += [said["id"] for said in answer["statements"]]
    return found


@pytest.mark.parametrize("seed", range(4))
def test_questions_find_what_a_plain_reading_finds(lms: Door, seed: int) -> None:
    chance = random.Random(seed)
    everything: dict[str, dict[str, Any]] = {}
    for _ in range(50):
        said = made_up(chance, list(everything))
        everything[said["id"]] = said
    arrived = list(everything.values())
    chance.shuffle(arrived)  # so that some come before what they refer to
    store_statements(statements=arrived)
    voided = {said["id"] for said in chance.sample(arrived, 5)}
    for target in voided:
        voids = statement(actor=PEOPLE[0], verb={"id": verbs.VOIDED}, object=reference(target))
        store_statements(statements=[voids])
    voiding = {
        str(pk): Statement.objects.get(pk=pk).content
        for pk in Statement.objects.filter(verb=verbs.VOIDED).values_list("pk", flat=True)
    }
    for _ in range(25):
        question = a_question(chance)
        expected = {
            said["id"]
            for said in (everything | voiding).values()
            if said["id"] not in voided
            and any(answers(step, question) for step in on_the_way(said, everything | voiding))
        }
        found = walk(lms, question)
        assert len(found) == len(set(found))
        assert set(found) == expected, question
        assert walk(lms, {**question, "ascending": "true"}) == found[::-1]


def test_who_vouches_is_found_among_related_agents(lms: Door, door: Any) -> None:
    [mine] = lms.post(statement()).json()
    door("all").post(statement())
    account = {"homePage": "https://id.promise-to-learn.example/", "name": lms.credential.key}
    agent = json.dumps({"account": account})
    assert walk(lms, {"agent": agent}) == []
    assert walk(lms, {"agent": agent, "related_agents": "true"}) == [mine]


def test_somebody_elses_account_with_the_name_of_a_credential_vouches_for_nothing(lms: Door) -> None:
    lms.post(statement())
    agent = json.dumps({"account": {"homePage": "https://elsewhere.example/", "name": lms.credential.key}})
    assert walk(lms, {"agent": agent, "related_agents": "true"}) == []


def test_a_reference_does_not_tell_what_somebody_elses_statement_is_about(lms: Door, door: Any) -> None:
    [theirs] = lms.post(statement(actor=PEOPLE[0])).json()
    mine = door("statements/write", "statements/read/mine")
    [referring] = mine.post(statement(actor=PEOPLE[1], object=reference(theirs))).json()
    assert walk(mine, {"agent": json.dumps(PEOPLE[0])}) == []
    assert walk(mine, {"agent": json.dumps(PEOPLE[1])}) == [referring]
    assert set(walk(lms, {"agent": json.dumps(PEOPLE[0])})) == {referring, theirs}


def test_circles_of_references_end() -> None:
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    store_statements(
        statements=[
            statement(id=first, object=reference(second)),
            statement(id=second, object=reference(first)),
        ]
    )
    itself = str(uuid.uuid4())
    store_statements(statements=[statement(id=itself, object=reference(itself))])
    assert Statement.objects.count() == 3
    assert Statement.objects.get(pk=first).references.count() == 1


@pytest.mark.parametrize("end_first", [True, False])
def test_a_chain_of_references_is_followed_so_far_and_no_further(lms: Door, end_first: bool) -> None:
    """Otherwise a batch that is one long chain would cost its square."""
    names = [str(uuid.uuid4()) for _ in range(MOST_STEPS + 3)]
    chain = [
        statement(id=name, verb={"id": VERBS[0]}, object=reference(after)) for name, after in pairwise(names)
    ]
    end = [statement(id=names[-1], verb={"id": VERBS[1]})]
    for batch in (end, chain) if end_first else (chain, end):
        assert lms.post(batch).status_code == 200
    found = [each["id"] for each in lms.get(verb=VERBS[1]).json()["statements"]]
    assert set(found) == set(names[-MOST_STEPS - 1 :])


def test_references_are_planned_alike_however_large_the_batch() -> None:
    """Planned for five hundred that all refer, a batch with one reference would read the whole table."""
    costs = []
    for size in (1, 500):
        with connection.cursor() as cursor:
            asked: dict[str, Any] = {"new": [uuid.uuid4() for _ in range(size)], "most": MOST_STEPS}
            cursor.execute(f"EXPLAIN (FORMAT JSON) {KEEP_REFERENCES}", asked)
            [explained] = cursor.fetchone()[0]
            costs.append(explained["Plan"]["Total Cost"])
    assert costs[1] < 2 * costs[0]


def test_a_batch_is_read_back_in_its_own_order(lms: Door) -> None:
    sent = [str(uuid.uuid4()) for _ in range(7)]
    lms.post([statement(id=statement_id) for statement_id in sent])
    assert walk(lms, {"ascending": "true"}) == sent


@pytest.mark.parametrize("usage", ["parent", "grouping", "category", "other"])
def test_a_single_context_activity_comes_back_in_a_list(lms: Door, usage: str) -> None:
    """Data 2.4.6.2."""
    bare = {"contextActivities": {usage: {"id": "https://courses.example/1"}}, "platform": "a tablet"}
    inner = {"objectType": "SubStatement", **statement(context=bare)}
    [outer_id, inner_id] = lms.post([statement(context=bare), statement(object=inner)]).json()
    outer = lms.get(statementId=outer_id).json()["context"]
    assert outer == {
        "contextActivities": {usage: [{"id": "https://courses.example/1"}]},
        "platform": "a tablet",
    }
    assert lms.get(statementId=inner_id).json()["object"]["context"] == outer


def test_what_is_known_of_an_activity_grows(lms: Door, door: Any) -> None:
    """Data 2.4.4.1: each language and extension is kept, and the newer word counts."""

    iri = "https://courses.example/1"

    def say(through: Door, **definition: Any) -> None:
        through.post(statement(object={"id": iri, "definition": definition}))

    say(lms, name={"en": "Sepsis"}, type="https://types.example/course")
    say(lms, name={"cy": "Sepsis (Cymraeg)"})
    say(door("statements/write"), name={"en": "Nonsense"})
    say(lms, name={"en": "Sepsis, revised"})
    assert Activity.objects.get(iri=iri).definition == {
        "name": {"en": "Sepsis, revised", "cy": "Sepsis (Cymraeg)"},
        "type": "https://types.example/course",
    }
