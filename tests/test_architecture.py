"""The house stands as docs/adr and the README say: who may lean on whom, and nothing left to migrate."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).parents[1]
# Each room may use those to its right.
ROOMS = ("config", "fellowships", "curriculum", "competencies", "learning", "workforce")
OURS = frozenset(ROOMS)


def rooms_above(room: str) -> frozenset[str]:
    return frozenset(ROOMS[: ROOMS.index(room)])


def test_imports_point_one_way() -> None:
    command = [sys.executable, "-c", "from importlinter import cli; cli.lint_imports_command()"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_foreign_keys_point_one_way() -> None:
    """Also those written as strings, which import contracts cannot see."""
    wrong = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if field.related_model._meta.app_label in rooms_above(model._meta.app_label)
    ]
    assert wrong == []


@pytest.mark.django_db
def test_no_migration_is_pending() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_templates_of_a_room_name_only_addresses_of_rooms_below() -> None:
    wrong = []
    for room in ROOMS[1:]:
        for template in sorted((ROOT / "templates" / room).rglob("*.html")):
            named = set(re.findall(r"{%\s*url\s+['\"](\w+):", template.read_text(encoding="utf-8")))
            wrong += [f"{template.relative_to(ROOT)}: {above}" for above in named & rooms_above(room)]
    assert wrong == []


def _named(patterns: list[URLPattern | URLResolver]) -> list[URLPattern]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += _named(pattern.url_patterns)
        else:
            found.append(pattern)
    return found


def test_every_view_of_ours_has_a_name() -> None:
    nameless = [
        str(pattern.pattern)
        for pattern in _named(get_resolver().url_patterns)
        if pattern.callback.__module__.split(".")[0] in OURS and not pattern.name
    ]
    allowed = {"admin/login/", "cms/login/", "cms/password_reset/", "_util/login/"}
    assert set(nameless) <= allowed
