"""Who did it (Data 2.4.2): agents and groups, each with one identifier, or a group with none and its members."""

from collections.abc import Iterator
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from .errors import Invalid
from .formats import Iri, Mailto, Name, Sha1

_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
# PostgreSQL indexes no more than this of a text, in bytes.
LONGEST = 2500


class Account(Struct, forbid_unknown_fields=True):
    homePage: Iri  # noqa: N815
    name: Name


class Actor(Struct, forbid_unknown_fields=True):
    objectType: Literal["Agent", "Group"] = "Agent"  # noqa: N815
    name: str | UnsetType = UNSET
    mbox: Mailto | UnsetType = UNSET
    mbox_sha1sum: Sha1 | UnsetType = UNSET
    openid: Iri | UnsetType = UNSET
    account: Account | UnsetType = UNSET
    member: list["Actor"] | UnsetType = UNSET

    def __post_init__(self) -> None:
        held = [name for name in _IDENTIFIERS if getattr(self, name) is not UNSET]
        if len(held) > 1:
            raise Invalid(held[1], f"an actor has one identifier, and this one also has {held[0]}")
        if self.objectType == "Agent":
            self._check_agent(bool(held))
        else:
            self._check_group(bool(held))
        key = self.key
        if key is not None and len(key.encode()) > LONGEST:
            raise Invalid(held[0], f"must be no longer than {LONGEST} bytes")

    def _check_agent(self, is_identified: bool) -> None:
        if self.member is not UNSET:
            raise Invalid("member", "is allowed only in a Group")
        if not is_identified:
            raise Invalid("", "an agent needs one of mbox, mbox_sha1sum, openid or account")

    def _check_group(self, is_identified: bool) -> None:
        members = self.member or []
        if not is_identified and not members:
            raise Invalid("member", "a group without an identifier must list its members")
        for position, member in enumerate(members):
            if member.objectType == "Group":
                raise Invalid(f"member[{position}].objectType", "a group cannot be a member of a group")

    @property
    def key(self) -> str | None:
        """The canonical identifier, the same for every spelling of it; None for an anonymous group."""
        if self.account:
            return account_key(self.account.homePage, self.account.name)
        if self.mbox:
            local, _, domain = self.mbox.rpartition("@")
            return f"mbox|{local}@{domain.lower()}"
        if self.mbox_sha1sum:
            return f"mbox_sha1sum|{self.mbox_sha1sum.lower()}"
        return f"openid|{self.openid}" if self.openid else None

    def identifiers(self) -> Iterator[str]:
        """Its own identifier, if it has one, and those of its members."""
        if self.key:
            yield self.key
        for member in self.member or []:
            yield from member.identifiers()


def account_key(home_page: str, name: str) -> str:
    """No IRI holds a "|", so the three parts can always be told apart."""
    return f"account|{home_page}|{name}"
