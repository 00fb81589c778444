"""`./dev run`: everything on one machine, started in order and ended together."""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

from django.conf import settings

from . import database
from .cluster import Cluster
from .parts import GivenUp, Part, clock, end_groups, python, signal_group, site, worker
from .places import ROOT, VAR

SECONDS_TO_ANSWER = 90


class AlreadyRunning(Exception):
    """Another `./dev run` serves from this folder."""


def run(host: str, port: int) -> None:
    """Serve until told to stop, or until a part keeps failing (`GivenUp`)."""
    with (
        _only_one(),
        _told_to_stop(),
        _watched() as starting,
        database.held() as cluster,
        _ended_together(starting),
    ):
        _set_up(starting)
        main = site(host, port)
        _begin(main, starting)
        _wait_until_it_answers(main, host, port)
        parts = [main, Part("worker", worker(), log=True), Part("clock", clock(), log=True)]
        for part in parts[1:]:
            _begin(part, starting)
        _welcome(host, port)
        _watch(parts, starting, cluster)


class Starting:
    """Tells the watchdog of each process group, so that none is ever left behind."""

    def __init__(self) -> None:
        self.pids: list[int] = []
        self.watchdog = subprocess.Popen(
            python("-m", "config.local.watchdog"), cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True
        )

    def tell(self, pid: int) -> None:
        self.pids.append(pid)
        if self.watchdog.stdin:
            with suppress(BrokenPipeError):
                self.watchdog.stdin.write(f"{pid}\n".encode())
                self.watchdog.stdin.flush()

    def leave_to_watchdog(self) -> None:
        if self.watchdog.stdin:
            self.watchdog.stdin.close()
        self.watchdog.wait()


def _begin(part: Part, starting: Starting) -> None:
    starting.tell(part.start())


@contextmanager
def _watched() -> Iterator[Starting]:
    """The watchdog has the last look, so that a database which was only starting is not left behind either."""
    starting = Starting()
    try:
        yield starting
    finally:
        _hear_no_signal()
        starting.leave_to_watchdog()


@contextmanager
def _ended_together(starting: Starting) -> Iterator[None]:
    """End the parts before the database that they use, so that each can finish what it is at."""
    try:
        yield
    finally:
        _hear_no_signal()
        if left := [pid for pid in starting.pids if signal_group(pid, 0)]:
            _say("\nStopping …")
            end_groups(left)


def _hear_no_signal() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def _only_one() -> Iterator[None]:
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "run.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning("./dev run is already serving from this folder.") from error
        yield


@contextmanager
def _told_to_stop() -> Iterator[None]:
    """Turn signals into an ordinary end. Set by hand, as a shell's `&` leaves SIGINT ignored."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # under nohup it stays ignored
        signal.signal(signal.SIGHUP, stop)
    with suppress(KeyboardInterrupt):
        yield


def _set_up(starting: Starting) -> None:
    """Migrate and load, unless the database was set up by this very code and content."""
    database.ensure_exists()
    wanted, found = database.fingerprint(), database.mark()
    if found == wanted and (settings.STATIC_ROOT / "staticfiles.json").exists():
        return
    _say("Setting up the database. The first time takes about a minute.")
    part = Part("set-up", python("manage.py", "set_up"))
    _begin(part, starting)
    if part.process and part.process.wait():
        raise GivenUp("Setting up did not finish; the lines above say why.")
    database.set_mark(wanted)
    if not settings.DEMONSTRATION:  # what is kept from now on may be real
        database.forget_copy()
    elif not found:  # later it would hold what visitors did
        database.keep_copy()


def _wait_until_it_answers(part: Part, host: str, port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < deadline:
        if part.has_ended():
            raise GivenUp("The site did not start; the lines above say why.")
        if _answers(host, port):
            return
        time.sleep(0.1)
    raise GivenUp(f"The site did not answer within {SECONDS_TO_ANSWER} seconds.")


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(_nearest(host), port, timeout=30)
    try:
        connection.request("HEAD", "/")
        return connection.getresponse().status < 600
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _nearest(host: str) -> str:
    """Where this machine itself reaches what is served at `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 it was chosen with HOST


def _welcome(host: str, port: int) -> None:
    _say(f"\n{settings.SERVICE_NAME} is at {url(host, port)}/\n")
    accounts = VAR / "demonstration-accounts.txt"
    if settings.DEMONSTRATION and accounts.exists():
        _say(accounts.read_text().rstrip() + "\n")
    _say("Press Ctrl-C to stop.")


def _watch(parts: list[Part], starting: Starting, cluster: Cluster | None) -> NoReturn:
    while True:
        time.sleep(1)
        if cluster:
            cluster.start()
        for part in parts:
            if part.has_ended():
                _say(f"The {part.name} ended; starting it again.")
                part.clear_group()
                _begin(part, starting)


def _say(words: str) -> None:
    with suppress(OSError):  # the terminal may be gone
        print(words, flush=True)


def address() -> tuple[str, int]:
    """Host and port as HOST and PORT give them, a name resolved to its number. `./dev` has checked both."""
    port = int(os.environ.get("PORT") or "8000")
    found = socket.getaddrinfo(os.environ.get("HOST") or "127.0.0.1", port, type=socket.SOCK_STREAM)
    return str(found[0][4][0]), port


def url(host: str, port: int) -> str:
    near = _nearest(host)
    return f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"
