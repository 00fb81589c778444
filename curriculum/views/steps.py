"""One step of an attempt: each kind of activity has its own view."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ..actions import choose, finish_reading
from ..forms import ChooseForm
from ..models import Attempt, Step
from ..outline import PORTFOLIO, Activity
from ..portfolio import is_with_one_person
from ..queries import body_of
from .attempts import about, own_attempt, posted, step_url
from .checks import check
from .practice import practice
from .uploads import up_to_what_may_be_sent


@up_to_what_may_be_sent
@own_attempt
def step(request: HttpRequest, attempt: Attempt, activity: UUID) -> HttpResponse:
    found = activity_or_404(attempt, activity)
    if found.kind == PORTFOLIO and not is_with_one_person(attempt, found):
        return redirect("curriculum:portfolio", found.key)
    if found.is_practice:
        return practice(request, attempt, found)
    if found.is_check:
        return check(request, attempt, found)
    return scenario(request, attempt, found) if found.scenes else reading(request, attempt, found)


def activity_or_404(attempt: Attempt, key: UUID) -> Activity:
    found = attempt.module.activity_by_key.get(key)
    if found is None:
        raise Http404
    return found


def reading(request: HttpRequest, attempt: Attempt, activity: Activity) -> HttpResponse:
    if request.method == "POST":
        finish_reading(attempt=attempt, activity_key=activity.key)
        messages.success(request, f"Done: {activity.title}")
        return redirect(attempt)
    context = {**about(attempt, activity), "body": body_of(activity)}
    return render(request, "curriculum/reading.html", context)


def scenario(request: HttpRequest, attempt: Attempt, activity: Activity) -> HttpResponse:
    """One scene at a time. ?scene= goes back to a scene on the way here; ?after= shows what followed from a choice."""
    begun = attempt.steps.filter(activity_key=activity.key).first()
    draft = begun.draft if begun else {}
    way = dict(map(tuple, draft.get("path", [])))
    if request.method == "GET" and request.GET.get("after") in way:
        return _feedback(request, attempt, activity, way, request.GET["after"])
    here = _scene_here(request, activity, draft, way)
    scene = activity.scene_by_key[here]
    chosen = {"choice": way[here]} if here in way else None
    form = ChooseForm.of_scene(scene, posted(request), initial=chosen)
    if request.method == "POST" and form.is_valid():
        choose(attempt=attempt, activity_key=activity.key, scene=here, choice=form.cleaned_data["choice"])
        return redirect(f"{step_url(attempt, activity)}?after={here}")
    context = {
        **about(attempt, activity),
        "scene": scene,
        "form": form,
        "back": _back(attempt, activity, way, here),
    }
    is_done = begun is not None and begun.state == Step.State.DONE
    return render(request, "curriculum/scenario.html", {**context, "is_done": is_done})


def _scene_here(
    request: HttpRequest, activity: Activity, draft: dict[str, object], way: dict[str, int]
) -> str:
    """The scene asked for, if the person has been there; else where they are; else the beginning."""
    first = activity.scenes[0].key
    asked = request.POST.get("scene") or request.GET.get("scene")
    current = str(draft.get("scene", first))
    if asked in (*way, current, first):
        return str(asked)
    return current if current in activity.scene_by_key else first


def _feedback(
    request: HttpRequest, attempt: Attempt, activity: Activity, way: dict[str, int], key: str
) -> HttpResponse:
    scene = activity.scene_by_key[key]
    choice = scene.choices[way[key]]
    here = step_url(attempt, activity)
    context = {
        **about(attempt, activity),
        "scene": scene,
        "choice": choice,
        "back": f"{here}?scene={key}",
        "onward": f"{here}?scene={choice.next}",
    }
    return render(request, "curriculum/scenario_feedback.html", context)


def _back(attempt: Attempt, activity: Activity, way: dict[str, int], here: str) -> str:
    """The feedback that led here, or the list of parts at the beginning."""
    keys = list(way)
    before = keys[: keys.index(here)] if here in keys else keys
    return f"{step_url(attempt, activity)}?after={before[-1]}" if before else attempt.get_absolute_url()
