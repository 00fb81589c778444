"""Which documents a credential reaches."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils import timezone

from ..models import Credential, Document, Place
from ..xapi.documents import Asked
from .statements import actors_of


def reaches_agent(credential: Credential, agent: UUID | None) -> bool:
    """Whether everything about this agent is the credential's business, or only what it wrote itself."""
    if credential.organisation is None:
        return True
    if agent is None:
        return False
    return actors_of(credential.organisation, timezone.localdate()).filter(pk=agent).exists()


def reachable_documents(credential: Credential, asked: Asked) -> QuerySet[Document]:
    """The document that is asked for, or all around; as far as the credential reaches."""
    place = Place.of(asked)
    found = Document.objects.filter(pk=place.key) if asked.name else _around(place, asked.since)
    return found if reaches_agent(credential, place.agent) else found.filter(credential=credential)


def document_names(credential: Credential, asked: Asked) -> tuple[list[str], datetime | None]:
    """Their names, those that changed first coming first, and when the last one changed."""
    named = reachable_documents(credential, asked).values("name").annotate(last=Max("updated"))
    rows = list(named.order_by("last", "name").values_list("name", "last"))
    return [name for name, _ in rows], rows[-1][1] if rows else None


def _around(place: Place, since: datetime | None) -> QuerySet[Document]:
    """Without a registration, whatever the registration (Communication 2.3: "+ registration if specified")."""
    found = Document.objects.filter(kind=place.kind, activity=place.activity, agent=place.agent)
    if place.registration:
        found = found.filter(registration=place.registration)
    return found.filter(updated__gt=since) if since else found
