"""Who gets what at each address: one table, and no address without a row in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from uuid import UUID

import pytest
import yaml
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from competencies.actions import RuleSpec, set_evidence_rules
from competencies.api.actions import make_token
from competencies.conversations.actions import plan_conversation
from competencies.editions.actions import send_for_review
from competencies.editions.drafting import copy_edition
from competencies.local_requirements.actions import Addition, add_requirement
from competencies.models import (
    Badge,
    Capability,
    Edition,
    Framework,
    LearningPlan,
    LocalRequirement,
    PortfolioEntry,
    SecondReading,
    TeamSession,
)
from competencies.named_gaps.actions import choose_named_gaps
from competencies.passport.actions import issue_badges, share_page
from competencies.plans.actions import Draft, ItemSpec, make_plan
from curriculum.actions import (
    Learned,
    ask_for_prior_learning,
    attach_to_practice,
    import_curriculum,
    open_try,
    put_portfolio_to_panel,
    start_attempt,
    submit_practice,
)
from curriculum.keys import key_of
from curriculum.models import Attempt, PriorLearningClaim
from learning import verbs
from learning.actions import actor_for, store_statements
from learning.iris import activity_iri
from learning.secrets import opened
from tests.curriculum import small
from tests.curriculum.expected import adopt
from tests.curriculum.gathering import gathered
from workforce.actions import appoint_founding_verifier, grant, seat_on_committee
from workforce.models import Committee, Grant, Organisation, Team, Tier, User

from .conftest import LONG_AGO, _person

# Addresses with an id in them are about the learner's own attempt and practice. `nobody` is not signed in; `mate`
# works in the same team; `asked` was asked to confirm the practice; `trust` and `nation` lead on capability and on
# education there; `partner` is a patient representative; `newcomer` has no post. 404 also means "not yours": nobody
# can tell from an answer whether something exists. 405: only POST.
TABLE = """
                                       nobody learner mate lead asked trust nation partner outsider newcomer editor
