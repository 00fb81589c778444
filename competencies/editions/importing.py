"""A draft from a file: the data file (JSON), a table with a row for each cell (CSV), or a CASE package.

All three end in the tree that `source.read` checks, so one set of rules holds for each. Nothing is half stored.
"""

import csv
import io
import json
from datetime import date, datetime
from typing import Any

from django.db import transaction

from learning.iris import capability_iri
from workforce.models import Overlay, Tier, User

from ..actions.framework import framework_of, store_edition
from ..frameworks.source import BrokenFile, FrameworkSource, Mistake, parse, read
from ..models import Capability, Edition
from .actions import begin
from .case import NotCase, tree_from_package
from .drafting import must_be_new
from .sheet import sheet
from .writing import COLUMNS, tree_of

OVERLAY = "overlay:"


@transaction.atomic
def import_draft(
    *, raw: bytes, version: str, dated: date, standard: Edition, by: User, at: datetime | None = None
) -> Edition:
    """A draft of this version that says what the file says. `standard` lends what a CSV or CASE file cannot say.

    Raises BrokenFile, with each mistake and where it is, or ValidationError; nothing is stored then.
    """
    source, kind = _source(raw, version, dated, standard)
    framework = framework_of(source)
    must_be_new(framework, version)
    tiers = {tier.key: tier for tier in Tier.objects.all()}
    overlays = {overlay.key: overlay for overlay in Overlay.objects.prefetch_related("tiers")}
    if faults := [*_strangers(source, tiers, overlays), *_codes_in_use(source)]:
        raise BrokenFile(faults)
    edition = store_edition(framework, source, tiers, overlays)
    begin(edition, by, f"Read from a {kind} file.", at)
    return edition


def _source(raw: bytes, version: str, dated: date, standard: Edition) -> tuple[FrameworkSource, str]:
    base = tree_of(sheet(standard))
    if not raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return _from_csv(raw, base | {"version": version, "date": dated.isoformat()}), "CSV"
    tree = parse(raw)
    if isinstance(tree, dict) and "CFDocument" in tree:
        try:
            tree = tree_from_package(tree, version, dated.isoformat(), base)
        except NotCase as error:
            raise BrokenFile([Mistake(1, "", str(error))]) from error
        return read(_bytes(tree)), "CASE"
    source = read(raw)
    source.version, source.date = version, dated
    return source, "JSON"


def _bytes(tree: object) -> bytes:
    return json.dumps(tree, ensure_ascii=False).encode()


def _strangers(
    source: FrameworkSource, tiers: dict[str, Tier], overlays: dict[str, Overlay]
) -> list[Mistake]:
    """Tiers and overlays belong to posts as well: a draft cannot bring new ones, or change whom they are for."""
    faults = [
        Mistake(1, f"tiers.{n}", f'There is no tier "{tier.key}" here.')
        for n, tier in enumerate(source.tiers)
        if tier.key not in tiers
    ]
    for n, given in enumerate(source.overlays):
        known = overlays.get(given.key)
        if known is None:
            faults.append(Mistake(1, f"overlays.{n}", f'There is no overlay "{given.key}" here.'))
        elif {tier.key for tier in known.tiers.all()} != set(given.applies_to):
            faults.append(
                Mistake(
                    1, f"overlays.{n}.applies_to", f'The overlay "{given.key}" goes with other tiers here.'
                )
            )
    return faults


def _codes_in_use(source: FrameworkSource) -> list[Mistake]:
    """A code and an IRI belong together for ever."""
    codes = [given.id for given in source.capabilities]
    iris = {capability_iri(given.iri_suffix): n for n, given in enumerate(source.capabilities)}
    faults = [
        Mistake(1, f"capabilities.{n}.id", f"The capability {known.iri} has the code {known.code} here.")
        for known in Capability.objects.filter(iri__in=iris)
        for n in [iris[known.iri]]
        if known.code != codes[n]
    ]
    framework = framework_of(source)
    for known in framework.capabilities.filter(code__in=codes).exclude(iri__in=iris):
        where = f"capabilities.{codes.index(known.code)}.iri_suffix"
        faults.append(Mistake(1, where, f"The code {known.code} belongs to {known.iri} here."))
    return faults


