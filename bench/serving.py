"""The site as production serves it, for as long as a measurement takes."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from config.local.parts import end_groups, site
from config.local.places import ROOT

HOST = "127.0.0.1"
WORKERS = 2
SECONDS_TO_ANSWER = 60


@dataclass(frozen=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]

    def workers(self) -> list[psutil.Process]:
        return [child for child in psutil.Process(self.process.pid).children() if _highest(child.pid)]

    def highest_memory(self) -> float:
        """The most memory that a worker has held so far, in MB (RSS)."""
        return max(_highest(worker.pid) for worker in self.workers())


@contextmanager
def served(database: str, workers: int = WORKERS) -> Iterator[Server]:
    """granian with its workers on a port of its own; ended with everything it started."""
    port = free_port()
    server = Server(port, start(port, database, workers))
    try:
        wait_until_it_answers(server.port)
        yield server
    finally:
        end_groups([server.process.pid])
        server.process.wait()


def start(port: int, database: str, workers: int = WORKERS) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "BENCH_DATABASE": database,
        "DEMONSTRATION": "0",
        "LOG_LEVEL": "CRITICAL",
        "PYTHONWARNINGS": "ignore",
    }
    command = site(HOST, port, workers=workers).command
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, start_new_session=True, stdin=subprocess.DEVNULL
    )


def wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < deadline:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(HOST, port, timeout=10)
            connection.request("GET", "/xapi/about")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(f"The server did not answer within {SECONDS_TO_ANSWER} seconds.")


def free_port() -> int:
    with socket.create_server((HOST, 0)) as taken:
        return int(taken.getsockname()[1])


def _highest(pid: int) -> float:
    """Linux keeps the highest of each process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