learning:about                         200    200     200  200  200   200   200    200     200      200      200
learning:activities                    400    400     400  400  400   400   400    400     400      400      400
learning:activity-profiles             400    400     400  400  400   400   400    400     400      400      400
learning:state                         400    400     400  400  400   400   400    400     400      400      400
learning:agents                        400    400     400  400  400   400   400    400     400      400      400
learning:agent-profiles                400    400     400  400  400   400   400    400     400      400      400
learning:token                         405    405     405  405  405   405   405    405     405      405      405
learning:nowhere                       404    404     404  404  404   404   404    404     404      404      404
learning:statements                    400    400     400  400  400   400   400    400     400      400      400
competencies:verify-list               302    200     200  200  200   200   200    200     200      200      200
competencies:verify                    302    404     404  404  200   404   404    404     404      404      404
competencies:panel                     302    404     404  404  200   404   404    404     404      404      404
competencies:practice-file             302    200     404  404  200   200   404    404    404     404      404
competencies:conversation              302    200     404  404  200   404   404    404    404     404      404
competencies:conversation-account      302    200     404  404  404   404   404    404    404     404      404
competencies:conversation-account-pdf  302    200     404  404  404   404   404    404    404     404      404
competencies:practice-account          302    200     200  200  200   200   200    200    200     200      200
competencies:practice-account-pdf      302    200     200  200  200   200   200    200    200     200      200
competencies:record-session            302    200     200  200  200   200   200    200     200      200      200
competencies:answer-session            302    404     404  404  200   404   404    404     404      404      404
competencies:second-reading            302    404     404  404  404   200   404    404     404      404      404
competencies:confirmers                302    404     404  404  404   200   404    404     404      404      404
competencies:coverage                  302    404     404  404  404   200   404    404     404      404      404
competencies:coverage-csv              302    404     404  404  404   200   404    404     404      404      404
competencies:local-requirements        302    404     404  404  404   200   404    404     404      404      404
competencies:end-local-requirement     302    404     404  404  404   200   404    404     404      404      404
competencies:named-gaps                302    404     404  404  404   200   404    404     404      404      404
competencies:named-gaps-of-team        302    404     404  200  404   200   404    404     404      404      404
competencies:organisations             302    404     404  404  404   404   200    404     404      404      404
competencies:open-data                 200    200     200  200  200   200   200    200     200      200      200
competencies:open-data-csv             200    200     200  200  200   200   200    200     200      200      200
competencies:framework                 200    200     200  200  200   200   200    200     200      200      200
competencies:edition                   200    200     200  200  200   200   200    200     200      200      200
competencies:edition-changes           200    200     200  200  200   200   200    200     200      200      200
competencies:edition-changes-text      200    200     200  200  200   200   200    200     200      200      200
competencies:edition-file              200    200     200  200  200   200   200    200     200      200      200
competencies:edition-review            302    404     404  404  200   404   404    404     404      404      404
competencies:passport                  302    200     200  200  200   200   200    200     200      200      200
competencies:passport-json             302    200     200  200  200   200   200    200     200      200      200
competencies:passport-pdf              302    200     200  200  200   200   200    200     200      200      200
competencies:sign-badges               302    405     405  405  405   405   405    405     405      405      405
competencies:badge-file                302    200     404  404  404   404   404    404     404      404      404
competencies:share-passport            302    405     405  405  405   405   405    405     405      405      405
competencies:stop-sharing              302    405     405  405  405   405   405    405     405      405      405
competencies:shared-passport           200    200     200  200  200   200   200    200     200      200      200
competencies:check-badge               200    200     200  200  200   200   200    200     200      200      200
competencies:badge-issuer              200    200     200  200  200   200   200    200     200      200      200
competencies:badge-key                 200    200     200  200  200   200   200    200     200      200      200
competencies:badge-status              200    200     200  200  200   200   200    200     200      200      200
competencies:badge                     200    200     200  200  200   200   200    200     200      200      200
competencies:badge-keys                200    200     200  200  200   200   200    200     200      200      200
competencies:programs                  302    200     200  200  200   200   200    200     200      200      200
competencies:end-program               302    405     404  404  404   404   404    404     404      404      404
api:openapi-json                       200    200     200  200  200   200   200    200     200      200      200
api:openapi-view                       200    200     200  200  200   200   200    200     200      200      200
api:api-root                           404    404     404  404  404   404   404    404     404      404      404
api:me                                 401    200     200  200  200   200   200    200     200      200      200
api:my-capabilities                    401    200     200  200  200   200   200    200     200      200      200
api:to-put-forward                     401    200     200  200  200   200   200    200     200      200      200
api:verifiers                          401    200     404  404  404   404   404    404     404      404      404
api:put-forward                        405    405     405  405  405   405   405    405     405      405      405
api:my-practice                        401    200     200  200  200   200   200    200     200      200      200
api:own-practice                       401    200     404  404  404   404   404    404     404      404      404
api:answer                             405    405     405  405  405   405   405    405     405      405      405
api:withdraw                           405    405     405  405  405   405   405    405     405      405      405
api:move                               405    405     405  405  405   405   405    405     405      405      405
api:verification                       401    200     200  200  200   200   200    200     200      200      200
api:practice-asked-of-me               401    404     404  404  200   404   404    404     404      404      404
api:confirm                            405    405     405  405  405   405   405    405     405      405      405
api:not-yet                            405    405     405  405  405   405   405    405     405      405      405
api:ask                                405    405     405  405  405   405   405    405     405      405      405
api:pass-on                            405    405     405  405  405   405   405    405     405      405      405
api:frameworks                         401    200     200  200  200   200   200    200     200      200      200
api:edition                            401    200     200  200  200   200   200    200     200      200      200
api:requirements                       401    200     200  200  200   200   200    200     200      200      200
api-nowhere                            404    404     404  404  404   404   404    404     404      404      404
curriculum:my-learning                 302    200     200  200  200   200   200    200     200      200      200
curriculum:my-role                     302    200     200  200  200   200   200    200     200      200      200
curriculum:my-capabilities             302    200     200  200  200   200   200    200     200      200      200
curriculum:my-capability               302    200     200  200  200   200   200    200     200      200      200
curriculum:erase-comment               302    405     405  405  405   405   405    405     405      405      405
curriculum:renew                       302    200     200  200  200   200   200    200     200      200      200
curriculum:my-history                  302    200     200  200  200   200   200    200     200      200      200
curriculum:my-history-csv              302    200     200  200  200   200   200    200     200      200      200
curriculum:my-reflection               302    200     200  200  200   200   200    200     200      200      200
curriculum:my-reflection-text          302    200     200  200  200   200   200    200     200      200      200
curriculum:reflection                  302    200     200  200  200   200   200    200     200      200      200
curriculum:portfolio                   302    200     200  200  200   200   200    200     200      200      200
curriculum:portfolio-new               302    200     200  200  200   200   200    200     200      200      200
curriculum:portfolio-entry             302    200     404  404  404   404   404    404     404      404      404
curriculum:portfolio-move              302    405     404  404  404   404   404    404     404      404      404
curriculum:my-conversation             302    200     200  200  200   200   200    200    200     200      200
curriculum:prepare-conversation        302    200     200  200  200   200   200    200    200     200      200
curriculum:my-team                     302    200     200  200  200   200   404    200     200      404      404
curriculum:my-team-csv                 302    200     200  200  200   200   404    200     404      404      404
curriculum:plans                       302    404     404  200  404   200   404    404     200      404      404
curriculum:new-plan                    302    404     404  200  404   200   404    404     200      404      404
curriculum:plan                        302    404     404  200  404   200   404    404     404      404      404
curriculum:words                       200    200     200  200  200   200   200    200     200      200      200
curriculum:start                       302    302     302  302  302   302   302    302     302      302      302
curriculum:prior-learning              302    200     200  200  200   200   200    200     200      200      200
curriculum:withdraw-prior-learning     302    405     405  405  405   405   405    405     405      405      405
curriculum:erase-prior-learning        302    405     405  405  405   405   405    405     405      405      405
curriculum:my-prior-learning           302    200     200  200  200   200   200    200     200      200      200
curriculum:prior-learning-queue        302    404     404  404  404   200   404    404     200      404      404
curriculum:decide-prior-learning       302    404     404  404  404   200   404    404     404      404      404
curriculum:prior-learning-document     302    200     404  404  404   200   404    404     404      404      404
curriculum:attempt                     302    200     404  404  404   404   404    404     404      404      404
curriculum:step                        302    200     404  404  404   404   404    404     404      404      404
curriculum:question                    302    200     404  404  404   404   404    404     404      404      404
curriculum:answers                     302    200     404  404  404   404   404    404     404      404      404
curriculum:talk                        302    404     404  404  404   404   404    404     404      404      404
curriculum:review                      302    302     404  404  404   404   404    404     404      404      404
curriculum:draft                       302    405     404  404  404   404   404    404     404      404      404
curriculum:take-back                   302    405     404  404  404   404   404    404     404      404      404
curriculum:erase                       302    405     404  404  404   404   404    404     404      404      404
landing                                302    302     302  302  302   302   302    302     302      302      302
sign-in                                200    302     302  302  302   302   302    302     302      302      302
sign-out                               405    405     405  405  405   405   405    405     405      405      405
account                                302    200     200  200  200   200   200    200     200      200      200
change-password                        302    200     200  200  200   200   200    200     200      200      200
reminders                              302    200     200  200  200   200   200    200     200      200      200
notices                                302    200     200  200  200   200   200    200     200      200      200
registration                           302    200     200  200  200   200   200    200     200      200      200
forgotten-password                     200    200     200  200  200   200   200    200     200      200      200
password-mail-sent                     200    200     200  200  200   200   200    200     200      200      200
new-password                           200    200     200  200  200   200   200    200     200      200      200
accessibility                          200    200     200  200  200   200   200    200     200      200      200
contact                                200    200     200  200  200   200   200    200     200      200      200
privacy                                200    200     200  200  200   200   200    200     200      200      200
admin/login/                           302    302     302  302  302   302   302    302     302      302      302
cms/login/                             302    302     302  302  302   302   302    302     302      302      302
cms/password_reset/                    302    302     302  302  302   302   302    302     302      302      302
wagtaildocs_serve                      404    404     404  404  404   404   404    404     404      404      404
wagtaildocs_authenticate_with_password 404    404     404  404  404   404   404    404     404      404      404
wagtailcore_authenticate_with_password 404    404     404  404  404   404   404    404     404      404      404
wagtailcore_login                      302    302     302  302  302   302   302    302     302      302      302
wagtail_serve                          200    200     200  200  200   200   200    200     200      200      200
_util/login/                           302    302     302  302  302   302   302    302     302      302      302
"""
PEOPLE, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
EXPECTED = {name: dict(zip(PEOPLE, map(int, statuses), strict=True)) for name, *statuses in ROWS}

# What stands in these addresses is no id of somebody's own.
OPEN_TO_ALL = {
    "curriculum:start": "every module is open to everybody",
    "curriculum:prior-learning": "every module is open to everybody; what is asked there is one's own",
    "curriculum:withdraw-prior-learning": "names a module as well; it takes back nothing but one's own",
    "curriculum:erase-prior-learning": "names a module as well; it deletes nothing but one's own",
    "curriculum:my-capability": "a capability of the framework; what stands on the page is one's own",
    "curriculum:renew": "a capability of the framework; it renews nothing but one's own",
    "curriculum:erase-comment": "names a capability as well; it deletes nothing but a comment of one's own",
    "competencies:edition-file": "what is published of the framework is for everybody",
    "competencies:edition-changes": "both editions are published",
    "competencies:edition-changes-text": "both editions are published",
    "competencies:edition": "what is published of the framework is for everybody",
    "curriculum:reflection": "the number of a question; what is written there is one's own",
    "curriculum:portfolio": "a part of a module; what is gathered there is one's own",
    "curriculum:portfolio-new": "adds to what is one's own, and to nothing else",
    "competencies:shared-passport": "the secret is in the address, and the page shows what its person chose",
    "competencies:badge": "whoever has a badge may ask whether it still stands, and the page names nobody",
    "competencies:badge-key": "keys are published, so that badges can be checked",
    "competencies:badge-status": "which badges no longer stand is published, by numbers that name nobody",
    "new-password": "a secret from an e-mail, which says itself that it is not valid",
}
EDITING = ("cms/", "admin/")
# Addresses by which programs read practice, and act on it with a token: a browser's session does not.
READ = ("own-practice", "practice-asked-of-me")
ACTED_ON = ("answer", "withdraw", "move", "confirm", "not-yet", "ask", "pass-on")


@dataclass(frozen=True)
class Address:
    """One address of ours: what the table calls it, its pattern, and an example about the learner."""

    name: str
    route: str
    path: str

    @property
    def holds_an_id(self) -> bool:
        return "<" in self.route or "(" in self.route


@pytest.fixture
def people(
    organisation: Organisation,
    team: Team,
    tiers: dict[str, Tier],
    learner: User,
    colleague: User,
    lead: User,
    outsider: User,
) -> dict[str, User | None]:
    """One of each kind; None is somebody who is not signed in."""
    import_curriculum_and_expectations(organisation)
    verifier = _person("Vera Verifier", team, tiers["experts"])
    today = timezone.localdate()
    appoint_founding_verifier(user=verifier, organisation=organisation, start=today, reason="By the board")
    capability = _person("Cato Keeper", organisation.teams.get(code="D1"), tiers["managers"])
    grant(user=capability, role=Grant.Role.CAPABILITY_LEAD, scope=organisation, start=LONG_AGO)
    education = User.objects.create_user("edith@nation.example", name="Edith Education")
    grant(user=education, role=Grant.Role.EDUCATION_LEAD, scope=None, start=LONG_AGO)
    partner = _person("Petra Partner", team, tiers["patients"])
    committee = Committee.objects.create(organisation=organisation, role_key="panel", name="Safety committee")
    seat_on_committee(user=partner, committee=committee, start=LONG_AGO)
    editor = User.objects.create_user("ed@nation.example", name="Ed Editor")
    editor.groups.add(Group.objects.get(name="Editors"))
    everybody = (
        None,
        learner,
        colleague,
        lead,
        verifier,
        capability,
        education,
        partner,
        outsider,
        User.objects.create_user("nora@nation.example", name="Nora Newcomer"),
        editor,
    )
    return dict(zip(PEOPLE, everybody, strict=True))


def import_curriculum_and_expectations(organisation: Organisation) -> None:
    framework = Framework.objects.create(key="small", title="Small")
    for code in ("SS-1", "SS-2"):
        Capability.objects.create(framework=framework, code=code, iri=f"https://example.org/{code}")
    pages = {
        f"pages/{key}.yaml": yaml.safe_dump({**small.ABOUT, "key": key, "title": key.capitalize()}).encode()
        for key in ("accessibility", "privacy")
    }
    import_curriculum(files=small.files() | pages)
    adopt(organisation, LONG_AGO)


@pytest.fixture
def attempt(people: dict[str, User | None], learner: User) -> Attempt:
    """The learner is in the middle of a check, has sent a log with a file to the verifier, and planned to meet them."""
    attempt = start_attempt(user=learner, module_key=key_of("TS-1"))
    open_try(attempt=attempt, activity_key=key_of("TS-1.a3"))
    verifier = people["asked"]
    assert verifier
    log = key_of("TS-1.a4")
    attach_to_practice(attempt=attempt, activity_key=log, name="log.txt", content=BytesIO(b"Falls"), length=5)
    practice = submit_practice(
        attempt=attempt, activity_key=log, verifier=verifier, answers={"SS-1": "I saw it"}
    )
    plan_conversation(
        person=learner, confirmer=verifier, on=timezone.localdate(), practices=[practice], capabilities=[]
    )
    return attempt


@pytest.fixture
def badge(people: dict[str, User | None], learner: User) -> Badge:
    """The learner holds something, has a badge for it, and shares a page that shows it."""
    iri = activity_iri(UUID(int=1))
    set_evidence_rules(activity_iri=iri, rules=[RuleSpec(verbs.PASSED, "IM-3", 2)])
    passed = {"actor": actor_for(learner), "verb": verbs.verb(verbs.PASSED), "object": {"id": iri}}
    store_statements(statements=[passed])
    im_3 = Capability.objects.get(code="IM-3")
    share_page(user=learner, capabilities=[im_3.pk], shows_name=True, days=7)
    return issue_badges(user=learner, with_name=True)[0]


@pytest.fixture
def claim(people: dict[str, User | None], learner: User, organisation: Organisation) -> PriorLearningClaim:
    """The learner asks their organisation to count what they learned elsewhere."""
    return ask_for_prior_learning(
        person=learner,
        module_key=key_of("TS-2"),
        organisation=organisation,
        learned=Learned("Two days", "A course", LONG_AGO, "Equivalent AU"),
        document=ContentFile(b"%PDF-1.7 A certificate", name="certificate.pdf"),
    )


@pytest.fixture
def entry(attempt: Attempt, people: dict[str, User | None], trust_wide: User) -> PortfolioEntry:
    """The learner has put one entry to a panel on which the verifier sits."""
    entry = gathered(attempt.user)
    verifier = people["asked"]
    assert verifier
    put_portfolio_to_panel(attempt=attempt, activity_key=key_of("TS-1.a5"), members=(verifier, trust_wide))
    return entry


@pytest.fixture
def trust_wide(organisation: Organisation) -> User:
    """A second founding verifier, who works in no team."""
    user = User.objects.create_user("wanda@zz8.example", name="Wanda Wide")
    today = timezone.localdate()
    appoint_founding_verifier(user=user, organisation=organisation, start=today, reason="By the board")
    return user


@pytest.fixture
def plan(people: dict[str, User | None], organisation: Organisation, team: Team) -> LearningPlan:
    """The learner's team has a plan, and the trust has named gaps switched on."""
    trust = people["trust"]
    assert trust
    choose_named_gaps(organisation=organisation, is_on=True, reason="Agreed", by=trust)
    draft = Draft(
        organisation=organisation,
        team=team,
        title="Before winter",
        why="Handovers get short",
        audience="everybody",
        items=[ItemSpec(capability_code="SS-1", level=2, name="Systems thinking")],
        due_days=30,
    )
    return make_plan(draft=draft, by=trust)


