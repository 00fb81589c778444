"""Words, roles and facts in the editors' menu."""

from typing import ClassVar

from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .models import DatedFact, GlossaryTerm, PatientRole


class DatedFactViewSet(SnippetViewSet):
    model = DatedFact
    icon = "date"
    menu_label = "Then and now"
    list_display: ClassVar[list[str]] = ["topic", "status", "as_of", "review_by"]
    list_filter: ClassVar[list[str]] = ["status"]


class GlossaryTermViewSet(SnippetViewSet):
    model = GlossaryTerm
    icon = "openquote"
    menu_label = "Word list"
    list_display: ClassVar[list[str]] = ["term", "status", "as_of", "review_by"]
    list_filter: ClassVar[list[str]] = ["status"]


class PatientRoleViewSet(SnippetViewSet):
    model = PatientRole
    icon = "group"
    menu_label = "Patient roles"
    list_display: ClassVar[list[str]] = ["title", "rhythm", "status", "review_by"]
    list_filter: ClassVar[list[str]] = ["status"]


class WordsAndFacts(SnippetViewSetGroup):
    menu_label = "Words and facts"
    menu_icon = "list-ul"
    items = (DatedFactViewSet, GlossaryTermViewSet, PatientRoleViewSet)


register_snippet(WordsAndFacts)
