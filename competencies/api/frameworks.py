"""Frameworks, their published editions and requirements: the same for everybody who may ask."""

import hashlib
from typing import Annotated

from django.db.models import F
from django.db.models.lookups import GreaterThan
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from ninja import Query, Router

from ..models import Edition, EditionCapability, Requirement
from .auth import TO_READ
from .paging import Limit, page
from .problems import NotHere
from .queries import frameworks_in_use, placed_requirements, published_editions
from .shapes import (
    ANYTHING,
    CapabilityRef,
    CapabilityShape,
    DomainShape,
    EditionInFull,
    EditionInShort,
    FrameworkList,
    FrameworkShape,
    Key,
    LevelShape,
    RequirementPage,
    RequirementShape,
    capability_ref,
)

router = Router(auth=TO_READ, tags=["Frameworks and requirements"])
# A published edition never changes. What we say of one gets a new number when its shape does.
SHAPE = 1


@router.get(
    "/frameworks",
    response=FrameworkList,
    url_name="frameworks",
    operation_id="frameworks",
    summary="Frameworks and editions",
)
def frameworks(request: HttpRequest) -> FrameworkList:
    """Every framework of which something is published, with its editions."""
    editions = list(published_editions())
    return FrameworkList(
        items=[
            FrameworkShape(
                key=framework.key,
                title=framework.title,
                editions=[_in_short(request, e) for e in editions if e.framework_id == framework.pk],
            )
            for framework in frameworks_in_use()
        ]
    )


@router.get(
    "/frameworks/{slug:framework}/editions/{version}",
    response={200: EditionInFull, 304: None},
    url_name="edition",
    operation_id="edition",
    summary="One edition",
)
def edition(
    request: HttpRequest, response: HttpResponse, framework: str, version: str
) -> EditionInFull | HttpResponse:
    """One edition: its levels, domains and capabilities. It never changes, so keep it by its ETag."""
    found = _published(framework, version)
    etag = f'"{hashlib.sha256(f"{SHAPE} {found.pk} {found.source_digest}".encode()).hexdigest()[:32]}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        unchanged["Cache-Control"] = "private, no-cache"
        return unchanged
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    wordings = found.capabilities.select_related("capability", "domain").order_by("order", "pk")
    return EditionInFull(
        **_in_short(request, found).model_dump(),
        title=found.framework.title,
        note=found.note,
        levels=[LevelShape.model_validate(level) for level in found.levels.all()],
        domains=[DomainShape(code=d.code, name=d.name) for d in found.domains.all()],
        capabilities=[_capability(wording) for wording in wordings],
        requirements=request.build_absolute_uri(_address("requirements", found)),
    )


@router.get(
    "/frameworks/{slug:framework}/editions/{version}/requirements",
    response=RequirementPage,
    url_name="requirements",
    operation_id="requirements",
    summary="Requirements",
)
def requirements(
    request: HttpRequest,
    framework: str,
    version: str,
    tier: Annotated[Key | None, Query(description="Only of this tier.")] = None,
    overlay: Annotated[Key | None, Query(description="Only of this added duty.")] = None,
    after: Annotated[str, Query(max_length=200, pattern=ANYTHING, description="Take it from “next”.")] = "",
    limit: Limit = 50,
) -> RequirementPage:
    """What each tier and each added duty is expected to hold, and where we have that from."""
    found = _published(framework, version)
    rows = placed_requirements(found).filter(GreaterThan(F("place"), after))
    rows = rows.filter(tier__key=tier) if tier else rows
    rows = rows.filter(overlay__key=overlay) if overlay else rows
    shown, following = page(request, rows, limit, lambda row: str(row.place))  # type: ignore[attr-defined]
    names = dict(found.capabilities.values_list("capability__code", "name"))
    return RequirementPage(items=[_requirement(row, names) for row in shown], next=following)


def _published(framework: str, version: str) -> Edition:
    for found in published_editions().filter(framework__key=framework):
        if found.version == version:
            return found
    raise NotHere("There is no published edition with this name. /api/v1/frameworks lists them.")


def _address(name: str, edition: Edition) -> str:
    return reverse(f"api:{name}", args=[edition.framework.key, edition.version])


def _in_short(request: HttpRequest, edition: Edition) -> EditionInShort:
    return EditionInShort(
        framework=edition.framework.key,
        version=edition.version,
        dated=edition.dated,
        href=request.build_absolute_uri(_address("edition", edition)),
    )


def _capability(wording: EditionCapability) -> CapabilityShape:
    ref = CapabilityRef(iri=wording.capability.iri, code=wording.capability.code, name=wording.name)
    return CapabilityShape(**ref.model_dump(), domain=wording.domain.code, description=wording.description)


def _requirement(row: Requirement, names: dict[str, str]) -> RequirementShape:
    return RequirementShape(
        tier=row.tier.key if row.tier else None,
        overlay=row.overlay.key if row.overlay else None,
        capability=capability_ref(row.capability, names),
        level=row.level,
        grace_days=row.grace_days,
        provenance=row.provenance,  # type: ignore[arg-type]
        provenance_in_words=row.get_provenance_display(),
        sources=row.sources,
    )
