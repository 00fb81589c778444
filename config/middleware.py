from collections.abc import Callable
from functools import lru_cache

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.cache import patch_cache_control, patch_vary_headers

from competencies.api.problems import MEDIA_TYPE, problem


class ContentPolicy(CSPMiddleware):
    """The strict policy for the site; a looser one for the editing screens, which need inline code."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith(settings.EDITING_PATHS):
            parts.config = settings.EDITING_POLICY
        return parts


@lru_cache(maxsize=100)
def _found(path: str) -> ResolverMatch:
    """The record has few addresses, and what stands at them does not change."""
    return resolve(path)


def straight_to_the_record(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """The record asks for a credential of its own, not for a session: the rest of the way would only cost time.

    Nor is the connection to the database tried first. Where it is broken the record says so, and the client asks again.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(settings.RECORD_PATH):
            return get_response(request)
        try:
            found = _found(request.path_info)
        except Resolver404:
            return get_response(request)
        connection.health_check_done = True  # type: ignore[attr-defined]
        return found.func(request, *found.args, **found.kwargs)

    return answer


def private_when_signed_in(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """On a shared computer, the back button after signing out must not show somebody's record."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return answer


def answers_for_programs(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Below /api/ every problem is one that programs can read, and no answer is kept by anybody in between."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path_info.startswith(settings.API_PATH):
            return response
        if response.status_code >= 400 and response.get("Content-Type") != MEDIA_TYPE:
            said = problem(response.status_code)
            if response.has_header("Allow"):
                said["Allow"] = response["Allow"]
            response = said
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        patch_vary_headers(response, ["Authorization", "Cookie"])
        return response

    return answer
