"""What the record keeps beside a payload: the columns that queries filter on, worked out before anything is stored."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from uuid import UUID, uuid4

import msgspec
from django.conf import settings

from . import iris
from .definitions import merged
from .keys import key_of
from .models import Credential, Statement, Usage
from .xapi import Received
from .xapi.formats import instant, written
from .xapi.links import activities_in, actors_in
from .xapi.normalising import normalised
from .xapi.statements import StatementRef
from .xapi.versions import Version

# The account that signs what this system itself says.
OWN_ACCOUNT = "record"
_USAGES = {"actor": int(Usage.MEMBER)} | {usage.name.lower(): int(usage) for usage in Usage if usage.name}
NEVER = datetime.max.replace(tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Fact(msgspec.Struct, kw_only=True):
    """One statement, ready to be stored. Ids of actors and activities are texts: that is how they are sent.

    `kept` is what goes into the payload, until it is stamped with when it was stored.
    """

    id: str
    stored: datetime = NEVER
    payload: str = ""
    kept: dict[str, object]
    actor: str | None
    verb: str
    activity: str | None
    target: str | None
    registration: str | None
    timestamp: datetime | None
    credential: Credential | None
    sent: dict[str, msgspec.Raw]
    actor_links: dict[str, int]
    activity_links: dict[str, int]

    def as_statement(self) -> Statement:
        """The row as it was stored, without asking the database for it."""
        return Statement(
            id=UUID(self.id),
            stored=self.stored,
            payload=self.payload,
            actor_id=UUID(self.actor) if self.actor else None,
            verb=self.verb,
            activity_id=UUID(self.activity) if self.activity else None,
            target=UUID(self.target) if self.target else None,
            registration=UUID(self.registration) if self.registration else None,
            timestamp=self.timestamp or self.stored,
            credential=self.credential,
        )


@dataclass
class Facts:
    """A batch in the order in which it came, and the actors and activities that it names, by id.

    All of it is worked out before the database is asked anything. Only when it was stored is written in then (`stamp`).
    """

    credential: Credential | None
    version: Version
    rows: list[Fact] = field(default_factory=list)
    actors: dict[str, str] = field(default_factory=dict)
    activities: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, dict[str, object]] = field(default_factory=dict)
    _heard: set[tuple[str, bytes]] = field(default_factory=set)

    def add(self, entry: Received) -> None:
        """One more statement."""
        said = entry.statement
        statement_id = said.id.lower() if said.id else str(uuid4())
        actor = key(said.actor.key) if said.actor.key else None
        activity, activity_links = self._activities(entry)
        registration = said.context.registration if said.context else None
        self.rows.append(
            Fact(
                id=statement_id,
                kept=self._kept(entry, statement_id),
                actor=actor,
                verb=said.verb.id,
                activity=activity,
                target=said.object.id.lower() if isinstance(said.object, StatementRef) else None,
                registration=registration or None,
                timestamp=instant(said.timestamp) if said.timestamp else None,
                credential=self.credential,
                sent=entry.properties,
                actor_links=self._actors(entry, actor),
                activity_links=activity_links,
            )
        )

    def _actors(self, entry: Received, actor: str | None) -> dict[str, int]:
        links: dict[str, int] = {}
        for usage, identifier in actors_in(entry.statement):
            target = key(identifier)
            self.actors[target] = identifier
            if usage != "actor" or target != actor:
                links[target] = links.get(target, 0) | _USAGES[usage]
        return links

    def _activities(self, entry: Received) -> tuple[str | None, dict[str, int]]:
        """The object, if it is an activity, and where the others stand."""
        activity: str | None = None
        links: dict[str, int] = {}
        for usage, named in activities_in(entry.statement):
            target = key(named.id)
            self.activities[target] = named.id
            if named.definition:
                self._define(target, named.id, msgspec.json.encode(named.definition))
            if usage == "object":
                activity = target
            else:
                links[target] = links.get(target, 0) | _USAGES[usage]
        return activity, links

    def _define(self, target: str, iri: str, definition: bytes) -> None:
        """Take up what is said of an activity, once, from those who may say it."""
        if (target, definition) in self._heard:
            return
        self._heard.add((target, definition))
        if self.credential is None or (self._may_define and not iris.is_ours(iri)):
            known = self.definitions.get(target, {})
            self.definitions[target] = merged(known, msgspec.json.decode(definition))

    @cached_property
    def _may_define(self) -> bool:
        return bool(self.credential and self.credential.allows(*Credential.MAY_DEFINE))

    def stamp(self, stored: datetime) -> None:
        """Say when they were stored: each a microsecond after the one before it, which keeps their order."""
        for number, row in enumerate(self.rows):
            row.stored = stored + number * _MICROSECOND
            now = written(row.stored)
            completed = {**row.kept, "stored": now, "authority": self._authority}
            completed["timestamp"] = row.kept["timestamp"] or now
            row.payload = msgspec.json.encode(completed).decode()
            row.kept = {}

    def _kept(self, entry: Received, statement_id: str) -> dict[str, object]:
        """What was received, each property byte for byte, and those that the record must set (Data 2.3.1) in place."""
        context = entry.statement.context
        is_newer = self.version is Version.TWO or (
            context and (context.contextAgents or context.contextGroups)
        )
        return {
            "id": statement_id,
            "timestamp": None,
            "version": "2.0.0" if is_newer else "1.0.0",
            **normalised(entry.properties, entry.statement),
        }

    @cached_property
    def _authority(self) -> msgspec.Raw:
        return msgspec.Raw(
            msgspec.json.encode(account(self.credential.key if self.credential else OWN_ACCOUNT))
        )


def facts_of(batch: Iterable[Received], *, credential: Credential | None, version: Version) -> Facts:
    facts = Facts(credential, version)
    for entry in batch:
        facts.add(entry)
    return facts


def account(name: str) -> dict[str, object]:
    """An agent with an account of this system."""
    return {"objectType": "Agent", "account": {"homePage": settings.IRI_BASE, "name": name}}


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    return str(key_of(name))


def links_of(rows: Iterable[Fact], name: str) -> list[tuple[str, str, int]]:
    """(statement, target, usages) of every link of one kind."""
    return [(row.id, target, usages) for row in rows for target, usages in getattr(row, name).items()]
