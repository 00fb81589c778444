"""Statements that match a question (Communication 2.1.3), page by page.

A statement matches by what it says itself, or by what a statement says that it refers to. Where it names somebody
other than as the one who acted, a link says so. Each of these ways is one branch of the query, read in order from an
index of its own and cut off after a page, so that a page costs the same whatever is stored.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import product
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from ..errors import Outdated
from ..keys import key_of
from ..models import Credential, Usage
from ..prepared import moment, rows_of
from ..xapi.actors import account_key
from ..xapi.parameters import Asked, Cursor
from .credentials import AS_IT_WAS, Opened


class Page(NamedTuple):
    """Payloads in order, and where the next page starts; None on the last page."""

    payloads: list[str]
    after: Cursor | None


def statement_page(
    asked: Asked, credential: Credential | None, on: date, opened: Opened | None = None
) -> Page:
    """One page of the standing statements that match and that the credential may read on a day.

    Newest first unless asked otherwise. No credential means this system itself, which may read everything. The next
    page starts after the last (stored, id) of this one, so that a page costs the same however deep it lies, and
    statements stored meanwhile neither repeat nor hide any. `opened` says that the credential was taken for granted, as
    it was then: raises Outdated if it no longer is.
    """
    values = _values(asked, credential, on)
    if opened:
        values |= {"secret": opened.secret.pk, "version": opened.version}
    found = rows_of(_query(_shape(asked, credential), opened is not None), values)
    if found and found[-1][2] is None:
        raise Outdated
    shown = [row for row in found[: asked.limit] if row[0] is not None]
    after = _cursor(*shown[-1][1:]) if len(found) > len(shown) else None
    return Page([payload for payload, _, _ in shown], after)


def _cursor(microseconds: int, statement_id: str) -> Cursor:
    """Keys come as what is read fastest, since only the last are used."""
    return Cursor(moment(microseconds), UUID(statement_id))


class _Shape(NamedTuple):
    """Which parameters were given. There are few shapes, so the SQL of each is put together once."""

    scope: str
    agent: bool
    verb: bool
    activity: bool
    registration: bool
    related_agents: bool
    related_activities: bool
    since: bool
    until: bool
    cursor: bool
    ascending: bool


def _shape(asked: Asked, credential: Credential | None) -> _Shape:
    given = {name: bool(getattr(asked, name)) for name in _Shape._fields[1:]}
    # Whoever is past the bound at which the reading began need not be told it: of two bounds the index would take one,
    # and pass over what the other leaves out page after page.
    if asked.cursor and asked.ascending:
        given["since"] = bool(asked.since and asked.since >= asked.cursor.stored)
    elif asked.cursor:
        given["until"] = bool(asked.until and asked.until < asked.cursor.stored)
    return _Shape(_scope(credential), **given)


class _Way(NamedTuple):
    """One way to match: the tables it joins to `s`, what must be true, and who holds the order of pages."""

    joins: str = ""
    condition: str = ""
    keys: str = ""


class _Source(NamedTuple):
    """Where what a statement is about is found: in itself, or in one that it refers to (or in several, but once).

    `said` is the statement that says it. Who asks must be allowed to read that one too, or a reference would tell
    what it is about.
    """

    select: str
    tables: str
    about: str
    said: str
    keys: str
    linked: str


_ITSELF = _Source("SELECT", "learning_statement s", "s", "s", "s.stored, s.id", "{0}.statement_id = s.id")
_REFERENCE = _Source(
    "SELECT DISTINCT",
    "learning_statementreference r JOIN learning_statement s ON s.id = r.statement_id"
    " JOIN learning_statement said ON said.id = r.target_id",
    "r",
    "said",
    "r.stored, r.statement_id",
    "{0}.statement_id = r.target_id AND {0}.stored = r.target_stored",
)

# A page also ends where its payloads would fill a worker's memory: from there on they are left out, and found again as
# the beginning of the next.
MOST_BYTES = 16 * 1024 * 1024
_PAGE = """
SELECT CASE WHEN sum(octet_length(s.payload)) OVER so_far - octet_length(s.payload) < %(most_bytes)s THEN s.payload END,
       (extract(epoch FROM s.stored) * 1000000)::bigint, s.id::text
