"""Identity of what comes from the source files: the same on every site, whatever a page is called."""

from uuid import NAMESPACE_URL, UUID, uuid5

_SOURCE = uuid5(NAMESPACE_URL, "https://id.promise-to-learn.example/curriculum")


def key_of(source_key: str) -> UUID:
    """The translation key of the page that comes from a source, such as FR-2 or FR-2.a1."""
    return uuid5(_SOURCE, source_key)
