"""An edition goes out as JSON, CSV and CASE and comes back the same; a broken file says where, and stores nothing."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competencies.editions.case import package
from competencies.editions.importing import import_draft
from competencies.editions.sheet import sheet
from competencies.editions.writing import as_csv, as_json, tree_of
from competencies.frameworks.source import BrokenFile
from competencies.models import Edition, Requirement
from workforce.models import User

from .conftest import FRAMEWORK

DAY = date(2040, 1, 1)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Read = Callable[..., Edition]


@pytest.fixture
def read_in(edition: Edition) -> Read:
    by = User.objects.create_user("edith@nation.example", name="Edith Education")

    def read_in(raw: bytes | str, version: str = "0.3") -> Edition:
        data = raw if isinstance(raw, bytes) else raw.encode()
        return import_draft(raw=data, version=version, dated=DAY, standard=edition, by=by)

    return read_in


def meaning(tree: dict[str, Any]) -> dict[str, Any]:
    """What an edition says: without its version and day, and whatever the order of lists that have none."""
    same = {name: value for name, value in tree.items() if name not in ("version", "date", "levels", "tiers")}
    same["levels"] = [{k: v for k, v in level.items() if k != "key"} for level in tree["levels"]]
    same["tiers"] = [{k: tier[k] for k in ("key", "label")} for tier in tree["tiers"]]
    same["overlays"] = sorted(
        (
            {**o, "applies_to": sorted(o["applies_to"]), "removes": sorted(o["removes"])}
            for o in tree["overlays"]
        ),
        key=lambda overlay: str(overlay["key"]),
    )
    return same


def test_the_shipped_file_comes_out_of_the_database_as_it_went_in(edition: Edition) -> None:
    assert meaning(json.loads(as_json(sheet(edition)))) == meaning(json.loads(FRAMEWORK.read_bytes()))


@pytest.mark.parametrize("write", [as_json, as_csv, "1.1"])
def test_what_goes_out_comes_back_as_a_draft_that_says_the_same(
    write: Any, edition: Edition, read_in: Read
) -> None:
    before = sheet(edition)
    out = json.dumps(package(before, NOON)) if write == "1.1" else write(before)
    draft = read_in(out)
    assert draft.state == Edition.State.DRAFT
    assert (draft.version, draft.dated) == ("0.3", DAY)
    kept = {
        "title",
        "domains",
        "capabilities",
        "overlays",
        "sources",
        "grace_days",
        "validity_months_default",
    }
    came, went = (meaning(tree_of(s)) for s in (sheet(draft), before))
    assert {name: came[name] for name in kept} == {name: went[name] for name in kept}
    assert came["levels"] == went["levels"]


def test_case_1_0_keeps_the_items_and_asks_nobody(edition: Edition, read_in: Read) -> None:
    out = package(sheet(edition), NOON, "1.0")
    assert "extensions" not in json.dumps(out)
    draft = read_in(json.dumps(out))
    assert draft.capabilities.count() == 36
    assert set(draft.requirements.values_list("level", "provenance")) == {
        (0, Requirement.Provenance.RECONSTRUCTION)
    }
    again = package(sheet(draft), NOON, "1.0")
    names = [[(i["humanCodingScheme"], i["fullStatement"]) for i in p["CFItems"]] for p in (out, again)]
    assert names[0] == names[1]


def test_case_has_what_the_specification_asks_for_and_stable_identifiers(edition: Edition) -> None:
    first, second = (package(sheet(edition), NOON) for _ in range(2))
    assert first == second
    assert {"identifier", "uri", "creator", "title", "lastChangeDateTime", "CFPackageURI"} <= set(
        first["CFDocument"]
    )
    items = {item["identifier"]: item for item in first["CFItems"]}
    assert len(items) == 43
    for item in items.values():
        assert UUID(item["identifier"]).version == 5
        assert {"fullStatement", "uri", "lastChangeDateTime", "CFDocumentURI"} <= set(item)
    kinds = [link["associationType"] for link in first["CFAssociations"]]
    assert (kinds.count("isChildOf"), kinds.count("exactMatchOf")) == (43, 36)
    for link in first["CFAssociations"]:
        assert link["originNodeURI"]["identifier"] in items
    matched = {
        link["destinationNodeURI"]["uri"]
        for link in first["CFAssociations"]
        if link["associationType"] == "exactMatchOf"
    }
    assert matched == {row.capability.iri for row in sheet(edition).rows}
    scores = [s["score"] for s in first["CFRubrics"][0]["CFRubricCriteria"][0]["CFRubricCriterionLevels"]]
    assert scores == [0, 1, 2, 3, 4]


def csv_with(edition: Edition, old: str, new: str) -> str:
    text = as_csv(sheet(edition))
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("board,3,direct", "board,7,direct", "line 2, level: Expected `int` <= 4"),
        ("board,3,direct", "wizards,3,direct", 'line 2: There is no tier "wizards"'),
        ("managers,3,direct", "board,3,direct", "line 3, who: PP-1 has board for the second time"),
        ("board,3,direct", "board,3,guess", "line 2, provenance: Invalid enum value"),
        ("direct,B-R2 B-BOX1", "direct,NOWHERE", 'line 2, sources.0: There is no source "NOWHERE"'),
        ("overlay:patient_facing", "overlay:nobody", "There is no overlay nobody here"),
        ("domain_code,", "", "These columns are missing: domain_code"),
    ],
)
def test_a_mistake_in_a_table_is_told_with_its_row(
    old: str, new: str, says: str, edition: Edition, read_in: Read
) -> None:
    with pytest.raises(BrokenFile) as caught:
        read_in(csv_with(edition, old, new))
    assert says in str(caught.value)
    assert Edition.objects.count() == 1


def test_a_mistake_in_a_package_is_told_with_its_path(edition: Edition, read_in: Read) -> None:
    broken: list[tuple[Callable[[dict[str, Any]], object], str]] = [
        (lambda p: p.pop("CFItems"), "CFItems is missing, or is not a list"),
        (lambda p: p["CFItems"][9].pop("humanCodingScheme"), "CFItems.9.humanCodingScheme"),
        (
            lambda p: p["CFAssociations"][8]["originNodeURI"].update(identifier="x"),
            "CFAssociations.8.originNodeURI",
        ),
        (lambda p: p["CFItems"][9].update(humanCodingScheme="a b"), "capabilities.2.id"),
        (lambda p: p["CFItems"][7].update(humanCodingScheme="PP-99"), "has the code PP-1 here"),
    ]
    for change, says in broken:
        out = package(sheet(edition), NOON)
        change(out)
        with pytest.raises(BrokenFile) as caught:
            read_in(json.dumps(out))
        assert says in str(caught.value)
    assert Edition.objects.count() == 1


def test_a_draft_brings_no_new_tiers_and_moves_no_overlay(edition: Edition, read_in: Read) -> None:
    tree = tree_of(sheet(edition))
    tree["overlays"][0]["applies_to"] = ["board"]
    with pytest.raises(BrokenFile, match="goes with other tiers here"):
        read_in(json.dumps(tree))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.binary(max_size=80)
    | st.dictionaries(
        st.sampled_from(["CFDocument", "CFItems", "CFAssociations"]),
        st.none()
        | st.integers()
        | st.lists(st.none() | st.dictionaries(st.text(), st.text()), max_size=2)
        | st.dictionaries(st.sampled_from(["title", "extensions"]), st.text()),
    ).map(lambda d: json.dumps(d).encode())
)
def test_any_file_gets_a_clear_answer(edition: Edition, read_in: Read, raw: bytes) -> None:
    with pytest.raises(BrokenFile) as caught:
        read_in(raw)
    assert str(caught.value).startswith("line ")
