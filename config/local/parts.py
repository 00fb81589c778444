"""The processes that `./dev run` starts and ends together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from .places import ROOT, VAR

SECONDS_TO_END = 8


class GivenUp(Exception):
    """A part keeps ending; the message says which and where to read why."""


@dataclass
class Part:
    """One process in a group of its own, so that a Ctrl-C in the terminal reaches only the supervisor."""

    name: str
    command: Sequence[str]
    log: bool = False
    ends: list[float] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> int:
        with self._output() as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        return self.process.pid

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def clear_group(self) -> None:
        """End whatever its processes left behind, and remember the time; too many ends and we give up."""
        if self.process is not None:
            signal_group(self.process.pid, signal.SIGKILL)
        now = time.monotonic()
        self.ends = [end for end in self.ends if now - end < 60] + [now]
        if len(self.ends) > 3:
            where = f" Its words are in {self._log_path()}." if self.log else ""
            raise GivenUp(f"The {self.name} keeps ending.{where}")

    def _log_path(self) -> str:
        return str(VAR / "log" / f"{self.name}.log")

    def _output(self) -> AbstractContextManager[BinaryIO | None]:
        if not self.log:
            return nullcontext()
        (VAR / "log").mkdir(parents=True, exist_ok=True)
        return open(self._log_path(), "ab" if self.ends else "wb")


def site(host: str, port: int, *, workers: int = 1) -> Part:
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)]
    options += ["--blocking-threads", "4", "--log-level", "warning"]
    return Part("site", python("-m", "granian", *options, "config.wsgi:application"))


def worker(*options: str) -> list[str]:
    return python("-m", "celery", "-A", "config.celery", "worker", "--concurrency", "1", *options)


def clock() -> list[str]:
    return python("-m", "celery", "-A", "config.celery", "beat", "--pidfile=")


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def signal_group(pid: int, number: int) -> bool:
    """Send a signal to a whole process group; False if nothing of it is left."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
        return True
    return False


def end_groups(pids: Sequence[int], seconds: float = SECONDS_TO_END) -> None:
    """Ask each group to end, then make it."""
    for pid in pids:
        signal_group(pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(_lives(pid) for pid in pids):
        time.sleep(0.05)
    for pid in pids:
        signal_group(pid, signal.SIGKILL)


def _lives(pid: int) -> bool:
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # a child that has ended stays listed until its parent asks
    return signal_group(pid, 0)
