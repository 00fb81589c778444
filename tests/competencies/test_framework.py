"""An edition loads whole or not at all, says what is wrong and where, and never changes once published."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from competencies.actions import adopt_edition, import_framework
from competencies.actions.framework import EditionIsPublished
from competencies.frameworks.source import BrokenFile, read
from competencies.models import Adoption, Edition, EditionCapability, Requirement
from workforce.models import Organisation

from .conftest import FRAMEWORK

RAW = FRAMEWORK.read_bytes()
WIZARDS = {"level": 1, "provenance": "direct"}
Change = Callable[[dict[str, Any]], object]


def broken(change: Change) -> BrokenFile:
    model = json.loads(RAW)
    change(model)
    with pytest.raises(BrokenFile) as caught:
        read(json.dumps(model, indent=1).encode())
    return caught.value


def line_of(text: str, change: Change) -> int:
    model = json.loads(RAW)
    change(model)
    lines = json.dumps(model, indent=1).splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_the_shipped_edition_loads_whole(edition: Edition) -> None:
    assert edition.capabilities.count() == 36
    assert edition.domains.count() == 7
    assert edition.requirements.filter(tier__isnull=False).count() == 180
    assert edition.requirements.filter(overlay__isnull=False).count() == 22
    digital = Requirement.objects.get(tier__key="managers", capability__code="SS-9")
    assert (digital.level, digital.grace_days, digital.provenance) == (2, 180, "reconstruction")
    assert list(edition.levels.values_list("number", "grace_days", "validity_months")) == [
        (0, 0, None),
        (1, 90, 36),
        (2, 90, 36),
        (3, 365, 36),
        (4, 730, 36),
    ]


def test_loading_again_changes_nothing(edition: Edition) -> None:
    assert import_framework(raw=RAW) == (edition, False)
    assert Edition.objects.count() == 1


def test_a_changed_file_under_a_published_version_is_refused(edition: Edition) -> None:
    with pytest.raises(EditionIsPublished):
        import_framework(raw=RAW.replace(b"Patients first", b"Patients second"))
    assert EditionCapability.objects.filter(name="Patients second").count() == 0


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        (lambda m: m["capabilities"][4].update(domain="XX"), '"domain": "XX"', 'no domain "XX"'),
        (lambda m: m["capabilities"][0]["expected"]["board"].update(level=7), '"level": 7', "<= 4"),
        (lambda m: m["capabilities"][0]["expected"].update(wizards=WIZARDS), "wizards", "no tier"),
        (lambda m: m["overlays"][0]["adds"].update({"ZZ-1": 2}), '"ZZ-1": 2', 'no capability "ZZ-1"'),
        (
            lambda m: m["capabilities"][0]["expected"]["board"]["sources"].append("NOWHERE"),
            "NOWHERE",
            "no source",
        ),
        (lambda m: m["validity_months_default"].update({"2": 0}), '"2": 0', "no expiry"),
        (lambda m: m["grace_days"].update({"2": 10**30}), '"2": 1000000', "<= 36500"),
        (lambda m: m["domains"][1].update(name="Half \ud83d"), "Half", "half of a sign"),
        (lambda m: m["capabilities"][4].update(domain="X", name="\U0001f642"), '"domain": "X"', "no domain"),
    ],
)
def test_a_mistake_is_named_with_its_line(change: Change, where: str, says: str) -> None:
    mistakes = broken(change).mistakes
    assert [m.line for m in mistakes] == [line_of(where, change)]
    assert says in mistakes[0].message


def test_every_contradiction_is_reported_at_once() -> None:
    def change(model: dict[str, Any]) -> None:
        model["capabilities"][0]["domain"] = "XX"
        model["capabilities"][1]["id"] = model["capabilities"][0]["id"]
        del model["capabilities"][2]["expected"]["patients"]

    assert len(broken(change).mistakes) >= 3


@pytest.mark.parametrize(
    ("raw", "line", "says"),
    [
        (b"", 1, "not JSON"),
        (b'{\n "title": "x",\n "title": "y"\n}', 3, "twice"),
        (b'{\n "title": \n}', 3, "not JSON"),
        (b"{\n\n\xff}", 3, "not UTF-8"),
        (b'{"title": "x"}', 1, "missing required field"),
        (b'\xef\xbb\xbf{"title": "x"}', 1, "missing required field"),
        (b'{"' + b"x" * 2000 + b'": 1}', 1, "missing required field"),
    ],
)
def test_what_is_not_a_framework_gets_a_clear_answer(raw: bytes, line: int, says: str) -> None:
    with pytest.raises(BrokenFile) as caught:
        read(raw)
    assert (caught.value.mistakes[0].line, says in str(caught.value)) == (line, True)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_get_a_clear_answer(raw: bytes) -> None:
    with pytest.raises(BrokenFile) as caught:
        read(raw)
    assert str(caught.value).startswith("line ")


def test_a_broken_file_stores_nothing(db: None, tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    file.write_bytes(RAW.replace(b'"domain": "GR"', b'"domain": "GX"', 1))
    with pytest.raises(CommandError, match=r"nothing was stored[\s\S]*line \d+, capabilities\.\d+\.domain"):
        call_command("import_framework", file)
    assert not Edition.objects.exists()


@pytest.mark.parametrize("change", ["edition", "part", "delete"])
def test_the_database_refuses_to_change_a_published_edition(edition: Edition, change: str) -> None:
    changes: dict[str, Callable[[], object]] = {
        "edition": lambda: Edition.objects.update(note="Quietly changed"),
        "part": lambda: Requirement.objects.filter(capability__code="SS-1").update(level=0),
        "delete": lambda: Requirement.objects.all().delete(),
    }
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        changes[change]()
    assert Requirement.objects.filter(capability__code="SS-1", tier__key="frontline").get().level == 2


def test_an_organisation_goes_by_one_edition_at_a_time(edition: Edition) -> None:
    trust = Organisation.objects.create(code="X9B", name="Another Test Trust", opened=date(2010, 1, 1))
    adopt_edition(organisation=trust, edition=edition, on=date(2020, 1, 1))
    adopt_edition(organisation=trust, edition=edition, on=date(2021, 1, 1))
    adopt_edition(organisation=trust, edition=edition, on=date(2021, 1, 1))
    days = [
        (a.during.lower, a.during.upper)
        for a in Adoption.objects.filter(organisation=trust).order_by("during")
    ]
    assert days == [(date(2020, 1, 1), date(2021, 1, 1)), (date(2021, 1, 1), None)]


def test_an_organisation_joins_by_adopting_the_newest_edition(edition: Edition) -> None:
    trust = Organisation.objects.create(code="X9B", name="Another Test Trust", opened=date(2010, 1, 1))
    call_command("adopt_edition", "X9B", on=date(2026, 12, 1))
    trust.refresh_from_db()
    assert trust.joined == date(2026, 12, 1)
    assert Adoption.objects.get(organisation=trust).edition == edition


@pytest.mark.parametrize(
    ("code", "version", "says"), [("NO1", None, "no organisation NO1"), ("X9B", "9.9", "Published: 0.2")]
)
def test_adopting_what_is_not_there_says_so(edition: Edition, code: str, version: str, says: str) -> None:
    Organisation.objects.create(code="X9B", name="Another Test Trust", opened=date(2010, 1, 1))
    with pytest.raises(CommandError, match=says):
        call_command("adopt_edition", code, edition=version)
    assert not Adoption.objects.exists()