@pytest.fixture
def local(people: dict[str, User | None], organisation: Organisation) -> LocalRequirement:
    """The trust asks its managers for something that the edition does not."""
    trust = people["trust"]
    assert trust
    addition = Addition(
        organisation=organisation,
        capability=Capability.objects.get(code="SS-2"),
        level=2,
        grace_days=90,
        reason="Two events last winter",
        tier=Tier.objects.get(key="managers"),
    )
    return add_requirement(addition=addition, by=trust)


@pytest.fixture
def in_review(people: dict[str, User | None]) -> Edition:
    """A draft that the verifier was asked to review."""
    education, reviewer = people["nation"], people["asked"]
    assert education
    assert reviewer
    published = Edition.objects.get()
    draft = copy_edition(edition=published, version="2", dated=date(2040, 1, 1), by=education)
    send_for_review(edition=draft, reviewers=[reviewer], by=education)
    return draft


@pytest.fixture
def addresses(
    attempt: Attempt,
    badge: Badge,
    claim: PriorLearningClaim,
    entry: PortfolioEntry,
    learner: User,
    organisation: Organisation,
    plan: LearningPlan,
    people: dict[str, User | None],
    in_review: Edition,
    local: LocalRequirement,
) -> list[Address]:
    """Every address of our own rooms and of Wagtail's public side."""
    check = [attempt.registration, key_of("TS-1.a3")]
    log = [attempt.registration, key_of("TS-1.a4")]
    practice = learner.practice.get().uuid
    token = make_token(user=learner, name="A program", may="read", days=1)[0]
    ids: dict[str, Sequence[object]] = {
        **{f"api:{name}": [practice] for name in (*READ, *ACTED_ON)},
        "api:verifiers": log,
        "api:put-forward": log,
        "api:edition": ["small", "1"],
        "api:requirements": ["small", "1"],
        "api-nowhere": ["v1/nowhere"],
        "competencies:end-program": [token.uuid],
        "competencies:coverage": [organisation.code],
        "competencies:coverage-csv": [organisation.code],
        "competencies:verify": [practice],
        "competencies:panel": [entry.portfolio.uuid],
        "curriculum:portfolio": [key_of("TS-1.a5")],
        "curriculum:portfolio-new": [key_of("TS-1.a5")],
        "curriculum:portfolio-entry": [key_of("TS-1.a5"), entry.pk],
        "curriculum:portfolio-move": [key_of("TS-1.a5"), entry.pk],
        "competencies:local-requirements": [organisation.code],
        "competencies:end-local-requirement": [organisation.code, local.pk],
        "competencies:named-gaps": [organisation.code],
        "competencies:named-gaps-of-team": [plan.team_id],
        "curriculum:plan": [plan.uuid],
        "competencies:practice-file": [learner.practice_files.get().uuid],
        "competencies:conversation": [learner.practice_conversations.get().uuid],
        "competencies:conversation-account": [learner.practice_conversations.get().uuid],
        "competencies:conversation-account-pdf": [learner.practice_conversations.get().uuid],
        "competencies:answer-session": [a_session(learner, people).pk],
        "competencies:second-reading": [a_second_reading(learner, people).pk],
        "competencies:confirmers": [organisation.code],
        "competencies:edition": [Edition.objects.get(state=Edition.State.PUBLISHED).pk],
        "competencies:edition-changes": [Edition.objects.get(state=Edition.State.PUBLISHED).pk] * 2,
        "competencies:edition-changes-text": [Edition.objects.get(state=Edition.State.PUBLISHED).pk] * 2,
        "competencies:edition-file": [Edition.objects.get(state=Edition.State.PUBLISHED).pk, "cells.csv"],
        "competencies:edition-review": [in_review.pk],
        "curriculum:my-capability": ["SS-1"],
        "curriculum:erase-comment": ["SS-1"],
        "curriculum:renew": ["SS-1"],
        "curriculum:reflection": [1],
        "competencies:badge": [badge.uuid],
        "competencies:badge-file": [badge.uuid],
        "competencies:badge-key": [badge.key.uuid],
        "competencies:badge-status": [badge.status_list],
        "competencies:shared-passport": [opened(learner.shares.get().secret)],
        "curriculum:start": [key_of("TS-1")],
        "curriculum:prior-learning": [key_of("TS-2")],
        "curriculum:withdraw-prior-learning": [key_of("TS-2")],
        "curriculum:erase-prior-learning": [key_of("TS-2")],
        "curriculum:decide-prior-learning": [claim.uuid],
        "curriculum:prior-learning-document": [claim.uuid],
        "curriculum:attempt": [attempt.registration],
        "curriculum:step": [attempt.registration, key_of("TS-1.a1")],
        "curriculum:question": [*check, 1],
        "curriculum:answers": check,
        "curriculum:talk": check,
        "curriculum:review": check,
        "curriculum:draft": log,
        "curriculum:take-back": log,
        "curriculum:erase": log,
        "learning:nowhere": ["statement/"],
        "new-password": ["MQ", "not-a-token"],
        "wagtaildocs_serve": [1, "paper.pdf"],
        "wagtaildocs_authenticate_with_password": [1],
        "wagtailcore_authenticate_with_password": [1, 1],
        "wagtail_serve": [""],
    }
    return [
        Address(name or route, route, reverse(name, args=ids.get(name, [])) if name else f"/{route}")
        for route, name in patterns(get_resolver())
    ]


