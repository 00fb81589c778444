"""What the three Document Resources have in common (Communication 2.2)."""

from functools import partial

from django.http import HttpResponse

from ..actions import delete_document, delete_documents, post_document, put_document
from ..actions.documents import Sent
from ..errors import NotFound
from ..models import Credential
from ..queries.documents import document_names, reachable_documents
from ..xapi.documents import STATE, Kind, asked, media_type_of
from ..xapi.preconditions import check_put, condition_of
from .answers import found, found_json, nothing
from .gate import Asking, View, resource

# A document may be a page with scripts, written by another system: in a browser it must be nobody's page.
_ALONE = "default-src 'none'; sandbox"


def document_resource(kind: Kind, scope: Credential.Scope) -> View:
    """`scope` reads and writes; who may read everything also reads these."""
    reads = (scope, Credential.Scope.READ_ALL, Credential.Scope.ALL)
    writes = (scope, Credential.Scope.ALL)
    return resource(
        GET=partial(_get, kind, reads),
        PUT=partial(_put, kind, writes),
        POST=partial(_post, kind, writes),
        DELETE=partial(_delete, kind, writes),
    )


def _get(kind: Kind, scopes: tuple[Credential.Scope, ...], asking: Asking) -> HttpResponse:
    asking.require(*scopes)
    about = asked(kind, asking.parameters, needs_name=False, takes_since=True)
    if about.name is None:
        names, updated = document_names(asking.credential, about)
        return found_json(asking.headers, names, updated)
    document = reachable_documents(asking.credential, about).first()
    if document is None:
        raise NotFound("There is no such document.")
    response = found(
        asking.headers, bytes(document.content), document.content_type, document.etag, document.updated
    )
    response["Content-Security-Policy"] = _ALONE
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _put(kind: Kind, scopes: tuple[Credential.Scope, ...], asking: Asking) -> HttpResponse:
    asking.require(*scopes)
    about = asked(kind, asking.parameters, needs_name=True, takes_since=False)
    condition = condition_of(asking.headers)
    put_document(
        asked=about,
        sent=_sent(asking),
        credential=asking.credential,
        check=partial(check_put, condition, version=asking.version, is_state=kind is STATE),
    )
    return nothing()


def _post(kind: Kind, scopes: tuple[Credential.Scope, ...], asking: Asking) -> HttpResponse:
    asking.require(*scopes)
    about = asked(kind, asking.parameters, needs_name=True, takes_since=False)
    check = condition_of(asking.headers).check
    post_document(asked=about, sent=_sent(asking), credential=asking.credential, check=check)
    return nothing()


def _delete(kind: Kind, scopes: tuple[Credential.Scope, ...], asking: Asking) -> HttpResponse:
    """Only states are deleted without a name, all that there are around."""
    asking.require(*scopes)
    about = asked(kind, asking.parameters, needs_name=kind is not STATE, takes_since=False)
    if about.name is None:
        delete_documents(asked=about, credential=asking.credential)
    else:
        check = condition_of(asking.headers).check
        delete_document(asked=about, credential=asking.credential, check=check)
    return nothing()


def _sent(asking: Asking) -> Sent:
    return Sent(asking.body(), media_type_of(asking.headers.get("content-type", "")))