FROM ({branches}) AS found (stored, id)
JOIN learning_statement s ON s.id = found.id
WINDOW so_far AS (ORDER BY s.stored {direction}, s.id {direction} ROWS UNBOUNDED PRECEDING)
ORDER BY s.stored {direction}, s.id {direction}
LIMIT %(most)s
"""
# A last row without an id says that the credential, which was taken for granted, is no longer what it was.
_CONFIRMED = f"({_PAGE}) UNION ALL SELECT NULL, NULL, NULL WHERE NOT {AS_IT_WAS}"
_BRANCH = "({select} {keys} FROM {tables}{joins} WHERE {conditions} ORDER BY {order} LIMIT %(most)s)"

_ALL = (Credential.Scope.READ, Credential.Scope.READ_ALL, Credential.Scope.ALL)
_SCOPES = {
    "everything": "true",
    "nothing": "false",
    "its own": "{0}.credential_id = %(credential)s",
    "its organisation's": """(
        {0}.credential_id = %(credential)s OR {0}.actor_id IN (
            SELECT actor.id FROM learning_actor actor
            JOIN workforce_membership m ON m.user_id = actor.user_id AND m.organisation_id = %(organisation)s
            JOIN workforce_post p ON p.membership_id = m.id
            WHERE p.superseded_at IS NULL AND p.during @> %(on)s::date
            UNION ALL
            SELECT actor.id FROM learning_actor actor
            JOIN workforce_seat seat ON seat.user_id = actor.user_id AND seat.during @> %(on)s::date
            JOIN workforce_committee c ON c.id = seat.committee_id AND c.organisation_id = %(organisation)s
        )
    )""",
}


@lru_cache(maxsize=2_000)
def _query(asked: _Shape, confirmed: bool) -> str:
    """The question as SQL: fixed pieces only, chosen by which parameters were given and never holding a value."""
    direction = "ASC" if asked.ascending else "DESC"
    branches = " UNION ".join(_branch(asked, direction, *ways) for ways in _ways(asked))
    return (_CONFIRMED if confirmed else _PAGE).format(branches=branches, direction=direction)


def _ways(asked: _Shape) -> Iterator[tuple[_Source, _Way, _Way]]:
    """Every combination of where it is said, how the agent stands in it and how the activity does."""
    is_about = asked.agent or asked.verb or asked.activity or asked.registration
    for source in (_ITSELF, _REFERENCE) if is_about else (_ITSELF,):
        for agent, activity in product(_agents(asked, source), _activities(asked, source)):
            yield source, agent, activity


def _agents(asked: _Shape, source: _Source) -> list[_Way]:
    if not asked.agent:
        return [_Way()]
    ways = [
        _Way(condition=f"{source.about}.actor_id = %(agent)s"),
        _link("learning_statementactor", "la", "agent", source),
    ]
    if asked.related_agents:
        ways.append(_Way(condition=f"{source.said}.credential_id {_IS_AUTHORITY}"))
    return ways


# Whoever vouches is the account of a credential, so an index by credential finds what it vouched for.
_IS_AUTHORITY = "= (SELECT id FROM learning_credential WHERE key = %(authority)s)"


def _activities(asked: _Shape, source: _Source) -> list[_Way]:
    if not asked.activity:
        return [_Way()]
    ways = [_Way(condition=f"{source.about}.activity_id = %(activity)s")]
    if asked.related_activities:
        ways.append(_link("learning_statementactivity", "lv", "activity", source))
    return ways


def _link(table: str, alias: str, name: str, source: _Source) -> _Way:
    return _Way(
        f" JOIN {table} {alias} ON {source.linked.format(alias)}",
        f"{alias}.target_id = %({name})s AND {alias}.usages & %({name}_usages)s <> 0",
        f"{alias}.stored, {alias}.statement_id" if source is _ITSELF else "",
    )


def _branch(asked: _Shape, direction: str, source: _Source, agent: _Way, activity: _Way) -> str:
    keys = agent.keys or activity.keys or source.keys
    conditions = [
        agent.condition,
        activity.condition,
        f"{source.about}.verb = %(verb)s" if asked.verb else "",
        f"{source.about}.registration = %(registration)s" if asked.registration else "",
        *_limits(asked, keys),
        *(_SCOPES[asked.scope].format(alias) for alias in dict.fromkeys(("s", source.said))),
        "s.voided_by IS NULL",
    ]
    return _BRANCH.format(
        select=source.select,
        keys=keys,
        tables=source.tables,
        joins=agent.joins + activity.joins,
        conditions=" AND ".join(filter(None, conditions)),
        order=", ".join(f"{key} {direction}" for key in keys.split(", ")),
    )


def _limits(asked: _Shape, keys: str) -> list[str]:
    stored = keys.partition(",")[0]
    beyond = ">" if asked.ascending else "<"
    return [
        f"({keys}) {beyond} (%(cursor_stored)s, %(cursor_id)s)" if asked.cursor else "",
        f"{stored} > %(since)s" if asked.since else "",
        f"{stored} <= %(until)s" if asked.until else "",
    ]


def _scope(credential: Credential | None) -> str:
    if credential is None:
        return "everything"
    if not credential.allows(*_ALL):
        return "its own" if credential.allows(Credential.Scope.READ_MINE) else "nothing"
    return "its organisation's" if credential.organisation_id else "everything"


def _credential_named(agent: str | None) -> str | None:
    """The key of the credential whose account of this system this is."""
    ours = account_key(settings.IRI_BASE, "")
    return agent.removeprefix(ours) if agent and agent.startswith(ours) else None


def _values(asked: Asked, credential: Credential | None, on: date) -> dict[str, object]:
    related = asked.related_agents
    return {
        "most": asked.limit + 1,
        "most_bytes": MOST_BYTES,
        "credential": credential and credential.pk,
        "organisation": credential and credential.organisation_id,
        "on": on,
        "agent": asked.agent and key_of(asked.agent),
        "agent_usages": sum(Usage) if related else Usage.MEMBER | Usage.OBJECT,
        "authority": _credential_named(asked.agent),
        "verb": asked.verb,
        "activity": asked.activity and key_of(asked.activity),
        "activity_usages": sum(Usage),
        "registration": asked.registration,
        "since": asked.since,
        "until": asked.until,
        "cursor_stored": asked.cursor and asked.cursor.stored,
        "cursor_id": asked.cursor and asked.cursor.id,
    }
