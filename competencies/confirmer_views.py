"""Who may confirm in an organisation by appointment, and how far second readers agree: for its capability lead."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from workforce.actions import appoint_founding_verifier, end_grant
from workforce.models import Organisation, User
from workforce.permissions import can_view_organisation
from workforce.queries import confirming_grants

from .calibration import agreement
from .forms import AppointmentForm, EndingForm
from .views import SignedIn


@login_required
def confirmers(request: SignedIn, code: str) -> HttpResponse:
    """The list of appointments; a founding verifier is appointed and ended here, each with a reason."""
    organisation = get_object_or_404(Organisation, code=code)
    today = timezone.localdate()
    if not can_view_organisation(request.user, organisation, today):
        raise Http404
    go = request.POST.get("go") if request.method == "POST" else None
    appointment = AppointmentForm(request.POST if go == "appoint" else None, initial={"start": today})
    ending = EndingForm(request.POST if go == "end" else None)
    sent = appointment if go == "appoint" else ending if go == "end" else None
    if sent is not None and sent.is_valid() and _done(request, organisation, sent):
        return redirect("competencies:confirmers", code)
    context = {
        "organisation": organisation,
        "grants": confirming_grants(organisation, today),
        "today": today,
        "agreement": agreement(organisation),
        "appointment": appointment,
        "ending": ending,
        "sent": sent,
        "ended": request.POST.get("grant", ""),
    }
    return render(request, "competencies/confirmers.html", context, status=422 if sent is not None else 200)


def _done(request: SignedIn, organisation: Organisation, form: AppointmentForm | EndingForm) -> bool:
    """Appoint somebody or end an appointment. False when it cannot be done: the form says why."""
    today = timezone.localdate()
    try:
        if isinstance(form, AppointmentForm):
            person = User.objects.filter(
                email=form.cleaned_data["email"].lower(), memberships__organisation=organisation
            ).first()
            if person is None:
                raise ValidationError({"email": "Nobody in your organisation has this email address."})
            appoint_founding_verifier(
                user=person,
                organisation=organisation,
                start=form.cleaned_data["start"],
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
            messages.success(request, f"{person.name} may confirm practice for 24 months.")
        else:
            number = request.POST.get("grant", "")
            grant = confirming_grants(organisation, today).filter(pk=int(number) if number.isdigit() else 0)
            found = get_object_or_404(grant)
            end_grant(grant=found, on=today, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, f"The appointment of {found.user.name} has ended.")
    except ValidationError as refusal:
        about_email = hasattr(refusal, "error_dict") and "email" in refusal.error_dict
        form.add_error("email" if about_email else None, refusal.messages[0])
        return False
    return True
