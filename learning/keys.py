"""Ids that anybody can work out: nothing is looked up before a statement is stored."""

from functools import lru_cache
from uuid import NAMESPACE_URL, UUID, uuid5


@lru_cache(maxsize=20_000)
def key_of(name: str) -> UUID:
    """The id of the activity with this IRI, or of the actor with this identifier (RFC 9562, version 5)."""
    return uuid5(NAMESPACE_URL, name)
