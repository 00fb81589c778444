from django.urls import URLPattern, path

from . import views

app_name = "learning"
urlpatterns: list[URLPattern] = [
    path("xapi/about", views.about, name="about"),
    path("xapi/oauth/token", views.token, name="token"),
    path("xapi/statements", views.statements, name="statements"),
]
