"""Learning from elsewhere is accepted for a module: levels 1 and 2 only, with a reason and by a person."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from competencies.models.files import LARGEST_FILE
from learning.actions import void_statement
from workforce.models import Organisation, User
from workforce.queries import organisations_of

from ..documents import PART, media_type_of
from ..models import (
    ModulePage,
    PriorLearning,
    PriorLearningAct,
    PriorLearningClaim,
    PriorLearningDocument,
    PriorLearningPart,
)
from ..permissions import can_decide_prior_learning
from ..prior_learning_states import MAY_FOLLOW, OF_THE_PERSON, State, state_after
from ..statements import record, waived_statement

Act = PriorLearningAct.Act
LONGEST_NAME = 200


@dataclass(frozen=True)
class Learned:
    """What a person says they learned elsewhere, and the reason why it should count."""

    what: str
    where: str
    on: date
    reason: str


@transaction.atomic
def accept_prior_learning(
    *, user: User, module_key: UUID, reason: str, by: User, at: datetime | None = None, id: UUID | None = None
) -> UUID:
    """Accept what a person has learned before; returns the statement's id. A module in preparation may be waived.

    Raises ValidationError for an unknown module or reason, and when people accept their own learning.
    """
    if reason not in PriorLearning.values:
        raise ValidationError("Choose one of the reasons.")
    if by == user:
        raise ValidationError("Ask somebody else: nobody accepts their own prior learning.")
    module = _module(module_key)
    at, id = at or timezone.now(), id or uuid4()
    record([waived_statement(user, (module.key, module.title), reason, by, at, id)], at)
    return id


@transaction.atomic
def ask_for_prior_learning(
    *,
    person: User,
    module_key: UUID,
    organisation: Organisation,
    learned: Learned,
    document: File,
    at: datetime | None = None,
) -> PriorLearningClaim:
    """Put what was learned elsewhere to the capability leads of an organisation, with one document.

    After "not yet", or when it was taken back, asking again replaces the words and the document.
    Raises ValidationError, in words for the person, when it cannot be asked.
    """
    at = at or timezone.now()
    module = _module(module_key)
    if learned.reason not in PriorLearning.values:
        raise ValidationError("Choose one of the reasons.")
    if not learned.what.strip() or not learned.where.strip():
        raise ValidationError("Say what you learned, and where.")
    if learned.on > timezone.localdate(at):
        raise ValidationError("That day has not come yet. Give the day on which you finished it.")
    if not organisations_of(person, timezone.localdate(at)).filter(pk=organisation.pk).exists():
        raise ValidationError("Ask an organisation in which you work, or sit on a committee.")
    media_type = _checked(document)
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two first requests follow each other
    about = {
        "organisation": organisation,
        "title": module.title,
        "reason": learned.reason,
        "what": learned.what.strip(),
        "where": learned.where.strip(),
        "learned_on": learned.on,
    }
    claim = PriorLearningClaim.objects.filter(person=person, module_key=module.key).first()
    _may(Act.ASK, claim)
    claim, _ = PriorLearningClaim.objects.update_or_create(
        person=person, module_key=module.key, defaults=about, create_defaults={**about, "created_at": at}
    )
    _keep(claim, document, media_type)
    _add(claim, Act.ASK, by=person, at=at)
    return claim


@transaction.atomic
def withdraw_prior_learning(
    *, claim: PriorLearningClaim, by: User, at: datetime | None = None
) -> PriorLearningAct:
    """The person takes the request back before it is decided. It can be asked again."""
    return _add(_locked(claim), Act.WITHDRAW, by=by, at=at)


@transaction.atomic
def grant_prior_learning(
    *, claim: PriorLearningClaim, by: User, at: datetime | None = None
) -> PriorLearningAct:
    """A capability lead accepts it. The record then says that the module is waived, and for which reason."""
    claim, at = _locked(claim), at or timezone.now()
    _check(claim, Act.ACCEPT, by, at)
    statement = accept_prior_learning(
        user=claim.person, module_key=claim.module_key, reason=claim.reason, by=by, at=at
    )
    return _add(claim, Act.ACCEPT, by=by, at=at, statement=statement)


@transaction.atomic
def decline_prior_learning(
    *, claim: PriorLearningClaim, by: User, missing: str, at: datetime | None = None
) -> PriorLearningAct:
    """A capability lead says "not yet", and what is missing."""
    if not missing.strip():
        raise ValidationError("Say what is missing.")
    return _add(_locked(claim), Act.NOT_YET, by=by, at=at, words=missing.strip())


@transaction.atomic
def undo_prior_learning(
    *, claim: PriorLearningClaim, by: User, why: str, at: datetime | None = None
) -> PriorLearningAct:
    """It was accepted by mistake: the waiver is voided on the record, and what it gave goes with it."""
    if not why.strip():
        raise ValidationError("Say why it was a mistake. The person sees your words.")
    claim, at = _locked(claim), at or timezone.now()
    waiver = _check(claim, Act.UNDO, by, at)
    if waiver is None or waiver.statement_id is None:
        raise ValidationError("Nothing was accepted here.")
    # The reason on the record is not the lead's own words: those are private.
    void_statement(statement_id=waiver.statement_id, by=by, reason="Accepted by mistake.", at=at)
    return _write(claim, Act.UNDO, by=by, at=at, words=why.strip())


@transaction.atomic
def erase_prior_learning(*, claim: PriorLearningClaim, by: User, at: datetime | None = None) -> None:
    """The person deletes their words and the document. What waits is taken back first; what was decided stays."""
    claim = _locked(claim)
    if by != claim.person:
        raise ValidationError("Only the person who asked can delete this.")
    if state_after(_latest(claim)) == State.WAITING:
        _add(claim, Act.WITHDRAW, by=by, at=at)
    PriorLearningDocument.objects.filter(claim=claim).delete()
    claim.what = claim.where = ""
    claim.save(update_fields=["what", "where"])


def _module(module_key: UUID) -> ModulePage:
    module = ModulePage.objects.live().filter(translation_key=module_key).first()
    if module is None:
        raise ValidationError("There is no such module.")
    return module


def _checked(document: File) -> str:
    """The media type of a document that is taken; ValidationError otherwise."""
    if document.size > LARGEST_FILE:
        raise ValidationError("The document is larger than 20 MB. Choose a smaller one.")
    media_type = media_type_of(document)
    if media_type is None:
        raise ValidationError("The document must be a PDF, a PNG or JPEG picture, or a Word file.")
    return media_type


def _keep(claim: PriorLearningClaim, document: File, media_type: str) -> None:
    PriorLearningDocument.objects.filter(claim=claim).delete()
    name = (document.name or "document").replace("\\", "/").rsplit("/", 1)[-1][-LONGEST_NAME:]
    kept = PriorLearningDocument.objects.create(
        claim=claim, name=name, media_type=media_type, size=document.size
    )
    for number, data in enumerate(document.chunks(PART), start=1):
        PriorLearningPart.objects.create(document=kept, number=number, data=data)


def _locked(claim: PriorLearningClaim) -> PriorLearningClaim:
    locked: QuerySet[PriorLearningClaim] = PriorLearningClaim.objects.select_for_update(of=("self",))
    return locked.select_related("person", "organisation").get(pk=claim.pk)


def _latest(claim: PriorLearningClaim) -> PriorLearningAct | None:
    return claim.acts.select_related("statement").order_by("number").last()


def _may(act: Act, claim: PriorLearningClaim | None) -> PriorLearningAct | None:
    latest = _latest(claim) if claim else None
    state = state_after(latest)
    if act not in MAY_FOLLOW[state]:
        raise ValidationError(f"This cannot be done now. It stands at: {state.value.lower()}.")
    return latest


def _check(claim: PriorLearningClaim, act: Act, by: User, at: datetime) -> PriorLearningAct | None:
    """The newest act, once it is certain that `by` may do this now."""
    latest = _may(act, claim)
    if act in OF_THE_PERSON:
        if by != claim.person:
            raise ValidationError("Only the person who asked can do this.")
    elif not can_decide_prior_learning(by, claim, timezone.localdate(at)):
        raise ValidationError("Another capability lead of the organisation decides this.")
    return latest


def _add(
    claim: PriorLearningClaim,
    act: Act,
    *,
    by: User,
    at: datetime | None = None,
    words: str = "",
    statement: UUID | None = None,
) -> PriorLearningAct:
    at = at or timezone.now()
    _check(claim, act, by, at)
    return _write(claim, act, by=by, at=at, words=words, statement=statement)


def _write(
    claim: PriorLearningClaim,
    act: Act,
    *,
    by: User,
    at: datetime,
    words: str = "",
    statement: UUID | None = None,
) -> PriorLearningAct:
    return PriorLearningAct.objects.create(
        claim=claim,
        number=claim.acts.count() + 1,
        act=act,
        person=claim.person,
        by=by,
        at=at,
        words=words,
        statement_id=statement,
    )
