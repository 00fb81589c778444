"""What every measurement of the record works with: a server, a process of clients, and fresh statements."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context

from django.db import connection

from . import clients
from .clients import Outcome
from .figures import ROUNDS, Figure, at_most
from .payloads import Caller, Payload, payloads
from .serving import HOST, Server, served
from .world import World

MB = 1024 * 1024


@dataclass(frozen=True)
class Sizes:
    """How much is done in each round."""

    rounds: int = ROUNDS
    singles: int = 800
    batches: int = 24
    batch: int = 500
    questions: int = 400
    pages: int = 40
    stored: int = 20_000
    largest_batch: int = 10_000
    attachment: int = 100 * MB

    @property
    def people(self) -> int:
        """Few enough that a question about one of them and a verb fills its page."""
        return max(20, self.stored // 1_000)


QUICK = Sizes(1, 32, 4, 25, 16, 2, 1_000, 500, MB)


@dataclass
class Driver:
    """One server and its clients. No statement comes twice."""

    sizes: Sizes
    world: World
    server: Server
    pool: ProcessPoolExecutor
    source: Iterator[Payload] = field(default_factory=lambda: payloads(time.time_ns()))

    @property
    def writer(self) -> Caller:
        return Caller(f"{HOST}:{self.server.port}", self.world.writer)

    @property
    def reader(self) -> Caller:
        return Caller(f"{HOST}:{self.server.port}", self.world.reader)

    def take(self, count: int) -> list[Payload]:
        return list(islice(self.source, count))

    def write(self, batches: Sequence[Sequence[Payload]], at_once: int) -> Outcome:
        requests = [self.writer.post([payload.body for payload in batch]) for batch in batches]
        return self.run([requests[n::at_once] for n in range(at_once)])

    def run(self, scripts: Sequence[Sequence[bytes]]) -> Outcome:
        outcome = self.pool.submit(clients.run, HOST, self.server.port, scripts).result()
        return _all_well(outcome)

    def walk(self, address: str, most: int) -> Outcome:
        request = self.reader.get(address)
        return _all_well(self.pool.submit(clients.walk, HOST, self.server.port, request, most).result())

    def rounds(
        self, product: Callable[[], Outcome], bare: Callable[[], float]
    ) -> tuple[list[Outcome], list[float]]:
        """By turns, so that both see the same machine; the first of each only warms up."""
        product()
        bare()
        pairs = [(product(), bare()) for _ in range(self.sizes.rounds)]
        return [outcome for outcome, _ in pairs], [value for _, value in pairs]


@contextmanager
def driver(sizes: Sizes, world: World) -> Iterator[Driver]:
    """A server of its own on the current database."""
    with (
        served(connection.settings_dict["NAME"]) as server,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
    ):
        yield Driver(sizes, world, server, pool)


def times(name: str, what: str, outcomes: Sequence[Outcome], share: float, most: float = 0) -> Figure:
    """How long a request took that is slower than this share of all."""
    values = [outcome.percentile(share) for outcome in outcomes]
    return Figure(name, what, "ms", values, (), [at_most(most)] if most else [])


def _all_well(outcome: Outcome) -> Outcome:
    if set(outcome.statuses) != {200}:
        raise RuntimeError(f"The server answered {dict(outcome.statuses)}.")
    return outcome
