"""A small record of somebody else's, on a port of its own, that fails on purpose."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .mixed import sha2, split

KEY, SECRET = "a-key", "a-secret-ü"


# By hash: the type, and the content.
Files = dict[str, tuple[str, bytes]]


class OtherLrs:
    """It keeps what it is sent. `refused` are ids that it answers with 400, `broken` those with 500; it answers the
    next requests with `answers` first, and an id that it has with 409. A body longer than `longest` it answers with
    413, or, if it `hangs_up`, not at all; and it `only_counts` what it is sent to find out what sending costs."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.order: list[str] = []
        self.requests: list[tuple[str, list[str]]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[int | tuple[int, dict[str, str]]] = []
        self.refused: set[str] = set()
        self.broken: set[str] = set()
        self.files: dict[str, tuple[str, bytes]] = {}
        self.longest = 2**40
        self.hangs_up = False
        self.only_counts = False
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/xapi/"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def post(self, statements: list[dict[str, Any]], files: Files | None = None) -> tuple[int, str]:
        files = files or {}
        ids = [one["id"] for one in statements]
        both = [part for one in statements for part in (one, one["object"])]
        named = [file for part in both for file in part.get("attachments", [])]
        if any("fileUrl" not in file and file["sha2"] not in files for file in named):
            return 400, "a file is missing"
        if files.keys() - {file["sha2"] for file in named}:
            return 400, "a file too many"
        if self.broken & set(ids):
            return 500, "something broke"
        if bad := self.refused & set(ids):
            return 400, f"not this one: {min(bad)}"
        if self.kept.keys() & set(ids):
            return 409, "has it already"
        self.kept |= {one["id"]: one for one in statements}
        self.order += ids
        self.files |= files
        return 200, json.dumps(ids)

    def get(self, statement_id: str) -> tuple[int, str]:
        one = self.kept.get(statement_id)
        return (200, json.dumps(one)) if one else (404, "")

    def _handler(lrs: "OtherLrs") -> type[BaseHTTPRequestHandler]:  # noqa: N805
        expected = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                if length > lrs.longest and lrs.hangs_up:
                    self.close_connection = True
                    return
                if lrs.only_counts:
                    self.answer(lambda: (200, str(self.count(length))))
                    return
                statements, files = _read(self.rfile.read(length), self.headers["Content-Type"])
                lrs.requests.append(("POST", [one["id"] for one in statements]))
                if length > lrs.longest:
                    self.answer(lambda: (413, "too long"))
                else:
                    self.answer(lambda: lrs.post(statements, *[files] if files else []))

            def count(self, length: int) -> int:
                left = length
                while left and (piece := self.rfile.read(min(left, 65536))):
                    left -= len(piece)
                return length - left

            def do_GET(self) -> None:
                query = parse_qs(urlsplit(self.path).query)
                [name] = query.get("statementId") or query["voidedStatementId"]
                lrs.requests.append(("GET", [name]))
                self.answer(lambda: lrs.get(name) if "statementId" in query else (404, ""))

            def answer(self, usually: Any) -> None:
                lrs.headers.append(dict(self.headers))
                special = lrs.answers.pop(0) if lrs.answers else None
                status, headers = special if isinstance(special, tuple) else (special, {})
                text = "so it is"
                if self.headers["Authorization"] != expected:
                    status, text = 401, "who are you?"
                elif status is None:
                    status, text = usually()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *words: Any) -> None:
                """Quietly."""

        return Handler


def _read(body: bytes, content_type: str) -> tuple[list[dict[str, Any]], Files]:
    if not content_type.startswith("multipart/mixed"):
        return json.loads(body), {}
    first, *rest = split(body, content_type)
    assert first.headers == {"Content-Type": "application/json"}
    files: Files = {}
    for part in rest:
        assert part.headers["Content-Transfer-Encoding"] == "binary"
        name = part.headers["X-Experience-API-Hash"]
        assert name == sha2(part.content)
        assert name not in files
        files[name] = (part.headers["Content-Type"], part.content)
    return json.loads(first.content), files
