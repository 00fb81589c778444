import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from workforce.models import User

from ..facts import account
from ..keys import key_of
from ..models import Actor
from ..xapi.actors import account_key


def actor_for(user: User) -> dict[str, object]:
    """How a statement names `user`: an opaque account of this system, minted when it is first needed."""
    return actors_for([user])[user.pk]


@transaction.atomic
def actors_for(users: Iterable[User]) -> dict[int, dict[str, object]]:
    """How statements name each of `users`, by their primary key, in three queries at most."""
    wanted = {user.pk for user in users}
    found = _own_identifiers(wanted)
    if missing := wanted - found.keys():
        # Two requests may mint for the same person at once: the database lets one through, and both read it.
        Actor.objects.bulk_create(
            [_minted(pk) for pk in sorted(missing)],
            ignore_conflicts=True,
        )
        found |= _own_identifiers(missing)
    return {pk: account(identifier.rpartition("|")[2]) for pk, identifier in found.items()}


def _minted(user_id: int) -> Actor:
    identifier = account_key(settings.IRI_BASE, str(uuid.uuid4()))
    return Actor(id=key_of(identifier), identifier=identifier, user_id=user_id, is_own=True)


def _own_identifiers(users: Iterable[int]) -> dict[int, str]:
    own = Actor.objects.filter(user__in=users, is_own=True)
    return {actor.user_id: actor.identifier for actor in own if actor.user_id}
