"""Data 4: extensions, language maps, IRIs, timestamps and durations."""

from datetime import UTC, datetime
from typing import Any

import pytest

from learning.xapi import Version
from learning.xapi.formats import instant

from .data import EXTENSION, assert_refused, both_families, inner, read, statement

DEEP: dict[str, Any] = {"a": [{"b": None}, 1.5, -3, True, "text", {}]}


@both_families
@pytest.mark.parametrize("value", [None, "", {}, [], 0, False, "text", DEEP])
def test_an_extension_may_be_anything_under_an_iri(value: object, version: Version) -> None:
    extensions = {"extensions": {EXTENSION: value}}
    assert read(statement(result=extensions), version)
    assert read(statement(context=extensions), version)
    assert read(statement(object={"id": "a:b", "definition": extensions}), version)


@both_families
@pytest.mark.parametrize(
    "tag", ["en", "en-GB", "cy", "zh-Hant-TW", "sgn-BE-FR", "i-klingon", "de-CH-1901", "x-nhs", "es-419"]
)
def test_a_language_map_is_keyed_by_language_tags(tag: str, version: Version) -> None:
    assert read(statement(verb={"id": "a:b", "display": {tag: "did"}}, context={"language": tag}), version)


@both_families
@pytest.mark.parametrize("tag", ["", "e", "a12345", "english language", "en_GB", "en-", "en-GB\n", "123"])
def test_what_is_no_language_tag_is_refused(tag: str, version: Version) -> None:
    verb = {"id": "a:b", "display": {"en": "did", tag: "did"}}
    assert_refused(statement(verb=verb), "verb.display", "each of its keys must be a language tag", version)
    assert_refused(statement(context={"language": tag}), "context.language", "language tag", version)


@both_families
def test_the_words_of_a_language_map_are_text(version: Version) -> None:
    assert_refused(
        statement(verb={"id": "a:b", "display": {"en": 1}}),
        "verb.display[...]",
        "must be of type string",
        version,
    )


# 4.5


@both_families
@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T09:30:00Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01t09:30:00z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00.5Z", datetime(2026, 3, 1, 9, 30, 0, 500_000, tzinfo=UTC)),
        ("2026-03-01T09:30:00.123456789+01:00", datetime(2026, 3, 1, 8, 30, 0, 123_456, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
    ],
)
def test_both_families_take_the_times_of_rfc_3339(text: str, moment: datetime, version: Version) -> None:
    assert read(statement(timestamp=text, stored=text), version)
    assert read(statement(object=inner(timestamp=text)), version)
    assert instant(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20260301T093000Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30+0100", datetime(2026, 3, 1, 8, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00,25-05", datetime(2026, 3, 1, 14, 30, 0, 250_000, tzinfo=UTC)),
        ("2026-03-01T09:30:00", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
    ],
)
def test_the_older_family_takes_more_of_iso_8601(text: str, moment: datetime) -> None:
    assert read(statement(timestamp=text), Version.ONE)
    assert instant(text) == moment
    assert_refused(statement(timestamp=text), "timestamp", "RFC 3339", Version.TWO)
    assert_refused(statement(object=inner(timestamp=text)), "object.timestamp", "RFC 3339", Version.TWO)


@both_families
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("yesterday", "must be"),
        ("2026-03-01", "must be"),
        ("01/03/2026", "must be"),
        ("2026-03-01T09:30:00Z\n", "must be"),
        ("2026-03-01T09:30:00-00:00", "unknown"),
        ("2026-03-01T09:30:00.601-00", ""),
        ("2026-03-01T09:30:00.601-0000", ""),
        ("2026-02-30T09:30:00Z", "exist"),
        ("2026-03-01T25:30:00Z", "exist"),
        ("0001-01-01T00:00:00+01:00", "exist"),
        ("9999-12-31T23:59:59Z", "years"),
    ],
)
def test_what_is_no_time_is_refused(text: str, rule: str, version: Version) -> None:
    assert_refused(statement(timestamp=text), "timestamp", rule, version)
    assert_refused(statement(stored=text), "stored", rule, version)


# 4.6


@both_families
@pytest.mark.parametrize(
    "text",
    ["PT5M", "P3Y1M29DT4H35M59.14S", "P4W", "PT0S", "PT0,5S", "P0.5D", "PT16559.14S", "P1DT12H36M0.12567S"],
)
def test_a_duration_is_of_iso_8601(text: str, version: Version) -> None:
    assert read(statement(result={"duration": text}), version)


@both_families
@pytest.mark.parametrize(
    "text",
    ["5 minutes", "P", "PT", "P4W1D", "PT1H1D", "P-1D", "P1DT", "PA1H0M0S", "PT0.5H3M", "P1D\n", "p1d"],
)
def test_what_is_no_duration_is_refused(text: str, version: Version) -> None:
    assert_refused(statement(result={"duration": text}), "result.duration", "ISO 8601", version)
