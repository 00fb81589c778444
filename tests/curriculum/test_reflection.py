"""Private self-reflection: its author writes, changes, deletes and takes it along; nobody else ever meets it."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from curriculum.actions import write_reflection
from curriculum.models import Reflection
from curriculum.reflection import questions
from learning.models import Activity, Document, Statement
from workforce.models import Grant, Team, User
from workforce.models.ranges import during

from .conftest import START

Person = Callable[..., User]
LIST, FIRST, TEXT = "/my-reflection/", "/my-reflection/1/", "/my-reflection/my-reflection.txt"
WORDS = "I looked for a culprit, and I regret it."
PAGES = (LIST, TEXT, *(f"/my-reflection/{number}/" for number in range(1, 15)))


def write(client: Client, user: User, text: str = WORDS, path: str = FIRST) -> int:
    client.force_login(user)
    return client.post(path, {"text": text, "go": "save"}).status_code


def pages(client: Client, user: User) -> str:
    client.force_login(user)
    return "".join(client.get(path).content.decode() for path in PAGES)


@pytest.mark.parametrize("path", PAGES[:3])
def test_it_asks_to_sign_in(client: Client, db: None, path: str) -> None:
    assert client.get(path).headers["Location"].startswith(reverse("sign-in"))


def test_there_are_14_questions_and_each_has_a_page(client: Client, learner: User) -> None:
    html = pages(client, learner)

    assert list(questions()) == list(range(1, 15))
    assert all(question in html for question in questions().values())
    assert client.get("/my-reflection/0/").status_code == 404
    assert client.get("/my-reflection/15/").status_code == 404


def test_what_is_written_is_there_again(client: Client, learner: User) -> None:
    assert write(client, learner) == 302

    assert WORDS in client.get(FIRST).content.decode()
    today = date_format(timezone.localdate(), "j F Y")
    assert f"You wrote on {today}" in client.get(LIST).content.decode()


def test_what_is_changed_leaves_nothing_of_what_was_there(client: Client, learner: User) -> None:
    write(client, learner)
    write(client, learner, "Other words")

    assert list(Reflection.objects.values_list("text")) == [("Other words",)]


def test_an_empty_text_is_not_saved_and_deletes_nothing(client: Client, learner: User) -> None:
    write(client, learner)

    assert write(client, learner, "  ") == 422

    assert Reflection.objects.get().text == WORDS


def test_a_text_that_is_too_long_comes_back_whole(client: Client, learner: User) -> None:
    client.force_login(learner)

    response = client.post(FIRST, {"text": "x" * 10_001, "go": "save"})

    assert response.status_code == 422
    assert "x" * 10_001 in response.content.decode()


def test_one_text_is_deleted_for_good(client: Client, learner: User) -> None:
    write(client, learner)
    write(client, learner, "Stays", "/my-reflection/2/")

    client.post(FIRST, {"go": "delete"})

    assert list(Reflection.objects.values_list("number", "text")) == [(2, "Stays")]


def test_everything_is_deleted_for_good_and_nothing_of_anybody_else(
    client: Client, learner: User, outsider: User
) -> None:
    write(client, outsider, "Of somebody else")
    write(client, learner)
    write(client, learner, "More", "/my-reflection/2/")

    client.post(LIST)

    assert list(Reflection.objects.values_list("user", "text")) == [(outsider.pk, "Of somebody else")]


def test_it_goes_with_the_account(client: Client, learner: User) -> None:
    write(client, learner)

    learner.delete()

    assert Reflection.objects.count() == 0


def test_the_text_file_holds_each_question_with_what_was_written(client: Client, learner: User) -> None:
    write(client, learner, "Zweitens – ‘ja’", "/my-reflection/2/")
    write(client, learner)

    response = client.get(TEXT)

    text = response.content.decode()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-reflection.txt"'
    assert "no-store" in response.headers["Cache-Control"]
    assert text.index(questions()[1]) < text.index(WORDS) < text.index(questions()[2])
    assert text.endswith("Zweitens – ‘ja’\n")
    assert questions()[3] not in text


def test_nobody_else_meets_it(client: Client, learner: User, person: Person, ward: Team) -> None:
    """Not a colleague, not the lead of the team or of the trust, not who runs the site."""
    write(client, learner)
    lead, keeper = person("Leda Lead", "frontline"), person("Cato Keeper", "frontline")
    Grant.objects.create(user=lead, role=Grant.Role.TEAM_LEAD, team=ward, during=during(START))
    Grant.objects.create(
        user=keeper, role=Grant.Role.CAPABILITY_LEAD, organisation=ward.organisation, during=during(START)
    )
    root = User.objects.create_superuser("root@example.com", "four-words-in-a-row", name="Ruth Root")

    for other in (person("Colm Colleague"), lead, keeper, root):
        html = pages(client, other)
        assert WORDS not in html
        assert "You wrote on" not in html
        assert "You have not written anything." in html


def test_nobody_else_changes_or_deletes_it(client: Client, learner: User, person: Person) -> None:
    write(client, learner)
    client.force_login(person("Colm Colleague"))

    client.post(FIRST, {"go": "delete"})
    client.post(LIST)
    client.post(FIRST, {"text": "Mine", "go": "save"})

    assert Reflection.objects.get(user=learner).text == WORDS


def test_no_screen_of_the_administration_shows_it(client: Client, learner: User) -> None:
    write(client, learner)
    client.force_login(User.objects.create_superuser("root@example.com", "four-words-in-a-row", name="Root"))

    assert Reflection not in admin.site._registry
    for path in ("/admin/", "/cms/", "/cms/snippets/", "/cms/reports/site-history/"):
        assert "eflection" not in client.get(path).content.decode()


def test_the_record_and_its_export_know_nothing_of_it(client: Client, learner: User, tmp_path: Path) -> None:
    write(client, learner)
    client.get(TEXT)
    client.post(FIRST, {"go": "delete"})
    call_command("export_statements", str(tmp_path / "all.jsonl"), stdout=StringIO())

    assert Statement.objects.count() == Activity.objects.count() == Document.objects.count() == 0
    assert (tmp_path / "all.jsonl").read_text() == ""


@pytest.mark.parametrize("changes", [{"number": 0}, {"number": 15}, {"text": ""}])
def test_the_database_refuses_what_is_no_answer(learner: User, changes: dict[str, object]) -> None:
    given = {"user": learner, "number": 1, "text": WORDS} | changes

    with pytest.raises(IntegrityError), transaction.atomic():
        Reflection.objects.create(**given)


def test_the_database_keeps_one_text_for_each_question(learner: User) -> None:
    write_reflection(user=learner, number=1, text=WORDS)

    with pytest.raises(IntegrityError), transaction.atomic():
        Reflection.objects.create(user=learner, number=1, text="Another")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_however_much_is_written(
    number: int, client: Client, learner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for question in range(1, number + 1):
        write(client, learner, path=f"/my-reflection/{question}/")
    client.get(LIST)

    with django_assert_num_queries(4):
        client.get(LIST)
