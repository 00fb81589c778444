"""The About Resource (Communication 2.8)."""

from collections.abc import Mapping

from django.http import HttpResponse, JsonResponse

from ..iris import extension_iri
from ..xapi import Invalid
from ..xapi.versions import SPOKEN
from . import gate


def _about(parameters: Mapping[str, list[str]]) -> HttpResponse:
    """Which versions of the standard are spoken here, and how much is taken at once. Open to everybody."""
    for name in parameters:
        raise Invalid(name, "is not a parameter of this resource")
    limits = {"largestBody": gate.LARGEST_BODY}
    return JsonResponse({"version": SPOKEN, "extensions": {extension_iri("limits"): limits}})


about = gate.open_resource(_about)
