"""Axe finds nothing wrong with My learning, My role and My team, on a phone and on a screen."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from competencies.actions import assess_oneself
from competencies.conversations.actions import plan_conversation
from competencies.local_requirements.actions import Addition, add_requirement
from competencies.models import (
    Capability,
    LearningPlan,
    LocalRequirement,
    PanelAct,
    Portfolio,
    PracticeConversation,
)
from competencies.named_gaps.actions import choose_named_gaps
from competencies.plans.actions import Draft, ItemSpec, make_plan
from competencies.portfolio.actions import step_aside
from curriculum.actions import (
    finish_reading,
    import_curriculum,
    put_portfolio_to_panel,
    start_attempt,
    submit_practice,
    write_reflection,
)
from curriculum.keys import key_of
from curriculum.plan_form import modules_to_plan
from workforce.models import (
    Committee,
    Grant,
    Membership,
    Organisation,
    Post,
    Seat,
    Team,
    TeamPlace,
    Tier,
    User,
)
from workforce.models.ranges import during

from . import small
from .conftest import START
from .expected import adopt, hold
from .gathering import gathered

TODAY = timezone.localdate()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def people(django_db_serialized_rollback: None, transactional_db: None, names: None) -> dict[str, User]:
    """A learner half-way through, a representative with a seat, a team lead, and somebody without a post."""
    import_curriculum(files=small.files())
    trust = Organisation.objects.create(code="XTC", name="Invented Trust", opened=START)
    ward = Team.objects.create(organisation=trust, code="W1", name="Ward 1")
    TeamPlace.objects.create(team=ward, during=during(START))
    adopt(trust, START)
    for n in range(12):
        _staff(ward, f"Person {n}", "frontline")
    people = {name: _staff(ward, name, "frontline") for name in ("learner", "lead", "verifier")}
    people["partner"] = _staff(ward, "partner", "patients")
    people["stranger"] = User.objects.create_user("stranger@example.com", name="stranger")
    for name, role, scope in (
        ("lead", Grant.Role.TEAM_LEAD, {"team": ward}),
        ("verifier", Grant.Role.FOUNDING_VERIFIER, {"organisation": trust}),
    ):
        Grant.objects.create(user=people[name], role=role, during=during(START), reason="A test", **scope)
    people["head"] = User.objects.create_user("head@example.com", name="head")
    Grant.objects.create(
        user=people["head"], role=Grant.Role.CAPABILITY_LEAD, organisation=trust, during=during(START)
    )
    _plan_and_name(ward, people["lead"], people["head"])
    _half_way(people["learner"], people["verifier"])
    people["gatherer"] = _staff(ward, "gatherer", "frontline")
    second = User.objects.create_user("second@example.com", name="second")
    Grant.objects.create(
        user=second,
        role=Grant.Role.FOUNDING_VERIFIER,
        during=during(START),
        reason="A test",
        organisation=trust,
    )
    for n in (1, 2):
        gathered(people["learner"], whom=f"Nurse {n}.")
    _with_a_panel(people["gatherer"], (people["verifier"], second))
    committee = Committee.objects.create(organisation=trust, role_key="panel", name="Quality committee")
    Seat.objects.create(user=people["partner"], committee=committee, during=during(START))
    return people


def _staff(team: Team, name: str, tier: str) -> User:
    user = User.objects.create_user(f"{name.replace(' ', '-').lower()}@example.com", name=name)
    membership = Membership.objects.create(user=user, organisation=team.organisation)
    Post.objects.create(
        membership=membership, team=team, tier=Tier.objects.get(key=tier), during=during(START)
    )
    if Capability.objects.filter(code="SS-1").exists() and name.endswith(("1", "2", "3")):
        hold(user, "SS-1", 2, START)
    return user


def _plan_and_name(ward: Team, lead: User, head: User) -> None:
    items = [
        ItemSpec(capability_code="SS-1", level=2, name="Systems thinking"),
        *modules_to_plan().values(),
    ]
    draft = Draft(
        organisation=ward.organisation,
        team=ward,
        title="Before winter",
        why="Handovers get short",
        audience="everybody",
        items=items,
        due_days=30,
    )
    make_plan(draft=draft, by=lead)
    choose_named_gaps(organisation=ward.organisation, is_on=True, reason="Agreed", by=head)
    addition = Addition(
        organisation=ward.organisation,
        capability=Capability.objects.get(code="SS-2"),
        level=2,
        grace_days=90,
        reason="Two events last winter",
        tier=Tier.objects.get(key="frontline"),
    )
    add_requirement(addition=addition, by=head)


def _half_way(learner: User, verifier: User) -> None:
    attempt = start_attempt(user=learner, module_key=key_of("TS-1"))
    finish_reading(attempt=attempt, activity_key=key_of("TS-1.a1"))
    practice = submit_practice(
        attempt=attempt, activity_key=key_of("TS-1.a4"), verifier=verifier, answers={"SS-1": "I saw it"}
    )
    plan_conversation(
        person=learner, confirmer=verifier, on=TODAY, practices=[practice], capabilities=["SS-2"]
    )
    hold(learner, "SS-2", 1, TODAY - timedelta(days=1), TODAY + timedelta(days=200))
    assess_oneself(user=learner, capability_code="SS-1", level=2, confidence=1, comment="I ask more often.")
    assess_oneself(user=learner, capability_code="SS-1", level=None, confidence=1)
    write_reflection(user=learner, number=1, text="I looked for a cause.")


def _with_a_panel(owner: User, members: tuple[User, User]) -> None:
    attempt = start_attempt(user=owner, module_key=key_of("TS-1"))
    gathered(owner)
    gathered(owner, whom="A second nurse.")
    put_portfolio_to_panel(attempt=attempt, activity_key=key_of("TS-1.a5"), members=members)
    step_aside(portfolio=Portfolio.objects.get(owner=owner), by=members[1])


def panel() -> str:
    return f"/verify/panel/{PanelAct.objects.earliest('pk').portfolio.uuid}/"


def sign_in(page: Page, server: LiveServer, user: User) -> None:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


PORTFOLIO = f"/my-portfolio/{key_of('TS-1.a5')}/"
PAGES = (
    ("learner", "/my-learning/"),
    ("learner", "/my-role/"),
    ("learner", "/my-capabilities/"),
    ("learner", "/my-capabilities/SS-1/"),
    ("learner", PORTFOLIO),
    ("learner", f"{PORTFOLIO}new/"),
    ("gatherer", PORTFOLIO),
    ("verifier", "/verify/"),
    ("verifier", "panel"),
    ("learner", "/my-history/"),
    ("learner", "/my-reflection/"),
    ("learner", "/my-reflection/1/"),
    ("learner", "/my-practice-conversation/"),
    ("learner", "/my-practice-conversation/prepare/"),
    ("learner", "/my-practice-conversation/prepare/?next=1&talks=SS-1"),
    ("learner", "/my-practice/account/"),
    ("learner", "/practice-conversations/{conversation}/"),
    ("learner", "/practice-conversations/{conversation}/account/"),
    ("verifier", "/practice-conversations/{conversation}/"),
    ("verifier", "/verify/"),
    ("partner", "/my-learning/"),
    ("partner", "/my-role/"),
    ("partner", "/my-capabilities/"),
    ("partner", "/words/"),
    ("lead", "/my-team/"),
    ("lead", "/my-team/?on=never"),
    ("lead", "/plans/"),
    ("lead", "/plans/new/?from=frontline"),
    ("lead", "/plans/{plan}/"),
    ("lead", "/named-gaps/teams/{team}/"),
    ("head", "/named-gaps/XTC/"),
    ("head", "/coverage/XTC/"),
    ("head", "/local-requirements/XTC/"),
    ("head", "/local-requirements/XTC/{local}/end/"),
    ("lead", "/plans/new/?local={local}"),
    ("stranger", "/my-learning/"),
    ("stranger", "/my-capabilities/"),
    ("stranger", "/my-reflection/2/"),
    ("stranger", "/my-history/"),
)


def test_axe_finds_nothing_and_nothing_sticks_out(
    page: Page, live_server: LiveServer, people: dict[str, User]
) -> None:
    """One test for all, because each costs a flush of the database; what is wrong is named by page and width."""
    wrong: dict[tuple[str, str, int], str] = {}
    plan, conversation = LearningPlan.objects.get(), PracticeConversation.objects.get().uuid
    local = LocalRequirement.objects.get().pk
    for who, path in PAGES:
        sign_in(page, live_server, people[who])
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            address = (
                panel()
                if path == "panel"
                else path.format(plan=plan.uuid, team=plan.team_id, conversation=conversation, local=local)
            )
            page.goto(live_server.url + address)
            _keep_a_picture(page, f"{who}-{path.strip('/')}-{width}.png")
            found = Axe().run(page, options=RULES)
            if found.violations_count:
                wrong[who, path, width] = found.generate_report()
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong[who, path, width] = "wider than the window"

    assert wrong == {}


def _keep_a_picture(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / name.replace("/", "-").replace("?", ""), full_page=True)
