"""That the measurements and the crash proof work, in their quick form: how fast it is, is not asked here."""

import json
import subprocess
import sys

import pytest
from pytest_django.plugin import DjangoDbBlocker

from bench import record, staff
from bench.driving import QUICK
from bench.figures import Figure, at_least, at_most, in_words, share_of_floor
from config.local.places import ROOT
from tests.databases import own_database

KEYS = set("name measured unit median min max floor ratio target met".split())  # noqa: SIM905


@pytest.fixture(scope="module")
def figures(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[Figure]:
    with django_db_blocker.unblock(), own_database("bench"):
        return [*staff.bench(400, 1), *record.bench(QUICK)]


@pytest.mark.slow
@pytest.mark.django_db
def test_every_figure_is_a_line_of_json(figures: list[Figure]) -> None:
    lines = [json.loads(figure.as_json()) for figure in figures]
    assert all(set(line) == KEYS for line in lines)
    assert all(0 < line["min"] <= line["median"] <= line["max"] for line in lines)


@pytest.mark.slow
@pytest.mark.django_db
def test_each_target_of_the_record_is_measured(figures: list[Figure]) -> None:
    asked = {figure.name for figure in figures if figure.targets}
    assert asked >= {
        "alone",
        "alone, p99",
        "in batches",
        "questions",
        "questions, p95",
        "paging",
        "paging, last against first",
        "cost of a statement",
        "memory, a large batch",
        "memory, a large file",
    }


def test_the_last_line_tells_what_was_missed() -> None:
    met = Figure("quick", "", "ms", [3, 1, 2], (), [at_most(2)])
    missed = Figure("slow", "", "queries/s", [10], [100], [at_least(5), share_of_floor(0.5)])
    unasked = Figure("other", "", "s", [1])
    assert in_words([met, missed, unasked]) == "1 of 2 targets met. Missed: slow (10 queries/s)."


@pytest.mark.slow
def test_what_was_acknowledged_outlives_the_server_and_the_database() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "crash", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("all is well") == 4
