import hashlib
from collections.abc import Callable
from typing import NamedTuple

from django.db import OperationalError, transaction
from django.utils import timezone

from ..errors import NotAllowed
from ..models import Credential, Document, Place
from ..queries.documents import reachable_documents, reaches_agent
from ..xapi.documents import Asked, check_document, check_object, merged

# Each try but the last is lost to somebody who wrote or deleted the same document just then.
_TRIES = 10

# Told the tag of what is kept, or None, raises what speaks against the change.
Check = Callable[[str | None], None]


class Sent(NamedTuple):
    content: bytes
    content_type: str

    @property
    def etag(self) -> str:
        return etag_of(self.content)


def etag_of(content: bytes) -> str:
    """Communication 3.1 names the algorithm; nothing is kept safe by it."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def put_document(*, asked: Asked, sent: Sent, credential: Credential, check: Check) -> None:
    """Keep the document in its place, instead of what was there. Raises Invalid, NotAllowed and what `check` does."""
    check_document(sent.content, sent.content_type)
    _keep(asked, credential, check, lambda held: sent)


def post_document(*, asked: Asked, sent: Sent, credential: Credential, check: Check) -> None:
    """Merge the document into the one in its place, or keep it as it is where there is none (Communication 2.2)."""
    check_object(sent.content, sent.content_type)

    def with_what_is_kept(held: Document | None) -> Sent:
        if held is None:
            return sent
        content = merged(bytes(held.content), held.content_type, sent.content, sent.content_type)
        return Sent(content, held.content_type)

    _keep(asked, credential, check, with_what_is_kept)


@transaction.atomic
def delete_document(*, asked: Asked, credential: Credential, check: Check) -> None:
    """Delete the document. Nothing happens where there is none that the credential reaches."""
    held = reachable_documents(credential, asked).select_for_update().defer("content").first()
    check(held.etag if held else None)
    if held:
        held.delete()


@transaction.atomic
def delete_documents(*, asked: Asked, credential: Credential) -> None:
    """Delete all around. Rows are locked by id, so that two who do the same wait instead of deadlocking."""
    found = reachable_documents(credential, asked).order_by("pk").select_for_update()
    Document.objects.filter(pk__in=list(found.values_list("pk", flat=True))).delete()


@transaction.atomic
def _keep(
    asked: Asked, credential: Credential, check: Check, change: Callable[[Document | None], Sent]
) -> None:
    """Whoever comes second to a new place finds it taken, waits, and then meets the document of the first."""
    place = Place.of(asked)
    for _ in range(_TRIES):
        held = Document.objects.select_for_update().filter(pk=place.key).first()
        if held is not None:
            _replace(held, credential, check, change)
            return
        check(None)
        if _insert(place, change(None), credential):
            return
    raise OperationalError(f"The document {place.key} came and went {_TRIES} times.")


def _replace(
    held: Document,
    credential: Credential,
    check: Check,
    change: Callable[[Document | None], Sent],
) -> None:
    if held.credential_id != credential.pk and not reaches_agent(credential, held.agent):
        raise NotAllowed(
            "Another system keeps a document here, about somebody whom this credential does not reach."
        )
    check(held.etag)
    sent = change(held)
    Document.objects.filter(pk=held.pk).update(
        content=sent.content, content_type=sent.content_type, etag=sent.etag, updated=timezone.now()
    )


def _insert(place: Place, sent: Sent, credential: Credential) -> bool:
    return Document.objects.insert_new(
        Document(
            id=place.key,
            **place._asdict(),
            content=sent.content,
            content_type=sent.content_type,
            etag=sent.etag,
            updated=timezone.now(),
            credential=credential,
        )
    )
