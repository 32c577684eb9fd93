"""Watching a browser's page: a request elsewhere, a script error, or something that the security policy blocked."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Route

# A refusal, or a network that was cut on purpose, is no error of the page.
CUT = ("status of 4", "net::ERR", "Failed to fetch")


def is_here(url: str) -> bool:
    """Whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    return url.startswith(("data:", "blob:")) or host in ("127.0.0.1", "localhost") or host.endswith(".localhost")


@contextlib.contextmanager
def nothing_foreign_in(watched: Page | BrowserContext, *, let_pass: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """Watch a page, or all pages of a context; at the end nothing was foreign, broken or forbidden."""
    bad: list[str] = []

    def watch(route: Route) -> None:
        if is_here(route.request.url):
            route.continue_()
        else:
            bad.append(route.request.url)
            route.abort()

    watched.route("**/*", watch)
    watched.on("console", lambda message: bad.append(message.text) if message.type == "error" else None)
    if isinstance(watched, BrowserContext):
        watched.on("weberror", lambda error: bad.append(str(error.error)))
    else:
        watched.on("pageerror", lambda error: bad.append(str(error)))
    yield bad
    assert not [each for each in bad if not any(words in each for words in let_pass)], bad
