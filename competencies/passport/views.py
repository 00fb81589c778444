"""My passport, for its person only; what they share, for whoever has the link; and checking badges, for anybody."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from learning.secrets import CannotOpen, opened
from workforce.models import User

from ..models import Badge, Share, SigningKey
from ..models.passport import PLACES_IN_A_LIST
from . import signing
from .actions import end_sharing, issue_badges, key_in_use, share_page
from .checking import check
from .documents import as_json, as_pdf
from .forms import BadgesForm, CheckForm, ShareForm
from .openbadges import CREDENTIALS, OPEN_BADGES, status_list
from .queries import (
    PassportEntry,
    Standing,
    badge_standing,
    badges_of,
    current_share,
    earlier_shares,
    editions_of,
    has_status_list,
    passport_of,
    places_withdrawn,
    shared_page,
    signing_keys,
)

STANDING = {
    Standing.GOOD: "Good today",
    Standing.LAPSED: "Its time has passed",
    Standing.WITHDRAWN: "Withdrawn",
}
MOST_EARLIER_LINKS = 10
P = ParamSpec("P")


@login_required
@require_safe
def passport(request: HttpRequest) -> HttpResponse:
    """What the person holds today, and all they can do with it."""
    return _passport(request)


def _passport(request: HttpRequest, form: ShareForm | None = None) -> HttpResponse:
    user, at = _asking(request)
    on = timezone.localdate(at)
    held = passport_of(user, on)
    share = current_share(user, at)
    context = {
        "held": held,
        "editions": editions_of(held),
        "badges": [(badge, STANDING[standing], name) for badge, standing, name in badges_of(user, on)],
        "badges_form": BadgesForm(),
        "share": share,
        "share_address": _address_of(share) if share else "",
        "share_names": _chosen(share, held) if share else [],
        "share_form": form or ShareForm(held),
        "earlier": earlier_shares(user, at)[:MOST_EARLIER_LINKS],
    }
    return render(request, "competencies/passport/passport.html", context, status=422 if form else 200)


def _asking(request: HttpRequest) -> tuple[User, datetime]:
    return cast(User, request.user), timezone.now()


def _address_of(share: Share) -> str:
    """The link, to copy again; empty if the service has lost the key that it was sealed with."""
    try:
        path = reverse("competencies:shared-passport", args=[opened(share.secret)])
    except CannotOpen:
        return ""
    return f"{signing.issuer().base}{path}"


def _chosen(share: Share, held: Sequence[PassportEntry]) -> list[PassportEntry]:
    """Of what the person chose to show, what they still hold."""
    chosen = {capability.pk for capability in share.capabilities.all()}
    return [one for one in held if one.capability.pk in chosen]


@login_required
@require_safe
def passport_json(request: HttpRequest) -> HttpResponse:
    user, at = _asking(request)
    on = timezone.localdate(at)
    content = as_json(user, passport_of(user, on), badges_of(user, on), at)
    answer = JsonResponse(content, json_dumps_params={"indent": 2, "ensure_ascii": False})
    return _to_keep(answer, f"passport-{on.isoformat()}.json")


@login_required
@require_safe
def passport_pdf(request: HttpRequest) -> HttpResponse:
    user, at = _asking(request)
    on = timezone.localdate(at)
    pdf = as_pdf(user, passport_of(user, on), at)
    return _to_keep(HttpResponse(pdf, content_type="application/pdf"), f"passport-{on.isoformat()}.pdf")


def _to_keep(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@login_required
@require_POST
def sign_badges(request: HttpRequest) -> HttpResponse:
    user, at = _asking(request)
    form = BadgesForm(request.POST)
    new = issue_badges(user=user, with_name=form.is_valid() and form.cleaned_data["with_name"], at=at)
    said = (
        f"{len(new)} badge{'s are' if len(new) > 1 else ' is'} signed." if new else "You have them already."
    )
    messages.success(request, said)
    return redirect(f"{reverse('competencies:passport')}#badges")


@login_required
def badge_file(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One badge, for its own person."""
    badge = get_object_or_404(Badge.objects.select_related("capability"), uuid=uuid, user=_asking(request)[0])
    code = re.sub(r"[^A-Za-z0-9-]", "", badge.capability.code)
    answer = HttpResponse(badge.signed, content_type="application/jwt")
    return _to_keep(answer, f"badge-{code}-level-{badge.level}.jwt")