def _from_csv(raw: bytes, tree: dict[str, Any]) -> FrameworkSource:
    """The rows of the table in place of the base's domains, capabilities and overlays."""
    rows = _rows(raw)
    places = _fill(tree, rows)
    try:
        return read(_bytes(tree))
    except BrokenFile as error:
        raise BrokenFile(_in_rows(mistake, places) for mistake in error.mistakes) from error


def _rows(raw: bytes) -> list[dict[str, str]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BrokenFile([Mistake(line, "", "This is not UTF-8 text. Save the file as UTF-8.")]) from error
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
        if missing:
            raise BrokenFile([Mistake(1, "", f"These columns are missing: {', '.join(missing)}.")])
        rows = [{name: (row[name] or "").strip() for name in COLUMNS} for row in table]
    except csv.Error as error:
        raise BrokenFile([Mistake(1, "", f"This is not a CSV table: {error}.")]) from error
    if not rows:
        raise BrokenFile([Mistake(1, "", "There are no rows under the headings.")])
    return rows


def _fill(tree: dict[str, Any], rows: list[dict[str, str]]) -> dict[str, int]:
    """Put the rows into the tree; returns path → row of the table."""
    domains: dict[str, dict[str, str]] = {}
    capabilities: dict[str, dict[str, Any]] = {}
    overlays = {o["key"]: o | {"adds": {}, "removes": [], "provenance": {}} for o in tree["overlays"]}
    places: dict[str, int] = {}
    faults = []
    for number, row in enumerate(rows, start=2):
        domains.setdefault(row["domain_code"], {"id": row["domain_code"], "name": row["domain"]})
        code = row["code"]
        if code not in capabilities:
            places[f"capabilities.{len(capabilities)}"] = number
            capabilities[code] = _capability(row)
        cell = {"provenance": row["provenance"], "sources": row["sources"].split()}
        level, grace = _number(row["level"]), _number(row["grace_days"])
        who = row["who"]
        if not who.startswith(OVERLAY):
            place = f"capabilities.{list(capabilities).index(code)}.expected.{who}"
            own = {} if grace is None else {"grace_days": grace}
            capabilities[code]["expected"][who] = cell | {"level": level} | own
        elif who.removeprefix(OVERLAY) in overlays:
            key = who.removeprefix(OVERLAY)
            place = f"overlays.{list(overlays).index(key)}.provenance.{code}"
            overlays[key]["provenance"][code] = cell
            if level:
                overlays[key]["adds"][code] = level
            else:
                overlays[key]["removes"].append(code)
        else:
            faults.append(Mistake(number, "who", f"There is no overlay {who.removeprefix(OVERLAY)} here."))
            continue
        if place in places:
            faults.append(Mistake(number, "who", f"{code} has {who} for the second time."))
        places[place] = number
    if faults:
        raise BrokenFile(faults)
    tree["domains"], tree["capabilities"] = list(domains.values()), list(capabilities.values())
    tree["overlays"] = list(overlays.values())
    return places


def _capability(row: dict[str, str]) -> dict[str, Any]:
    known = row["iri"].startswith(capability_iri(""))
    return {
        "id": row["code"],
        "domain": row["domain_code"],
        "name": row["capability"],
        "description": row["description"],
        "iri_suffix": row["iri"].removeprefix(capability_iri("")) if known else row["code"].lower(),
        "sources": row["capability_sources"].split(),
        "expected": {},
    }


def _number(text: str) -> int | str | None:
    """A whole number; anything else stays as it is, and the rules of the data file say what is wrong with it."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else text or None


def _in_rows(mistake: Mistake, places: dict[str, int]) -> Mistake:
    """The row of the table that a path of the tree came from."""
    steps = mistake.path.split(".")
    for length in range(len(steps), 0, -1):
        if row := places.get(".".join(steps[:length])):
            return Mistake(row, ".".join(steps[length:]), mistake.message)
    return Mistake(1, mistake.path, mistake.message)
