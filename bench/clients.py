"""Clients in a process of their own, so light that what is measured is the server: sockets and requests made before."""

import re
import socket
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_MORE = re.compile(rb'"more":"([^"]*)"')


@dataclass
class Outcome:
    """What a run of clients met: how long it took, each request's seconds, and how often each status came."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    own_seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        return sorted(self.times)[int(share * (len(self.times) - 1))] * 1_000


class Line:
    """One connection that is kept."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """The status and the body."""
        self.socket.sendall(request)
        received = self.socket.recv(65_536)
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        length = _LENGTH.search(received, 0, end + 2)
        if length is None:
            raise ConnectionError("The answer does not say its length.")
        missing = int(length[1]) - (len(received) - end - 4)
        parts = [received[end + 4 :]]
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        return int(received[9:12]), b"".join(parts)

    def _more(self) -> bytes:
        found = self.socket.recv(1_048_576)
        if not found:
            raise ConnectionError("The server ended the connection.")
        return found


def run(host: str, port: int, scripts: Sequence[Sequence[bytes]]) -> Outcome:
    """Each script is one client: its requests, one after the other, all clients at the same time."""
    outcome = Outcome()
    lines = [Line(host, port) for _ in scripts]
    with ThreadPoolExecutor(len(scripts)) as pool:
        start, own = time.perf_counter(), time.process_time()
        clients = [
            pool.submit(_client, line, script, outcome) for line, script in zip(lines, scripts, strict=True)
        ]
        for client in clients:
            client.result()
    outcome.seconds, outcome.own_seconds = time.perf_counter() - start, time.process_time() - own
    return outcome


def _client(line: Line, script: Sequence[bytes], outcome: Outcome) -> None:
    for request in script:
        start = time.perf_counter()
        status, _ = line.ask(request)
        outcome.times.append(time.perf_counter() - start)
        outcome.statuses[status] += 1


def walk(host: str, port: int, request: bytes, most: int) -> Outcome:
    """From page to page by `more`, at most so many of them."""
    line, outcome = Line(host, port), Outcome()
    address = request.split(b" ", 2)[1]
    start = time.perf_counter()
    for _ in range(most):
        asked = time.perf_counter()
        status, body = line.ask(request)
        outcome.times.append(time.perf_counter() - asked)
        outcome.statuses[status] += 1
        more = _MORE.search(body, 0, 4_096) or _MORE.search(body, max(0, len(body) - 4_096))
        if more is None or not more[1]:
            break
        request, address = request.replace(address, more[1], 1), more[1]
    outcome.seconds = time.perf_counter() - start
    return outcome
