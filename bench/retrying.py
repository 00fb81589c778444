"""Clients that write batches with known ids, and send again whatever was not acknowledged."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from .payloads import Payload

PATIENCE = 60.0  # seconds for one batch
PAUSE = 0.1  # seconds before the next try


@dataclass(frozen=True)
class Address:
    host: str
    port: int
    authorization: str


@dataclass
class Heard:
    """What all writers were told."""

    acknowledged: list[int] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Writer(threading.Thread):
    """Sends its batches one after the other, each until it is acknowledged. Waits while the gate is closed."""

    def __init__(
        self,
        to: Address,
        batches: Sequence[tuple[int, Sequence[Payload]]],
        gate: threading.Event,
        heard: Heard,
    ) -> None:
        super().__init__(daemon=True)
        self.to, self.batches, self.gate, self.heard = to, batches, gate, heard
        self.waits = False

    def run(self) -> None:
        for number, batch in self.batches:
            body = f"[{','.join(payload.body for payload in batch)}]".encode()
            deadline = time.monotonic() + PATIENCE
            while not self._is_kept(body):
                time.sleep(PAUSE)
                if time.monotonic() > deadline:
                    self.heard.wrong.append(f"Batch {number} was not taken within {PATIENCE:.0f} seconds.")
                    return
            self.heard.acknowledged.append(number)

    def _is_kept(self, body: bytes) -> bool:
        self.waits = True
        self.gate.wait()
        self.waits = False
        try:
            status, retry_after = self._post(body)
        except (OSError, http.client.HTTPException):
            self.heard.statuses["no answer"] += 1
            return False
        self.heard.statuses[str(status)] += 1
        if status not in (200, 503) or (status == 503 and not retry_after):
            self.heard.wrong.append(f"Answered {status}{' without Retry-After' if status == 503 else ''}.")
        return status == 200

    def _post(self, body: bytes) -> tuple[int, str | None]:
        connection = http.client.HTTPConnection(self.to.host, self.to.port, timeout=30)
        try:
            connection.request(
                "POST",
                "/xapi/statements",
                body,
                {
                    "Authorization": self.to.authorization,
                    "Content-Type": "application/json",
                    "X-Experience-API-Version": "1.0.3",
                },
            )
            response = connection.getresponse()
            response.read()
            return response.status, response.headers.get("Retry-After")
        finally:
            connection.close()
