"""Learning plans, for those who lead: the list, a new plan, and how one goes. Counts only; no names."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from competencies.models import LearningPlan
from competencies.plans.actions import change_due, end_plan, make_plan, people_reached, remove_from_plan
from competencies.plans.forms import DAY, DAYS, NewDueForm, ReasonForm, RemoveForm
from competencies.plans.permissions import leads_somewhere, led_plans
from competencies.plans.queries import item_progress, person_on, progress_of
from competencies.plans.wording import audience_words, due_words
from workforce.models import Tier, User

from ..plan_form import expected_levels, local_to_plan, plan_form
from .attempts import posted

ON_A_PAGE = 50


@login_required
def plans(request: HttpRequest) -> HttpResponse:
    user, on = _lead(request), timezone.localdate()
    led = led_plans(user, on).select_related("organisation", "team", "tier", "made_by")
    page = Paginator(led, ON_A_PAGE).get_page(request.GET.get("page"))
    progress = progress_of(list(page))
    listed = [(plan, audience_words(plan), due_words(plan), progress[plan.pk]) for plan in page]
    return render(request, "curriculum/plans.html", {"page": page, "plans": listed})


@login_required
def new_plan(request: HttpRequest) -> HttpResponse:
    """Fill in, see how many people it reaches, make it. What was changed after that is shown again first."""
    user, on = _lead(request), timezone.localdate()
    tier = Tier.objects.filter(key=request.GET.get("from", "")).first()
    local = {str(one.pk): one for one in local_to_plan(user, on)}
    from_local = local.get(request.GET.get("local", ""))
    form = plan_form(user, on, posted(request), tier, from_local)
    reached = None
    if form.is_bound and form.is_valid():
        draft = form.cleaned_data["draft"]
        if request.POST.get("go") == "make" and request.POST.get("seal") == form.seal:
            plan = make_plan(draft=draft, by=user)
            messages.success(request, f"“{plan.title}” is made.")
            return redirect("curriculum:plan", plan.uuid)
        reached = people_reached(draft=draft, by=user)
    context = {
        "form": form,
        "reached": reached,
        "tiers": Tier.objects.all(),
        "local": local.values(),
        "from_local": from_local,
        "from_tier": tier if tier and expected_levels(form.capabilities, tier) else None,
    }
    return render(request, "curriculum/new_plan.html", context, status=422 if form.errors else 200)


@login_required
def plan(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """How a plan goes, and what can be changed about it: the day, who is on it, its end."""
    user, on = _lead(request), timezone.localdate()
    led = led_plans(user, on).select_related("organisation", "team", "tier", "made_by")
    plan = get_object_or_404(led, uuid=uuid)
    forms = _forms(request, plan)
    sent = next((form for form in forms.values() if form.is_bound), None)
    if sent is not None and sent.is_valid() and _change(request, plan, sent, user):
        return redirect("curriculum:plan", plan.uuid)
    progress = progress_of([plan])[plan.pk]
    context = {
        "plan": plan,
        "audience": audience_words(plan),
        "due": due_words(plan),
        "progress": progress,
        "headers": ("What", "People who have done it"),
        "items": item_progress(plan, progress, on),
        "changes": plan.changes.select_related("by"),
        "form": sent,
        **forms,
    }
    return render(request, "curriculum/plan.html", context, status=422 if sent and sent.errors else 200)


def _lead(request: HttpRequest) -> User:
    user = cast(User, request.user)
    if not leads_somewhere(user, timezone.localdate()):
        raise Http404
    return user


def _forms(request: HttpRequest, plan: LearningPlan) -> dict[str, Form]:
    go = request.POST.get("go")
    initial: dict[str, Any] = {
        "due": DAY if plan.due_on else DAYS,
        "due_on": plan.due_on,
        "due_days": plan.due_days,
    }
    return {
        "due_form": NewDueForm(request.POST if go == "due" else None, initial=initial, prefix="due"),
        "remove_form": RemoveForm(request.POST if go == "remove" else None, prefix="remove"),
        "end_form": ReasonForm(request.POST if go == "end" else None, prefix="end"),
    }


def _change(request: HttpRequest, plan: LearningPlan, form: Form, by: User) -> bool:
    asked, reason = form.cleaned_data, form.cleaned_data["reason"]
    try:
        if isinstance(form, NewDueForm):
            due_on, due_days = asked["due_on"], asked["due_days"]
            change_due(plan=plan, due_on=due_on, due_days=due_days, reason=reason, by=by)
            said = "The new day is set. Everybody on the plan sees it, and why."
        elif isinstance(form, RemoveForm):
            person = person_on(plan, asked["person"])
            if person is None:
                form.add_error("person", "Nobody on this plan has that number or address. Check it")
                return False
            remove_from_plan(plan=plan, user=person, reason=reason, by=by)
            said = "The person is off the plan, and sees why."
        else:
            end_plan(plan=plan, reason=reason, by=by)
            said = "The plan has ended. What people did is kept."
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, said)
    return True
