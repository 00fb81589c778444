from django.contrib.auth import views as auth
from django.urls import path
from django.views.generic import TemplateView
from wagtail.views import serve

from config import views

urlpatterns = [
    path("start/", views.landing, name="landing"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", auth.LogoutView.as_view(), name="sign-out"),
    path("account/", views.account, name="account"),
    path("account/password/", views.ChangePassword.as_view(), name="change-password"),
    path("account/reminders/", views.reminders, name="reminders"),
    path("account/notices/", views.notices, name="notices"),
    path("account/registration/", views.registration, name="registration"),
    path("account/forgotten/", views.ForgottenPassword.as_view(), name="forgotten-password"),
    path(
        "account/forgotten/sent/",
        TemplateView.as_view(template_name="account/password_mail_sent.html"),
        name="password-mail-sent",
    ),
    path("account/forgotten/<uidb64>/<token>/", views.NewPassword.as_view(), name="new-password"),
    # Pages that editors write, with names for the footer of every page.
    path("accessibility/", serve, {"path": "accessibility/"}, name="accessibility"),
    path("privacy/", serve, {"path": "privacy/"}, name="privacy"),
    path("contact/", TemplateView.as_view(template_name="about/contact.html"), name="contact"),
]
