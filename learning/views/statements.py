"""The Statement Resource (Communication 2.1)."""

from datetime import UTC
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date

from ..actions import store_statements
from ..models import Credential
from ..queries import consistent_through, readable_statements, statement_page
from ..xapi import Invalid, Received, read_statements
from ..xapi.formats import written
from ..xapi.parameters import Asked, asked, uuid_of
from ..xapi.reading import with_id
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
    ids = store_statements(statements=_received(asking), credential=asking.credential, version=asking.version)
    return JsonResponse([str(statement_id) for statement_id in ids], safe=False)


def _put(asking: Asking) -> HttpResponse:
    asking.require(*_WRITE)
    asking.accept_only("statementId")
    if "statementId" not in asking.parameters:
        raise Invalid("statementId", "is missing")
    try:
        statement_id = uuid_of(asking.parameters["statementId"][-1])
    except Invalid as fault:
        raise fault.under("statementId") from None
    received = _received(asking)
    if len(received) != 1:
        raise Invalid("", "must be one statement")
    store_statements(
        statements=[with_id(received[0], statement_id)],
        credential=asking.credential,
        version=asking.version,
    )
    return HttpResponse(status=204)


def _get(asking: Asking) -> HttpResponse:
    asking.require(*_READ)
    question = asked(asking.parameters)
    if question.statement_id or question.voided_statement_id:
        return _get_one(question, asking.credential)
    return _get_page(asking, question)


def _get_one(question: Asked, credential: Credential) -> HttpResponse:
    ids = [name for name in (question.statement_id, question.voided_statement_id) if name]
    found = readable_statements(credential, timezone.localdate()).filter(pk__in=ids)
    statement = found.filter(voided_by__isnull=question.voided_statement_id is None).first()
    if statement is None:
        return _not_found(question.voided_statement_id)
    response = HttpResponse(statement.payload, content_type="application/json")
    response["Last-Modified"] = http_date(statement.stored.astimezone(UTC).timestamp())
    return response


def _not_found(voided: UUID | None) -> HttpResponse:
    if voided:
        return refusal(404, "There is no voided statement with this id.", "voidedStatementId")
    return refusal(404, "There is no statement with this id, or it is voided.", "statementId")


def _get_page(asking: Asking, question: Asked) -> HttpResponse:
    page = statement_page(question, asking.credential, timezone.localdate())
    more = ""
    if page.after:
        query = urlencode({**asking.parameters, "cursor": str(page.after)}, doseq=True)
        more = f"{reverse('learning:statements')}?{query}"
    # The payloads are JSON already: nothing is read or written again on the way out.
    parts = ",".join(page.payloads)
    return HttpResponse(f'{{"more":"{more}","statements":[{parts}]}}', content_type="application/json")


def _received(asking: Asking) -> list[Received]:
    content_type = asking.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "multipart/mixed":
        raise Invalid(
            "Content-Type", "must be application/json: attached files are named by fileUrl, not sent along"
        )
    if content_type != "application/json":
        raise Invalid("Content-Type", "must be application/json")
    return read_statements(asking.body(), asking.version)


def _through() -> dict[str, str]:
    """Whoever asks is told how far the record is whole, whatever the answer (Communication 2.1.3)."""
    return {"X-Experience-API-Consistent-Through": written(consistent_through())}


statements = resource(GET=_get, POST=_post, PUT=_put, before_reading=_through)
