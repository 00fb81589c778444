"""Who gets what at each address: one table, and no address without a row in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
import yaml
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from competencies.actions import RuleSpec, set_evidence_rules
from competencies.editions.actions import send_for_review
from competencies.editions.drafting import copy_edition
from competencies.models import Badge, Capability, Edition, Framework
from competencies.passport.actions import issue_badges, share_page
from curriculum.actions import import_curriculum, open_try, start_attempt, submit_practice
from curriculum.keys import key_of
from curriculum.models import Attempt
from learning import verbs
from learning.actions import actor_for, store_statements
from learning.iris import activity_iri
from learning.secrets import opened
from tests.curriculum import small
from tests.curriculum.expected import adopt
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
competencies:coverage                  302    404     404  404  404   200   404    404     404      404      404
competencies:coverage-csv              302    404     404  404  404   200   404    404     404      404      404
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
curriculum:my-learning                 302    200     200  200  200   200   200    200     200      200      200
curriculum:my-role                     302    200     200  200  200   200   200    200     200      200      200
curriculum:my-capabilities             302    200     200  200  200   200   200    200     200      200      200
curriculum:my-capability               302    200     200  200  200   200   200    200     200      200      200
curriculum:erase-comment               302    405     405  405  405   405   405    405     405      405      405
curriculum:my-reflection               302    200     200  200  200   200   200    200     200      200      200
curriculum:my-reflection-text          302    200     200  200  200   200   200    200     200      200      200
curriculum:reflection                  302    200     200  200  200   200   200    200     200      200      200
curriculum:my-team                     302    200     200  200  200   200   404    200     200      404      404
curriculum:my-team-csv                 302    200     200  200  200   200   404    200     404      404      404
curriculum:words                       200    200     200  200  200   200   200    200     200      200      200
curriculum:start                       302    302     302  302  302   302   302    302     302      302      302
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
    "curriculum:my-capability": "a capability of the framework; what stands on the page is one's own",
    "curriculum:erase-comment": "names a capability as well; it deletes nothing but a comment of one's own",
    "competencies:edition-file": "what is published of the framework is for everybody",
    "competencies:edition-changes": "both editions are published",
    "competencies:edition-changes-text": "both editions are published",
    "competencies:edition": "what is published of the framework is for everybody",
    "curriculum:reflection": "the number of a question; what is written there is one's own",
    "competencies:shared-passport": "the secret is in the address, and the page shows what its person chose",
    "competencies:badge": "whoever has a badge may ask whether it still stands, and the page names nobody",
    "competencies:badge-key": "keys are published, so that badges can be checked",
    "competencies:badge-status": "which badges no longer stand is published, by numbers that name nobody",
    "new-password": "a secret from an e-mail, which says itself that it is not valid",
}
EDITING = ("cms/", "admin/")


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
    """The learner is in the middle of a check, and has sent a log to the verifier."""
    attempt = start_attempt(user=learner, module_key=key_of("TS-1"))
    open_try(attempt=attempt, activity_key=key_of("TS-1.a3"))
    verifier = people["asked"]
    assert verifier
    submit_practice(
        attempt=attempt, activity_key=key_of("TS-1.a4"), verifier=verifier, answers={"SS-1": "I saw it"}
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
    attempt: Attempt, badge: Badge, in_review: Edition, learner: User, organisation: Organisation
) -> list[Address]:
    """Every address of our own rooms and of Wagtail's public side."""
    check = [attempt.registration, key_of("TS-1.a3")]
    log = [attempt.registration, key_of("TS-1.a4")]
    ids: dict[str, Sequence[object]] = {
        "competencies:coverage": [organisation.code],
        "competencies:coverage-csv": [organisation.code],
        "competencies:verify": [learner.practice.get().uuid],
        "competencies:edition": [Edition.objects.get(state=Edition.State.PUBLISHED).pk],
        "competencies:edition-changes": [Edition.objects.get(state=Edition.State.PUBLISHED).pk] * 2,
        "competencies:edition-changes-text": [Edition.objects.get(state=Edition.State.PUBLISHED).pk] * 2,
        "competencies:edition-file": [Edition.objects.get(state=Edition.State.PUBLISHED).pk, "cells.csv"],
        "competencies:edition-review": [in_review.pk],
        "curriculum:my-capability": ["SS-1"],
        "curriculum:erase-comment": ["SS-1"],
        "curriculum:reflection": [1],
        "competencies:badge": [badge.uuid],
        "competencies:badge-file": [badge.uuid],
        "competencies:badge-key": [badge.key.uuid],
        "competencies:badge-status": [badge.status_list],
        "competencies:shared-passport": [opened(learner.shares.get().secret)],
        "curriculum:start": [key_of("TS-1")],
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
    asked = [address for address in addresses if address.holds_an_id and address.name not in OPEN_TO_ALL]
    answers = {
        (method, address.name): getattr(client, method)(address.path).status_code
        for address in asked
        for method in ("get", "post")
        if address.name != "wagtail_serve"
    }
    assert {key: status for key, status in answers.items() if status != 404} == {}


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
