"""The formats of single values (Data 4.0). Best effort for IRIs and language tags, as the specification allows."""

import re
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta

from .errors import Invalid

_IRI = r"^[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+$"
_MAILTO = r"^mailto:[^\s@|\x00-\x20]+@[^\s@|\x00-\x20]+$"
_SHA1 = r"^[0-9A-Fa-f]{40}$"
_SHA2 = r"^[0-9A-Fa-f]{56,128}$"
_UUID = r"^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[1-8][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$"
_DURATION = (
    r"^P(?=\d|T\d)(?:\d+(?:\.\d+)?W|(?:\d+(?:\.\d+)?Y)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?D)?"
    r"(?:T(?=\d)(?:\d+(?:\.\d+)?H)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?S)?)?)$"
)
# RFC 5646: language, extlangs, script, region, variants, extensions, private use; or private use alone.
_LANGUAGE = (
    r"^(?:(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*"
    r"(?:-[Xx](?:-[A-Za-z0-9]{1,8})+)?|[Xx](?:-[A-Za-z0-9]{1,8})+)$"
)
_VERSION = r"^(?:1\.0(?:\.\d+)?|2\.0\.\d+)$"
_MEDIA_TYPE = r"^[A-Za-z0-9!#$&^_.+\-]+/[A-Za-z0-9!#$&^_.+\-]+(?:\s*;.*)?$"

Iri = Annotated[str, Meta(pattern=_IRI)]
Mailto = Annotated[str, Meta(pattern=_MAILTO)]
Sha1 = Annotated[str, Meta(pattern=_SHA1)]
Sha2 = Annotated[str, Meta(pattern=_SHA2)]
Uuid = Annotated[str, Meta(pattern=_UUID)]
Duration = Annotated[str, Meta(pattern=_DURATION)]
Language = Annotated[str, Meta(pattern=_LANGUAGE)]
Version = Annotated[str, Meta(pattern=_VERSION)]
MediaType = Annotated[str, Meta(pattern=_MEDIA_TYPE)]
Name = Annotated[str, Meta(min_length=1)]
LanguageMap = dict[Language, str]
Extensions = dict[Iri, object]

# What to say instead of showing somebody a regular expression.
IN_WORDS = {
    _IRI: "must be an IRI with its scheme, such as https://example.org/course",
    _MAILTO: "must be an e-mail address in the form mailto:name@example.org",
    _SHA1: "must be a SHA-1 hash as 40 hexadecimal digits",
    _SHA2: "must be a SHA-2 hash as hexadecimal digits",
    _UUID: "must be a UUID in its standard form, such as 7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f",
    _DURATION: "must be an ISO 8601 duration, such as PT12M30S",
    _LANGUAGE: "must be a language tag of RFC 5646, such as en-GB or cy",
    _VERSION: "must be a version that this record keeps: 1.0.x or 2.0.x",
    _MEDIA_TYPE: "must be a media type, such as application/pdf",
}

_TIMESTAMP = re.compile(
    r"^\d{4}-?\d\d-?\d\d[Tt ]\d\d:?\d\d(?::?\d\d(?:[.,](?P<fraction>\d+))?)?(?P<zone>[Zz]|[+-]\d\d(?::?\d\d)?)?$",
    re.ASCII,
)


# At the ends of the calendar no other time zone could be told.
FIRST_YEAR, LAST_YEAR = 2, 9998


def instant(text: str) -> datetime:
    """A timestamp (Data 4.5) as a point in time, in UTC. Raises Invalid, with an empty path."""
    form = _TIMESTAMP.match(text)
    if form is None:
        raise Invalid("", "must be an ISO 8601 date and time, such as 2026-03-01T09:30:00Z")
    if form["zone"] is None:
        raise Invalid("", "must say its time zone, such as Z or +01:00")
    if form["zone"].replace(":", "") in {"-00", "-0000"}:
        raise Invalid("", "must not have the time zone -00:00, which means that the zone is unknown")
    try:
        found = datetime.fromisoformat(_to_microseconds(text, form["fraction"]).upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("", "must be a date and time that exist") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Invalid("", f"must be of the years {FIRST_YEAR} to {LAST_YEAR}")
    return found


def _to_microseconds(text: str, fraction: str | None) -> str:
    """Python reads six decimals of a second at most."""
    return text if fraction is None or len(fraction) <= 6 else text.replace(fraction, fraction[:6], 1)


def written(moment: datetime) -> str:
    """A point in time as this record writes it: UTC, with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
