"""The Statement Resource (Communication 2.1)."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from itertools import chain, islice
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import http_date

from ..actions import store_one, store_statements
from ..errors import Outdated
from ..models import Credential
from ..queries import consistent_through, readable_statements, statement_page
from ..xapi import Received
from ..xapi.formats import written
from ..xapi.multipart import SentFile
from ..xapi.parameters import Asked, asked, uuid_of
from ..xapi.reading import with_id
from .exchange import answer, received
from .gate import Asking, refusal, resource

_READ = (
    Credential.Scope.READ,
    Credential.Scope.READ_MINE,
    Credential.Scope.READ_ALL,
    Credential.Scope.ALL,
)
_WRITE = (Credential.Scope.WRITE, Credential.Scope.ALL)


def _post(asking: Asking) -> HttpResponse:
    asking.require(*_WRITE)
    asking.accept_only()
    with received(asking) as (batch, files):
        ids = _store(asking, batch, files)
    return HttpResponse(msgspec.json.encode(ids), content_type="application/json")


def _put(asking: Asking) -> HttpResponse:
    asking.require(*_WRITE)
    statement_id = asking.only("statementId", uuid_of)
    with received(asking) as (batch, files):
        _store(asking, (with_id(entry, statement_id) for entry in batch), files)
    return HttpResponse(status=204)


def _store(asking: Asking, batch: Iterator[Received], files: Mapping[str, SentFile]) -> list[UUID]:
    who, first = asking.credential, list(islice(batch, 2))
    if len(first) == 1 and not files:
        return [store_one(entry=first[0], credential=who, version=asking.version, opened=asking.opened)]
    return store_statements(
        statements=chain(first, batch),
        credential=who,
        version=asking.version,
        files=files,
        opened=asking.opened,
    )


def _get(asking: Asking) -> HttpResponseBase:
    asking.require(*_READ)
    question = asked(asking.parameters)
    if question.statement_id or question.voided_statement_id:
        return _get_one(asking, question)
    return _get_page(asking, question)


def _get_one(asking: Asking, question: Asked) -> HttpResponseBase:
    if asking.opened:
        raise Outdated
    ids = [name for name in (question.statement_id, question.voided_statement_id) if name]
    found = readable_statements(asking.credential, timezone.localdate()).filter(pk__in=ids)
    statement = found.filter(voided_by__isnull=question.voided_statement_id is None).first()
    if statement is None:
        return _not_found(question.voided_statement_id)
    response = answer(asking, question, [statement.payload])
    response["Last-Modified"] = http_date(statement.stored.astimezone(UTC).timestamp())
    return response


def _not_found(voided: UUID | None) -> HttpResponse:
    if voided:
        return refusal(404, "There is no voided statement with this id.", "voidedStatementId")
    return refusal(404, "There is no statement with this id, or it is voided.", "statementId")


def _get_page(asking: Asking, question: Asked) -> HttpResponseBase:
    page = statement_page(question, asking.credential, timezone.localdate(), asking.opened)
    more = ""
    if page.after:
        query = urlencode({**asking.parameters, "cursor": str(page.after)}, doseq=True)
        more = f"{asking.http.path}?{query}"
    return answer(asking, question, page.payloads, f'{{"more":"{more}","statements":[', "]}")


def _through() -> dict[str, str]:
    """Whoever asks is told how far the record is whole, whatever the answer (Communication 2.1.3)."""
    return {"X-Experience-API-Consistent-Through": written(consistent_through())}


statements = resource(
    GET=_get, POST=_post, PUT=_put, before_reading=_through, confirms=frozenset(("GET", "POST", "PUT"))
)