@login_required
@require_POST
def share(request: HttpRequest) -> HttpResponse:
    """Make a link to what the person chose."""
    user, at = _asking(request)
    form = ShareForm(passport_of(user, timezone.localdate(at)), request.POST)
    if not form.is_valid():
        return _passport(request, form)
    try:
        share_page(
            user=user,
            capabilities=[int(pk) for pk in form.cleaned_data["capabilities"]],
            shows_name=form.cleaned_data["shows_name"],
            days=form.cleaned_data["days"],
            at=at,
        )
    except ValidationError as error:
        form.add_error("capabilities", error)
        return _passport(request, form)
    messages.success(request, "Your link is ready.")
    return redirect(f"{reverse('competencies:passport')}#share")


@login_required
@require_POST
def stop_sharing(request: HttpRequest) -> HttpResponse:
    end_sharing(user=_asking(request)[0])
    messages.success(request, "The link has ended. Nobody can open it any more.")
    return redirect(f"{reverse('competencies:passport')}#share")


@require_safe
@never_cache
def shared_passport(request: HttpRequest, secret: str) -> HttpResponse:
    """What a person shares, for whoever has the link; 404 once it has ended."""
    at = timezone.now()
    found = shared_page(secret, at)
    if found is None:
        raise Http404
    held = _chosen(found, passport_of(found.user, timezone.localdate(at)))
    context = {"share": found, "held": held, "editions": editions_of(held), "at": at}
    answer = render(request, "competencies/passport/shared.html", context)
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "no-referrer"  # the address is the secret
    return answer


@never_cache
def check_badge(request: HttpRequest) -> HttpResponse:
    """Anybody may ask whether a badge that they were shown is good now. Nothing of it is kept."""
    form = CheckForm(request.POST if request.method == "POST" else None)
    checked = asked = None
    if form.is_bound and form.is_valid():
        asked = True
        checked = check(form.cleaned_data["badge"], timezone.localdate())
    context = {
        "form": form,
        "asked": asked,
        "checked": checked,
        "said": STANDING[checked.standing] if checked else "",
    }
    failed = form.is_bound and not form.is_valid()
    return render(request, "competencies/passport/check.html", context, status=422 if failed else 200)


@require_safe
@never_cache
def badge(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The page that a badge names as its own: what it is for, and whether it is good now. Nobody's name."""
    found = badge_standing(uuid, timezone.localdate())
    if found is None:
        raise Http404
    signed, standing, wording = found
    context = {
        "badge": signed,
        "is_good": standing == Standing.GOOD,
        "said": STANDING[standing],
        "wording": wording,
    }
    answer = render(request, "competencies/passport/badge.html", context)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _for_verifiers(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """What other systems fetch to check a badge: read only, from any site, with no copy kept for long."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Cache-Control"] = "public, max-age=60"
        return response

    return answer


@_for_verifiers
def issuer(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"@context": [CREDENTIALS, OPEN_BADGES], **signing.issuer().profile()})


@_for_verifiers
def key_set(request: HttpRequest) -> HttpResponse:
    """Every key that ever signed (RFC 7517, 5)."""
    keys = {"keys": [signing.published(key) for key in signing_keys()]}
    return JsonResponse(keys, content_type="application/jwk-set+json")


@_for_verifiers
def key(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One key, at the address by which a badge names it."""
    found = get_object_or_404(SigningKey, uuid=uuid)
    return JsonResponse(signing.published(found), content_type="application/jwk+json")


@_for_verifiers
def badge_status(request: HttpRequest, number: int) -> HttpResponse:
    """Which badges of a list no longer stand, as a signed list that does not tell who asks about which."""
    if not has_status_list(number):
        raise Http404
    at = timezone.now()
    withdrawn = places_withdrawn(number, timezone.localdate(at))
    content = status_list(number, withdrawn, PLACES_IN_A_LIST, signing.issuer(), at)
    return HttpResponse(signing.signed(content, key_in_use(at=at)), content_type="application/vc+jwt")
