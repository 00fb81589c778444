"""An edition as the data file that `source.read` takes, and as a table with a row for each cell."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from django.utils.text import slugify

from ..models import TeamRequirement
from .sheet import Cell, Sheet

COLUMNS = (
    "domain_code",
    "domain",
    "code",
    "capability",
    "description",
    "capability_sources",
    "iri",
    "who",
    "level",
    "provenance",
    "sources",
    "grace_days",
)
KEPT_ELSEWHERE = ("overlay_notes",)


def tree_of(sheet: Sheet) -> dict[str, Any]:
    """The edition in the shape of the data file."""
    edition, grace = sheet.edition, {level.number: level.grace_days for level in sheet.levels}
    tree: dict[str, Any] = {
        "title": edition.framework.title,
        "version": edition.version,
        "date": edition.dated.isoformat(),
        "status": edition.note or "No note yet.",
        "levels": [
            {
                "level": level.number,
                "key": slugify(level.label),
                "label": level.label,
                "meaning": level.meaning,
                "evidence": level.evidence,
            }
            for level in sheet.levels
        ],
        "tiers": [{"key": c.tier.key, "label": c.label} for c in sheet.tiers if c.tier],
        "domains": [{"id": group.code, "name": group.name} for group in sheet.groups],
        "sources": edition.sources,
        "grace_days": {str(level.number): level.grace_days for level in sheet.levels if level.number},
        "validity_months_default": {
            str(level.number): level.validity_months for level in sheet.levels if level.number
        },
        "overlays": _overlays(sheet),
        "capabilities": [
            {
                "id": row.capability.code,
                "domain": group.code,
                "name": row.name,
                "description": row.description,
                "iri_suffix": row.capability.iri.rsplit("/", 1)[-1],
                "sources": row.sources,
                "expected": {c.column.tier.key: _cell(c, grace) for c in row.of_tiers if c.column.tier},
            }
            for group in sheet.groups
            for row in group.rows
        ],
    }
    tree |= {k: v for k, v in edition.carried.items() if k not in KEPT_ELSEWHERE}
    if sheet.of_teams or "team_requirements" in tree:
        words = {(given["capability"], given["level"]): given for given in tree.get("team_requirements", [])}
        tree["team_requirements"] = [
            _of_team(asked, words.get((asked.capability.code, asked.level), {})) for asked in sheet.of_teams
        ]
    return tree


def _of_team(asked: TeamRequirement, words: dict[str, Any]) -> dict[str, Any]:
    """In the words of the file that it came from, if it came from one."""
    code = asked.capability.code
    label = f"At least {asked.people} people at level {asked.level} of {code}"
    return (
        {"label": label, "applies_to": "every team", "shown_as": "a line on the page of a team"}
        | words
        | {
            "capability": code,
            "level": asked.level,
            "people_at_least": asked.people,
            "provenance": asked.provenance,
            "sources": asked.sources,
        }
    )


def as_json(sheet: Sheet) -> str:
    return json.dumps(tree_of(sheet), ensure_ascii=False, indent=1) + "\n"


def _cell(cell: Cell, grace: dict[int, int]) -> dict[str, Any]:
    level = cell.level or 0
    given = {"level": level, "provenance": cell.provenance or "reconstruction", "sources": list(cell.sources)}
    return given | ({"grace_days": cell.grace_days} if cell.grace_days != grace.get(level, 0) else {})


def _overlays(sheet: Sheet) -> list[dict[str, Any]]:
    """Those that say something of their own, with what they add and what they take away."""
    notes = sheet.edition.carried.get("overlay_notes", {})
    found: dict[str, dict[str, Any]] = {}
    for row in sheet.rows:
        for cell in row.of_overlays:
            overlay, code = cell.column.overlay, row.capability.code
            if overlay is None:
                continue
            into = found.setdefault(
                overlay.key,
                {
                    "key": overlay.key,
                    "label": overlay.label,
                    "applies_to": [tier.key for tier in overlay.tiers.all()],
                    "adds": {},
                    "removes": [],
                    "provenance": {},
                    "note": notes.get(overlay.key, ""),
                },
            )
            if cell.level:
                into["adds"][code] = cell.level
            else:
                into["removes"].append(code)
            into["provenance"][code] = {"provenance": cell.provenance, "sources": list(cell.sources)}
    return list(found.values())


def as_csv(sheet: Sheet) -> str:
    """One row a cell. `who` is a tier, or `overlay:` and its key; cells where an overlay says nothing are left out."""
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    table.writeheader()
    table.writerows(_rows(sheet))
    return text.getvalue()


def _rows(sheet: Sheet) -> Iterable[dict[str, object]]:
    grace = {level.number: level.grace_days for level in sheet.levels}
    for group in sheet.groups:
        for row in group.rows:
            about = {
                "domain_code": group.code,
                "domain": group.name,
                "code": row.capability.code,
                "capability": row.name,
                "description": row.description,
                "capability_sources": " ".join(row.sources),
                "iri": row.capability.iri,
            }
            for cell in [*row.of_tiers, *row.of_overlays]:
                tier, overlay = cell.column.tier, cell.column.overlay
                own = tier is not None and cell.grace_days != grace.get(cell.level or 0, 0)
                yield about | {
                    "who": tier.key if tier else f"overlay:{overlay.key if overlay else ''}",
                    "level": cell.level or 0,
                    "provenance": cell.provenance,
                    "sources": " ".join(cell.sources),
                    "grace_days": cell.grace_days if own else "",
                }
