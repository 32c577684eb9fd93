"""Receivers on loopback: a real HTTP server that plays a webhook's receiver or the Bot API."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class HttpReceiver:
    """Takes every POST that comes whole, and answers as told.

    Attributes:
        status: Of the answer.
        answer: Its body.
        headers: Of the answer.
        hold: When set, every answer waits until it is let go.
        on_request: Called when a request has come, before it is answered.
    """

    status: int = 200
    answer: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hold: threading.Event | None = None
    on_request: Callable[[Received], None] = lambda _received: None
    received: list[Received] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=url-secret"

    @property
    def ids(self) -> list[str]:
        """The webhook-id of every request, in order."""
        return [one.headers["webhook-id"] for one in self.received]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


@contextlib.contextmanager
def running_receiver(*, port: int = 0, **given: Any) -> Iterator[HttpReceiver]:
    """Run a receiver until the end of the block; then its port refuses connections."""
    receiver = HttpReceiver(**given)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            body = self.rfile.read(length)
            if len(body) < length:
                return  # who sent it died in the middle: a request cut off is none
            one = Received(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            receiver.received.append(one)
            receiver.on_request(one)
            if receiver.hold is not None:
                receiver.hold.wait(30)
            with contextlib.suppress(OSError):  # who asked may be gone
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(receiver.answer)))
                self.end_headers()
                self.wfile.write(receiver.answer)

        def log_message(self, *_given: object) -> None:
            pass

    server = _Server(("127.0.0.1", port), Handler)
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        if receiver.hold is not None:
            receiver.hold.set()
        server.shutdown()
        server.server_close()
        thread.join()
