from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from ..xapi.versions import Version


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Which versions of the standard are spoken here (Communication 2.8). Open to everybody."""
    response = JsonResponse({"version": [Version.ONE.value]})
    response["X-Experience-API-Version"] = Version.ONE.value
    return response
