"""A page of another site that embeds the chat, and a patient who clicks through it in a real browser."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Locator, Page, expect

AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}

# A word of a sentence that opens its meaning is as high as its line.
_TOO_SMALL = """() => [...document.querySelectorAll('a[href], button:not(.term), summary, textarea, select, input')]
    .filter(it => it.type !== 'hidden' && it.checkVisibility())
    .map(it => ['checkbox', 'radio'].includes(it.type) ? it.closest('label') : it)
    .map(it => [it.outerHTML.slice(0, 90), it.getBoundingClientRect()])
    .filter(([, box]) => Math.min(box.width, box.height) < 43.9).map(([html, box]) => [html, box.width, box.height])"""

_GAP_AFTER = """link => {
    const range = document.createRange()
    range.selectNodeContents(link)
    const { right } = range.getBoundingClientRect()
    range.selectNodeContents(link.nextSibling)
    return range.getBoundingClientRect().left - right
}"""

_HOST_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hospital</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Hospital</h1><p>Welcome.</p><a href="#x">A link</a></main>
<script src="{loader}"{attributes} async></script></body></html>"""


@contextlib.contextmanager
def host_page(port: int, loader: str, home: str, attributes: str = "") -> Iterator[str]:
    """Serve a page whose policy lets only the loader and its frame in; return its address."""
    policy = f"default-src 'none'; script-src {home}; frame-src {home}; style-src 'none'; img-src 'self'"
    body = _HOST_PAGE.format(loader=loader, attributes=attributes).encode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body if self.path == "/" else b"")

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://hospital.localhost:{port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def begin(page: Page | Frame) -> None:
    """Press start, and agree."""
    page.get_by_role("button", name="Start the chat").click()
    page.locator("#reply [value=agree]").wait_for()
    press(page, "I agree")


def press(page: Page | Frame, title: str) -> None:
    """Press one of the buttons of the place for the answer, and wait for what comes next."""
    was = awaited(page)
    page.locator("#reply").get_by_role("button", name=title, exact=True).click()
    until_next(page, was)


def awaited(page: Page | Frame) -> str:
    """What tells one place for an answer from the next."""
    return str(page.evaluate("document.body.dataset.reply"))


def until_next(page: Page | Frame, was: str) -> None:
    """Wait until the next place for an answer stands, and stays: live news may bring one before the turn has ended."""
    page.wait_for_function(
        "was => document.body.dataset.reply !== was && document.getElementById('outbox').hidden", arg=was
    )


def write(page: Page | Frame, text: str) -> None:
    page.get_by_label("Write a message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def give_age(page: Page | Frame, years: str = "34") -> None:
    was = awaited(page)
    page.locator("#number").fill(years)
    page.locator("#reply [name=unit][value=years]").check()
    page.locator("#reply button.main").first.click()
    until_next(page, was)


def answer_without_worry(page: Page | Frame, most: int = 45, until: str = "[value=see_summary]") -> None:
    """Click through to the advice, or to what `until` selects: none of these, no, or not sure."""
    for _ in range(most):
        was = awaited(page)
        reply = page.locator("#reply")
        if reply.locator(until).count():
            return
        if reply.locator("input[value=none]").count():
            reply.locator("input[value=none]").check()
            reply.locator("button.main").click()
        elif reply.locator("button[value=no]").count():
            reply.locator("button[value=no]").click()
        elif reply.locator("button[value=unsure]").count():
            reply.locator("button[value=unsure]").click()
        else:
            reply.locator("button").first.click()
        until_next(page, was)
    raise AssertionError(f"no advice after {most} questions")


def assert_sound(page: Page | Frame) -> None:
    """Axe finds nothing, nothing sticks out sideways, and nothing is too small to press."""
    assert_axe_finds_nothing(page)
    assert_fits(page)


def assert_axe_finds_nothing(page: Page | Frame) -> None:
    found = Axe().run(page, options=AXE_RULES)
    assert found.violations_count == 0, found.generate_report()


def assert_fits(page: Page | Frame) -> None:
    """Nothing sticks out sideways, and all that is pressed is 44 px high and wide."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.evaluate(_TOO_SMALL) == []


def said(page: Page | Frame) -> list[str]:
    """What stands in the conversation, each message on one line."""
    return [" ".join(text.split()) for text in page.locator("#messages > li .said").all_inner_texts()]


def count_of(page: Page | Frame, words: str) -> int:
    return sum(words in one for one in said(page))


def gap_after(link: Locator) -> float:
    """How far, in px, what follows a link in its sentence stands from the link's last letter."""
    return float(link.evaluate(_GAP_AFTER))


def expect_once(page: Page | Frame, words: str) -> None:
    """Wait until a message is there; it is there once, and nothing waits to be sent."""
    expect(page.locator("#messages > li", has_text=words)).to_have_count(1)
    expect(page.locator("#outbox")).to_be_hidden()  # not even one that came down the stream before its turn had ended
