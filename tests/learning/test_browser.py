import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning import verbs
from learning.actions import actor_for, create_credential, store_statements
from learning.admin import statements as browser
from learning.models import Actor, Statement
from learning.opaque import HIDDEN, identifiers_in, opaque, without_names
from workforce.models import Grant, Organisation, User
from workforce.models.ranges import during

from .conftest import statement

pytestmark = pytest.mark.django_db
PAGE = "/admin/learning/statement/"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MAIL = {"mbox": "mailto:sam@example.org", "name": "Sam Smith"}


@pytest.fixture
def auditor(client: Client) -> User:
    user = User.objects.create_user("audit@example.org", name="Audrey", is_staff=True)
    allow(user, "view_statement")
    client.force_login(user)
    return user


def allow(user: User, codename: str) -> None:
    user.user_permissions.add(Permission.objects.get(codename=codename, content_type__app_label="learning"))


def lead(user: User, organisation: Organisation) -> None:
    Grant.objects.create(
        user=user, role="capability_lead", organisation=organisation, during=during(date(2020, 1, 1))
    )


def store(at: datetime = NOON, credential: Any = None, **changes: Any) -> str:
    return str(store_statements(statements=[statement(**changes)], at=at, credential=credential)[0])


def found(client: Client, **asked: Any) -> list[str]:
    answer = client.get(PAGE, asked)
    assert answer.status_code == 200
    return [str(row.statement.pk) for row in answer.context["rows"]]


def exported(client: Client, **asked: Any) -> list[dict[str, Any]]:
    answer: Any = client.get(f"{PAGE}export/", asked)
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


# Finding


def test_statements_are_found_by_each_thing_that_is_asked(
    client: Client, auditor: User, trust: Organisation, person: Callable[..., User]
) -> None:
    asha = person("Asha", trust)
    system, _ = create_credential(name="ESR", scopes=["all"], organisation=trust)
    registration = "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f"
    hour = timedelta(hours=1)
    made = {
        "plain": store(NOON),
        "passed": store(NOON + hour, verb={"id": verbs.PASSED}, context={"registration": registration}),
        "other": store(NOON + 2 * hour, object={"id": "https://lms.example/other"}),
        "ours": store(NOON + 3 * hour, actor=actor_for(asha)),
        "mailed": store(NOON + 4 * hour, actor=MAIL),
        "written": store(NOON + timedelta(days=2), credential=system, actor={"mbox": "mailto:x@example.org"}),
    }
    made["voiding"] = store(
        NOON + timedelta(days=3),
        verb={"id": verbs.VOIDED},
        object={"objectType": "StatementRef", "id": made["plain"]},
    )
    own = Actor.objects.get(user=asha)
    expected: list[tuple[dict[str, Any], set[str]]] = [
        ({}, set(made)),
        ({"verb": verbs.PASSED}, {"passed"}),
        ({"activity": "https://lms.example/other"}, {"other"}),
        ({"registration": registration}, {"passed"}),
        ({"statement": made["other"]}, {"other"}),
        ({"credential": system.pk}, {"written"}),
        ({"credential": "own"}, set(made) - {"written"}),
        ({"organisation": "ZZ1"}, {"ours", "written"}),
        ({"organisation": "ZZ1", "credential": "own"}, {"ours"}),
        ({"actor": own.identifier}, {"ours"}),
        ({"actor": own.identifier.rpartition("|")[2]}, {"ours"}),
        ({"actor": str(own.pk)}, {"ours"}),
        ({"actor": "sam@example.org"}, {"mailed"}),
        ({"actor": "mailto:sam@example.org"}, {"mailed"}),
        ({"actor": "nobody"}, set()),
        ({"voided": "yes"}, {"plain"}),
        ({"voided": "no"}, set(made) - {"plain"}),
        ({"since": "2026-03-02"}, {"written", "voiding"}),
        ({"until": "2026-03-01"}, {"plain", "passed", "other", "ours", "mailed"}),
        ({"since": "2026-03-03", "until": "2026-03-03"}, {"written"}),
        ({"verb": verbs.PASSED, "until": "2026-02-01"}, set()),
    ]
    for asked, names in expected:
        assert set(found(client, **asked)) == {made[name] for name in names}, asked
    assert found(client) == list(reversed(made.values()))


