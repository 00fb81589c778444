"""My capabilities: what is asked, what is held and on what evidence, what closes a gap; where one puts oneself."""

from collections.abc import Sequence
from datetime import date
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from competencies.actions import assess_oneself, erase_comment
from competencies.forms import SelfAssessmentForm
from competencies.history.queries import DONE
from competencies.models import EditionCapability, SelfAssessment
from competencies.named_gaps.queries import notices
from competencies.plans.queries import earlier_plans
from competencies.queries import (
    Expectation,
    Ground,
    Held,
    expectations,
    grounds,
    held,
    latest_self_assessments,
    self_assessments,
    wording,
)
from workforce.models import Tier, User
from workforce.queries import current_posts

from ..models.pages import FRONTLINE, PATIENTS
from ..next_steps import OfTier, asked_of, sections
from ..own_plans import planned
from ..portfolio import own_portfolios
from ..renewal_roads import ending_or_lapsed
from ..renewals import own_renewals
from .attempts import posted


@login_required
def my_capabilities(request: HttpRequest) -> HttpResponse:
    user, on = cast(User, request.user), timezone.localdate()
    holdings = held(user, on)
    tiers = _asked(user, on, expectations(user, on), holdings)
    asked = {each.expectation.code for tier in tiers for each in tier.asked}
    context = {
        "on": on,
        "notices": notices(user, on),
        "plans": planned(user, on),
        "earlier_plans": earlier_plans(user),
        "renewals": own_renewals(user, on),
        "tiers": _labelled(tiers),
        "others": [_line(each) for each in holdings if each.code not in asked],
        "is_staff_member": any(tier.key != PATIENTS for tier in tiers),
        "is_frontline": any(tier.key == FRONTLINE for tier in tiers),
    }
    return render(request, "curriculum/my_capabilities.html", context)


@login_required
def my_capability(request: HttpRequest, code: str) -> HttpResponse:
    """One capability. Everybody may open every one; what stands on the page is the person's own."""
    user, on = cast(User, request.user), timezone.localdate()
    capability = _capability(code)
    form = SelfAssessmentForm(capability.edition.levels.all(), posted(request))
    if request.method == "POST" and form.is_valid():
        assess_oneself(user=user, capability_code=code, **form.cleaned_data)
        messages.success(request, "Saved. Only you can see it.")
        return redirect("curriculum:my-capability", code)
    holdings = [each for each in held(user, on) if each.code == code]
    expected = [e for e in expectations(user, on) if e.code == code]
    context = {
        "on": on,
        "capability": capability,
        "tiers": _labelled(_asked(user, on, expected, holdings)),
        "held": next(iter(holdings), None),
        "endings": [ending for ending in ending_or_lapsed(user, on) if ending.code == code],
        "portfolios": own_portfolios(user, code, expected, holdings),
        "grounds": [(what_was_done(ground), ground) for ground in grounds(user, code)],
        "said": list(self_assessments(user, code)),
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "curriculum/my_capability.html", context, status=status)


@login_required
@require_POST
def erase_own_comment(request: HttpRequest, code: str) -> HttpResponse:
    user, number = cast(User, request.user), request.POST.get("assessment", "")
    if not number.isdecimal():
        raise Http404
    mine = SelfAssessment.objects.filter(user=user, capability__code=code)
    erase_comment(assessment=get_object_or_404(mine, pk=number), by=user)
    messages.success(request, "Your comment is deleted.")
    return redirect("curriculum:my-capability", code)


def _capability(code: str) -> EditionCapability:
    found = wording(code)
    if found is None:
        raise Http404
    return found


def _asked(user: User, on: date, expected: Sequence[Expectation], holdings: Sequence[Held]) -> list[OfTier]:
    """What each of the person's tiers asks, with the modules that close the gaps."""
    programmes = sections(user, list(current_posts(user, on)), expected)
    by_code = {each.code: each for each in holdings}
    return asked_of(expected, by_code, programmes, latest_self_assessments(user))


def _labelled(tiers: Sequence[OfTier]) -> list[tuple[str, OfTier]]:
    labels = dict(Tier.objects.values_list("key", "label")) if tiers else {}
    return [(labels[tier.key], tier) for tier in tiers]


def _line(each: Held) -> dict[str, str]:
    """What is held and not asked, as `task_list` draws it."""
    until = f", until {date_format(each.until, 'j F Y')}" if each.until else ""
    return {
        "text": each.name,
        "href": reverse("curriculum:my-capability", args=[each.code]),
        "status": f"Level {each.level}",
        "hint": f"Since {date_format(each.since, 'j F Y')}{until}.",
    }


def what_was_done(ground: Ground) -> str:
    """In words: what the person did, or who confirmed what."""
    title = f"“{ground.title}”" if ground.title else "a part of your learning"
    if ground.verifier:
        return f"{ground.verifier} confirmed {title}"
    said = f"{DONE.get(ground.verb, 'Your record shows')} {title}"
    return f"{said}, as {ground.system} recorded" if ground.system else said
