"""Practice of modules under way: what can be put forward, whom to ask, and sending it."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Status

from competencies.api.auth import TO_ACT, TO_READ, asker
from competencies.api.practice import in_full, person
from competencies.api.problems import NotHere
from competencies.api.queries import own_practice
from competencies.api.shapes import CapabilityRef, PracticeInFull, capability_ref
from competencies.models import Capability
from competencies.queries import capability_names, suggested_verifiers

from ..actions import submit_practice
from ..conversation import named_in
from ..models import Attempt, Step
from ..outline import PORTFOLIO, Activity
from .shapes import PersonList, PromptShape, PutForward, ToPutForward, ToPutForwardList

router = Router(tags=["Your own practice"])


@router.get(
    "/me/practice-to-put-forward",
    auth=TO_READ,
    response=ToPutForwardList,
    url_name="to-put-forward",
    operation_id="to_put_forward",
    summary="Practice to put forward",
)
def to_put_forward(request: HttpRequest) -> ToPutForwardList:
    """Practice of the modules that you are in the middle of, with its prompts, not sent or taken back."""
    attempts = list(
        Attempt.objects.filter(user=asker(request).user, finished_at=None)
        .select_related("version")
        .prefetch_related("steps")
        .order_by("started_at", "pk")
    )
    open_ones = [(attempt, activity) for attempt in attempts for activity in _open(attempt)]
    refs = _refs(open_ones)
    return ToPutForwardList(
        items=[
            ToPutForward(
                registration=attempt.registration,
                activity=activity.key,
                title=activity.title,
                module=attempt.module.source_key,
                confirmed_by=activity.confirm_by,
                href=request.build_absolute_uri(
                    reverse("curriculum:step", args=[attempt.registration, activity.key])
                ),
                prompts=_prompts(attempt, activity, refs),
            )
            for attempt, activity in open_ones
        ]
    )


@router.get(
    "/me/practice-to-put-forward/{uuid:registration}/{uuid:activity}/verifiers",
    auth=TO_READ,
    response=PersonList,
    url_name="verifiers",
    operation_id="verifiers",
    summary="Whom you may ask",
)
def verifiers(request: HttpRequest, registration: UUID, activity: UUID) -> PersonList:
    """Whom you may ask to confirm it. Never somebody whom you named on its page as the one it is about."""
    attempt, found = _one(request, registration, activity)
    codes = [claim.capability for claim, _ in attempt.module.claims_by(found)]
    level = 4 if found.kind == PORTFOLIO else 3
    about = named_in(attempt, found)
    people = suggested_verifiers(attempt.user, codes, asker(request).on, level, found.confirmers, about)
    return PersonList(items=[person(user) for user in people])


@router.post(
    "/me/practice-to-put-forward/{uuid:registration}/{uuid:activity}",
    auth=TO_ACT,
    response={201: PracticeInFull},
    url_name="put-forward",
    operation_id="put_forward",
    summary="Put practice forward",
)
def put_forward(
    request: HttpRequest, registration: UUID, activity: UUID, body: PutForward
) -> Status[PracticeInFull]:
    """Send your answers to one person, for the first time or again after “not yet”."""
    user, at, on = asker(request).user, asker(request).at, asker(request).on
    attempt, found = _one(request, registration, activity)
    codes = [claim.capability for claim, _ in attempt.module.claims_by(found)]
    level = 4 if found.kind == PORTFOLIO else 3
    about = named_in(attempt, found)
    may = suggested_verifiers(user, codes, on, level, found.confirmers, about)
    verifier = may.filter(uuid=body.verifier).first()
    if verifier is None:
        raise NotHere("That person cannot confirm this. Choose one of “verifiers”.")
    answers = {answer.capability: answer.text for answer in body.answers}
    sent = submit_practice(
        attempt=attempt, activity_key=found.key, verifier=verifier, answers=answers, about=about, at=at
    )
    return Status(201, in_full(own_practice(user).get(pk=sent.pk), user, at))


def _open(attempt: Attempt) -> list[Activity]:
    steps = {step.activity_key: step.state for step in attempt.steps.all()}
    return [
        activity
        for activity in attempt.module.practice
        if steps.get(activity.key, Step.State.STARTED) == Step.State.STARTED
    ]


def _one(request: HttpRequest, registration: UUID, activity: UUID) -> tuple[Attempt, Activity]:
    attempts = Attempt.objects.select_related("version", "user")
    attempt = attempts.filter(registration=registration, user=asker(request).user).first()
    found = attempt.module.activity_by_key.get(activity) if attempt else None
    if attempt is None or found is None or not found.is_practice:
        raise NotHere
    return attempt, found


def _refs(open_ones: list[tuple[Attempt, Activity]]) -> dict[str, CapabilityRef]:
    codes = {
        claim.capability for attempt, activity in open_ones for claim, _ in attempt.module.claims_by(activity)
    }
    names = capability_names(codes)
    return {c.code: capability_ref(c, names) for c in Capability.objects.filter(code__in=codes)}


def _prompts(attempt: Attempt, activity: Activity, refs: dict[str, CapabilityRef]) -> list[PromptShape]:
    texts = {prompt.capability: prompt.text for prompt in activity.prompts}
    return [
        PromptShape(
            capability=refs[claim.capability],
            level=level,
            prompt=texts.get(claim.capability, activity.title),
            optional=claim.when,
        )
        for claim, level in attempt.module.claims_by(activity)
    ]
