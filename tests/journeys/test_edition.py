"""The national education lead changes one cell of the framework; somebody agrees; everybody reads what is different."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from competencies.actions import set_up_framework_editors
from competencies.models import Edition

from .test_accessible import faults, faults_here
from .trust import account, national_lead
from .walking import press

Visit = Callable[..., Page]
EDITING = "/cms/framework/"


def test_an_edition_is_drafted_reviewed_published_and_compared_in_words(db: None, visit: Visit) -> None:
    education, reviewer = national_lead("Edith Education"), account("Rosa Reviewer")
    education.groups.add(set_up_framework_editors())
    earlier = Edition.objects.earliest("dated")
    page, theirs, anyone = visit(education), visit(reviewer), visit()

    wrong = draft_with_one_cell_changed(page, earlier)
    page.get_by_role("link", name="Send for review").click()
    wrong += faults_here(page, "before an edition is sent for review")
    page.get_by_label("Who reviews it").fill(reviewer.email or "")
    page.get_by_label("What they should look at").fill("Digital safety of managers.")
    press(page, "Send for review")
    expect(page.get_by_text("Edition 0.3 is now in review.")).to_be_visible()
    here = page.url

    anyone.goto("/framework/")
    expect(anyone.get_by_role("link", name="0.3")).to_have_count(0)
    theirs.goto("/framework/")
    theirs.get_by_role("link", name="0.3").first.click()
    wrong += faults_here(theirs, "an edition to review")
    theirs.get_by_label("I agree to the whole edition").check()
    press(theirs, "Send")
    expect(theirs.get_by_text("Agreed by Rosa Reviewer")).to_be_visible()

    page.goto(here)
    expect(page.get_by_text("Rosa Reviewer: agreed")).to_be_visible()
    page.get_by_role("link", name="Publish", exact=True).click()
    expect(page.get_by_text("Published is for good")).to_be_visible()
    wrong += faults_here(page, "before an edition is published")
    press(page, "Publish")
    expect(page.get_by_text("Edition 0.3 is now published.")).to_be_visible()

    anyone.goto("/framework/")
    anyone.get_by_role("link", name="0.3").click()
    anyone.get_by_role("link", name=f"Compare with edition {earlier.version}").click()
    sentences = anyone.get_by_role("main").get_by_role("listitem")
    expect(sentences).to_have_text(["SS-9: managers and team leaders go from level 2 to level 3."])
    wrong += faults_here(anyone, "what an edition changes")
    assert wrong == []


def draft_with_one_cell_changed(page: Page, earlier: Edition) -> list[str]:
    """Returns what is wrong with the screens on the way."""
    page.goto(EDITING)
    page.get_by_role("link", name="New draft").click()
    page.get_by_label("Begin with").select_option(str(earlier.pk))
    page.get_by_label("Version").fill("0.3")
    page.get_by_label("Holds from").fill((timezone.localdate() + timedelta(days=100)).isoformat())
    press(page, "Make the draft")
    expect(page.get_by_text("The draft is there.")).to_be_visible()
    wrong = list(faults(page, [page.url]))  # without the message, which is still fading in
    page.get_by_role("link", name="SS-9").first.click()
    cell = page.get_by_role("group", name="Managers and team leaders", exact=True)
    cell.get_by_label("Level").select_option("3")
    wrong += faults_here(page, "a capability of a draft")
    press(page, "Save")
    expect(page.locator("#capability-SS-9")).to_contain_text("3")
    return wrong
