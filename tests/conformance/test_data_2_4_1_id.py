"""Data 2.4.1 and 4.4: ids are UUIDs in their standard form, of any version of variant 2."""

import uuid

import pytest

from learning.xapi import Version

from .data import assert_refused, both_families, read, statement


@both_families
@pytest.mark.parametrize("make", [uuid.uuid1, uuid.uuid4, lambda: uuid.uuid5(uuid.NAMESPACE_URL, "a:b")])
def test_any_version_of_uuid_will_do(make: object, version: Version) -> None:
    made = str(make())  # type: ignore[operator]
    assert read(statement(id=made), version).statement.id == made
    assert read(statement(id=made.upper()), version).statement.id == made.upper()


@both_families
@pytest.mark.parametrize(
    "text",
    [
        "1",
        "7f6ab9d81f5c4f7e9f0e3c1d2b4a5e6f",
        "{7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f}",
        "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6g",
        "7f6ab9d8-1f5c-4f7e-9f0e-3c1d2b4a5e6f\n",
        "7f6ab9d8-1f5c-4f7e-cf0e-3c1d2b4a5e6f",
    ],
)
def test_what_is_no_uuid_is_refused(text: str, version: Version) -> None:
    assert_refused(statement(id=text), "id", "UUID", version)
    assert_refused(statement(context={"registration": text}), "context.registration", "UUID", version)
    reference = {"objectType": "StatementRef", "id": text}
    assert_refused(statement(object=reference), "object.id", "UUID", version)
