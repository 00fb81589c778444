"""Names minted here, once and for ever: all under IRI_BASE, never under the host or port that serves the site."""

from uuid import UUID

from django.conf import settings

CMI5_CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
MOVE_ON_CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/moveon"
CMI5_REASON = "https://w3id.org/xapi/cmi5/result/extensions/reason"
COMPETENCY_TYPE = "https://w3id.org/xapi/tla/activity-types/competency"
EXPIRES_EXTENSION = "https://w3id.org/xapi/comp/contextextensions/expires"


def activity_iri(key: UUID) -> str:
    """An activity of the curriculum. `key` is its translation key, so every language shares one IRI."""
    return f"{settings.IRI_BASE}activities/{key}"


def capability_iri(suffix: str) -> str:
    """A capability, whatever edition it appears in."""
    return f"{settings.IRI_BASE}capabilities/{suffix}"


def extension_iri(name: str) -> str:
    """A key of our own in the extensions of a result, a context or an activity."""
    return f"{settings.IRI_BASE}extensions/{name}"


def is_ours(iri: str) -> bool:
    return iri.startswith(settings.IRI_BASE)
