"""The map of the site. Each app owns its own addresses; Wagtail's pages take what is left."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config import views
from config.api import api

to_sign_in = RedirectView.as_view(pattern_name="sign-in", query_string=True)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("learning.urls")),
    path("", include("competencies.urls")),
    path("", include("curriculum.urls")),
    path("", include("config.account_urls")),
    path("api/v1/", api.urls),
    path("api/<path:rest>", views.nowhere, name="api-nowhere"),
    # One door: both admins and Wagtail's pages would otherwise answer with a sign-in form of their own.
    path("admin/login/", to_sign_in),
    path("admin/", admin.site.urls),
    path("cms/login/", to_sign_in),
    path("cms/password_reset/", to_sign_in),
    path("_util/login/", to_sign_in),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include(wagtail_urls)),
]

handler400 = "config.views.bad_request"
handler500 = "config.views.server_error"
