"""The formats of single values (Data 4.0). Best effort for IRIs and language tags, as the specification allows."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated

from msgspec import Meta

from .errors import Invalid

# The end is \Z and not $, which would let a line feed follow.
_IRI = r"^[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+\Z"
_MAILTO = r"^mailto:[^\s@|\x00-\x20]+@[^\s@|\x00-\x20]+\Z"
_SHA1 = r"^[0-9A-Fa-f]{40}\Z"
_SHA2 = r"^(?:[0-9A-Fa-f]{56}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{128})\Z"
_UUID = r"^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[1-8][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}\Z"
# Weeks alone, or the other units from large to small; only the smallest may have a fraction.
_DURATION = (
    r"^P(?=\d|T\d)(?!.*[.,]\d+[A-Z]+\d)(?:\d+(?:[.,]\d+)?W|(?:\d+(?:[.,]\d+)?Y)?(?:\d+(?:[.,]\d+)?M)?"
    r"(?:\d+(?:[.,]\d+)?D)?(?:T(?=\d)(?:\d+(?:[.,]\d+)?H)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?S)?)?)\Z"
)
# RFC 5646: language, extlangs, script, region, variants, extensions, private use; or private use alone; or one of
# the tags that are older than the rule.
# What nearly all tags look like stands first, because it is quick to find.
_LANGUAGE = (
    r"^(?:[A-Za-z]{2}(?:-[A-Za-z]{2})?\Z|"
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*"
    r"(?:-[Xx](?:-[A-Za-z0-9]{1,8})+)?\Z|[Xx](?:-[A-Za-z0-9]{1,8})+\Z|"
    r"(?i:i-[a-z]{3,8}|en-gb-oed|sgn-be-fr|sgn-be-nl|sgn-ch-de)\Z)"
)
_VERSION = r"^(?:1\.0|2\.0)(?:\.[0-9]+)?\Z"
_MEDIA_TYPE = r"^[A-Za-z0-9!#$&^_.+\-]+/[A-Za-z0-9!#$&^_.+\-]+(?:\s*;.*)?\Z"

Iri = Annotated[str, Meta(pattern=_IRI)]
Mailto = Annotated[str, Meta(pattern=_MAILTO)]
Sha1 = Annotated[str, Meta(pattern=_SHA1)]
Sha2 = Annotated[str, Meta(pattern=_SHA2)]
Uuid = Annotated[str, Meta(pattern=_UUID)]
Duration = Annotated[str, Meta(pattern=_DURATION)]
Language = Annotated[str, Meta(pattern=_LANGUAGE)]
VersionNumber = Annotated[str, Meta(pattern=_VERSION)]
MediaType = Annotated[str, Meta(pattern=_MEDIA_TYPE)]
Name = Annotated[str, Meta(min_length=1)]
LanguageMap = dict[Language, str]
Extensions = dict[Iri, object]

# What to say instead of showing somebody a regular expression.
IN_WORDS = {
    _IRI: "must be an IRI with its scheme, such as https://example.org/course",
    _MAILTO: "must be an e-mail address in the form mailto:name@example.org",
    _SHA1: "must be a SHA-1 hash as 40 hexadecimal digits",
    _SHA2: "must be a SHA-2 hash as 56, 64, 96 or 128 hexadecimal digits",
    _UUID: "must be a UUID in its standard form, such as 7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f",
    _DURATION: "must be an ISO 8601 duration, such as PT12M30S",
    _LANGUAGE: "must be a language tag of RFC 5646, such as en-GB or cy",
    _VERSION: "must be a version that this record keeps: 1.0.x or 2.0.x",
    _MEDIA_TYPE: "must be a media type, such as application/pdf",
}

# How nearly everybody writes a time, and the only way in xAPI 2.0; Python reads all of it but a leap second.
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:(?P<second>\d\d)(?:\.\d+)?(?:[Zz]|(?P<offset>[+-]\d\d:\d\d))", re.ASCII
)
_ISO_8601 = re.compile(
    r"\d{4}-?\d\d-?\d\d[Tt ]\d\d:?\d\d(?::?(?P<second>\d\d)(?:[.,]\d+)?)?(?:[Zz]|(?P<offset>[+-]\d\d(?::?\d\d)?))?",
    re.ASCII,
)
_UNKNOWN_ZONES = {"-00", "-0000", "-00:00"}

# At the ends of the calendar no other time zone could be told.
FIRST_YEAR, LAST_YEAR = 2, 9998


@lru_cache(maxsize=100)  # asked when a statement is checked, and again when it is kept
def instant(text: str) -> datetime:
    """A timestamp (Data 4.5) as a point in time, in UTC, which is also meant where it says no zone.

    Raises Invalid, with an empty path.
    """
    form = _RFC_3339.fullmatch(text) or _ISO_8601.fullmatch(text)
    if form is None:
        raise Invalid("", "must be an ISO 8601 date and time, such as 2026-03-01T09:30:00Z")
    if form["offset"] in _UNKNOWN_ZONES:
        raise Invalid("", "must not have the time zone -00:00, which means that the zone is unknown")
    return _read(text) if form["second"] != "60" else _leap(text, form.start("second"))


def is_rfc_3339(text: str) -> bool:
    """The narrower form that xAPI 2.0 asks for; it always says its zone."""
    return _RFC_3339.fullmatch(text) is not None


def _read(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.upper())
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("", "must be a date and time that exist") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Invalid("", f"must be of the years {FIRST_YEAR} to {LAST_YEAR}")
    return found


def _leap(text: str, second: int) -> datetime:
    """Second 60, which RFC 3339 knows and Python does not: the second after second 59."""
    return _read(f"{text[:second]}59{text[second + 2 :]}") + timedelta(seconds=1)


def written(moment: datetime) -> str:
    """A point in time as this record writes it: UTC, with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"