def a_session(learner: User, people: dict[str, User | None]) -> TeamSession:
    """A session that the person asked recorded."""
    asked = people["asked"]
    assert asked
    return TeamSession.objects.create(
        team=Team.objects.get(code="W1", organisation__memberships__user=learner),
        activity=learner.practice.get().activity,
        title="The team's cycle",
        day=LONG_AGO,
        recorded_by=asked,
    )


def a_second_reading(learner: User, people: dict[str, User | None]) -> SecondReading:
    """The capability lead was drawn to read the learner's practice."""
    asked, trust = people["asked"], people["trust"]
    assert asked
    assert trust
    return SecondReading.objects.create(
        act=learner.practice.get().acts.get(),
        owner=learner,
        verifier=asked,
        reader=trust,
        asked_at=timezone.now(),
    )


def patterns(
    resolver: URLResolver, before: str = "", spaces: str = "", leaving_out: tuple[str, ...] = EDITING
) -> Iterator[tuple[str, str]]:
    """Route and name of every address."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, spaces + pattern.name if pattern.name else ""
        elif route not in leaving_out:
            inside = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            yield from patterns(pattern, route, inside, leaving_out)


def signed_in(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def test_every_address_answers_each_kind_of_person_as_the_table_says(
    addresses: list[Address], people: dict[str, User | None]
) -> None:
    found: dict[str, dict[str, int]] = {address.name: {} for address in addresses}
    for who, user in people.items():
        client = signed_in(user)
        for address in addresses:
            found[address.name][who] = client.get(address.path).status_code

    assert found == EXPECTED


def test_every_address_with_an_id_in_it_is_not_found_by_an_outsider(
    addresses: list[Address], outsider: User, organisation: Organisation
) -> None:
    client = signed_in(outsider)
    asked = [
        address
        for address in addresses
        if address.holds_an_id and address.name not in OPEN_TO_ALL and not address.name.startswith("api")
    ]
    answers = {
        (method, address.name): getattr(client, method)(address.path).status_code
        for address in asked
        for method in ("get", "post")
        if address.name != "wagtail_serve"
    }
    assert {key: status for key, status in answers.items() if status != 404} == {}


def test_an_outsiders_program_finds_nothing_of_others(addresses: list[Address], outsider: User) -> None:
    """Nor can it act on anything: what it sends is in order, and still there is nothing there for it."""
    _, secret = make_token(user=outsider, name="A program", may="verify", days=1)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    person = str(outsider.uuid)
    sent: dict[str, dict[str, object]] = {
        "answer": {"answer": "Yes"},
        "not-yet": {"reason": "Say more."},
        "ask": {"question": "Who was there?"},
        "move": {"to": person},
        "pass-on": {"to": person},
        "put-forward": {"verifier": person, "answers": [{"capability": "SS-1", "text": "I saw it"}]},
    }
    found = {}
    for address in addresses:
        name = address.name.removeprefix("api:")
        if name in (*READ, "verifiers"):
            found[name] = client.get(address.path).status_code
        elif name in (*ACTED_ON, "put-forward"):
            body = sent.get(name, {})
            found[name] = client.post(address.path, body, content_type="application/json").status_code
    assert found == dict.fromkeys((*READ, "verifiers", *ACTED_ON, "put-forward"), 404)


def test_an_outsider_finds_no_team_of_ours_by_asking_their_own_pages_for_it(
    people: dict[str, User | None], outsider: User
) -> None:
    """Their own trust has a team W1 as well; W2 and D1 are ours alone."""
    client = signed_in(outsider)
    asked = [
        f"{path}?team={team}"
        for path in ("/my-team/", "/my-team/coverage.csv", "/coverage/ZZ9/", "/coverage/ZZ9/coverage.csv")
        for team in ("W2", "D1", "ZZ8-W1")
    ]
    assert {path: client.get(path).status_code for path in asked} == dict.fromkeys(asked, 404)
    assert "Other Invented Trust" in client.get("/my-team/?team=W1").content.decode()


def test_nobody_but_an_editor_opens_an_editing_screen(people: dict[str, User | None]) -> None:
    """Every screen that needs no id. What the screens are drawn with is no secret."""
    drawn_with = {"/cms/sprite/", "/cms/jsi18n/"}
    screens = {path for path in editing_screens() if path not in drawn_with}
    assert len(screens) > 100
    for who in ("nobody", "trust", "outsider"):
        client = signed_in(people[who])
        opened = {path for path in screens if client.get(path).status_code not in (302, 404)}
        assert opened == set()


def editing_screens() -> Iterator[str]:
    for route, _ in patterns(get_resolver(), leaving_out=()):
        path = "/" + route.replace("^", "").replace("$", "").replace("\\Z", "")
        if path.startswith(("/cms/", "/admin/")) and not {"<", "("} & set(path):
            yield path


def test_who_may_not_edit_is_told_so_and_who_may_comes_in(people: dict[str, User | None]) -> None:
    ends = {
        (who, path): signed_in(people[who]).get(path, follow=True).status_code
        for who in ("learner", "outsider", "editor")
        for path in ("/cms/", "/admin/")
    }
    refused = {key: status for key, status in ends.items() if status == 403}
    assert len(refused) == 5
    assert ends["editor", "/cms/"] == 200
