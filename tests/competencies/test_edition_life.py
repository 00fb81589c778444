"""Every pair of states of an edition: what leads from one to the other, who does it, and that nothing else does."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import TypeAlias

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from competencies.actions import adopt_edition
from competencies.editions.actions import publish, retire, say, send_for_review, take_back
from competencies.editions.drafting import copy_edition
from competencies.editions.queries import answers, organisations_by
from competencies.editions.states import FIRST, MAY_FOLLOW, OF_REVIEWERS, STATE_AFTER
from competencies.models import Adoption, Capability, Edition, EditionAct, Requirement
from workforce.models import Organisation, Tier, User

Act: TypeAlias = EditionAct.Act
State: TypeAlias = Edition.State
DECISION = Path(__file__).parents[2] / "docs" / "adr" / "0028-the-life-of-an-edition.md"
NEXT_YEAR = timezone.localdate() + timedelta(days=400)


@pytest.fixture
def education(db: None) -> User:
    return User.objects.create_user("edith@nation.example", name="Edith Education")


@pytest.fixture
def reviewers(db: None) -> list[User]:
    return [User.objects.create_user(f"{n}@nation.example", name=n.title()) for n in ("rosa", "ravi")]


@pytest.fixture
def draft(edition: Edition, education: User) -> Edition:
    return copy_edition(edition=edition, version="0.3", dated=NEXT_YEAR, by=education)


Do = Callable[[Act], object]


@pytest.fixture
def do(draft: Edition, education: User, reviewers: list[User]) -> Do:
    """Let something happen to the draft, by whose turn it would be."""

    def do(act: Act) -> object:
        ways: dict[Act, Callable[[], object]] = {
            Act.SEND: lambda: send_for_review(edition=draft, reviewers=reviewers, by=education),
            Act.TAKE_BACK: lambda: take_back(edition=draft, by=education, words="A word is wrong."),
            Act.PUBLISH: lambda: publish(edition=draft, by=education, words="The board decided."),
            Act.RETIRE: lambda: retire(edition=draft, by=education, words="A better one is here."),
        }
        if act in OF_REVIEWERS:
            return say(edition=draft, act=act, by=reviewers[0], words="My view.")
        return ways[act]()

    return do


WAYS_TO = {
    State.DRAFT: [],
    State.IN_REVIEW: [Act.SEND],
    State.PUBLISHED: [Act.SEND, Act.PUBLISH],
    State.RETIRED: [Act.SEND, Act.PUBLISH, Act.RETIRE],
}


@pytest.mark.parametrize(("start", "act"), list(product(WAYS_TO, sorted(set(Act) - FIRST))))
def test_from_every_state_only_what_the_table_says_can_follow(
    start: State, act: Act, draft: Edition, do: Do
) -> None:
    for before in WAYS_TO[start]:
        do(before)
    number = draft.acts.count()
    if act in MAY_FOLLOW[start]:
        do(act)
        expected = (number + 1, STATE_AFTER[act])
    else:
        with pytest.raises(ValidationError):
            do(act)
        expected = (number, start)
    assert (draft.acts.count(), Edition.objects.get(pk=draft.pk).state) == expected


@pytest.mark.parametrize(("start", "to"), list(product(WAYS_TO, State)))
def test_the_database_refuses_every_move_that_the_table_does_not_have(
    start: State, to: State, draft: Edition, do: Do
) -> None:
    for before in WAYS_TO[start]:
        do(before)
    allowed = {STATE_AFTER[act] for act in MAY_FOLLOW[start]} - {start}
    if start == State.DRAFT:
        allowed |= {State.DRAFT, State.PUBLISHED}  # a reviewed file is published as it is loaded
    move = Edition.objects.filter(pk=draft.pk).update
    if to in allowed:
        assert move(state=to) == 1
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            move(state=to)


def test_the_decision_shows_the_table_of_the_code() -> None:
    lines = [line.strip("| \n").split(" | ") for line in DECISION.read_text().splitlines() if line[:1] == "|"]
    written = sorted(tuple(line) for line in lines[2:] if len(line) == 4)
    assert written == sorted(
        (
            state.label,
            str(act),
            "reviewer" if act in OF_REVIEWERS else "education lead",
            State(STATE_AFTER[act]).label,
        )
        for state, acts in MAY_FOLLOW.items()
        for act in acts
    )


def test_a_draft_from_an_earlier_edition_says_the_same(edition: Edition, draft: Edition) -> None:
    assert (draft.state, draft.note, draft.sources) == (State.DRAFT, edition.note, edition.sources)
    for name, fields in {
        "levels": ("number", "label", "meaning", "evidence", "grace_days", "validity_months"),
        "domains": ("code", "name", "order"),
        "capabilities": ("capability", "domain__code", "name", "description", "sources", "order"),
        "requirements": ("tier", "overlay", "capability", "level", "grace_days", "provenance", "sources"),
    }.items():
        rows = [sorted(map(repr, getattr(e, name).values_list(*fields))) for e in (edition, draft)]
        assert rows[0] == rows[1]
        assert rows[0]
    assert draft.acts.get().act == Act.DRAFT


def test_in_review_nothing_can_change(draft: Edition, do: Do) -> None:
    do(Act.SEND)
    with pytest.raises(IntegrityError, match="in review"), transaction.atomic():
        Requirement.objects.filter(edition=draft, capability__code="SS-1").update(level=0)
    with pytest.raises(IntegrityError, match="in review"), transaction.atomic():
        Edition.objects.filter(pk=draft.pk).update(note="Quietly changed")
    do(Act.TAKE_BACK)
    assert Requirement.objects.filter(edition=draft, tier__key="board", capability__code="SS-1").update(
        level=1
    )


def test_words_can_be_about_one_cell(draft: Edition, do: Do, reviewers: list[User]) -> None:
    do(Act.SEND)
    capability, tier = Capability.objects.get(code="PP-4"), Tier.objects.get(key="managers")
    act = say(
        edition=draft, act=Act.ASK_CHANGE, by=reviewers[0], words="Too low.", capability=capability, tier=tier
    )
    assert act.about == "PP-4, Managers and team leaders"


def test_publishing_needs_each_named_reviewer_or_a_reason(
    draft: Edition, do: Do, reviewers: list[User], education: User
) -> None:
    do(Act.SEND)
    say(edition=draft, act=Act.AGREE, by=reviewers[0])
    with pytest.raises(ValidationError, match="Not everybody has agreed yet: Ravi"):
        publish(edition=draft, by=education)
    say(edition=draft, act=Act.AGREE, by=reviewers[1])
    say(edition=draft, act=Act.ASK_CHANGE, by=reviewers[0], words="I think again.")
    with pytest.raises(ValidationError, match="Not everybody has agreed yet: Rosa"):
        publish(edition=draft, by=education)
    say(edition=draft, act=Act.AGREE, by=reviewers[0])
    publish(edition=draft, by=education)
    assert draft.acts.latest("number").words == ""


def test_a_new_review_asks_everybody_anew(
    draft: Edition, do: Do, reviewers: list[User], education: User
) -> None:
    do(Act.SEND)
    for reviewer in reviewers:
        say(edition=draft, act=Act.AGREE, by=reviewer)
    do(Act.TAKE_BACK)
    do(Act.SEND)
    assert {answer for _, answer in answers(draft)} == {""}
    with pytest.raises(ValidationError, match="Not everybody"):
        publish(edition=draft, by=education)


def test_only_the_people_named_answer_and_nobody_reviews_what_they_send(
    draft: Edition, do: Do, reviewers: list[User], education: User
) -> None:
    with pytest.raises(ValidationError, match="you cannot review"):
        send_for_review(edition=draft, reviewers=[education, *reviewers], by=education)
    with pytest.raises(ValidationError, match="at least one"):
        send_for_review(edition=draft, reviewers=[], by=education)
    do(Act.SEND)
    with pytest.raises(ValidationError, match="Only the people named"):
        say(edition=draft, act=Act.AGREE, by=education)
    with pytest.raises(ValidationError, match="Say what you think"):
        say(edition=draft, act=Act.COMMENT, by=reviewers[0], words=" ")


def test_an_edition_holds_from_a_day_to_come(draft: Edition, do: Do, education: User) -> None:
    do(Act.SEND)
    noon = datetime.combine(NEXT_YEAR, datetime.min.time(), timezone.get_current_timezone())
    with pytest.raises(ValidationError, match=r"choose .* or later"):
        publish(edition=draft, by=education, words="The board decided.", at=noon)
    publish(edition=draft, by=education, words="The board decided.", at=noon - timedelta(days=1))
    assert draft.state == State.PUBLISHED


@pytest.mark.parametrize("change", ["update", "delete"])
def test_what_was_done_is_never_rewritten(change: str, draft: Edition) -> None:
    changes: dict[str, Callable[[], object]] = {
        "update": lambda: EditionAct.objects.update(words="Something else"),
        "delete": lambda: EditionAct.objects.all().delete(),
    }
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        changes[change]()
    assert draft.acts.get().words == "Copied from edition 0.2."


def test_a_cell_needs_its_capability_and_one_owner(draft: Edition, education: User, tiers: object) -> None:
    tier = Tier.objects.get(key="board")
    common = {"edition": draft, "number": 2, "act": Act.COMMENT, "by": education, "at": timezone.now()}
    with pytest.raises(IntegrityError, match="edition_act_on_one_cell"), transaction.atomic():
        EditionAct.objects.create(**common, words="A", tier=tier)
    capability = Capability.objects.get(code="SS-1")
    with pytest.raises(IntegrityError, match="says_something"), transaction.atomic():
        EditionAct.objects.create(**common, words="", capability=capability)
    with pytest.raises(IntegrityError, match="edition_act_number_once"), transaction.atomic():
        EditionAct.objects.create(**common | {"number": 1}, words="A")


def test_a_retired_edition_is_not_adopted_and_says_who_goes_by_it(
    edition: Edition, trust: Organisation, education: User
) -> None:
    retire(edition=edition, by=education, words="A better one is here.")
    other = Organisation.objects.create(code="X9B", name="Another Test Trust", opened=date(2010, 1, 1))
    with pytest.raises(ValidationError, match="is retired"):
        adopt_edition(organisation=other, edition=edition, on=date(2026, 1, 1))
    with pytest.raises(IntegrityError, match="Only a published edition"), transaction.atomic():
        Adoption.objects.create(organisation=other, edition=edition, during=("2026-01-01", None))
    assert list(organisations_by(edition, timezone.localdate())) == [trust]


def test_loading_the_shipped_file_is_on_record(edition: Edition) -> None:
    act = edition.acts.get()
    assert (act.act, act.by, act.words) == (Act.LOAD, None, f"SHA-256 {edition.source_digest}")
