from django.urls import path

from .views.attempts import attempt, start
from .views.capabilities import erase_own_comment, my_capabilities, my_capability
from .views.checks import answers, question, review, talk
from .views.conversation import my_conversation, prepare
from .views.history import my_history, my_history_csv
from .views.learner import my_learning
from .views.plans import new_plan, plan, plans
from .views.portfolio import entry as portfolio_entry
from .views.portfolio import move, new_entry, portfolio
from .views.practice import draft, erase, take_back
from .views.prior_learning import (
    decide,
    erase_prior,
    my_prior_learning,
    prior_learning,
    prior_learning_document,
    prior_learning_queue,
    withdraw,
)
from .views.reflection import my_reflection, my_reflection_text, reflection
from .views.renewing import renew
from .views.role import my_role
from .views.steps import step
from .views.team import my_team, my_team_csv
from .views.words import words

app_name = "curriculum"

urlpatterns = [
    path("my-learning/", my_learning, name="my-learning"),
    path("my-role/", my_role, name="my-role"),
    path("my-capabilities/", my_capabilities, name="my-capabilities"),
    path("my-capabilities/<slug:code>/", my_capability, name="my-capability"),
    path("my-capabilities/<slug:code>/erase-comment/", erase_own_comment, name="erase-comment"),
    path("my-capabilities/<slug:code>/renew/", renew, name="renew"),
    path("my-practice-conversation/", my_conversation, name="my-conversation"),
    path("my-practice-conversation/prepare/", prepare, name="prepare-conversation"),
    path("my-history/", my_history, name="my-history"),
    path("my-history/my-history.csv", my_history_csv, name="my-history-csv"),
    path("my-reflection/", my_reflection, name="my-reflection"),
    path("my-reflection/my-reflection.txt", my_reflection_text, name="my-reflection-text"),
    path("my-reflection/<int:number>/", reflection, name="reflection"),
    path("my-portfolio/<uuid:activity>/", portfolio, name="portfolio"),
    path("my-portfolio/<uuid:activity>/new/", new_entry, name="portfolio-new"),
    path("my-portfolio/<uuid:activity>/<int:number>/", portfolio_entry, name="portfolio-entry"),
    path("my-portfolio/<uuid:activity>/<int:number>/move/", move, name="portfolio-move"),
    path("my-team/", my_team, name="my-team"),
    path("my-team/coverage.csv", my_team_csv, name="my-team-csv"),
    path("plans/", plans, name="plans"),
    path("plans/new/", new_plan, name="new-plan"),
    path("plans/<uuid:uuid>/", plan, name="plan"),
    path("words/", words, name="words"),
    path("modules/<uuid:module_key>/start/", start, name="start"),
    path("modules/<uuid:module_key>/prior-learning/", prior_learning, name="prior-learning"),
    path("modules/<uuid:module_key>/prior-learning/withdraw/", withdraw, name="withdraw-prior-learning"),
    path("modules/<uuid:module_key>/prior-learning/erase/", erase_prior, name="erase-prior-learning"),
    path("my-prior-learning/", my_prior_learning, name="my-prior-learning"),
    path("prior-learning/", prior_learning_queue, name="prior-learning-queue"),
    path("prior-learning/<uuid:uuid>/", decide, name="decide-prior-learning"),
    path("prior-learning/<uuid:uuid>/document/", prior_learning_document, name="prior-learning-document"),
    path("attempts/<uuid:registration>/", attempt, name="attempt"),
    path("attempts/<uuid:registration>/<uuid:activity>/", step, name="step"),
    path("attempts/<uuid:registration>/<uuid:activity>/questions/<int:number>/", question, name="question"),
    path("attempts/<uuid:registration>/<uuid:activity>/answers/", answers, name="answers"),
    path("attempts/<uuid:registration>/<uuid:activity>/talk/", talk, name="talk"),
    path("attempts/<uuid:registration>/<uuid:activity>/review/", review, name="review"),
    path("attempts/<uuid:registration>/<uuid:activity>/draft/", draft, name="draft"),
    path("attempts/<uuid:registration>/<uuid:activity>/take-back/", take_back, name="take-back"),
    path("attempts/<uuid:registration>/<uuid:activity>/erase/", erase, name="erase"),
]
