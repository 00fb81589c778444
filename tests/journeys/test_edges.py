"""What meets those who have no business at a page, and what no page may show."""

import base64
import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from learning.actions import create_credential
from learning.models import Statement

from .trust import Trust, account, found_trust, learn, passed_before, put_forward
from .walking import coverage_on

Visit = Callable[..., Page]
COUNTS = ("Meet it", "Due", "Not yet due", "Excluded", "Due for renewal")
COLUMNS = ("numerator", "denominator", "not_yet_due", "excluded", "due_for_renewal")


def test_an_outsider_is_refused_at_every_address_with_an_id(trust: Trust, visit: Visit) -> None:
    """As a person sees it: the page for what is not found, with a way on; nothing that names the learner."""
    elsewhere = found_trust(f"{trust.code}B")
    outsider = elsewhere.capability_lead("Otto Outsider")
    learner, verifier = trust.person("Lena Learner"), trust.verifier()
    done = learn(learner, "FR-1")
    practice = put_forward(done, done.version.module.practice[0], verifier)
    check = [done.registration, done.version.module.checks[0].key]
    log = [done.registration, done.version.module.practice[0].key]
    page = visit(outsider)
    addresses = [
        *(reverse(f"curriculum:{name}", args=check) for name in ("step", "answers", "talk", "review")),
        *(reverse(f"curriculum:{name}", args=log) for name in ("step", "draft", "take-back")),
        reverse("curriculum:attempt", args=[done.registration]),
        reverse("curriculum:question", args=[*check, 1]),
        reverse("competencies:verify", args=[practice.uuid]),
        reverse("competencies:coverage", args=[trust.code]),
        reverse("competencies:coverage-csv", args=[trust.code]),
        "/my-team/?team=of-somebody-else",
    ]
    for address in addresses:
        response = page.goto(address)
        assert response
        assert response.status == 404, address
        expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
        assert "Lena" not in page.content()
    page.get_by_role("link", name="go to your start page").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(elsewhere.organisation.name)


def test_the_public_page_shows_no_small_number(trust: Trust, visit: Visit) -> None:
    """Two wards of which one is small, a board of 5, and every small count of people who met something."""
    today = timezone.localdate()
    trust.organisation.joined = today - timedelta(days=400)
    trust.organisation.save()
    staff = (
        trust.people(47) + trust.people(6, team=trust.team("W2")) + trust.people(23, team=trust.team("W3"))
    )
    trust.people(5, "board")
    passed_before([*staff[:3], *staff[47:51], *staff[53:65]], "FR-2", today - timedelta(days=90))
    page = visit()
    lines = []
    for tier in ("frontline", "board", "managers", "experts", "patients"):
        page.goto(f"/open-data/?tier={tier}")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Open data")
        assert not re.search(r"\b[1-7] (people|person|of \d+ people)", page.get_by_role("main").inner_text())
        lines += coverage_on(page)
    file = list(csv.DictReader(io.StringIO(page.request.get("/open-data/coverage.csv").text())))

    counts = [line[name] for line in lines for name in COUNTS]
    assert {count for count in counts if not may_be_public(count)} == set()
    assert {"*", "75"} <= set(counts)
    shares = {line[name] for line in lines for name in ("Coverage", "Not yet due, share")}
    assert {share for share in shares if not re.fullmatch(r"\d*0%|not shown|nobody due", share)} == set()
    in_file = [row[name] for row in file for name in COLUMNS]
    assert {count for count in in_file if count and not may_be_public(count)} == set()
    assert {"", "75"} <= set(in_file)
    assert {row["team_code"] for row in file} == {""}


def may_be_public(count: str) -> bool:
    """A star, nought, or a multiple of 5 from 10 up: 8 is the smallest count that is shown at all."""
    if count in ("*", "0"):
        return True
    number = int(count.replace(",", ""))
    return number >= 10 and number % 5 == 0


def test_a_statement_without_an_actor_is_refused_by_name_and_nothing_is_stored(
    db: None, visit: Visit
) -> None:
    credential, secret = create_credential(name="A learning system", scopes=["all"])
    basic = base64.b64encode(f"{credential.key}:{secret}".encode()).decode()
    before = Statement.objects.count()
    refused = visit().request.post(
        "/xapi/statements",
        data=[
            {
                "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
                "object": {"id": "https://a.example/x"},
            }
        ],
        headers={"Authorization": f"Basic {basic}", "X-Experience-API-Version": "1.0.3"},
    )
    assert refused.status == 400
    assert "actor" in refused.json()["path"]
    assert Statement.objects.count() == before


def test_somebody_without_a_post_is_told_what_to_do(db: None, visit: Visit) -> None:
    page = visit(account("Nora Newcomer"))
    page.goto("/start/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You have no post here yet")
    expect(page.get_by_role("heading", name="Who to ask")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Frontline").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("rontline")


def test_nobody_sees_the_nhs_logo_unless_it_is_switched_on(
    db: None, visit: Visit, settings: Settings
) -> None:
    page = visit()
    logo = page.locator("header svg.nhsuk-header__logo, header .nhsuk-logo, header svg[aria-label='NHS']")
    for address in ("/", "/open-data/", "/sign-in/", "/nowhere/"):
        page.goto(address)
        assert logo.count() == 0, address
    settings.NHS_LOGO = True
    page.goto("/")
    assert logo.count() == 1


def test_every_page_of_the_demonstration_says_that_it_is_one(
    trust: Trust, visit: Visit, settings: Settings
) -> None:
    learner = trust.person("Lena Learner")
    of_nobody, of_learner = visit(), visit(learner)
    settings.DEMONSTRATION = True
    addresses = ("/", "/open-data/", "/sign-in/", "/words/", "/my-learning/", "/account/", "/nowhere/")
    for page in (of_nobody, of_learner):
        for address in addresses:
            page.goto(address)
            expect(page.get_by_text("This is a demonstration.")).to_be_visible()
    settings.DEMONSTRATION = False
    of_nobody.goto("/")
    expect(of_nobody.get_by_text("This is a demonstration.")).to_have_count(0)
