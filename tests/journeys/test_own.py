"""What is for the person alone, done without JavaScript: say where one stands, write, take it along, delete it."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from curriculum.models import Reflection

from .trust import Trust, learn
from .walking import press

Visit = Callable[..., Page]
WORDS = "I asked who was to blame. Next time I ask what happened."


def test_a_learner_says_and_writes_what_is_theirs_alone(trust: Trust, visit: Visit) -> None:
    learner = trust.person("Lena Learner")
    learn(learner, "FR-2")
    page = visit(learner, java_script_enabled=False)

    page.goto("/my-learning/")
    page.get_by_role("link", name="My capabilities", exact=True).click()
    page.get_by_role("link", name="Fair response to error").click()
    expect(page.get_by_text("You passed the check of “Why things go wrong at work”")).to_be_visible()
    press(page, "Save for myself")
    expect(page.get_by_role("alert")).to_contain_text("Choose the level that fits you")
    page.get_by_label("Level 1: Aware").check()
    page.get_by_label("Confident", exact=True).check()
    press(page, "Save for myself")
    expect(page.get_by_text("Level 1. Confident.")).to_be_visible()
    expect(page.get_by_text("You hold level 2")).to_be_visible()

    page.goto("/my-reflection/")
    page.get_by_role("link", name="did I look for a cause or for a culprit?").click()
    page.get_by_label("Your words").fill(WORDS)
    press(page, "Save")
    page.get_by_role("link", name="My reflection").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="as a text file").click()
    assert WORDS in Path(download.value.path()).read_text(encoding="utf-8")
    page.get_by_text("Delete everything you wrote here").click()
    press(page, "Delete everything")
    expect(page.get_by_text("Everything you wrote here is deleted.")).to_be_visible()
    assert not Reflection.objects.filter(user=learner).exists()
