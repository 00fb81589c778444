"""What went wrong, as RFC 9457 has it: what happened and what to do next, in words for people."""

from collections.abc import Sequence
from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as NotAsDescribed

MEDIA_TYPE = "application/problem+json"
DOCS = "/api/v1/docs"

SAID = {
    400: "The request could not be read. Send JSON as the documentation at {docs} shows it.",
    401: "Send a token that is in force, as “Authorization: Bearer …”. You make one under Your account, Access "
    "for programs.",
    403: "This token may only read. Make one that may also put practice forward and confirm it.",
    404: "There is nothing here that you can see. Check the address against {docs}.",
    405: "That cannot be done at this address. The header Allow says what can; {docs} shows how.",
    422: "The request is not as the documentation at {docs} describes it. Put right what “errors” names.",
}
OTHERWISE = "Something went wrong here. Nothing was changed. Try again later, and tell us if it goes on."


class Fault(Schema):
    """One thing that is wrong in a request."""

    where: str = Field(description="Which part of the request, such as body/reason or query/limit.")
    what: str = Field(description="What is wrong with it.")


class Problem(Schema):
    """Why a request was not answered as asked (RFC 9457)."""

    type: str = Field(description="Always about:blank: the status says what kind of problem it is.")
    title: str
    status: int
    detail: str = Field(description="What happened and what to do next, in words for people.")
    errors: list[Fault] = Field(default=[], description="Each part of the request that is wrong.")


class MayOnlyRead(Exception):
    """The token of this request does not let its program act."""


class NotHere(Exception):
    """What was asked for is not there, or not for this person."""


def problem(status: int, detail: str = "", errors: Sequence[Fault] = ()) -> HttpResponse:
    said = Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail or SAID.get(status, OTHERWISE).format(docs=DOCS),
        errors=list(errors),
    )
    answer = HttpResponse(said.model_dump_json(), status=status, content_type=MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(401)


def only_reads(request: HttpRequest, error: MayOnlyRead) -> HttpResponse:
    return problem(403)


def not_here(request: HttpRequest, error: NotHere) -> HttpResponse:
    return problem(404, str(error))


def refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """An action said no, in words of its own: as things stand, it cannot be done."""
    return problem(409, " ".join(error.messages))


def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code)


def not_as_described(request: HttpRequest, error: NotAsDescribed) -> HttpResponse:
    return problem(422, errors=[_fault(each) for each in error.errors])


def _fault(error: dict[str, object]) -> Fault:
    """`loc` is where (body, query), the name of the function's parameter for a body, and the way into it."""
    place = error["loc"]
    assert isinstance(place, Sequence)  # noqa: S101 a path, as pydantic gives it
    where, *way = map(str, place)
    inside = way[1:] if where == "body" else way
    return Fault(where="/".join([where, *inside]), what=str(error["msg"]))
