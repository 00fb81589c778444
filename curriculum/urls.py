from django.urls import path

from .views.attempts import attempt, start
from .views.capabilities import erase_own_comment, my_capabilities, my_capability
from .views.checks import answers, question, review, talk
from .views.conversation import my_conversation, prepare
from .views.learner import my_learning
from .views.practice import draft, erase, take_back
from .views.reflection import my_reflection, my_reflection_text, reflection
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
    path("my-practice-conversation/", my_conversation, name="my-conversation"),
    path("my-practice-conversation/prepare/", prepare, name="prepare-conversation"),
    path("my-reflection/", my_reflection, name="my-reflection"),
    path("my-reflection/my-reflection.txt", my_reflection_text, name="my-reflection-text"),
    path("my-reflection/<int:number>/", reflection, name="reflection"),
    path("my-team/", my_team, name="my-team"),
    path("my-team/coverage.csv", my_team_csv, name="my-team-csv"),
    path("words/", words, name="words"),
    path("modules/<uuid:module_key>/start/", start, name="start"),
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
