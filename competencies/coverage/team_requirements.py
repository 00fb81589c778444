"""What every team is asked to have, and which teams have it. Small teams are hidden as everywhere inside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import connection

from workforce.models import Organisation

from ..models import Edition
from .disclosure import ORGANISATION, hidden_inside, smallest_shown
from .queries import DEEPEST_TREE

_COUNT = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class TeamStanding:
    """One requirement, and how one team stands. `held` is at most `people`, so that it tells no more than is asked;
    None where the team is too small to say, or would tell about a smaller one beside it."""

    capability_name: str
    level: int
    people: int
    held: int | None

    @property
    def is_met(self) -> bool:
        return self.held == self.people


@dataclass(frozen=True)
class Requirement:
    """One requirement with the counts of every node: how many people, and how many of them hold it."""

    capability_name: str
    level: int
    people: int
    sizes: Mapping[int, int]
    holders: Mapping[int, int]
    parents: Mapping[int, int | None]

    def of_team(self, team: int) -> TeamStanding:
        is_told = team in self.sizes and team not in hidden_inside(self.sizes, self.parents)
        held = min(self.holders[team], self.people) if is_told else None
        return TeamStanding(self.capability_name, self.level, self.people, held)

    @property
    def teams(self) -> frozenset[int]:
        """The lowest teams that can be told of; the people of a smaller one are in the team above it."""
        return smallest_shown(self.sizes, self.parents)

    @property
    def met(self) -> int:
        return sum(self.holders[team] >= self.people for team in self.teams)


def team_requirements(organisation: Organisation, edition: Edition, on: date) -> list[Requirement]:
    """What the edition asks of teams, with the teams of one organisation on a day. One query."""
    values: dict[str, Any] = {
        "organisation": organisation.pk,
        "edition": edition.pk,
        "on": on,
        "deepest": DEEPEST_TREE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        rows = cursor.fetchall()
    found = []
    for (name, level, people), nodes in groupby(rows, key=lambda row: row[:3]):
        counted = {node: (parent, size, held) for *_, node, parent, size, held in nodes}
        found.append(
            Requirement(
                name,
                level,
                people,
                sizes={node: size for node, (_, size, _) in counted.items()},
                holders={node: held for node, (_, _, held) in counted.items()},
                parents={node: _above(node, parent) for node, (parent, _, _) in counted.items()},
            )
        )
    return found


def _above(node: int, parent: int | None) -> int | None:
    return None if node == ORGANISATION else parent or ORGANISATION
