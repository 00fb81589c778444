"""Who knocks. One query a request, by an index, and no slow hash."""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from copy import copy
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from workforce.models import Organisation

from ..models import Credential, Secret
from ..prepared import columns_of, objects_of
from ..secrets import is_secret_of, keys
from ..tokens import read_token

# What comes with a scope that is wider (Communication 4.2).
_WITHIN = {
    Credential.Scope.ALL: set(Credential.Scope),
    Credential.Scope.READ_ALL: {Credential.Scope.READ, Credential.Scope.READ_MINE},
    Credential.Scope.READ: {Credential.Scope.READ_MINE},
}


class Opened(NamedTuple):
    """By which secret a request was opened, and the version of the rows that said so."""

    secret: Secret
    version: str


# What opened the record lately, by a digest of the header: the secrets themselves are not kept.
_lately: dict[tuple[bytes, object], Opened] = {}
MOST_LATELY = 1_000


def opened_lately(authorization: str) -> Opened | None:
    """What this header opened on an earlier request of today. Whether it still does has not been asked.

    Whoever uses it asks in the same transaction, or not at all (`store_statements`).
    """
    opened = _lately.get(_place(authorization))
    return opened if opened and opened.secret.last_used == timezone.localdate() else None


def _remember(authorization: str, opened: Opened) -> None:
    if len(_lately) >= MOST_LATELY:
        _lately.clear()
    _lately[_place(authorization)] = opened


def _place(authorization: str) -> tuple[bytes, object]:
    return hashlib.sha256(authorization.encode()).digest(), keys()


def credential_of(authorization: str) -> Credential | None:
    """Whose the header Authorization is, with the scopes that it opens; None if it opens nothing.

    A credential that comes by a token has only the token's scopes: it is for reading, never to be saved.
    """
    kind, _, rest = authorization.partition(" ")
    secret: Secret | None = None
    if kind.lower() == "basic" and (pair := basic_pair(rest)):
        if opened := _opened(*pair):
            secret = opened.secret
            _remember(authorization, opened)
    elif kind.lower() == "bearer":
        secret = _secret_of_token(rest.strip())
    if secret is None:
        return None
    note_use(secret)
    return secret.credential


def secret_of(key: str, secret: str) -> Secret | None:
    """The secret in force, with its credential loaded."""
    opened = _opened(key, secret)
    return opened.secret if opened else None


def _opened(key: str, secret: str) -> Opened | None:
    if "\x00" in key:  # PostgreSQL refuses to compare with a text that holds U+0000
        return None
    held = _in_force("learning_credential.key = %(key)s", {"key": key})
    return next((one for one in held if is_secret_of(secret, one.secret.digest)), None)


def basic_pair(encoded: str) -> tuple[str, str] | None:
    """Key and secret as HTTP basic authentication writes them (RFC 7617)."""
    try:
        key, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (key, secret) if colon else None


def scopes_within(scopes: Iterable[str]) -> set[str]:
    """These scopes and every narrower one."""
    held = {Credential.Scope(scope) for scope in scopes}
    return {scope.value for one in held for scope in {one} | _WITHIN.get(one, set())}


# It differs as soon as any of these rows was written again, if need be in the same transaction.
_VERSION = """concat_ws(
    '.', learning_secret.xmin, learning_secret.ctid, learning_credential.xmin, learning_credential.ctid,
    workforce_organisation.xmin, workforce_organisation.ctid
)"""

_TABLES = """learning_secret
JOIN learning_credential ON learning_credential.id = learning_secret.credential_id
LEFT JOIN workforce_organisation ON workforce_organisation.id = learning_credential.organisation_id"""

# True while a secret that was in force has that version still. For whoever took it for granted, to ask in its own SQL.
AS_IT_WAS = (
    f"EXISTS (SELECT FROM {_TABLES} WHERE learning_secret.id = %(secret)s AND {_VERSION} = %(version)s)"
)

# In plain SQL, since every request asks this: to put it together anew took Django longer than to answer it.
_IN_FORCE = """
SELECT {columns}, {version} FROM {tables}
WHERE learning_secret.ended_at IS NULL AND learning_credential.revoked_at IS NULL AND {condition}
"""


def _in_force(condition: str, values: Mapping[str, object]) -> list[Opened]:
    """Secrets with their credential and its organisation loaded."""
    models = (Secret, Credential, Organisation)
    query = _IN_FORCE.format(
        columns=columns_of(*models), version=_VERSION, tables=_TABLES, condition=condition
    )
    found = []
    for secret, credential, organisation, version in objects_of(query, values, *models):
        credential.organisation, secret.credential = organisation, credential
        found.append(Opened(secret, version))
    return found


def _secret_of_token(text: str) -> Secret | None:
    token = read_token(text)
    if token is None:
        return None
    found = _in_force("learning_secret.id = %(id)s", {"id": token.secret_id})
    if not found:
        return None
    secret = copy(found[0].secret)
    secret.credential = copy(secret.credential)
    # A scope that the credential has lost meanwhile is lost to its tokens as well.
    secret.credential.scopes = sorted(scopes_within(token.scopes) & scopes_within(secret.credential.scopes))
    return secret


def note_use(secret: Secret) -> None:
    """Keep the day: one write a secret a day, after the request's own work, and none on any other request."""
    today = timezone.localdate()
    if secret.last_used == today:
        return
    stale = Secret.objects.filter(Q(last_used__lt=today) | Q(last_used__isnull=True), pk=secret.pk)
    transaction.on_commit(lambda: stale.update(last_used=today), robust=True)
