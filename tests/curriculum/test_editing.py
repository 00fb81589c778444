"""Editors write, preview and send for approval; publishing freezes; mistakes get an answer in plain words."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.blocks import StreamBlockValidationError
from wagtail.models import Page, Workflow
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from competencies.models import EvidenceRule
from curriculum.blocks import BodyBlock, QuestionsBlock, ScenesBlock
from curriculum.keys import key_of
from curriculum.models import ActivityPage, DatedFact, GlossaryTerm, ModulePage, ModuleVersion, PatientRole
from curriculum.module_form import unwritten
from learning import verbs
from learning.iris import activity_iri
from workforce.models import User

from . import small


@pytest.fixture
def editor(curriculum: None) -> Client:
    user = User.objects.create_user("eddie@example.com", "four-words-in-a-row", name="Eddie Editor")
    user.groups.add(Group.objects.get(name="Editors"))
    client = Client()
    client.force_login(user)
    return client


def versions(key: str = "TS-1") -> int:
    return ModuleVersion.objects.filter(module_key=key_of(key)).count()


def test_publishing_an_activity_freezes_its_module(curriculum: None) -> None:
    page = ActivityPage.objects.get(source_key="TS-1.a1")
    page.title = "New title"
    page.save_revision().publish()
    newest = ModuleVersion.objects.filter(module_key=key_of("TS-1")).latest("number")
    assert (newest.number, newest.module.activity_by_key[page.key].title) == (2, "New title")


def test_publishing_the_same_again_freezes_nothing(curriculum: None) -> None:
    ModulePage.objects.get(source_key="TS-1").save_revision().publish()
    assert versions() == 1


def test_saving_a_draft_freezes_nothing(curriculum: None) -> None:
    page = ActivityPage.objects.get(source_key="TS-1.a1")
    page.title = "New title"
    page.save_revision()
    assert versions() == 1


@pytest.mark.parametrize(("model", "key"), [(ModulePage, "TS-1"), (ActivityPage, "TS-1.a1")])
def test_the_key_of_a_page_never_changes(curriculum: None, model: Any, key: str) -> None:
    page = model.objects.get(source_key=key)
    page.full_clean()
    page.source_key = "TS-9"
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    assert refused.value.messages == [f"Leave this as {key}. Other pages and the content files go by it."]


@pytest.mark.parametrize("key", ["TS-1", "TS-1.a1", "TS-1.a2", "TS-1.a3"])
def test_preview_shows_the_page_and_writes_nothing(curriculum: None, key: str) -> None:
    page = Page.objects.get(translation_key=key_of(key)).specific
    page.title = "Only a preview"
    response = page.make_preview_request()
    assert response.status_code == 200
    assert "Only a preview" in response.content.decode()
    assert versions() == 1


@pytest.mark.parametrize("model", [DatedFact, GlossaryTerm, PatientRole])
def test_snippets_have_a_preview(curriculum: None, model: Any) -> None:
    assert model.objects.get().make_preview_request().status_code == 200


def test_taking_an_activity_away_freezes_its_module(curriculum: None) -> None:
    ActivityPage.objects.get(source_key="TS-1.a5").unpublish()
    newest = ModuleVersion.objects.filter(module_key=key_of("TS-1")).latest("number")
    assert [activity.source_key for activity in newest.module.activities] == [
        f"TS-1.a{n}" for n in range(1, 5)
    ]


def test_opening_a_module_gives_it_a_version_and_its_gates(curriculum: None) -> None:
    rules = EvidenceRule.objects.filter(activity__iri=activity_iri(key_of("TS-2")))
    assert (versions("TS-2"), set(rules.values_list("verb", flat=True))) == (0, {verbs.WAIVED})
    page = ModulePage.objects.get(source_key="TS-2")
    page.in_preparation = False
    page.save_revision().publish()
    assert versions("TS-2") == 1
    assert set(rules.values_list("verb", flat=True)) == {verbs.WAIVED, verbs.COMPLETED, verbs.PASSED}


def test_editor_opens_and_saves_but_does_not_publish(editor: Client) -> None:
    page = ActivityPage.objects.get(source_key="TS-1.a1")
    assert editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    permissions = page.permissions_for_user(User.objects.get(email="eddie@example.com"))
    assert (permissions.can_edit(), permissions.can_publish(), permissions.can_delete()) == (
        True,
        False,
        False,
    )


@pytest.mark.parametrize("model", ["datedfact", "glossaryterm", "patientrole"])
def test_editor_finds_words_roles_and_facts(editor: Client, model: str) -> None:
    assert editor.get(reverse(f"wagtailsnippets_curriculum_{model}:list")).status_code == 200


def test_snippets_go_through_the_workflow_of_pages(curriculum: None) -> None:
    workflow = Workflow.objects.filter(active=True).first()
    assert {model.get_default_workflow() for model in (DatedFact, GlossaryTerm, PatientRole)} == {workflow}


def test_learner_may_not_edit(curriculum: None, client: Client, person: Callable[..., User]) -> None:
    client.force_login(person("Lena Learner"))
    page = ActivityPage.objects.get(source_key="TS-1.a1")
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code in (302, 403)


def messages(block: Any, raw: list[dict[str, Any]]) -> str:
    with pytest.raises(StreamBlockValidationError) as refused:
        block.clean(block.to_python(raw))
    return str(refused.value.as_json_data())


def children(kind: str, values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"type": kind, "value": value} for value in values]


def test_scene_that_leads_nowhere_is_named() -> None:
    scenes = [{**small.SCENES[0], "choices": [{"text": "Go", "feedback": "<p>On</p>", "next": "gone"}]}]
    found = messages(ScenesBlock(), children("scene", scenes))
    assert "Scene “start” leads to “gone”, but no scene has that key." in found


def test_scenes_that_go_round_for_ever_are_named() -> None:
    scenes = [
        {**small.SCENES[0], "choices": [{"text": "Go", "feedback": "<p>On</p>", "next": "start"}]},
    ]
    assert "never comes to an ending" in messages(ScenesBlock(), children("scene", scenes))


def test_question_with_two_right_answers_is_named() -> None:
    questions = [small.question(f"q{n}", "o1") for n in range(2)]
    questions[0]["options"][1]["correct"] = True
    assert "Mark exactly one answer as right. Now 2 are." in messages(
        QuestionsBlock(), children("question", questions)
    )


def test_outcome_with_one_question_is_named() -> None:
    found = messages(QuestionsBlock(), children("question", [small.question("q1", "o1")]))
    assert "Outcome “o1” has 1 question. Write at least 2" in found


def test_row_of_another_width_is_named() -> None:
    table = {"caption": "A table", "head": ["One", "Two"], "rows": [["a", "b"], ["c"]]}
    assert "Row 2 has 1 cells, but there are 2 column headings." in messages(
        BodyBlock(), children("table", [table])
    )


def test_check_that_somebody_confirms_is_refused(curriculum: None) -> None:
    page = ActivityPage.objects.get(source_key="TS-1.a3")
    page.needs_verifier = True
    with pytest.raises(ValidationError, match="marked by the site"):
        page.full_clean()


def test_module_that_is_not_written_cannot_be_opened(curriculum: None) -> None:
    assert unwritten(ModulePage.objects.get(source_key="TS-2"), ["TS-2.o1", "TS-2.o2"]) == [
        "TS-2.a1: write its text.",
        "TS-2.a2: write its scenes.",
        "TS-2.a3: write at least 2 questions for TS-2.o1.",
        "TS-2.a3: write at least 2 questions for TS-2.o2.",
    ]


def test_module_that_is_written_can_be_opened(curriculum: None) -> None:
    assert unwritten(ModulePage.objects.get(source_key="TS-1"), ["TS-1.o1", "TS-1.o2"]) == []


def test_module_without_activities_cannot_be_opened(curriculum: None) -> None:
    assert unwritten(ModulePage(), []) == ["Add and publish the activities first. Until then, leave this on."]


def test_editor_is_told_why_a_module_cannot_be_opened(curriculum: None) -> None:
    page = ModulePage.objects.get(source_key="TS-2")
    form_class = page.get_edit_handler().get_form_class()
    data = nested_form_data({**as_posted(page), "in_preparation": ""})
    form = form_class(
        data, instance=page, for_user=User.objects.create_superuser("root@example.com", "x", name="Root")
    )
    assert not form.is_valid()
    assert "TS-2.a1: write its text." in form.errors["in_preparation"]


def as_posted(page: ModulePage) -> dict[str, Any]:
    """What the editing form of a module sends, unchanged."""
    plain = ("title", "slug", "source_key", "minutes", "assessment", "status", "source")
    outcomes = streamfield([("outcome", dict(child.value)) for child in page.outcomes])
    return {
        **{name: getattr(page, name) for name in plain},
        "as_of": "2026-01-01",
        "review_by": "2027-01-01",
        "outcomes": outcomes,
        "evidences": streamfield([]),
        "comments": inline_formset([]),
    }
