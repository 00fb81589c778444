"""What `./dev` promises: clear sentences, nothing left behind, a policy on every page."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.test import Client

from config.local import supervisor
from config.local.parts import Part, end_groups, signal_group
from config.local.places import ROOT, socket_folder
from workforce.models import User

SLEEPER = "import time; time.sleep(60)"


def dev(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(ROOT / "dev"), *words]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_taken_port_is_said_before_anything_is_done() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = dev("run", PORT=str(port), HOST="127.0.0.1")
    assert answer.returncode == 1
    assert f"Port {port} is taken" in answer.stderr


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "80 80"])
def test_a_port_that_is_none_is_said(port: str) -> None:
    answer = dev("run", PORT=port)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "PORT must be a number from 1 to 65535" in answer.stderr


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.7"])
def test_a_host_that_is_not_here_is_said(host: str) -> None:
    answer = dev("run", HOST=host)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert f"Nothing can be served at {host}" in answer.stderr


def test_words_that_a_command_does_not_take_are_said() -> None:
    answer = dev("run", "8080")
    assert answer.returncode == 1
    assert "./dev run takes no words, but here is: 8080" in answer.stderr


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("", "http://127.0.0.1:8000"),
        ("localhost", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104 nothing listens
        ("::1", "http://[::1]:8000"),
    ],
)
def test_the_address_shown_can_be_opened_here(host: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", host)
    monkeypatch.setenv("PORT", "")
    assert supervisor.url(*supervisor.address()) == shown


def test_the_parts_end_before_the_database_they_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = Part("sleeper", [sys.executable, "-c", SLEEPER])
    seen = []

    @contextmanager
    def held() -> Iterator[None]:
        try:
            yield
        finally:
            seen.append(part.has_ended())

    def set_up(starting: supervisor.Starting) -> None:
        starting.tell(part.start())
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(supervisor, "VAR", tmp_path)
    monkeypatch.setattr(supervisor.database, "held", held)
    monkeypatch.setattr(supervisor, "_set_up", set_up)
    with signals_kept():
        supervisor.run("127.0.0.1", 1)
    assert seen == [True]


@contextmanager
def signals_kept() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_an_unknown_command_shows_those_there_are() -> None:
    answer = dev("rnu")
    assert answer.returncode == 1
    assert "There is no ./dev rnu." in answer.stderr
    assert "./dev run" in answer.stderr


def test_an_old_python_is_said(tmp_path: Path) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        old = tmp_path / name
        old.write_text("#!/bin/sh\ncase $2 in *version_info*) exit 1 ;; esac\necho 3.9.2\n")
        old.chmod(0o755)
    answer = dev("run", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert answer.returncode == 1
    assert answer.stderr == "Python 3.11 or newer is needed; python3 here is 3.9.2.\n"


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    answer = subprocess.run(
        [sys.executable, "-m", "config.local", "manage", "check"],
        cwd=ROOT,
        env={**os.environ, "VAR_DIR": str(tmp_path / "file" / "var")},
        capture_output=True,
        text=True,
        check=False,
    )
    said = f"{tmp_path}/file/var cannot be used (Not a directory). Set VAR_DIR to a folder of yours.\n"
    assert (answer.returncode, answer.stderr) == (1, said)


def test_the_socket_is_short_enough_and_without_spaces() -> None:
    path = str(socket_folder() / ".s.PGSQL.5432")
    assert len(path) < 100
    assert " " not in path


def test_a_part_ends_with_everything_it_started() -> None:
    part = Part(
        "sleeper",
        [
            sys.executable,
            "-c",
            f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{SLEEPER}'])",
        ],
    )
    pid = part.start()
    end_groups([pid], seconds=5)
    assert part.has_ended()
    assert not signal_group(pid, 0)


def test_the_watchdog_ends_what_a_killed_supervisor_left(tmp_path: Path) -> None:
    left = subprocess.Popen([sys.executable, "-c", SLEEPER], start_new_session=True)
    watchdog = subprocess.Popen(
        [sys.executable, "-m", "config.local.watchdog"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        env={**os.environ, "VAR_DIR": str(tmp_path)},
    )
    watchdog.communicate(f"{left.pid}\n".encode(), timeout=30)
    assert left.wait(timeout=5) == -signal.SIGTERM


def test_https_asks_for_a_secret_key() -> None:
    environment = {key: value for key, value in os.environ.items() if key != "SECRET_KEY"} | {"HTTPS": "1"}
    answer = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Set SECRET_KEY" in answer.stderr


@pytest.mark.django_db
def test_pages_run_no_inline_code_and_editing_screens_may() -> None:
    site = Client().get("/sign-in/").headers["Content-Security-Policy"]
    editing = Client().get("/cms/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in site
    assert "unsafe" not in site
    assert "'unsafe-inline'" in editing


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["/cms/login/", "/admin/login/", "/cms/password_reset/"])
def test_there_is_one_door(door: str) -> None:
    answer = Client().get(f"{door}?next=/cms/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=/cms/")


@pytest.mark.django_db
def test_a_signed_in_page_is_not_kept_by_the_browser(learner: User) -> None:
    client = Client()
    client.force_login(learner)
    assert "no-store" in client.get("/account/").headers["Cache-Control"]
