"""A browser at the staff consoles without the browser: keeps cookies, sends forms as pages do, reads the pages."""

from __future__ import annotations

import html
import re
from typing import Any

from fastapi.testclient import TestClient

from tests.support.staff import PASSWORD, Person

FORM = {"Sec-Fetch-Site": "same-origin"}


class ConsoleBrowser:
    """Opens pages and sends their forms."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.cookies: dict[str, str] = {}
        self.page: Any = None

    def request(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} | more.pop("headers", {})
        self.client.cookies.clear()
        self.page = self.client.request(method, path, headers=headers, follow_redirects=False, **more)
        for name, value in self.page.cookies.items():
            self.cookies[name] = value
        for header in self.page.headers.get_list("set-cookie"):
            if "Max-Age=0" in header:
                self.cookies.pop(header.split("=")[0], None)
        return self.page

    def open(self, path: str, **more: Any) -> Any:
        """Open a page; follow where it leads."""
        self.request("GET", path, **more)
        return self.follow()

    def follow(self) -> Any:
        for _ in range(5):
            if self.page.status_code != 303:
                break
            self.request("GET", self.page.headers["location"])
        return self.page

    @property
    def form_token(self) -> str:
        found = re.search(r'name="form_token" value="([^"]*)"', self.page.text)
        return found.group(1) if found else ""

    def send(self, path: str, /, **fields: Any) -> Any:
        """Send a form of the page that is open; follow where it leads."""
        self.request("POST", path, data={"form_token": self.form_token, **fields}, headers=FORM)
        return self.follow()

    @property
    def heading(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page.text, re.DOTALL)
        return html.unescape(re.sub(r"<[^>]*>", "", found.group(1))).strip() if found else ""

    @property
    def text(self) -> str:
        return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", self.page.text).split()))

    def sign_in(self, who: Person, password: str = PASSWORD) -> Any:
        self.open("/console/sign-in")
        self.send("/console/sign-in", user_name=who.user_name, password=password)
        return self.send("/console/sign-in/code", code=who.next_code())


def signed_in_browser(client: TestClient, who: Person) -> ConsoleBrowser:
    """A browser in which somebody is signed in."""
    browser = ConsoleBrowser(client)
    browser.sign_in(who)
    assert "sign-in" not in str(browser.page.url), browser.text
    return browser
