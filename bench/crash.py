"""`./dev bench crash`: the server, and then the database, are killed in the middle of the work.

A PostgreSQL of its own is started for it. Ends with 1 if a statement that was acknowledged is not there, exactly once
and with all that belongs to it, or if a client that tries again is left without an answer.
"""

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from random import Random

import psutil
from django.db import connection

from config.local import database
from config.local.cluster import DATA, Cluster
from config.local.parts import end_groups
from config.local.places import VAR

from . import serving
from .checking import Batches, faults, faults_of_evidence
from .databases import own_database
from .payloads import Payload, payloads
from .retrying import Address, Heard, Writer
from .world import make_world

WRITERS = 4
SIZE = 25


@dataclass
class Stage:
    """The server, the database and what was found wrong so far."""

    cluster: Cluster
    database: str
    authorization: str
    port: int = field(default_factory=serving.free_port)
    wrong: int = 0

    def start(self) -> None:
        self.process = serving.start(self.port, self.database)
        serving.wait_until_it_answers(self.port)

    def kill_server(self) -> None:
        _kill([self.process.pid, *_below(self.process.pid)])
        self.process.wait()

    def kill_database(self) -> None:
        """The postmaster first, so that it cannot tell its own to finish."""
        postmaster = int((DATA / "postmaster.pid").read_text().split("\n")[0])
        _kill([postmaster, *_below(postmaster)])

    def report(self, what: str, found: Sequence[str], heard: Heard) -> None:
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(heard.statuses.items()))
        verdict = "NOT AS IT SHOULD BE" if found else "all is well"
        print(f"{what}: {verdict}{f' ({answers})' if answers else ''}.", flush=True)
        for sentence in found:
            print(f"  {sentence}", flush=True)
        self.wrong += len(found)


def crash(*, quick: bool = False) -> int:
    count = 40 if quick else 400
    with _stage() as stage:
        source = payloads(1)
        for name, strike, mend in (
            ("The server was killed", stage.kill_server, stage.start),
            ("The database was killed", stage.kill_database, stage.cluster.start),
        ):
            _struck(stage, name, _batches(source, count), strike, mend)
        _overlapping(stage, [next(source) for _ in range(count * SIZE // 4)])
        found = list(faults_of_evidence())
        stage.report("Evidence derived once more from the record", found, Heard())
        return 1 if stage.wrong else 0


def _struck(
    stage: Stage, name: str, batches: Batches, strike: Callable[[], None], mend: Callable[[], None]
) -> None:
    """Strike when a third has been acknowledged, look before anybody tries again, then let them."""
    heard, gate = Heard(), threading.Event()
    gate.set()
    writers = [_writer(stage, list(batches.items())[n::WRITERS], gate, heard) for n in range(WRITERS)]
    while len(heard.acknowledged) < len(batches) / 3:
        time.sleep(0.01)
    strike()
    gate.clear()
    while not all(writer.waits or not writer.is_alive() for writer in writers):
        time.sleep(0.01)
    mend()
    acknowledged = len(heard.acknowledged)
    found = list(faults(batches, heard.acknowledged))
    gate.set()
    for writer in writers:
        writer.join()
    found += [*heard.wrong, *faults(batches, batches)]
    stage.report(
        f"{name} after {acknowledged} of {len(batches)} batches, and the rest sent again", found, heard
    )


def _overlapping(stage: Stage, pool: Sequence[Payload]) -> None:
    """Writers that send the same statements, each in batches and in an order of its own."""
    heard, gate, random = Heard(), threading.Event(), Random(1)  # noqa: S311 nothing here is secret
    gate.set()
    batches: dict[int, Sequence[Payload]] = {}
    writers = []
    for n in range(WRITERS):
        mixed = random.sample(pool, len(pool))
        own = {n * len(pool) + start: mixed[start : start + SIZE] for start in range(0, len(pool), SIZE)}
        batches |= own
        writers.append(_writer(stage, list(own.items()), gate, heard))
    for writer in writers:
        writer.join()
    found = [*heard.wrong, *faults(batches, batches)]
    stage.report(f"{WRITERS} writers sent the same {len(pool)} statements at the same time", found, heard)


def _writer(
    stage: Stage, batches: Sequence[tuple[int, Sequence[Payload]]], gate: threading.Event, heard: Heard
) -> Writer:
    writer = Writer(Address(serving.HOST, stage.port, stage.authorization), batches, gate, heard)
    writer.start()
    return writer


def _batches(source: Iterator[Payload], count: int) -> Batches:
    return {number: list(islice(source, SIZE)) for number in range(count)}


@contextmanager
def _stage() -> Iterator[Stage]:
    """VAR is a folder of its own here, and leaves with everything in it."""
    try:
        with Cluster() as cluster:
            database.ensure_exists()
            with own_database() as name:
                stage = Stage(cluster, name, make_world().writer)
                connection.close()
                stage.start()
                try:
                    yield stage
                finally:
                    end_groups([stage.process.pid])
    finally:
        shutil.rmtree(VAR)


def _below(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def _kill(pids: Sequence[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
