"""How much memory a server's worker needs for one large file, in and out.

    python bench/attachment_memory.py http://127.0.0.1:8000 KEY SECRET PID [MEGABYTES]

PID is the process that serves the site; its children are looked at too. Linux only, standard library only. Prints
one line of JSON: the highest resident memory before and after, in MiB, and how long each way took.
"""

import base64
import hashlib
import http.client
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

MEBIBYTE = 1024 * 1024
BOUNDARY = "one-large-file"


def pieces(megabytes: int) -> Iterator[bytes]:
    """The same noise each time it is asked for, so that it never has to be kept."""
    noise = random.Random(megabytes)  # noqa: S311 (nothing secret)
    for _ in range(megabytes):
        yield noise.randbytes(MEBIBYTE)


def body(megabytes: int, sha2: str) -> Iterator[bytes]:
    attachment = {
        "usageType": "http://example.org/usage/bench",
        "display": {"en": "Noise"},
        "contentType": "application/octet-stream",
        "length": megabytes * MEBIBYTE,
        "sha2": sha2,
    }
    statement = {
        "actor": {"mbox": "mailto:bench@example.org"},
        "verb": {"id": "http://example.org/verbs/sent"},
        "object": {"id": "http://example.org/noise"},
        "attachments": [attachment],
    }
    yield f"--{BOUNDARY}\r\nContent-Type: application/json\r\n\r\n{json.dumps(statement)}\r\n".encode()
    headers = f"Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: {sha2}\r\n\r\n"
    yield f"--{BOUNDARY}\r\nContent-Type: application/octet-stream\r\n{headers}".encode()
    yield from pieces(megabytes)
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def highest(pid: int) -> float:
    """The highest resident memory of this process or any of its children, each by itself, in MiB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    status = Path(f"/proc/{pid}/status").read_text()
    own = int(status.split("VmHWM:")[1].split()[0]) / 1024
    return max([own, *(highest(int(child)) for child in children)])


def ask(
    address: str, method: str, path: str, headers: dict[str, str], content: Iterator[bytes] | None
) -> bytes:
    """The first bytes of the answer; the rest is read and forgotten."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=600)
    connection.request(method, path, body=content, headers=headers)
    answer = connection.getresponse()
    start = answer.read(2000)
    while answer.read(MEBIBYTE):
        pass
    if answer.status != 200:
        raise SystemExit(f"{answer.status}: {start.decode()}")
    return start


def main(address: str, key: str, secret: str, pid: str, size: str = "100") -> None:
    megabytes = int(size)
    digest = hashlib.sha256()
    for piece in pieces(megabytes):
        digest.update(piece)
    basic = base64.b64encode(f"{key}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "X-Experience-API-Version": "1.0.3"}
    length = sum(len(part) for part in body(megabytes, digest.hexdigest()))
    sending = {"Content-Type": f"multipart/mixed; boundary={BOUNDARY}", "Content-Length": str(length)}
    ask(address, "GET", "/xapi/statements?limit=1", headers, None)
    before, began = highest(int(pid)), time.monotonic()
    ids = ask(address, "POST", "/xapi/statements", headers | sending, body(megabytes, digest.hexdigest()))
    sent, middle = time.monotonic() - began, highest(int(pid))
    began = time.monotonic()
    ask(address, "GET", f"/xapi/statements?attachments=true&statementId={json.loads(ids)[0]}", headers, None)
    figures = {
        "MiB": megabytes,
        "before": before,
        "after sending": middle,
        "after reading": highest(int(pid)),
    }
    times = {"seconds to send": sent, "seconds to read": time.monotonic() - began}
    print(json.dumps({name: round(value, 1) for name, value in (figures | times).items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
