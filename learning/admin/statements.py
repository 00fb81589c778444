"""The statement browser: for auditors, who read and change nothing."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from ..forms import StatementFilter
from ..models import Actor, Statement
from ..opaque import identifiers_in, opaque, without_names
from ..permissions import can_view_name, can_view_names_sent, may_ask_for_names
from ..queries.walking import as_line, beyond, walk
from ..verbs import DISPLAY
from ..xapi.parameters import Cursor
from .credentials import signed_in

PAGE = 50
MOST_REFERRING = 50


class Row(NamedTuple):
    """A statement as a line of words."""

    statement: Statement
    who: str
    verb: str
    what: str


@admin.register(Statement)
class StatementAdmin(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(require_GET(self.export_view))
        names = self.admin_site.admin_view(require_POST(self.names_view))
        return [
            path("export/", export, name="learning_statement_export"),
            path("<uuid:pk>/names/", names, name="learning_statement_names"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """A page of what was asked for. It costs the same however much is stored and however deep it lies."""
        self._check(request)
        form = StatementFilter(request.GET or {})
        statements = _page(form, request.GET.get("after", "")) if form.is_valid() else []
        shown = statements[:PAGE]
        asked = [(name, value) for name, value in request.GET.items() if name in form.fields and value]
        context = {
            "title": "Statements",
            "form": form,
            "rows": [_row(statement) for statement in shown],
            "older": urlencode([*asked, ("after", _place(shown[-1]))]) if len(statements) > PAGE else "",
            "newest": urlencode(asked) if "after" in request.GET else None,
            "asked": urlencode(asked),
        }
        return self._answer(request, "admin/learning/statement/browse.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self._check(request)
        return self._read(request, _statement(object_id), shows_names=False)

    def names_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The same with the names that the auditor may see. That they looked is kept."""
        self._check(request)
        statement = _statement(str(pk))
        if not may_ask_for_names(signed_in(request)):
            raise PermissionDenied
        self.log_change(request, statement, "Looked at the names in it.")
        return self._read(request, statement, shows_names=True)

    def export_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """What was asked for as JSON lines, without names; sent on while it is read."""
        self._check(request)
        form = StatementFilter(request.GET)
        if not form.is_valid():
            raise Http404
        self._log_export(request)
        response = StreamingHttpResponse(_lines(form), content_type="application/x-ndjson")
        response["Content-Disposition"] = 'attachment; filename="statements.jsonl"'
        return response

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _check(self, request: HttpRequest) -> None:
        if request.method == "POST" and not request.path.endswith("/names/"):
            raise PermissionDenied
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _read(self, request: HttpRequest, statement: Statement, *, shows_names: bool) -> HttpResponse:
        user, today = signed_in(request), timezone.localdate()
        is_whole = shows_names and can_view_names_sent(user, statement, today)
        people = _people(statement) if shows_names else []
        payload = statement.payload if is_whole else without_names(statement.payload)
        context = {
            "title": f"Statement {statement}",
            "statement": statement,
            "row": _row(statement),
            "people": [
                person for person in people if person.user and can_view_name(user, person.user, today)
            ],
            "shows_names": shows_names,
            "may_ask": may_ask_for_names(user),
            "refers_to": statement.content.get("context", {}).get("statement", {}).get("id"),
            "referring": [_row(one) for one in _all().filter(target=statement.pk)[:MOST_REFERRING]],
            "json": json.dumps(json.loads(payload), indent=2, ensure_ascii=False),
        }
        return self._answer(request, "admin/learning/statement/read.html", context)

    def _answer(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        everywhere = self.admin_site.each_context(request) | {"opts": self.model._meta}
        return TemplateResponse(request, template, everywhere | context)

    def _log_export(self, request: HttpRequest) -> None:
        LogEntry.objects.create(
            user=signed_in(request),
            content_type=ContentType.objects.get_for_model(Statement),
            object_repr="Statements",
            action_flag=CHANGE,
            change_message=f"Exported what was found by: {request.GET.urlencode() or 'everything'}",
        )


def _all() -> Any:
    return Statement.objects.select_related("actor", "activity", "credential__organisation")


def _statement(object_id: str) -> Statement:
    try:
        return get_object_or_404(_all(), pk=UUID(object_id))
    except ValueError:
        raise Http404 from None


def _page(form: StatementFilter, after: str) -> list[Statement]:
    """One more than fits, to know whether there are more."""
    found = form.found().select_related("actor", "activity", "credential").order_by("-stored", "-id")
    place = _read_place(after)
    return list((beyond(found, place, backwards=True) if place else found)[: PAGE + 1])


def _place(statement: Statement) -> str:
    return str(Cursor(statement.stored, statement.id))


def _read_place(text: str) -> Cursor | None:
    stored, _, name = text.partition("_")
    try:
        moment, statement_id = datetime.fromisoformat(stored), UUID(name)
    except ValueError:
        return None
    return Cursor(moment, statement_id) if moment.tzinfo else None


def _row(statement: Statement) -> Row:
    said = statement.content
    actor = statement.actor.identifier if statement.actor else None
    verb = _word(said["verb"].get("display"), DISPLAY.get(statement.verb, statement.verb))
    return Row(statement, opaque(actor), verb, _thing(said))


def _thing(said: dict[str, Any]) -> str:
    thing = said["object"]
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        return _word(thing.get("definition", {}).get("name"), thing["id"])
    words = {
        "StatementRef": f"statement {thing.get('id')}",
        "SubStatement": "a statement within the statement",
    }
    return words.get(kind, "somebody")


def _word(names: dict[str, str] | None, otherwise: str) -> str:
    """In English where it is said in English, else in whatever language comes first."""
    names = names or {}
    english = next((names[tag] for tag in names if tag.lower().startswith("en")), "")
    return english or next(iter(names.values()), "") or otherwise


def _people(statement: Statement) -> list[Actor]:
    found = Actor.objects.filter(identifier__in=identifiers_in(statement.content), user__isnull=False)
    return list(found.select_related("user"))


def _lines(form: StatementFilter) -> Iterator[str]:
    for payloads in walk(form.found(), backwards=True):
        yield "".join(f"{as_line(without_names(payload))}\n" for payload in payloads)
