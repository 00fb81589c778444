"""A capability lead sends the month's staff list, looks at what it would change, stores it and takes it back."""

from collections.abc import Callable, Iterable

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from workforce.imports.staff_rows import COLUMNS
from workforce.models import Post, User

from .test_accessible import faults_here
from .trust import Trust
from .walking import press

Visit = Callable[..., Page]
Look = Callable[[Page, str], Iterable[str]]
HISTORY = "/admin/workforce/staffimport/"


@pytest.fixture
def steward(trust: Trust) -> User:
    steward = trust.capability_lead()
    User.objects.filter(pk=steward.pk).update(is_staff=True)
    steward.user_permissions.add(Permission.objects.get(codename="add_staffimport"))
    return steward


def staff_list(*people: tuple[str, str, str]) -> FilePayload:
    """A file of invented people: staff number, name and tier of each."""
    rows = [
        {"staff_number": number, "name": name, "team_code": "W1", "tier": tier, "post_start": "2020-01-06"}
        for number, name, tier in people
    ]
    lines = [",".join(COLUMNS), *(",".join(row.get(column, "") for column in COLUMNS) for row in rows)]
    return FilePayload(name="november.csv", mimeType="text/csv", buffer="\n".join(lines).encode())


def send(page: Page, file: FilePayload) -> None:
    page.goto(f"{HISTORY}add/")
    page.get_by_label("Staff list").set_input_files(file)
    press(page, "Show what would change")


def stored_and_undone(page: Page, trust: Trust, look: Look) -> list[str]:
    """The whole road; returns what is wrong with the pages on it."""
    page.goto(f"{HISTORY}add/")
    wrong = list(look(page, "the form"))
    press(page, "Show what would change")
    wrong += look(page, "the form with what is missing")
    send(page, staff_list(("1", "Ada Example", "frontline"), ("2", "Ben Example", "nurse")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing can be stored yet")
    wrong += look(page, "what is wrong with a list")
    send(page, staff_list(("1", "Ada Example", "frontline"), ("2", "Ben Example", "managers")))
    expect(page.get_by_role("table").last).to_contain_text("Post in Ward 1")
    wrong += look(page, "what would change")
    press(page, "Store this list")
    expect(page.get_by_text("The staff list is stored.")).to_be_visible()
    wrong += look(page, "a list that is stored")
    assert believed(trust) == 3
    page.get_by_role("link", name="Undo this list").click()
    wrong += look(page, "before a list is undone")
    page.get_by_label("Why it is undone").fill("The list of another month")
    press(page, "Undo this list")
    expect(page.get_by_text("The staff list is undone.")).to_be_visible()
    assert believed(trust) == 1
    page.goto(HISTORY)
    expect(page.locator("#result_list")).to_contain_text("Undone")
    return [*wrong, *look(page, "the history")]


def believed(trust: Trust) -> int:
    today = timezone.localdate()
    posts = Post.objects.filter(membership__organisation=trust.organisation, superseded_at=None)
    return posts.filter(during__contains=today).count()


def test_list_is_stored_and_undone_on_pages_without_a_fault(
    trust: Trust, steward: User, visit: Visit
) -> None:
    assert stored_and_undone(visit(steward), trust, faults_here) == []


def test_list_is_stored_and_undone_without_javascript(trust: Trust, steward: User, visit: Visit) -> None:
    page = visit(steward, java_script_enabled=False)

    assert stored_and_undone(page, trust, lambda page, name: []) == []
