"""Who writes must know what they write over: entity tags (Communication 3.1; RFC 9110, 13.1)."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from .errors import Invalid
from .versions import Version

_ANY = "*"
_TAG = re.compile(r'(?:W/)?"([^"]*)"|([^\s,"]+)')


class PreconditionFailed(Exception):
    """What is kept is not what the sender believes."""


class PreconditionMissing(Exception):
    """The sender does not say what they believe is kept, and something is."""


class Condition(NamedTuple):
    """What a request says in If-Match and If-None-Match; None where it says nothing."""

    match: frozenset[str] | None
    none_match: frozenset[str] | None

    @property
    def is_said(self) -> bool:
        return self.match is not None or self.none_match is not None

    def check(self, tag: str | None) -> None:
        """Raises PreconditionFailed unless it holds of the tag of what is kept; None where nothing is."""
        if self.match is not None and not _names(self.match, tag):
            raise PreconditionFailed(
                "If-Match names another content than the one that is kept. Get that one and its ETag, then try again."
            )
        if self.none_match is not None and _names(self.none_match, tag):
            raise PreconditionFailed("If-None-Match names the content that is kept already.")


def condition_of(headers: Mapping[str, str]) -> Condition:
    return Condition(_tags(headers.get("if-match")), _tags(headers.get("if-none-match")))


def check_put(condition: Condition, tag: str | None, *, version: Version, is_state: bool) -> None:
    """Whether a document may be put. Raises Invalid, PreconditionFailed and PreconditionMissing.

    A state is put without a condition in 1.0.3, "since state conflicts are unlikely", but in 2.0 only where there
    is none yet. 1.0.3 asks for a condition even for the first profile.
    """
    if condition.is_said:
        condition.check(tag)
    elif is_state and version is Version.ONE:
        return
    elif tag is not None:
        raise PreconditionMissing(
            "A document is kept here already. Get it, look at what it says now, and send its ETag as If-Match."
        )
    elif version is Version.ONE:
        raise Invalid("If-Match", "must be sent, or If-None-Match: *, where a profile is put")


def is_fresh(headers: Mapping[str, str], tag: str) -> bool:
    """Whether who asks has this content already."""
    tags = _tags(headers.get("if-none-match"))
    return tags is not None and _names(tags, tag)


def _tags(header: str | None) -> frozenset[str] | None:
    """Weak tags count like strong ones: what makes them weak is a proxy that compressed the answer on its way."""
    if header is None:
        return None
    if header.strip() == _ANY:
        return frozenset((_ANY,))
    return frozenset(quoted or bare for quoted, bare in _TAG.findall(header))


def _names(tags: frozenset[str], tag: str | None) -> bool:
    return tag is not None and (_ANY in tags or tag in tags)
