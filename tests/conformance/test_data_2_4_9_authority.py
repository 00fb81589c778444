"""Data 2.4.9: who vouches for a statement. What is sent there is checked, and then set by the record."""

from typing import Any

import pytest

from learning.xapi import Version

from .data import AGENT, GROUP, MEMBER, assert_refused, both_families, read, statement


@both_families
@pytest.mark.parametrize("authority", [AGENT, MEMBER, {"objectType": "Group", "member": [MEMBER, AGENT]}])
def test_an_agent_or_two_together_may_vouch(authority: dict[str, Any], version: Version) -> None:
    assert read(statement(authority=authority), version).statement.authority


@both_families
@pytest.mark.parametrize(
    "authority",
    [
        GROUP,
        {"objectType": "Group", "member": [MEMBER, AGENT, {"openid": "a:b"}]},
        {"objectType": "Group", "member": [MEMBER, AGENT], "openid": "a:b"},
    ],
)
def test_no_other_group_may(authority: dict[str, Any], version: Version) -> None:
    assert_refused(statement(authority=authority), "authority", "two members", version)
    assert_refused(statement(authority={}), "authority", "one of mbox", version)
