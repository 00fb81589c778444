"""The Activities Resource (Communication 2.5)."""

from django.http import HttpResponse

from ..models import Credential
from ..queries.activities import activity_object
from ..xapi.documents import iri_of
from .answers import found_json
from .gate import Asking, resource

# What an activity is, is nothing about anybody: whoever reads or keeps anything here may know it.
_READ = tuple(scope for scope in Credential.Scope if scope != Credential.Scope.WRITE)


def _get(asking: Asking) -> HttpResponse:
    asking.require(*_READ)
    iri = asking.only("activityId", iri_of)
    return found_json(asking.headers, activity_object(iri))


activities = resource(GET=_get)
