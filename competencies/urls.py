from django.urls import path

from .api.views import end_program, programs
from .confirmer_views import confirmers
from .conversations import views as conversations
from .coverage.views import open_data, open_data_csv, organisation_coverage, organisation_csv, organisations
from .editions import views as editions
from .files.views import practice_file
from .local_requirements import views as local_requirements
from .named_gaps.views import named_gaps_choice, named_gaps_of_team
from .passport import views as passport
from .portfolio.views import panel
from .reading_views import second_reading
from .session_views import answer_session, record_session
from .views import confirm_practice, practice_to_confirm

app_name = "competencies"

urlpatterns = [
    path("verify/", practice_to_confirm, name="verify-list"),
    path("verify/<uuid:uuid>/", confirm_practice, name="verify"),
    path("verify/panel/<uuid:uuid>/", panel, name="panel"),
    path("practice-files/<uuid:uuid>/", practice_file, name="practice-file"),
    path("practice-conversations/<uuid:uuid>/", conversations.conversation, name="conversation"),
    path("practice-conversations/<uuid:uuid>/account/", conversations.account, name="conversation-account"),
    path(
        "practice-conversations/<uuid:uuid>/account.pdf",
        conversations.account_pdf,
        name="conversation-account-pdf",
    ),
    path("my-practice/account/", conversations.period_account, name="practice-account"),
    path("my-practice/account.pdf", conversations.period_account_pdf, name="practice-account-pdf"),
    path("verify/sessions/", record_session, name="record-session"),
    path("verify/sessions/<int:number>/", answer_session, name="answer-session"),
    path("verify/second-readings/<int:number>/", second_reading, name="second-reading"),
    path("confirmers/<slug:code>/", confirmers, name="confirmers"),
    path("coverage/<slug:code>/", organisation_coverage, name="coverage"),
    path("coverage/<slug:code>/coverage.csv", organisation_csv, name="coverage-csv"),
    path("local-requirements/<slug:code>/", local_requirements.requirements, name="local-requirements"),
    path(
        "local-requirements/<slug:code>/<int:pk>/end/", local_requirements.end, name="end-local-requirement"
    ),
    path("named-gaps/<slug:code>/", named_gaps_choice, name="named-gaps"),
    path("named-gaps/teams/<int:pk>/", named_gaps_of_team, name="named-gaps-of-team"),
    path("organisations/", organisations, name="organisations"),
    path("open-data/", open_data, name="open-data"),
    path("open-data/coverage.csv", open_data_csv, name="open-data-csv"),
    path("framework/", editions.framework, name="framework"),
    path("framework/<int:pk>/", editions.edition_page, name="edition"),
    path("framework/<int:pk>/changes/<int:earlier>/", editions.changes_page, name="edition-changes"),
    path(
        "framework/<int:pk>/changes/<int:earlier>/changes.txt",
        editions.changes_text,
        name="edition-changes-text",
    ),
    path("framework/<int:pk>/files/<str:name>", editions.edition_file, name="edition-file"),
    path("framework/<int:pk>/review/", editions.review_page, name="edition-review"),
    path("account/programs/", programs, name="programs"),
    path("account/programs/<uuid:uuid>/end/", end_program, name="end-program"),
    path("passport/", passport.passport, name="passport"),
    path("passport/passport.json", passport.passport_json, name="passport-json"),
    path("passport/passport.pdf", passport.passport_pdf, name="passport-pdf"),
    path("passport/badges/", passport.sign_badges, name="sign-badges"),
    path("passport/badges/<uuid:uuid>.jwt", passport.badge_file, name="badge-file"),
    path("passport/share/", passport.share, name="share-passport"),
    path("passport/share/end/", passport.stop_sharing, name="stop-sharing"),
    path("shared/<str:secret>/", passport.shared_passport, name="shared-passport"),
    path("badges/check/", passport.check_badge, name="check-badge"),
    path("badges/issuer/", passport.issuer, name="badge-issuer"),
    path("badges/keys/<uuid:uuid>/", passport.key, name="badge-key"),
    path("badges/status/<int:number>/", passport.badge_status, name="badge-status"),
    path("badges/<uuid:uuid>/", passport.badge, name="badge"),
    path(".well-known/jwks.json", passport.key_set, name="badge-keys"),
]
