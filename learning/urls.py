from django.urls import URLPattern, path

from . import views

app_name = "learning"
urlpatterns: list[URLPattern] = [
    path("xapi/about", views.about, name="about"),
    path("xapi/activities", views.activities, name="activities"),
    path("xapi/activities/profile", views.activity_profiles, name="activity-profiles"),
    path("xapi/activities/state", views.state, name="state"),
    path("xapi/agents", views.agents, name="agents"),
    path("xapi/agents/profile", views.agent_profiles, name="agent-profiles"),
    path("xapi/oauth/token", views.token, name="token"),
    path("xapi/statements", views.statements, name="statements"),
    path("xapi/<path:rest>", views.nowhere, name="nowhere"),
]
