"""The front door: sign in, where each person lands, their account, and pages for when something is wrong."""

from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    HttpResponseServerError,
)
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils import timezone

from competencies.actions import choose_reminders
from competencies.models import ReminderChoice
from competencies.queries import reminder_choice
from config.demonstration import Account, accounts
from config.forms import (
    ChangePasswordForm,
    ForgottenPasswordForm,
    NewPasswordForm,
    NoticesForm,
    RegistrationForm,
    RemindersForm,
    SignInForm,
)
from config.navigation import landing_address
from workforce.actions import enter_registration
from workforce.models import NoticeChoice, User
from workforce.notices import choose_notices, notice_choice


class SignIn(auth.LoginView):
    template_name = "registration/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Where the person was going; signing in is not a place to go to after signing in."""
        url = super().get_redirect_url()
        return "" if urlsplit(url).path == self.request.path else url

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The editing screens send everybody here who may not come in: without an answer, there and back for ever."""
        asked = self.get_redirect_url()
        if request.user.is_authenticated and not _may_open(request.user, asked):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"accounts": _demonstration_accounts()}


def _may_open(user: User, path: str) -> bool:
    if path.startswith("/cms/"):
        return user.has_perm("wagtailadmin.access_admin")
    return user.is_staff or not path.startswith(settings.EDITING_PATHS)


def _demonstration_accounts() -> Iterable[Account]:
    """Who can be tried out; a real service shows nobody."""
    return accounts() if settings.DEMONSTRATION else []


@login_required
def landing(request: HttpRequest) -> HttpResponse:
    return redirect(landing_address(cast(User, request.user), timezone.localdate()))


@login_required
def account(request: HttpRequest) -> HttpResponse:
    choice = ReminderChoice.Choice(reminder_choice(cast(User, request.user)))
    about_practice = NoticeChoice.Choice(notice_choice(cast(User, request.user)))
    return render(
        request, "account/account.html", {"reminders": choice.label, "notices": about_practice.label}
    )


class ChangePassword(auth.PasswordChangeView):
    template_name = "account/change_password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("account")

    def form_valid(self, form: ChangePasswordForm) -> HttpResponse:  # type: ignore[override]
        messages.success(self.request, "Your password is changed.")
        return super().form_valid(form)


class ForgottenPassword(auth.PasswordResetView):
    template_name = "account/forgotten_password.html"
    email_template_name = "account/forgotten_password_mail.txt"
    subject_template_name = "account/forgotten_password_subject.txt"
    form_class = ForgottenPasswordForm
    success_url = reverse_lazy("password-mail-sent")
    extra_email_context = {"service_name": settings.SERVICE_NAME}


class NewPassword(auth.PasswordResetConfirmView):
    template_name = "account/new_password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("sign-in")

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:  # type: ignore[override]
        messages.success(self.request, "Your password is changed. Sign in with the new one.")
        return super().form_valid(form)


@login_required
def reminders(request: HttpRequest) -> HttpResponse:
    """How a person wants to hear of what ends: where the link in each reminder leads."""
    user = cast(User, request.user)
    posted = request.POST if request.method == "POST" else None
    form = RemindersForm(posted, initial={"choice": reminder_choice(user)})
    if form.is_valid():
        choose_reminders(user=user, choice=form.cleaned_data["choice"])
        messages.success(request, "Your choice is saved.")
        return redirect("account")
    status = 422 if posted is not None else 200
    return render(request, "account/reminders.html", {"form": form}, status=status)


@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """Whether a person wants mails about practice: where the link in each of them leads."""
    user = cast(User, request.user)
    posted = request.POST if request.method == "POST" else None
    form = NoticesForm(posted, initial={"choice": notice_choice(user)})
    if form.is_valid():
        choose_notices(user=user, choice=form.cleaned_data["choice"])
        messages.success(request, "Your choice is saved.")
        return redirect("account")
    status = 422 if posted is not None else 200
    return render(request, "account/notices.html", {"form": form}, status=status)


@login_required
def registration(request: HttpRequest) -> HttpResponse:
    """On which professional register a person is: what they confirm is signed with it from then on."""
    user = cast(User, request.user)
    posted = request.POST if request.method == "POST" else None
    initial = {"body": user.registration_body, "number": user.registration_number}
    form = RegistrationForm(posted, initial=initial)
    if form.is_valid():
        enter_registration(user=user, **form.cleaned_data)
        messages.success(request, "Your registration is saved.")
        return redirect("account")
    status = 422 if posted is not None else 200
    return render(request, "account/registration.html", {"form": form}, status=status)


def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """Programs are not sent on to an address with a slash, as people are."""
    raise Http404


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponseBadRequest(_plain_page("400.html"))


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponseServerError(_plain_page("500.html"))


def _plain_page(template: str) -> str:
    """Drawn without request or database: what is broken may be either of them."""
    return render_to_string(
        template,
        {
            "service_name": settings.SERVICE_NAME,
            "service_contact": settings.SERVICE_CONTACT,
            "nhs_logo": settings.NHS_LOGO,
            "demonstration": settings.DEMONSTRATION,
        },
    )
