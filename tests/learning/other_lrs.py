"""A small record of somebody else's, on a port of its own, that fails on purpose."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY, SECRET = "a-key", "a-secret-ü"


class OtherLrs:
    """It keeps what it is sent. `refused` are ids that it answers with 400, `broken` those with 500; it answers the
    next requests with `answers` first, and an id that it has with 409."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.order: list[str] = []
        self.requests: list[tuple[str, list[str]]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[int | tuple[int, dict[str, str]]] = []
        self.refused: set[str] = set()
        self.broken: set[str] = set()
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

    def post(self, statements: list[dict[str, Any]]) -> tuple[int, str]:
        ids = [one["id"] for one in statements]
        if self.broken & set(ids):
            return 500, "something broke"
        if bad := self.refused & set(ids):
            return 400, f"not this one: {min(bad)}"
        if self.kept.keys() & set(ids):
            return 409, "has it already"
        self.kept |= {one["id"]: one for one in statements}
        self.order += ids
        return 200, json.dumps(ids)

    def get(self, statement_id: str) -> tuple[int, str]:
        one = self.kept.get(statement_id)
        return (200, json.dumps(one)) if one else (404, "")

    def _handler(lrs: "OtherLrs") -> type[BaseHTTPRequestHandler]:  # noqa: N805
        expected = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                lrs.requests.append(("POST", [one["id"] for one in body]))
                self.answer(lambda: lrs.post(body))

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
