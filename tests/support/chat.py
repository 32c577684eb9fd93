"""The chat page without a browser and without script: keeps cookies, sends the forms that it is shown."""

from __future__ import annotations

import html
import re
from typing import Any

from careline.channels.web.chat_session import SESSION_FIELD
from tests.support.house import reassuring

SAME = {"Sec-Fetch-Site": "same-origin"}


class ChatBrowser:
    """Opens the chat and sends its forms.

    Attributes:
        keeps_cookies: Whether it does; in a frame of another site it may not.
        led_to: The part of the page that the last answer led to; empty for its top.
    """

    def __init__(self, client: Any, *, keeps_cookies: bool = True) -> None:
        self.client = client
        self.keeps_cookies = keeps_cookies
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []
        self.page: Any = None
        self.led_to = ""

    def request(self, method: str, path: str, *, data: Any = None, headers: Any = None) -> Any:
        """Send a request; follow where it leads."""
        for _ in range(4):
            sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} | (headers or {})
            self.client.cookies.clear()
            self.page = self.client.request(method, path, data=data, headers=sent, follow_redirects=False)
            self._keep(self.page.headers.get_list("set-cookie"))
            if self.page.status_code != 303:
                break
            method, path, data = "GET", self.page.headers["location"], None
            self.led_to = path.partition("#")[2]
        return self.page

    def _keep(self, headers: list[str]) -> None:
        self.set_cookies += headers
        for header in headers if self.keeps_cookies else ():
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies.pop(name, None)
            if "Max-Age=0" not in header:
                self.cookies[name] = value

    def open(self, query: str = "") -> Any:
        return self.request("GET", f"/chat{query}")

    def start(self, query: str = "", **fields: str) -> Any:
        """Open the page and begin."""
        self.open(query)
        return self.send("/chat/open", **fields)

    def send(self, path: str = "/chat/send", **fields: Any) -> Any:
        """Send a form, with the hidden fields of the page that carries them."""
        hidden = dict(re.findall(rf'name="(site|{SESSION_FIELD})" value="([^"]*)"', self.page.text))
        return self.request("POST", path, data={**hidden, **fields}, headers=SAME)

    def write(self, text: str, **fields: str) -> Any:
        return self.send(text=text, key=self.key, **fields)

    def press(self, value: Any, **fields: Any) -> Any:
        return self.send(reply_to=self.reply_to, value=value, key=self.key, **fields)

    @property
    def key(self) -> str:
        return re.findall(r'name="key" value="([^"]*)"', self.page.text)[-1]

    @property
    def reply_to(self) -> str:
        return re.findall(r'name="reply_to" value="([^"]*)"', self.page.text)[0]

    @property
    def text(self) -> str:
        body = re.sub(r"<(script|style).*?</\1>", " ", self.page.text, flags=re.DOTALL)
        return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", body).split()))

    @property
    def messages(self) -> list[str]:
        """The messages shown, each with who says it."""
        found = re.findall(r'<li class="m .*?</li>(?=\s*(?:<li class="m|</ol>))', self.page.text, re.DOTALL)
        return [html.unescape(" ".join(re.sub(r"<[^>]*>", " ", one).split())) for one in found]

    def answer_all(self, patient_question: Any, answers: dict[str, Any], *, most: int = 45) -> None:
        """Answer as somebody without worrying signs would, until there is nothing more to answer.

        `patient_question` returns the id and input of the question that is awaited.
        """
        for _ in range(most):
            question_id, given = patient_question()
            if question_id is None:
                return
            if question_id == "complaint":
                self.write(answers["complaint"])
                continue
            value = answers.get(question_id, reassuring(question_id))
            if given["type"] == "number" and isinstance(value, dict):
                self.send(reply_to=self.reply_to, kind="number", key=self.key, **value)
            elif given["type"] == "multi":
                self.press(value, kind="several")
            else:
                self.press(value)
        raise AssertionError(f"no end after {most} questions")
