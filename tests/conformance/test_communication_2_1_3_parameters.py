"""Communication 2.1.3: the questions that may be put to the Statement Resource."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from learning.xapi import Invalid
from learning.xapi.parameters import MOST, Asked, Cursor, asked

from .data import AGENT, GROUP, MEMBER, REFERENCE

AN_ID = REFERENCE["id"]


def question(**parameters: str) -> Asked:
    return asked({name: [value] for name, value in parameters.items()})


def test_every_parameter_is_read() -> None:
    found = question(
        agent=json.dumps(AGENT),
        verb="a:b",
        activity="a:c",
        registration=AN_ID,
        related_agents="true",
        related_activities="false",
        since="2026-03-01T09:30:00Z",
        until="20260301T093000.5+0100",
        limit="10",
        ascending="true",
        format="canonical",
        attachments="true",
        cursor=f"2026-03-01T09:30:00Z_{AN_ID}",
    )
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert found == Asked(
        agent="mbox|mailto:sam@example.org",
        verb="a:b",
        activity="a:c",
        registration=UUID(AN_ID),
        related_agents=True,
        since=moment,
        until=datetime(2026, 3, 1, 8, 30, 0, 500_000, tzinfo=UTC),
        limit=10,
        ascending=True,
        format="canonical",
        attachments=True,
        cursor=Cursor(moment, UUID(AN_ID)),
    )


@pytest.mark.parametrize("name", ["statementId", "voidedStatementId"])
def test_one_statement_may_be_asked_for_with_its_files_in_any_format(name: str) -> None:
    found = question(**{name: AN_ID, "attachments": "true", "format": "ids"})
    assert UUID(AN_ID) in (found.statement_id, found.voided_statement_id)


def test_no_limit_and_0_are_the_most() -> None:
    assert [question().limit, question(limit="0").limit, question(limit="999999").limit] == [MOST] * 3


def test_an_identified_group_may_be_asked_for() -> None:
    assert question(agent=json.dumps(GROUP | AGENT)).agent == "mbox|mailto:sam@example.org"


@pytest.mark.parametrize(
    ("parameters", "path"),
    [
        ({"colour": "blue"}, "colour"),
        ({"Verb": "a:b"}, "Verb"),
        ({"statementid": AN_ID}, "statementid"),
        ({"statementId": "1"}, "statementId"),
        ({"voidedStatementId": ""}, "voidedStatementId"),
        ({"statementId": AN_ID, "voidedStatementId": AN_ID}, "voidedStatementId"),
        ({"statementId": AN_ID, "limit": "1"}, "limit"),
        ({"voidedStatementId": AN_ID, "verb": "a:b"}, "verb"),
        ({"agent": "sam"}, "agent"),
        ({"agent": "{}"}, "agent"),
        ({"agent": json.dumps(GROUP)}, "agent"),
        ({"agent": json.dumps({"mbox": "sam@example.org"})}, "agent.mbox"),
        ({"agent": json.dumps(AGENT | MEMBER)}, "agent.account"),
        ({"agent": '{"mbox": "mailto:a@b", "mbox": "mailto:a@c"}'}, "agent"),
        ({"agent": '{"account": {"homePage": "a:b", "name": "\\u0000"}}'}, "agent"),
        ({"agent": "[" * 5000}, "agent"),
        ({"agent": "\ud800"}, "agent"),
        ({"verb": "completed"}, "verb"),
        ({"activity": "a:b c"}, "activity"),
        ({"registration": "1"}, "registration"),
        ({"related_agents": "True"}, "related_agents"),
        ({"related_activities": "1"}, "related_activities"),
        ({"since": "yesterday"}, "since"),
        ({"until": "2026-03-01"}, "until"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": "٣"}, "limit"),
        ({"ascending": ""}, "ascending"),
        ({"format": "Exact"}, "format"),
        ({"attachments": "yes"}, "attachments"),
        ({"cursor": "1"}, "cursor"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(parameters: dict[str, str], path: str) -> None:
    with pytest.raises(Invalid) as fault:
        question(**parameters)
    assert fault.value.path == path


def test_a_parameter_is_given_once() -> None:
    with pytest.raises(Invalid, match="verb: must be given once"):
        asked({"verb": ["a:b", "a:b"]})
