"""Is this badge good now? Its signature, whose it is, and how its evidence stands today."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ..models import Badge, EditionCapability, SigningKey
from . import signing
from .queries import Standing, badge_standing


@dataclass(frozen=True)
class Checked:
    """A badge that we signed, with how it stands."""

    badge: Badge
    standing: Standing
    wording: EditionCapability
    name: str  # of its person, where they chose to have it in the badge

    @property
    def is_good(self) -> bool:
        return self.standing == Standing.GOOD


def check(token: str, on: date) -> Checked | None:
    """What a badge that somebody was shown is worth today; None where it is not one of ours, or was changed."""
    key_id = signing.key_of(token)
    key = SigningKey.objects.filter(uuid=key_id).first() if key_id else None
    said = signing.read(token, key) if key else None
    if said is None:
        return None
    found = badge_standing(_last_uuid(str(said.get("jti"))), on)
    return Checked(*found, name=_name(said)) if found else None


def _last_uuid(address: str) -> UUID:
    """The id at the end of an address; a status list, which is signed as well, has none that is known."""
    try:
        return UUID(address.rstrip("/").rpartition("/")[2])
    except ValueError:
        return UUID(int=0)


def _name(said: dict[str, object]) -> str:
    subject = said["credentialSubject"]
    identifiers = subject.get("identifier", []) if isinstance(subject, dict) else []
    return next((str(i["identityHash"]) for i in identifiers if i["identityType"] == "name"), "")
