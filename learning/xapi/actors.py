"""Who did it (Data 2.4.2): agents and groups, each with one identifier, or a group with none and its members."""

from collections.abc import Iterator
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from .errors import Invalid
from .formats import Iri, Mailto, Name, Sha1

_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
# PostgreSQL indexes no more than this of a text, in bytes.
LONGEST = 2500
# No text of so few characters is longer than that, whatever they are.
_SURELY_SHORT = LONGEST // 4 - 50


def check_length(name: str, text: str) -> None:
    if len(text) > _SURELY_SHORT and len(text.encode()) > LONGEST:
        raise Invalid(name, f"must be no longer than {LONGEST} bytes")


class Account(Struct, forbid_unknown_fields=True, gc=False):
    homePage: Iri  # noqa: N815
    name: Name


class Actor(Struct, forbid_unknown_fields=True, gc=False):
    objectType: Literal["Agent", "Group"] | UnsetType = UNSET  # noqa: N815
    name: str | UnsetType = UNSET
    mbox: Mailto | UnsetType = UNSET
    mbox_sha1sum: Sha1 | UnsetType = UNSET
    openid: Iri | UnsetType = UNSET
    account: Account | UnsetType = UNSET
    member: list["Actor"] | UnsetType = UNSET

    def __post_init__(self) -> None:
        account = self.account
        held = (
            (account is not UNSET)
            + (self.mbox is not UNSET)
            + (self.openid is not UNSET)
            + (self.mbox_sha1sum is not UNSET)
        )
        if held > 1:
            self._refuse_second()
        if self.objectType == "Group":
            self._check_group(bool(held))
        elif self.member is not UNSET:
            raise Invalid("member", "is allowed only in a Group, whose objectType must say so")
        elif not held:
            raise Invalid("", "an agent needs one of mbox, mbox_sha1sum, openid or account")
        if account:
            check_length("account", f"account|{account.homePage}|{account.name}")
        elif self.mbox or self.openid:
            check_length("mbox" if self.mbox else "openid", self.mbox or self.openid or "")

    def _refuse_second(self) -> None:
        first, second, *_ = [name for name in _IDENTIFIERS if getattr(self, name) is not UNSET]
        raise Invalid(second, f"an actor has one identifier, and this one also has {first}")

    def _check_group(self, is_identified: bool) -> None:
        members = self.member or []
        if not is_identified and not members:
            raise Invalid("member", "a group without an identifier must list its members")
        for position, member in enumerate(members):
            if member.is_group:
                raise Invalid(f"member[{position}].objectType", "a group cannot be a member of a group")

    @property
    def is_group(self) -> bool:
        return self.objectType == "Group"

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
        if key := self.key:
            yield key
        for member in self.member or ():
            yield from member.identifiers()


def account_key(home_page: str, name: str) -> str:
    """No IRI holds a "|", so the three parts can always be told apart."""
    return f"account|{home_page}|{name}"
