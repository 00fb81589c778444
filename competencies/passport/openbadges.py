"""Open Badges 3.0 (1EdTech) as plain data: the credential of one award, its issuer and the list of what is withdrawn.

Sections named below are those of https://www.imsglobal.org/spec/ob/v3p0/ and, for the list, of W3C Bitstring
Status List 1.0. Both build on W3C Verifiable Credentials 2.0.
"""

import base64
import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Issuer:
    """Who signs, and where its addresses begin."""

    base: str
    name: str
    contact: str

    @property
    def id(self) -> str:
        return f"{self.base}/badges/issuer/"

    def key(self, key: object) -> str:
        return f"{self.base}/badges/keys/{key}/"

    def badge(self, badge: object) -> str:
        return f"{self.base}/badges/{badge}/"

    def status_list(self, number: int) -> str:
        return f"{self.base}/badges/status/{number}/"

    def profile(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "type": ["Profile"],
            "name": self.name,
            "url": self.base,
            "email": self.contact,
        }


@dataclass(frozen=True)
class Award:
    """What a badge says: this account showed this capability at this level, on this kind of evidence."""

    badge: object
    account: str
    name: str  # empty unless the person chose to be named
    iri: str
    code: str
    title: str
    description: str
    framework: str
    edition: str
    level: int
    level_label: str
    level_meaning: str
    level_evidence: str
    evidence: str
    achieved: date
    expires: date | None
    issued: datetime
    status_list: int
    place: int


def credential(award: Award, issuer: Issuer) -> dict[str, Any]:
    """An AchievementCredential (B.1.2) without its proof, which is the signature around it."""
    ends = {"validUntil": moment(_midnight(award.expires))} if award.expires else {}
    return {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": issuer.badge(award.badge),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{award.title}, level {award.level}",
        "issuer": issuer.profile(),
        "validFrom": moment(_midnight(award.achieved)),
        **ends,
        "awardedDate": moment(award.issued),
        "credentialSubject": _subject(award),
        "evidence": [{"type": ["Evidence"], "name": award.evidence}],
        "credentialStatus": _status(award, issuer),
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }


def _subject(award: Award) -> dict[str, Any]:
    """The person is an opaque account; a name is there only where they chose it."""
    named = {
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": award.name, "identityType": "name"}
        ]
    }
    return {
        "id": award.account,
        "type": ["AchievementSubject"],
        **(named if award.name else {}),
        "achievement": {
            "id": f"{award.iri}#level-{award.level}",
            "type": ["Achievement"],
            "achievementType": "Competency",
            "name": f"{award.title}, level {award.level}",
            "description": award.description,
            "humanCode": award.code,
            "version": award.edition,
            "inLanguage": "en-GB",
            "criteria": {
                "narrative": f"Level {award.level}, {award.level_label}: {award.level_meaning} {award.level_evidence}"
            },
            "alignment": [
                {
                    "type": ["Alignment"],
                    "targetType": "ceasn:Competency",
                    "targetName": award.title,
                    "targetCode": award.code,
                    "targetUrl": award.iri,
                    "targetFramework": f"{award.framework}, edition {award.edition}",
                }
            ],
        },
    }


def _status(award: Award, issuer: Issuer) -> dict[str, str]:
    """Where to ask whether it still stands (Bitstring Status List, 2.1)."""
    where = issuer.status_list(award.status_list)
    return {
        "id": f"{where}#{award.place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(award.place),
        "statusListCredential": where,
    }


def status_list(
    number: int, withdrawn: Iterable[int], length: int, issuer: Issuer, at: datetime
) -> dict[str, Any]:
    """The list of what is withdrawn, as a credential of its own (Bitstring Status List, 2.2)."""
    where = issuer.status_list(number)
    return {
        "@context": [CREDENTIALS],
        "id": where,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.id,
        "validFrom": moment(at),
        "credentialSubject": {
            "id": f"{where}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(withdrawn, length),
        },
    }


def encoded(places: Iterable[int], length: int) -> str:
    """One bit a badge, the first bit leftmost; packed with gzip and told in base64url, as “u” says (3.1)."""
    bits = bytearray(length // 8)
    for place in places:
        bits[place // 8] |= 0b1000_0000 >> place % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()


def claims(content: dict[str, Any]) -> dict[str, Any]:
    """The credential as the payload of a JWT (8.2.4): the claims repeat what the credential says."""
    issuer = content["issuer"]
    ends = {"exp": _seconds(content["validUntil"])} if "validUntil" in content else {}
    return {
        **content,
        "iss": issuer if isinstance(issuer, str) else issuer["id"],
        "jti": content["id"],
        "nbf": _seconds(content["validFrom"]),
        "sub": content["credentialSubject"]["id"],
        **ends,
    }


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _midnight(day: date) -> datetime:
    """A day here begins when it begins in England."""
    return datetime.combine(day, time(), LONDON)


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
