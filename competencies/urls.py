from django.urls import path

from .coverage.views import open_data, open_data_csv, organisation_coverage, organisation_csv, organisations
from .views import confirm_practice, practice_to_confirm

app_name = "competencies"

urlpatterns = [
    path("verify/", practice_to_confirm, name="verify-list"),
    path("verify/<uuid:uuid>/", confirm_practice, name="verify"),
    path("coverage/<slug:code>/", organisation_coverage, name="coverage"),
    path("coverage/<slug:code>/coverage.csv", organisation_csv, name="coverage-csv"),
    path("organisations/", organisations, name="organisations"),
    path("open-data/", open_data, name="open-data"),
    path("open-data/coverage.csv", open_data_csv, name="open-data-csv"),
]
