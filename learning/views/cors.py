"""Letting pages of other sites in: most activities that write statements run in a browser, on another host.

Any origin may ask, because nothing is given to a browser for being the browser of somebody who is signed in: the
credential travels in the header Authorization only, and cookies are never read.
"""

from collections.abc import Iterable

from django.http import HttpResponse
from django.http.response import HttpResponseBase

_MAY_SEND = (
    "Accept, Accept-Language, Authorization, Cache-Control, Content-Type, Content-Transfer-Encoding, If-Match, "
    "If-None-Match, X-Experience-API-Hash, X-Experience-API-Version, X-Requested-With"
)
_MAY_READ = (
    "Content-Length, ETag, Last-Modified, Retry-After, WWW-Authenticate, X-Experience-API-Consistent-Through, "
    "X-Experience-API-Version"
)
_A_DAY = "86400"  # seconds


def preflight(methods: Iterable[str]) -> HttpResponse:
    """What a browser asks before it sends anything but a plain GET (Fetch, 4.8)."""
    response = HttpResponse(status=204)
    response["Allow"] = response["Access-Control-Allow-Methods"] = ", ".join([*methods, "OPTIONS"])
    response["Access-Control-Allow-Headers"] = _MAY_SEND
    response["Access-Control-Max-Age"] = _A_DAY
    return response


def for_browsers(response: HttpResponseBase) -> None:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = _MAY_READ
