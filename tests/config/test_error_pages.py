"""Each error page says in plain words what happened and what to do, and is drawn even when much is broken."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from config.views import bad_request, server_error


def denied(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [
    path("denied/", denied),
    path("suspicious/", suspicious),
    path("broken/", broken),
    path("", include("config.urls")),
]
handler400 = "config.views.bad_request"
handler500 = "config.views.server_error"


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/denied/", 403, "You cannot open this page"),
        ("/nothing-is-here/", 404, "Page not found"),
        ("/suspicious/", 400, "We could not understand the request"),
        ("/broken/", 500, "Sorry, there is a problem with the service"),
    ],
)
def test_error_page_says_what_happened(db: None, address: str, status: int, heading: str) -> None:
    response = Client(raise_request_exception=False).get(address)

    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in response.content.decode()


def test_server_error_needs_no_database_and_tells_nothing_of_the_inside() -> None:
    page = server_error(HttpRequest()).content.decode()

    assert "mailto:" in page
    assert "Traceback" not in page


def test_bad_request_needs_no_database() -> None:
    assert bad_request(HttpRequest()).status_code == 400


def test_a_form_without_its_token_is_explained(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {})

    assert response.status_code == 403
    assert "This page was open too long" in response.content.decode()
