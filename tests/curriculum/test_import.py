"""The import: everything is checked first, a second run changes nothing, edits on the site are kept."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page, Site

from competencies.models import EvidenceRule
from curriculum.actions import import_curriculum
from curriculum.importing import BrokenSource
from curriculum.importing.source import read_information, read_module, read_outline
from curriculum.keys import key_of
from curriculum.models import (
    ActivityPage,
    DatedFact,
    GlossaryTerm,
    HomePage,
    ModulePage,
    ModuleVersion,
    PatientRole,
    ProgrammePage,
    SourceState,
)

from . import small


def faults(outline: dict[str, Any] = small.OUTLINE, **modules: dict[str, Any]) -> list[str]:
    with pytest.raises(BrokenSource) as broken:
        import_curriculum(files=small.files(outline, **modules))
    return [str(fault) for fault in broken.value.faults]


def changed(path: list[Any], value: Any) -> dict[str, Any]:
    """The written staff module with one thing changed."""
    source = small.written("TS-1")
    place: Any = source["activities"]
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return source


def test_import_makes_the_tree(curriculum: None) -> None:
    assert Site.objects.get(is_default_site=True).root_page.specific == HomePage.objects.get()
    assert not Page.objects.filter(title__startswith="Welcome to your new").exists()
    assert [page.title for page in ProgrammePage.objects.order_by("path")] == [
        "Frontline",
        "Patients",
        "For particular roles",
    ]
    module = ModulePage.objects.get(source_key="TS-1")
    assert module.key == key_of("TS-1")
    assert [page.source_key for page in ActivityPage.objects.child_of(module)] == [
        f"TS-1.a{n}" for n in range(1, 6)
    ]
    assert (DatedFact.objects.count(), GlossaryTerm.objects.count(), PatientRole.objects.count()) == (1, 1, 1)


def test_import_leaves_a_sound_tree(curriculum: None) -> None:
    assert Page.find_problems() == ([], [], [], [], [])


def test_import_turns_markdown_and_facts_into_blocks(curriculum: None) -> None:
    body = ActivityPage.objects.get(source_key="TS-1.a1").body
    assert [block.block_type for block in body] == ["heading", "text", "then_now"]
    assert body[1].value.source == "<p>One <strong>bold</strong> word.</p>"
    assert body[2].value == DatedFact.objects.get()


def test_import_marks_what_is_not_written_as_in_preparation(curriculum: None) -> None:
    assert list(ModulePage.objects.filter(in_preparation=True).values_list("source_key", flat=True)) == [
        "TS-2"
    ]


def test_import_again_changes_nothing(curriculum: None) -> None:
    before = list(ModuleVersion.objects.values_list("pk", flat=True)), EvidenceRule.objects.count()
    report = import_curriculum(files=small.files())
    assert (report.made, report.changed, report.kept) == ([], [], [])
    assert report.same == SourceState.objects.exclude(source_key="*").count() == 22
    assert (list(ModuleVersion.objects.values_list("pk", flat=True)), EvidenceRule.objects.count()) == before


def test_import_of_the_same_files_looks_no_further(
    curriculum: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        import_curriculum(files=small.files())


def test_import_dry_run_says_what_it_would_do_and_does_nothing(names: None) -> None:
    report = import_curriculum(files=small.files(), dry_run=True)
    assert len(report.made) == 22
    assert not HomePage.objects.exists()


def test_import_takes_a_changed_source_and_freezes_a_version(curriculum: None) -> None:
    source = changed(["TS-1.a1", "body", 1, "text"], "Other words.")
    report = import_curriculum(files=small.files(TS_1=source))
    assert report.changed == ["TS-1.a1"]
    assert ModuleVersion.objects.filter(module_key=key_of("TS-1")).count() == 2
    page = ActivityPage.objects.get(source_key="TS-1.a1")
    assert page.body[1].value.source == "<p>Other words.</p>"
    assert page.latest_revision.as_object().body[1].value.source == "<p>Other words.</p>"


def edit(source_key: str, description: str) -> None:
    page = ActivityPage.objects.get(source_key=source_key)
    page.description = description
    page.save_revision().publish()


def test_import_keeps_an_edited_page_and_reports_it(curriculum: None) -> None:
    edit("TS-1.a1", "By an editor")
    source = changed(["TS-1.a1", "body", 1, "text"], "Other words.")
    assert import_curriculum(files=small.files(TS_1=source)).kept == ["TS-1.a1"]
    assert ActivityPage.objects.get(source_key="TS-1.a1").description == "By an editor"


def test_import_leaves_an_edited_page_alone_while_its_source_is_the_same(curriculum: None) -> None:
    edit("TS-1.a1", "By an editor")
    assert import_curriculum(files=small.files()).same == 22


def test_import_overwrites_what_is_named(curriculum: None) -> None:
    edit("TS-1.a1", "By an editor")
    assert import_curriculum(files=small.files(), overwrite=["TS-1.a1"]).changed == ["TS-1.a1"]
    assert ActivityPage.objects.get(source_key="TS-1.a1").description == "About TS-1.a1"


def test_import_does_not_bring_back_a_deleted_page(curriculum: None) -> None:
    ActivityPage.objects.get(source_key="TS-1.a5").delete()
    source = changed(["TS-1.a5", "body", 0, "text"], "Other words.")
    assert import_curriculum(files=small.files(TS_1=source)).kept == ["TS-1.a5"]
    assert not ActivityPage.objects.filter(source_key="TS-1.a5").exists()


BROKEN = [
    (
        ["TS-1.a1", "body", 1, "text"],
        "An *italic* word.",
        "activities.TS-1.a1.body[1].text: Italics are hard to read",
    ),
    (["TS-1.a1", "body", 1, "text"], "# Big", "A heading needs a block of its own."),
    (["TS-1.a1", "body", 1, "text"], "[x](http://example.org)", "A link must start with https://."),
    (["TS-1.a1", "body", 0], {"heading": "a" * 66}, "activities.TS-1.a1.body[0]"),
    (["TS-1.a1", "body", 0], {"heading": "One", "text": "Two"}, "Write exactly one kind of block"),
    (["TS-1.a1", "body", 0], {"headline": "One"}, "unknown field `headline`"),
    (
        ["TS-1.a1", "body", 0],
        {"heading": 2013},
        "activities.TS-1.a1.body[0].heading: Expected `str | null`, got `int`",
    ),
    (
        ["TS-1.a2", "scenes", 0, "choices", 0, "next"],
        "nowhere",
        "leads to “nowhere”, but no scene has that key.",
    ),
    (["TS-1.a2", "scenes", 0, "choices", 0, "next"], "end", "No choice leads to scene “middle”."),
    (["TS-1.a2", "scenes", 2, "key"], "start", "Two scenes have the same key."),
    (
        ["TS-1.a3", "questions", 0, "options", 1, "correct"],
        True,
        "Mark exactly one answer as right. Now 2 are.",
    ),
    (["TS-1.a3", "questions", 0, "key"], "TS-1.q1", "2 questions have the key “TS-1.q1”."),
    (["TS-1.a3", "questions"], [small.question("q", "TS-1.o1")], "Outcome “TS-1.o1” has 1 question."),
    (["TS-1.a3", "questions", 0, "outcome"], "TS-9.o1", "TS-1 has no outcome “TS-9.o1”."),
    (["TS-9.a1"], {"body": []}, "The outline of TS-1 has no such activity."),
    (["TS-1.a2"], {"body": [{"text": "No scenes"}]}, "A scenario needs “scenes”."),
]


@pytest.mark.parametrize(("path", "value", "message"), BROKEN)
def test_import_says_what_is_wrong_and_stores_nothing(
    names: None, path: list[Any], value: Any, message: str
) -> None:
    found = faults(TS_1=changed(path, value))
    assert any(message in fault and fault.startswith("modules/TS-1.yaml, line ") for fault in found), found
    assert not HomePage.objects.exists()
    assert not DatedFact.objects.exists()


OUTLINE_BROKEN = [
    ("minutes", 99, "TS-1: its activities take 25 minutes, but the module says 99."),
    ("prerequisites", ["TS-7"], "TS-1: “TS-7” is not among the modules we know."),
    ("dated_facts", ["nothing"], "TS-1: “nothing” is not among the facts we know."),
    ("overlays", ["astronaut"], "TS-1: “astronaut” is not among the overlays we know."),
    (
        "evidences",
        [{"capability": "XX-1", "level": 1}],
        "TS-1: “XX-1” is not among the capabilities we know.",
    ),
    ("evidences", [{"capability": "SS-1", "level": 3}], "SS-1 is claimed at level 3 without an activity"),
    ("status", "sometime", "TS-1: the status “sometime” is not known."),
    ("review_by", "2020-01-01", "TS-1: the review date is before the date of the check."),
]


@pytest.mark.parametrize(("name", "value", "message"), OUTLINE_BROKEN)
def test_import_checks_the_outline(names: None, name: str, value: Any, message: str) -> None:
    outline = copy.deepcopy(small.OUTLINE)
    outline["tiers"]["frontline"]["modules"][0][name] = value
    assert any(message in fault for fault in faults(outline))


def test_import_names_the_line_of_a_wrong_type_in_the_outline(names: None) -> None:
    outline = copy.deepcopy(small.OUTLINE)
    outline["tiers"]["frontline"]["modules"][0]["minutes"] = "ten"
    [fault] = faults(outline)
    line = 1 + next(
        n
        for n, text in enumerate(small.files(outline)["curriculum.json"].decode().split("\n"))
        if '"ten"' in text
    )
    assert (
        fault
        == f"curriculum.json, line {line}: tiers.frontline.modules[0].minutes: Expected `int`, got `str`"
    )


def test_import_refuses_more_than_two_awards_on_one_activity(names: None) -> None:
    outline = copy.deepcopy(small.OUTLINE)
    module = outline["tiers"]["frontline"]["modules"][0]
    module["evidences"] = [
        {"capability": "SS-1", "level": 3, "practice_activities": ["TS-1.a4"]} for _ in range(3)
    ]
    assert any("TS-1.a4 carries 3 awards; 2 is the most." in fault for fault in faults(outline))


def test_import_refuses_a_half_written_module(names: None) -> None:
    source = small.written("TS-1")
    del source["activities"]["TS-1.a2"]
    assert any("Activity TS-1.a2 is not written." in fault for fault in faults(TS_1=source))


def test_import_without_a_framework_says_what_to_do_first(db: None) -> None:
    assert faults() == ["curriculum.json: Load the capability framework first: manage.py import_framework."]


def test_import_without_a_home_page_says_so(names: None) -> None:
    files = small.files()
    del files["pages/home.yaml"]
    with pytest.raises(BrokenSource, match=r"pages/home\.yaml: The home page is missing\."):
        import_curriculum(files=files)


def test_command_tells_all_that_is_wrong(names: None) -> None:
    with pytest.raises(CommandError, match="Nothing was stored"):
        call_command("import_curriculum")


def test_import_refuses_a_key_that_is_there_twice(names: None) -> None:
    files = small.files()
    files["modules/TS-1.yaml"] += b"key: TS-1\n"
    with pytest.raises(BrokenSource, match="the key “key” is there twice"):
        import_curriculum(files=files)


def faults_of(doing: Callable[[], object]) -> list[str]:
    """What a source is refused for; nothing if it is taken. Any other exception is a failed test."""
    try:
        doing()
    except BrokenSource as broken:
        return [str(fault) for fault in broken.faults]
    return []


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.parametrize("read", [read_outline, read_module, read_information])
def test_any_bytes_get_a_clear_answer(read: Any, data: bytes) -> None:
    assert all(fault.startswith("file") for fault in faults_of(lambda: read("file", data)))


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    value=_json,
    key=st.sampled_from(["TS-1.a1", "TS-1.a2", "TS-1.a3"]),
    part=st.sampled_from(["body", "scenes", "questions"]),
)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_content_is_taken_whole_or_not_at_all(names: None, value: Any, key: str, part: str) -> None:
    files = small.files(TS_1=changed([key, part], value))
    refused = faults_of(lambda: import_curriculum(files=files, dry_run=True))
    assert all(fault.startswith(("modules/TS-1.yaml", "curriculum.json")) for fault in refused)
    assert not HomePage.objects.exists()


def test_yaml_of_the_tests_is_what_a_writer_would_write(names: None) -> None:
    assert yaml.safe_load(small.files()["modules/TS-1.yaml"]) == small.written("TS-1")
