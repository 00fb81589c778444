"""Background work is done whichever broker carries it: a folder by default, Redis where there is one."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker
from django.contrib.sessions.models import Session
from django.utils import timezone

from config.tasks import forget_ended_sessions

SECONDS = 20


@pytest.fixture(params=["folder", "redis"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Celery:
    """The background work of the service, carried by one broker or the other."""
    if request.param == "redis":
        return Celery("promise_to_learn", broker=request.getfixturevalue("redis_url"), set_as_current=False)
    queue = tmp_path / "queue"
    queue.mkdir()
    app = Celery("promise_to_learn", broker="filesystem://", set_as_current=False)
    app.conf.broker_transport_options = {
        "data_folder_in": str(queue),
        "data_folder_out": str(queue),
        "control_folder": str(tmp_path / "control"),
    }
    return app


def _sessions() -> None:
    now = timezone.now()
    for key, ends in (("ended", now - timedelta(hours=1)), ("open", now + timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)


@pytest.mark.django_db
def test_ended_sessions_are_forgotten_and_open_ones_kept() -> None:
    _sessions()
    assert forget_ended_sessions() == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_what_was_sent(app: Celery) -> None:
    _sessions()
    with start_worker(app, perform_ping_check=False, shutdown_timeout=SECONDS):
        app.send_task(forget_ended_sessions.name)
        deadline = time.monotonic() + SECONDS
        while Session.objects.filter(session_key="ended").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
