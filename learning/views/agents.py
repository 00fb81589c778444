"""The Agents Resource (Communication 2.4)."""

from django.http import HttpResponse

from ..models import Credential
from ..xapi.documents import agent_of, person
from .answers import found_json
from .gate import Asking, resource

_READ = tuple(scope for scope in Credential.Scope if scope != Credential.Scope.WRITE)


def _get(asking: Asking) -> HttpResponse:
    """The record knows people by opaque identifiers, and does not tell one system by which others know them."""
    asking.require(*_READ)
    return found_json(asking.headers, person(asking.only("agent", agent_of)))


agents = resource(GET=_get)
