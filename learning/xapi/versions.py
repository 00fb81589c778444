"""The versions of the standard that are spoken here (Communication 3.3), and which rules each goes by."""

import re
from enum import StrEnum

from .errors import Invalid

# Each is taken as the newest of its family (Communication 3.3).
SPOKEN = ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0.0"]

_HEADER = re.compile(r"(?:1\.0(?:\.\d+)?|2\.0(?:\.\d+)?)", re.ASCII)


class Version(StrEnum):
    """The newest of each family: what is said in answers."""

    ONE = "1.0.3"
    TWO = "2.0.0"


def version_of(header: str) -> Version:
    """The family that a request asks for by its X-Experience-API-Version. Raises Invalid."""
    if not _HEADER.fullmatch(header):
        raise Invalid("X-Experience-API-Version", "must be sent, as 1.0.3 or 2.0.0")
    return Version.TWO if header.startswith("2") else Version.ONE