@pytest.mark.parametrize(
    "asked",
    [
        {"registration": "x"},
        {"organisation": "QQQ"},
        {"since": "x"},
        {"credential": "99999999"},
        {"statement": "1"},
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field(
    client: Client, auditor: User, asked: dict[str, str]
) -> None:
    store()
    answer = client.get(PAGE, asked)
    assert answer.context["rows"] == []
    assert "errorlist" in answer.content.decode()
    assert client.get(f"{PAGE}export/", asked).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_the_same_queries_whatever_is_on_it(client: Client, auditor: User, count: int) -> None:
    for number in range(count):
        store(actor={"mbox": f"mailto:{number}@example.org"}, object={"id": f"https://lms.example/{number}"})
    with CaptureQueriesContext(connection) as queries:
        assert len(found(client)) == count
    # The session, the auditor, what they may do (their own and by their groups), the credentials, the page.
    assert len(queries) == 6


def test_pages_follow_each_other_without_a_gap(
    client: Client, auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "PAGE", 2)
    made = [store(NOON + timedelta(minutes=number // 2)) for number in range(5)]
    seen, address = [], "verb=http%3A%2F%2Fadlnet.gov%2Fexpapi%2Fverbs%2Fcompleted"
    while address:
        answer = client.get(f"{PAGE}?{address}")
        seen += [str(row.statement.pk) for row in answer.context["rows"]]
        address = answer.context["older"]
    assert sorted(seen) == sorted(made)
    assert len(seen) == 5
    assert "Back to the newest" in answer.content.decode()
    assert len(found(client, after="nonsense")) == 2


def test_only_who_may_see_statements_comes_in(client: Client) -> None:
    name = store()
    user = User.objects.create_user("staff@example.org", name="Stafford", is_staff=True)
    client.force_login(user)
    for address in (PAGE, f"{PAGE}{name}/change/", f"{PAGE}export/"):
        assert client.get(address).status_code == 403
    assert client.post(f"{PAGE}{name}/names/").status_code == 403


def test_nothing_can_be_changed(client: Client, auditor: User) -> None:
    name = store()
    for address in (PAGE, f"{PAGE}{name}/change/", f"{PAGE}add/", f"{PAGE}{name}/delete/"):
        assert client.post(address, {"verb": "a:b", "post": "yes"}).status_code == 403
    assert Statement.objects.get(pk=name).verb.endswith("completed")


# Reading


def test_a_statement_is_read_in_words_with_links_to_what_belongs_to_it(client: Client, auditor: User) -> None:
    target = store(
        object={
            "id": "https://lms.example/sepsis",
            "definition": {"name": {"cy": "Sepsis (cy)", "en-GB": "Sepsis <b>"}},
        },
        context={"statement": {"objectType": "StatementRef", "id": str(uuid.uuid4())}},
    )
    voiding = store(verb={"id": verbs.VOIDED}, object={"objectType": "StatementRef", "id": target})
    page = client.get(f"{PAGE}{target}/change/").content.decode()
    assert "7431 at https://lms.example/" in page
    assert "completed" in page
    assert "Sepsis &lt;b&gt;" in page
    assert page.count(f"{PAGE}{voiding}/change/") == 2  # it voids it, and is about it
    assert "Belongs to the statement" in page
    assert "&quot;verb&quot;: {" in page
    assert f"{PAGE}{target}/change/" in client.get(f"{PAGE}{voiding}/change/").content.decode()


def test_a_statement_that_is_not_here_is_not_found(client: Client, auditor: User) -> None:
    assert client.get(f"{PAGE}{uuid.uuid4()}/change/").status_code == 404
    assert client.get(f"{PAGE}1/change/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_reading_costs_the_same_queries_however_many_refer_to_it(
    client: Client, auditor: User, count: int
) -> None:
    name = store()
    for number in range(count):
        store(
            actor={"mbox": f"mailto:{number}@example.org"}, object={"objectType": "StatementRef", "id": name}
        )
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{PAGE}{name}/change/")
    # The session, the auditor, what they may do (2), the statement, whether they may ask for names, what refers.
    assert len(queries) == 7


# Names


def test_names_and_addresses_are_hidden_until_somebody_may_see_them(client: Client, auditor: User) -> None:
    team = {"objectType": "Group", "name": "Ward 7", "member": [MAIL, {"openid": "https://sam.example/"}]}
    name = store(
        actor=MAIL,
        context={
            "instructor": MAIL,
            "team": team,
            "contextActivities": {"parent": [{"id": "https://lms.example/p"}]},
        },
        object={
            "objectType": "SubStatement",
            "actor": {"account": {"homePage": "https://lms.example/", "name": "sam@example.org"}},
            "verb": {"id": "a:b"},
            "object": {"objectType": "Agent", **MAIL},
        },
    )
    pages = [client.get(PAGE), client.get(f"{PAGE}{name}/change/")]
    shown = "".join(page.content.decode() for page in pages) + json.dumps(exported(client))
    for secret in ("sam@example.org", "Sam Smith", "Ward 7", "sam.example"):
        assert secret not in shown
    assert "An e-mail address (hidden)" in shown


def test_what_needs_no_hiding_leaves_to_the_byte() -> None:
    payload = (
        '{"actor":{"account":{"homePage":"https://a.example/","name":"7"}},"result":{"score":{"raw":1.50}}}'
    )
    assert without_names(payload) == payload
    hidden = without_names('{"actor":{"mbox":"mailto:a@b.example"},"result":{"score":{"raw":1.50}}}')
    assert hidden == f'{{"actor":{{"mbox":"{HIDDEN}"}},"result":{{"score":{{"raw":1.50}}}}}}'


def test_identifiers_are_told_without_what_they_hide() -> None:
    base = "https://id.promise-to-learn.example/"
    told = {
        None: "A group without an identifier",
        f"account|{base}|abc": "abc",
        "account|https://lms.example/|7": "7 at https://lms.example/",
        "account|https://lms.example/|a@b.example": "(hidden) at https://lms.example/",
        "mbox|mailto:a@b.example": "An e-mail address (hidden)",
        "mbox_sha1sum|00": "A hashed address (hidden)",
        "openid|https://sam.example/": "An OpenID (hidden)",
    }
    assert {key: opaque(key) for key in told} == told
    assert identifiers_in({"actor": {"objectType": "Group", "member": [MAIL]}}) == {
        "mbox|mailto:sam@example.org"
    }


def names_shown(client: Client, name: str) -> str:
    answer = client.post(f"{PAGE}{name}/names/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_name_is_shown_to_who_has_the_permission_and_the_organisation(
    client: Client, auditor: User, trust: Organisation, other_trust: Organisation, person: Callable[..., User]
) -> None:
    ours = store(actor=actor_for(person("Asha Ours", trust)))
    theirs = store(actor=actor_for(person("Theo Theirs", other_trust)))
    lead(auditor, trust)
    assert client.post(f"{PAGE}{ours}/names/").status_code == 403
    assert "Show the names" not in client.get(f"{PAGE}{ours}/change/").content.decode()
    allow(auditor, "view_names")
    assert "Show the names" in client.get(f"{PAGE}{ours}/change/").content.decode()
    assert "Asha Ours stands behind" in names_shown(client, ours)
    assert "Theo" not in names_shown(client, theirs)
    assert "No name that you may see" in names_shown(client, theirs)


def test_the_permission_without_the_organisation_shows_no_name(
    client: Client, auditor: User, trust: Organisation, person: Callable[..., User]
) -> None:
    allow(auditor, "view_names")
    assert "Asha" not in names_shown(client, store(actor=actor_for(person("Asha", trust))))


def test_a_superuser_as_such_sees_no_name(
    client: Client, trust: Organisation, person: Callable[..., User]
) -> None:
    keeper = User.objects.create_superuser("keeper@example.org", "long-enough", name="Keeper")
    lead(keeper, trust)
    client.force_login(keeper)
    name = store(actor=actor_for(person("Asha", trust)))
    assert "Asha" not in client.get(f"{PAGE}{name}/change/").content.decode()
    assert client.post(f"{PAGE}{name}/names/").status_code == 403


def test_what_a_system_wrote_is_shown_to_who_may_see_its_organisation(
    client: Client, auditor: User, trust: Organisation, other_trust: Organisation
) -> None:
    ours, _ = create_credential(name="Ours", scopes=["all"], organisation=trust)
    theirs, _ = create_credential(name="Theirs", scopes=["all"], organisation=other_trust)
    nobodys, _ = create_credential(name="Nobody's", scopes=["all"])
    lead(auditor, trust)
    allow(auditor, "view_names")
    shown = {
        one: names_shown(client, store(actor=MAIL, credential=one)) for one in (ours, theirs, nobodys, None)
    }
    assert {one for one, page in shown.items() if "sam@example.org" in page} == {ours}


def test_every_look_at_names_and_every_export_is_kept(
    client: Client, auditor: User, trust: Organisation
) -> None:
    allow(auditor, "view_names")
    name = store()
    client.get(f"{PAGE}{name}/change/")
    assert not LogEntry.objects.exists()
    names_shown(client, name)
    [look] = LogEntry.objects.all()
    assert (look.user, look.object_id, look.get_change_message()) == (
        auditor,
        name,
        "Looked at the names in it.",
    )
    assert "Looked at the names" in client.get(f"{PAGE}{name}/history/").content.decode()
    exported(client, voided="no")
    assert LogEntry.objects.filter(change_message="Exported what was found by: voided=no").exists()
    assert client.get(f"{PAGE}{name}/names/").status_code == 405


# Sending out


def test_what_is_found_leaves_as_json_lines(client: Client, auditor: User) -> None:
    names = [store(NOON + timedelta(minutes=number)) for number in range(3)]
    store(verb={"id": verbs.PASSED})
    sent = exported(client, verb="http://adlnet.gov/expapi/verbs/completed")
    assert [one["id"] for one in sent] == names[::-1]
    answer = client.get(f"{PAGE}export/")
    assert answer["Content-Type"] == "application/x-ndjson"
    assert answer.streaming


def test_a_question_that_is_wrong_says_so_instead_of_finding_nothing(client: Client, auditor: User) -> None:
    store()
    page = client.get(PAGE, {"since": "soon"}).content.decode()
    assert "Enter a valid date." in page
    assert "Put right what is marked above." in page
    assert "Nothing was found." not in page
