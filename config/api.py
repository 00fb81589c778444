"""The JSON API of all rooms, put together, with its description (OpenAPI 3.1) and its documentation."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as NotAsDescribed
from ninja.openapi.docs import DocsBase

from competencies.api import frameworks, practice, problems, verification
from config.api_reference import groups_of
from curriculum.api import capabilities, putting_forward

_ERRORS = {
    "400": "The request could not be read",
    "401": "No token, or one that is not in force",
    "403": "The token may only read",
    "404": "Not there, or not for you",
    "409": "It cannot be done as things stand",
    "422": "The request is not as described",
}


class Reference(DocsBase):
    """A page of our own, drawn from the description on the server: no script, nothing from elsewhere."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        description = api.get_openapi_schema(path_params=kwargs)
        context = {
            "groups": groups_of(description),
            "description_address": reverse("api:openapi-json"),
            "server": request.build_absolute_uri("/").rstrip("/"),
        }
        return render(request, "api/docs.html", context)


class Api(NinjaAPI):
    """Says of every operation which problems it may answer with, as application/problem+json."""

    def get_openapi_schema(self, **options: Any) -> Any:
        description = super().get_openapi_schema(**options)
        schemas = description["components"]["schemas"]
        problem = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs"))
        schemas["Problem"] = problem
        for path, operations in description["paths"].items():
            for method, operation in operations.items():
                for parameter in operation["parameters"]:
                    _leave_out_null(parameter["schema"])
                for status in _problems_of(path, method, operation):
                    operation["responses"][status] = {
                        "description": _ERRORS[status],
                        "content": {
                            problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
                        },
                    }
        return description


def _leave_out_null(schema: dict[str, Any]) -> None:
    """A query has no null: what may be left out is just left out."""
    kinds = [kind for kind in schema.pop("anyOf", []) if kind != {"type": "null"}]
    for kind in kinds:
        schema.update(kind)


def _problems_of(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    found = ["401"]
    asks_for_keys = any(parameter["name"] == "after" for parameter in operation["parameters"])
    if method == "post":
        found += ["403", "409"]
    if "{" in path or asks_for_keys:
        found.append("404")
    if "requestBody" in operation:
        found.append("400")
    if "requestBody" in operation or any(p["in"] == "query" for p in operation["parameters"]):
        found.append("422")
    return found


api = Api(
    title=f"{settings.SERVICE_NAME}: the API",
    version="1",
    description="Frameworks, requirements, what you hold and what is missing, and practice to confirm. A program "
    "asks with a token that you made, and sees and does what you could on the pages.",
    urls_namespace="api",
    docs=Reference(),
)
api.add_router("", capabilities.router)
api.add_router("", putting_forward.router)
api.add_router("", practice.router)
api.add_router("", verification.router)
api.add_router("", frameworks.router)
_SAID_OF: dict[type[Exception], Any] = {
    AuthenticationError: problems.not_signed_in,
    HttpError: problems.unreadable,
    NotAsDescribed: problems.not_as_described,
    ValidationError: problems.refused,
    problems.MayOnlyRead: problems.only_reads,
    problems.NotHere: problems.not_here,
}
for error, said in _SAID_OF.items():
    api.add_exception_handler(error, said)
