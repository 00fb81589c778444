"""The canonical definition of an activity: what is known of it from all that was said (Data 2.4.4.1)."""

from collections.abc import Mapping

# These hold one entry for each language or IRI, and grow entry by entry; all else is replaced as a whole.
_MAPS = ("name", "description", "extensions")


def merged(known: Mapping[str, object], said: Mapping[str, object]) -> dict[str, object]:
    """What is known after something was said: nothing is forgotten, and the newer word counts."""
    together = {**known, **said}
    for name in _MAPS:
        older, newer = known.get(name), said.get(name)
        if isinstance(older, Mapping) and isinstance(newer, Mapping):
            together[name] = {**older, **newer}
    return together
