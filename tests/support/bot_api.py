"""A Bot API server on loopback: real HTTP, as python-telegram-bot's client asks for it.

It hands out updates by long polling (in shuffled batches, and again where told to), or brings them to a webhook over
several connections until each is taken; it can be slow, ask to be left alone for a while, fail, and cut answers off.
"""

from __future__ import annotations

import contextlib
import json
import random
import threading
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

AGAIN = "<i>You may have this message already.</i>\n"
TAKES_LONG = ("This takes longer than usual. I have your message", "Esto tarda más de lo habitual.")
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@dataclass(frozen=True)
class Call:
    """A call of a method, as it came; `sent` is the message that it made."""

    method: str
    given: dict[str, Any]
    at: float
    sent: int | None = None

    @property
    def chat(self) -> int:
        return int(self.given["chat_id"])

    @property
    def text(self) -> str:
        return str(self.given["text"])

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Title and data of the buttons below it, in order."""
        markup = self.given.get("reply_markup")
        rows = (json.loads(markup) if isinstance(markup, str) else markup or {}).get("inline_keyboard", [])
        return [(button["text"], button["callback_data"]) for row in rows for button in row]


@dataclass(frozen=True)
class Trouble:
    """An answer other than the usual one.

    Attributes:
        status: Of the answer; None cuts the connection after the call was carried out.
        happens: Whether the call is carried out all the same.
    """

    status: int | None = 500
    description: str = "Internal Server Error"
    parameters: dict[str, Any] | None = None
    happens: bool = False


@dataclass
class BotApi:
    """The server's state.

    Attributes:
        calls: Every call that was carried out, in order.
        trouble: Asked before every call; what it returns is answered instead.
        slow_seconds: How long every answer takes.
    """

    port: int = 0
    calls: list[Call] = field(default_factory=list)
    queue: list[dict[str, Any]] = field(default_factory=list)
    trouble: Callable[[str, dict[str, Any]], Trouble | None] = lambda _method, _given: None
    slow_seconds: float = 0.0
    batch: int = 100
    shuffle: random.Random | None = None
    _next_message: int = 1000
    _next_update: int = 500
    lock: threading.RLock = field(default_factory=threading.RLock)
    news: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def of(self, *methods: str, chat: int | None = None) -> list[Call]:
        """Calls of these methods, of one chat where one is given."""
        with self.lock:
            return [c for c in self.calls if c.method in methods and (chat is None or c.chat == chat)]

    def texts(self, chat: int) -> list[str]:
        """What was said in a chat, in order."""
        return [call.text for call in self.of("sendMessage", chat=chat)]

    def put(self, kind: str, content: dict[str, Any]) -> int:
        """Queue an update; return its number."""
        with self.lock:
            self._next_update += 1
            self.queue.append({"update_id": self._next_update, kind: content})
            number = self._next_update
        with self.news:
            self.news.notify_all()
        return number

    def new_message_id(self) -> int:
        with self.lock:
            self._next_message += 1
            return self._next_message

    # --- methods of the Bot API

    def carry_out(self, method: str, given: dict[str, Any]) -> Any:
        made = self.new_message_id() if method in ("sendMessage", "sendDocument") else None
        with self.lock:
            self.calls.append(Call(method, given, time.monotonic(), made))
        if made is not None:
            message: dict[str, Any] = {
                "message_id": made, "date": 1, "chat": {"id": int(given["chat_id"]), "type": "private"},
            }  # fmt: skip
            return {**message, "text": given.get("text", "")} if method == "sendMessage" else message
        if method == "getMe":
            return {"id": 110201543, "is_bot": True, "first_name": "Careline", "username": "careline_bot"}
        if method == "getUpdates":
            return self._updates(given)
        return True

    def _updates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        offset, until = int(given.get("offset", 0)), time.monotonic() + min(float(given.get("timeout", 0)), 2.0)
        while True:
            with self.lock:
                self.queue = [update for update in self.queue if update["update_id"] >= offset]
                found = self.queue[: min(self.batch, int(given.get("limit", 100)))]
            if found or time.monotonic() >= until:
                break
            with self.news:
                self.news.wait(0.1)
        if self.shuffle is not None and found:
            found = [each for each in found for _ in range(self.shuffle.randint(1, 5))]
            self.shuffle.shuffle(found)
        return found


def _given(headers: Any, body: bytes) -> dict[str, Any]:
    kind = headers.get("content-type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        return dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
    if kind.startswith("multipart/"):
        parsed: Any = BytesParser().parsebytes(b"content-type: " + kind.encode() + b"\r\n\r\n" + body)
        return {
            str(part.get_param("name", header="content-disposition")): (part.get_payload(decode=True) or b"").decode()
            for part in parsed.get_payload()
        }
    return dict(json.loads(body)) if body else {}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


@contextlib.contextmanager
def running_bot_api(**given: Any) -> Iterator[BotApi]:
    """Run the server until the end of the block."""
    api = BotApi(**given)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            body = self.rfile.read(length)
            if len(body) < length:
                self.close_connection = True
                return  # who sent it died in the middle
            _, bot, method = self.path.split("/", 2)
            if bot != f"bot{TOKEN}":
                self._answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
                return
            given = _given(self.headers, body)
            time.sleep(api.slow_seconds)
            trouble = api.trouble(method, given)
            if trouble is not None:
                if trouble.happens:
                    api.carry_out(method, given)
                if trouble.status is None:
                    self.close_connection = True
                    return
                answer = {"ok": False, "error_code": trouble.status, "description": trouble.description}
                if trouble.parameters is not None:
                    answer["parameters"] = trouble.parameters
                self._answer(trouble.status, answer)
                return
            self._answer(200, {"ok": True, "result": api.carry_out(method, given)})

        def _answer(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            with contextlib.suppress(OSError):  # who asked may be gone
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_given: object) -> None:
            pass

    server = _Server(("127.0.0.1", api.port), Handler)
    api.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class TelegramPatient:
    """A person in a private chat with the bot."""

    def __init__(self, api: BotApi, chat: int, *, language: str = "en", wait_seconds: float = 15.0) -> None:
        self.api = api
        self.chat = chat
        self._language = language
        self._wait_seconds = wait_seconds
        self._seen = 0
        self.said: list[Call] = []

    @property
    def user(self) -> dict[str, Any]:
        return {"id": self.chat, "is_bot": False, "first_name": "Robin", "language_code": self._language}

    @property
    def place(self) -> dict[str, Any]:
        return {"id": self.chat, "type": "private", "first_name": "Robin"}

    def message(self, **content: Any) -> dict[str, Any]:
        """A message as Telegram has it, not queued."""
        return {"message_id": self.api.new_message_id(), "date": 1, "from": self.user, "chat": self.place, **content}

    def post(self, **content: Any) -> dict[str, Any]:
        """Send something; return the message."""
        message = self.message(**content)
        self.api.put("message", message)
        return message

    def write(self, text: str) -> list[str]:
        """Write something and wait for the answer; return what was said."""
        self.post(text=text)
        return self.hear()

    def edit(self, message: dict[str, Any], text: str) -> list[str]:
        self.api.put("edited_message", {**message, "edit_date": 2, "text": text})
        return self.hear()

    def press(self, title: str, *, below: Call | None = None) -> list[str]:
        """Press the newest button with that title, and wait for what is said."""
        self.push(title, below=below)
        return self.hear()

    def push(self, title: str, *, below: Call | None = None) -> None:
        """Press a button, and wait for nothing."""
        message, data = self._button(title, below)
        self.api.put(
            "callback_query",
            {
                "id": str(self.api.new_message_id()),
                "from": self.user,
                "chat_instance": "1",
                "message": {"message_id": message, "date": 1, "chat": self.place, "text": "…"},
                "data": data,
            },
        )

    def keyboards(self) -> dict[int, list[tuple[str, str]]]:
        """Buttons that stand below each message now."""
        shown: dict[int, list[tuple[str, str]]] = {}
        for call in self.api.of("sendMessage", "editMessageReplyMarkup", chat=self.chat):
            number = call.sent if call.method == "sendMessage" else int(call.given["message_id"])
            assert number is not None
            shown[number] = call.buttons
        return shown

    def buttons(self) -> list[str]:
        """Titles of all buttons that can be pressed now."""
        return [title for row in self.keyboards().values() for title, _ in row]

    def title_of(self, message: dict[str, Any], value: str) -> str:
        """What the button of an option says; `message` is as the HTTP contract has it."""
        index = next(n for n, option in enumerate(message["options"]) if option["value"] == value)
        ends = (f":{message['id']}:o:{index}", f":{message['id']}:t:{index}")
        rows = self.keyboards().values()
        return next(title for row in rows for title, data in row if data.endswith(ends))

    def _button(self, title: str, below: Call | None) -> tuple[int, str]:
        if below is not None and below.sent is not None:
            return below.sent, next(data for each, data in below.buttons if each == title)
        for number, buttons in sorted(self.keyboards().items(), reverse=True):
            for each, data in buttons:
                if each == title:
                    return number, data
        raise AssertionError(f"no button {title!r} among {self.buttons()}")

    def hear(self, *, at_least: int = 1) -> list[str]:
        """Wait until something is said, and nothing more for a moment; return it."""
        until = time.monotonic() + self._wait_seconds
        quiet_since, count = time.monotonic(), self._seen
        while time.monotonic() < until:
            calls = self._answers()
            if len(calls) != count:
                count, quiet_since = len(calls), time.monotonic()
            if count >= self._seen + at_least and time.monotonic() - quiet_since > 0.4:
                break
            time.sleep(0.02)
        calls = self._answers()
        said = calls[self._seen :]
        self._seen = len(calls)
        self.said += said
        assert len(said) >= at_least, "nothing was said"
        return [call.given.get("text") or call.given.get("caption") or "" for call in said]

    def hear_nothing(self, seconds: float = 1.0) -> None:
        """Wait, and make sure that nothing is said."""
        time.sleep(seconds)
        assert self._answers()[self._seen :] == []

    def _answers(self) -> list[Call]:
        return answers(self.api.of("sendMessage", "sendDocument", chat=self.chat))


def answers(calls: list[Call]) -> list[Call]:
    """What was said; without the notice that an answer takes long, which a busy machine brings at any point."""
    return [call for call in calls if not str(call.given.get("text", "")).removeprefix(AGAIN).startswith(TAKES_LONG)]


def by_chat(calls: list[Call]) -> dict[int, list[Call]]:
    """Calls sorted by chat."""
    sorted_calls: dict[int, list[Call]] = defaultdict(list)
    for call in calls:
        sorted_calls[call.chat].append(call)
    return sorted_calls
