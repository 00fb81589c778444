"""What the person holds, on what evidence; what is expected of them, and what closes each gap."""

from collections.abc import Iterable, Mapping

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from competencies.api.auth import TO_READ, asker
from competencies.api.shapes import CapabilityRef, capability_ref
from competencies.models import AccessToken, Capability
from competencies.queries import (
    Expectation,
    Ground,
    Held,
    capability_names,
    every_ground,
    expectations,
    held,
)
from workforce.queries import current_posts

from ..next_steps import OfTier, Standing, asked_of, sections
from ..next_steps.capabilities import Asked
from .shapes import CapabilitiesShape, EvidenceShape, ExpectedShape, HeldShape, Me, ModuleShape

router = Router(auth=TO_READ, tags=["Your capabilities"])
Refs = Mapping[str, CapabilityRef]


@router.get("/me", response=Me, url_name="me", operation_id="me", summary="Who you are")
def me(request: HttpRequest) -> Me:
    """In whose name you ask, and what your token may do."""
    user, token = asker(request).user, asker(request).token
    return Me(
        id=user.uuid,
        name=user.name,
        may=token.may if token else AccessToken.May.READ,
        ends=timezone.localdate(token.ends_at) if token else None,
    )


@router.get(
    "/me/capabilities",
    response=CapabilitiesShape,
    url_name="my-capabilities",
    operation_id="my_capabilities",
    summary="What you hold and what is missing",
)
def my_capabilities(request: HttpRequest) -> CapabilitiesShape:
    """What you hold today, since when, until when and on what evidence; and what each of your tiers expects."""
    user, on = asker(request).user, asker(request).on
    holdings, expected = held(user, on), expectations(user, on)
    programmes = sections(user, list(current_posts(user, on)), expected)
    tiers = asked_of(expected, {each.code: each for each in holdings}, programmes, {})
    refs = _refs(holdings, expected)
    evidence = every_ground(user)
    return CapabilitiesShape(
        on=on,
        held=[_held(each, refs, evidence.get(each.code, [])) for each in holdings],
        expected=[_expected(request, tier, each, refs) for tier in tiers for each in tier.asked],
    )


def _refs(holdings: Iterable[Held], expected: Iterable[Expectation]) -> Refs:
    codes = {*(each.code for each in holdings), *(each.code for each in expected)}
    names = capability_names(codes)
    return {c.code: capability_ref(c, names) for c in Capability.objects.filter(code__in=codes)}


def _held(each: Held, refs: Refs, evidence: Iterable[Ground]) -> HeldShape:
    return HeldShape(
        capability=refs[each.code],
        level=each.level,
        since=each.since,
        until=each.until,
        evidence=[
            EvidenceShape(
                level=ground.level,
                verb=ground.verb,
                title=ground.title,
                achieved=ground.achieved,
                ends=ground.expires,
                confirmed_by=ground.verifier,
                recorded_by=ground.system,
            )
            for ground in evidence
        ],
    )


def _expected(request: HttpRequest, tier: OfTier, each: Asked, refs: Refs) -> ExpectedShape:
    expectation = each.expectation
    presses = not tier.for_patients and not expectation.met
    return ExpectedShape(
        tier=tier.key,
        capability=refs[expectation.code],
        level=expectation.level,
        held=expectation.held,
        met=expectation.met,
        local_to=expectation.local_to,
        due=expectation.due if presses else None,
        closed_by=[_module(request, module) for module in each.modules],
        needs_practice=each.needs_practice,
    )


def _module(request: HttpRequest, module: Standing) -> ModuleShape:
    return ModuleShape(
        key=module.source_key,
        title=module.title,
        href=request.build_absolute_uri(module.href),
        can_start=module.is_startable,
    )
