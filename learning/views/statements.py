"""The Statement Resource (Communication 2.1)."""

from datetime import UTC
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date

from ..actions import store_statements
from ..errors import NotAllowed
from ..models import Credential
from ..queries import consistent_through, readable_statements, statement_page
from ..xapi import Invalid, Received, read_statements
from ..xapi.formats import written
from ..xapi.parameters import Asked, asked, uuid_of
from ..xapi.reading import with_id
from .gate import body_of, refusal, resource

_READ = (
    Credential.Scope.READ,
    Credential.Scope.READ_MINE,
    Credential.Scope.READ_ALL,
    Credential.Scope.ALL,
)
_WRITE = (Credential.Scope.WRITE, Credential.Scope.ALL)


@resource
def statements(request: HttpRequest, credential: Credential) -> HttpResponse:
    methods = {"GET": _get, "HEAD": _get, "POST": _post, "PUT": _put}
    method = methods.get(request.method or "")
    if method is None:
        response = refusal(405, f"Use one of {', '.join(methods)}.")
        response["Allow"] = ", ".join(methods)
        return response
    needed = _WRITE if method in (_post, _put) else _READ
    if not credential.allows(*needed):
        raise NotAllowed(f"This needs a credential with one of these scopes: {', '.join(needed)}.")
    return method(request, credential)


def _post(request: HttpRequest, credential: Credential) -> HttpResponse:
    _check_parameters(request, set())
    ids = store_statements(statements=_received(request), credential=credential)
    return JsonResponse([str(statement_id) for statement_id in ids], safe=False)


def _put(request: HttpRequest, credential: Credential) -> HttpResponse:
    _check_parameters(request, {"statementId"})
    if "statementId" not in request.GET:
        raise Invalid("statementId", "is missing")
    try:
        statement_id = uuid_of(request.GET["statementId"])
    except Invalid as fault:
        raise fault.under("statementId") from None
    received = _received(request)
    if len(received) != 1:
        raise Invalid("", "must be one statement")
    store_statements(statements=[with_id(received[0], statement_id)], credential=credential)
    return HttpResponse(status=204)


def _get(request: HttpRequest, credential: Credential) -> HttpResponse:
    question = asked({name: request.GET.getlist(name) for name in request.GET})
    through = written(consistent_through())
    if question.statement_id or question.voided_statement_id:
        response = _get_one(question, credential)
    else:
        response = _get_page(request, question, credential)
    response["X-Experience-API-Consistent-Through"] = through
    return response


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


def _get_page(request: HttpRequest, question: Asked, credential: Credential) -> HttpResponse:
    page = statement_page(question, readable_statements(credential, timezone.localdate()))
    more = ""
    if page.after:
        query = request.GET.copy()
        query["cursor"] = str(page.after)
        more = f"{reverse('learning:statements')}?{query.urlencode()}"
    # The payloads are JSON already: nothing is read or written again on the way out.
    parts = ",".join(page.payloads)
    return HttpResponse(f'{{"more":"{more}","statements":[{parts}]}}', content_type="application/json")


def _received(request: HttpRequest) -> list[Received]:
    if request.content_type == "multipart/mixed":
        raise Invalid(
            "Content-Type", "must be application/json: attached files are named by fileUrl, not sent along"
        )
    if request.content_type != "application/json":
        raise Invalid("Content-Type", "must be application/json")
    return read_statements(body_of(request))


def _check_parameters(request: HttpRequest, known: set[str]) -> None:
    for name in request.GET:
        if name not in known:
            raise Invalid(name, "is not a parameter of this resource")
