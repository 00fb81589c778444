"""What was learned elsewhere: asking, deciding, every pair of states, and who sees the document."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competencies.actions import rebuild_evidence
from competencies.models import Evidence, Holding
from competencies.models.files import LARGEST_FILE
from curriculum.actions import (
    Learned,
    ask_for_prior_learning,
    decline_prior_learning,
    erase_prior_learning,
    grant_prior_learning,
    undo_prior_learning,
    withdraw_prior_learning,
)
from curriculum.documents import media_type_of
from curriculum.keys import key_of
from curriculum.models import PriorLearningAct, PriorLearningClaim, PriorLearningPart
from curriculum.prior_learning import latest_of
from curriculum.prior_learning_states import MAY_FOLLOW, OF_THE_PERSON, STATE_AFTER, State, state_after
from learning import verbs
from learning.actions import void_statement
from learning.models import Statement
from workforce.models import Grant, Organisation, Team, User
from workforce.models.ranges import during

from .conftest import START

Act = PriorLearningAct.Act
DECISION = Path(__file__).parents[2] / "docs" / "adr" / "0031-learned-elsewhere.md"
PDF = b"%PDF-1.7\n" + b"What I learned\n" * 10
MODULE = "/modules/{}/prior-learning/"
SAID = {
    "what": "Two days on human factors",
    "where": "A course of another trust",
    "learned_on_day": "3",
    "learned_on_month": "5",
    "learned_on_year": "2024",
    "reason": "Equivalent AU",
}


@pytest.fixture
def trust(ward: Team) -> Organisation:
    return ward.organisation


@pytest.fixture
def lead(person: Callable[..., User], trust: Organisation) -> User:
    return _lead(person("Cato Keeper"), trust)


@pytest.fixture
def second(person: Callable[..., User], trust: Organisation) -> User:
    return _lead(person("Dora Keeper"), trust)


def _lead(user: User, trust: Organisation) -> User:
    Grant.objects.create(user=user, role=Grant.Role.CAPABILITY_LEAD, organisation=trust, during=during(START))
    return user


def ask(person: User, trust: Organisation, at: datetime | None = None) -> PriorLearningClaim:
    return ask_for_prior_learning(
        person=person,
        module_key=key_of("TS-1"),
        organisation=trust,
        learned=Learned("Two days", "A course", date(2024, 5, 3), "Equivalent AU"),
        document=ContentFile(PDF, name="certificate.pdf"),
        at=at,
    )


@pytest.fixture
def claim(curriculum: None, learner: User, trust: Organisation) -> PriorLearningClaim:
    return ask(learner, trust)


def levels(user: User) -> dict[str, int]:
    today = timezone.localdate()
    return dict(
        Holding.objects.filter(user=user, during__contains=today).values_list("capability__code", "level")
    )


def upload(content: bytes = PDF, name: str = "certificate.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_person_asks_and_a_lead_accepts_and_the_record_says_waived(
    curriculum: None, learner: User, lead: User
) -> None:
    path = MODULE.format(key_of("TS-1"))
    assert "level 4 needs practice here" in as_(learner).get(path).content.decode()
    sent = as_(learner).post(path, {**SAID, "document": upload()})
    assert (sent.status_code, sent.headers["Location"]) == (302, path)
    assert "Waiting for a decision" in as_(learner).get(path).content.decode()
    assert not Statement.objects.exists()

    queue = as_(lead).get("/prior-learning/").content.decode()
    assert "Lena Learner" in queue
    assert "Asked today" in queue
    claim = PriorLearningClaim.objects.get()
    page = as_(lead).get(f"/prior-learning/{claim.uuid}/").content.decode()
    assert "Two days on human factors" in page
    answer = as_(lead).post(f"/prior-learning/{claim.uuid}/", {"decision": "accept"})
    assert answer.headers["Location"] == "/prior-learning/"

    said = Statement.objects.get()
    assert said.verb == verbs.WAIVED
    assert "Equivalent AU" in said.payload
    assert "human factors" not in said.payload
    assert levels(learner) == {"SS-1": 2, "SS-2": 1}
    act = latest_of(claim)
    assert (act.act, act.by, act.statement) == (Act.ACCEPT, lead, said)
    assert "Accepted" in as_(learner).get("/my-prior-learning/").content.decode()
    before = list(Evidence.objects.order_by("pk").values_list("user", "capability", "level", "expires"))
    rebuild_evidence()
    assert (
        list(Evidence.objects.order_by("pk").values_list("user", "capability", "level", "expires")) == before
    )


def test_not_yet_says_what_is_missing_and_the_person_asks_again(
    claim: PriorLearningClaim, learner: User, lead: User
) -> None:
    path = f"/prior-learning/{claim.uuid}/"
    assert "Say what is missing" in as_(lead).post(path, {"decision": "not_yet"}).content.decode()
    as_(lead).post(path, {"decision": "not_yet", "missing": "The date is cut off."})
    own = MODULE.format(key_of("TS-1"))
    page = as_(learner).get(own).content.decode()
    assert "The date is cut off." in page
    assert "Two days" in page
    as_(learner).post(own, {**SAID, "document": upload(name="better.pdf")})
    assert [act.act for act in claim.acts.all()] == [Act.ASK, Act.NOT_YET, Act.ASK]
    assert PriorLearningClaim.objects.get().document.name == "better.pdf"
    assert PriorLearningPart.objects.count() == 1


def test_a_mistake_is_voided_and_what_it_gave_is_gone(
    claim: PriorLearningClaim, learner: User, lead: User, second: User
) -> None:
    grant_prior_learning(claim=claim, by=lead)
    path = f"/prior-learning/{claim.uuid}/"
    assert "Two days" not in as_(second).get(path).content.decode()
    as_(second).post(path, {"why": "It was somebody else’s certificate."})
    assert Statement.objects.get(verb=verbs.WAIVED).voided_at is not None
    assert levels(learner) == {}
    assert not any("somebody else" in statement.payload for statement in Statement.objects.all())
    page = as_(learner).get(MODULE.format(key_of("TS-1"))).content.decode()
    assert "It was accepted by mistake" in page
    assert "somebody else’s certificate" in page


def test_a_waiver_that_is_voided_on_the_record_can_be_asked_again(
    claim: PriorLearningClaim, lead: User, learner: User, trust: Organisation
) -> None:
    act = grant_prior_learning(claim=claim, by=lead)
    assert act.statement_id
    void_statement(statement_id=act.statement_id, by=lead, reason="A mistake")
    assert state_after(latest_of(claim)) == State.UNDONE
    ask(learner, trust)
    assert state_after(latest_of(claim)) == State.WAITING


WAYS_TO = {
    State.WAITING: [],
    State.WITHDRAWN: [Act.WITHDRAW],
    State.NOT_YET: [Act.NOT_YET],
    State.ACCEPTED: [Act.ACCEPT],
    State.UNDONE: [Act.ACCEPT, Act.UNDO],
}


@pytest.mark.parametrize(("start", "act"), list(product(WAYS_TO, Act)))
def test_from_every_state_only_what_the_table_says_can_follow(
    start: State, act: Act, claim: PriorLearningClaim, learner: User, lead: User, trust: Organisation
) -> None:
    ways: dict[str, Callable[[], object]] = {
        Act.ASK: lambda: ask(learner, trust),
        Act.WITHDRAW: lambda: withdraw_prior_learning(claim=claim, by=learner),
        Act.ACCEPT: lambda: grant_prior_learning(claim=claim, by=lead),
        Act.NOT_YET: lambda: decline_prior_learning(claim=claim, by=lead, missing="The date"),
        Act.UNDO: lambda: undo_prior_learning(claim=claim, by=lead, why="A mistake"),
    }
    for before in WAYS_TO[start]:
        ways[before]()
    number, statements = claim.acts.count(), Statement.objects.count()
    if act in MAY_FOLLOW[start]:
        ways[act]()
        assert (claim.acts.count(), state_after(latest_of(claim))) == (number + 1, STATE_AFTER[act])
    else:
        with pytest.raises(ValidationError):
            ways[act]()
        assert (claim.acts.count(), state_after(latest_of(claim))) == (number, start)
        assert Statement.objects.count() == statements


def test_the_decision_shows_the_table_of_the_code() -> None:
    lines = [line.strip("| \n").split(" | ") for line in DECISION.read_text().splitlines() if line[:1] == "|"]
    assert sorted(map(tuple, lines[2:])) == sorted(
        (str(state), str(act), "person" if act in OF_THE_PERSON else "lead", str(STATE_AFTER[act]))
        for state, acts in MAY_FOLLOW.items()
        for act in acts
    )


def test_every_state_has_a_way_on_for_the_person_but_accepted() -> None:
    assert {state for state in State if not MAY_FOLLOW[state] & OF_THE_PERSON} == {State.ACCEPTED}


def test_nobody_decides_their_own(curriculum: None, lead: User, trust: Organisation) -> None:
    claim = ask(lead, trust)
    with pytest.raises(ValidationError, match="Another capability lead"):
        grant_prior_learning(claim=claim, by=lead)
    with pytest.raises(IntegrityError, match="nobody_decides_their_own"), transaction.atomic():
        PriorLearningAct.objects.create(
            claim=claim, number=2, act=Act.NOT_YET, person=lead, by=lead, at=timezone.now(), words="No"
        )
    client = as_(lead)
    assert client.get(f"/prior-learning/{claim.uuid}/").status_code == 404
    assert "Nothing waits" in client.get("/prior-learning/").content.decode()
    assert "a lead needs a second lead" in client.get(MODULE.format(key_of("TS-1"))).content.decode()


def test_the_queue_is_the_organisations_so_it_outlives_a_lead(
    claim: PriorLearningClaim, learner: User, lead: User, second: User
) -> None:
    Grant.objects.filter(user=lead).delete()
    assert as_(lead).get("/prior-learning/").status_code == 404
    assert "Lena Learner" in as_(second).get("/prior-learning/").content.decode()
    with pytest.raises(ValidationError, match="Another capability lead"):
        grant_prior_learning(claim=claim, by=lead)
    grant_prior_learning(claim=claim, by=second)
    assert levels(learner)["SS-1"] == 2


def test_the_document_is_seen_by_the_person_and_who_decides_and_by_nobody_else(
    claim: PriorLearningClaim, learner: User, lead: User, second: User, verifier: User, outsider: User
) -> None:
    path = f"/prior-learning/{claim.uuid}/document/"

    def who() -> set[str]:
        people = (learner, lead, second, verifier, outsider)
        return {user.name.split()[0] for user in people if as_(user).get(path).status_code == 200}

    assert who() == {"Lena", "Cato", "Dora"}
    answer = as_(lead).get(path)
    assert b"".join(answer) == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''certificate.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    grant_prior_learning(claim=claim, by=lead)
    assert who() == {"Lena", "Cato"}
    erase_prior_learning(claim=claim, by=learner)
    assert who() == set()


def test_it_is_erased_with_words_and_document_and_what_was_decided_stays(
    claim: PriorLearningClaim, learner: User, lead: User
) -> None:
    grant_prior_learning(claim=claim, by=lead)
    as_(learner).post(MODULE.format(key_of("TS-1")) + "erase/")
    claim.refresh_from_db()
    assert (claim.what, claim.where, PriorLearningPart.objects.count()) == ("", "", 0)
    assert [act.act for act in claim.acts.all()] == [Act.ASK, Act.ACCEPT]
    assert levels(learner)["SS-1"] == 2
    assert "has deleted" in as_(lead).get(f"/prior-learning/{claim.uuid}/").content.decode()


def test_what_waits_is_taken_back_when_it_is_erased(
    claim: PriorLearningClaim, learner: User, lead: User
) -> None:
    as_(learner).post(MODULE.format(key_of("TS-1")) + "erase/")
    assert state_after(latest_of(claim)) == State.WITHDRAWN
    assert as_(lead).get(f"/prior-learning/{claim.uuid}/").status_code == 404


def test_an_act_is_never_rewritten(claim: PriorLearningClaim) -> None:
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        claim.acts.update(at=timezone.now())


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"document": upload(b"<html><script>alert(1)</script>")}, "Choose a PDF, a PNG or JPEG picture"),
        ({"document": upload(b"")}, "The document is empty"),
        ({"document": upload(PDF + bytes(LARGEST_FILE))}, "larger than 20 MB"),
        ({"what": ""}, "Say what you learned"),
        ({"reason": "Because"}, "Choose why it should count"),
        ({"learned_on_year": str(timezone.localdate().year + 1)}, "That day has not come yet"),
    ],
)
def test_what_cannot_be_sent_is_said_beside_its_field(
    curriculum: None, learner: User, wrong: dict[str, object], says: str
) -> None:
    answer = as_(learner).post(MODULE.format(key_of("TS-1")), {**SAID, "document": upload(), **wrong})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not PriorLearningClaim.objects.exists()


def test_the_kind_of_a_document_is_found_from_what_is_in_it() -> None:
    assert media_type_of(io.BytesIO(PDF)) == "application/pdf"
    assert media_type_of(io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(20))) == "image/png"
    assert media_type_of(io.BytesIO(b"\xff\xd8\xff\xe0" + bytes(20))) == "image/jpeg"
    assert media_type_of(office_file("wordprocessingml.document")) == (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    assert media_type_of(office_file("wordprocessingml.document", "word/vbaProject.bin")) is None
    assert media_type_of(office_file("spreadsheetml.sheet")) is None
    assert media_type_of(io.BytesIO(b"Only words.")) is None
    assert media_type_of(io.BytesIO(b"MZ" + bytes(100))) is None


def office_file(kind: str, *more: str) -> io.BytesIO:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        main = f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"
        archive.writestr("[Content_Types].xml", f'<Types><Override ContentType="{main}"/></Types>')
        for name in more:
            archive.writestr(name, "")
    return kept


def test_whoever_works_nowhere_is_told_why_they_cannot_ask(curriculum: None, outsider: User) -> None:
    assert "there is nobody to ask" in as_(outsider).get(MODULE.format(key_of("TS-1"))).content.decode()


def test_no_other_organisation_can_be_asked(curriculum: None, learner: User) -> None:
    other = Organisation.objects.create(code="XTB", name="Another Trust", opened=START)
    with pytest.raises(ValidationError, match="in which you work"):
        ask(learner, other)
    forged = {**SAID, "organisation": other.pk, "document": upload()}
    assert as_(learner).post(MODULE.format(key_of("TS-1")), forged).status_code == 422
    assert not PriorLearningClaim.objects.exists()


def test_the_queue_costs_the_same_with_1_and_4_in_it(
    claim: PriorLearningClaim, person: Callable[..., User], trust: Organisation, lead: User
) -> None:
    client = as_(lead)
    client.get("/prior-learning/")
    with CaptureQueriesContext(connection) as one:
        client.get("/prior-learning/")
    for name in ("Ann One", "Ben Two", "Cy Three"):
        ask(person(name), trust, timezone.now() - timedelta(days=3))
    with CaptureQueriesContext(connection) as four:
        page = client.get("/prior-learning/").content.decode()
    assert page.count("3 days ago") == 3
    assert (len(one), len(four)) == (6, 6)
