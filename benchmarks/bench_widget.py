"""How soon the chat can be used on a slow phone, beside other chat widgets in the same run.

Every page is loaded cold by a real Chromium, throttled to 400 kbit/s, 400 ms a round trip and a sixth of this machine's
speed. The clock is the page's own, from the navigation (or the click on the button) to the first picture in which the
thing is there. The others come from npm as published and are served from this machine, compressed; they are shown on a
bare page without a service behind them, which is the best case for them.

Run: python -m benchmarks.bench_widget. Needs npm for the others; without it they are left out, and that is said.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import http.server
import json
import math
import os
import shutil
import statistics
import subprocess
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as NotSeenError
from rich.console import Console
from rich.table import Table

from tests.support.chromium import ARGUMENTS, installed_chromium
from tests.support.installation import free_port
from tests.support.served import NARROW, served
from tests.support.widget import host_page

KILOBITS, ROUND_TRIP_MS, SLOWDOWN = 400, 400, 6
EMERGENCY_AIM_S, WRITE_AIM_S = 1.5, 2.5
LONGEST_WAIT_MS = 60_000  # what is not seen by then is given as "inf"

# A frame of another site is else a process of its own, which the slow line, the slow processor and the count of bytes
# do not reach.
_FRAME_INSIDE = ["--disable-site-isolation-trials", "--disable-features=IsolateOrigins,site-per-process"]

_SITES = "sites: [{{id: front, origins: ['http://hospital.localhost:{port}'], name: Example Hospital}}]"

# Notes the first picture in which a selector's element is shown, in shadow trees too.
_WATCH = """(wanted) => {
  window.seen = {};
  const find = (root, selector) => {
    const hit = root.querySelector(selector);
    if (hit) return hit;
    for (const one of root.querySelectorAll('*')) {
      const inner = one.shadowRoot && find(one.shadowRoot, selector);
      if (inner) return inner;
    }
    return null;
  };
  const look = () => {
    for (const [name, selector] of Object.entries(wanted)) {
      if (name in window.seen || !document.documentElement) continue;
      const it = find(document, selector);
      if (it && it.getClientRects().length) window.seen[name] = performance.now();
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


@dataclass(frozen=True)
class Other:
    """Another widget.

    Attributes:
        package: What npm calls it.
        file: What a page loads of it.
        body: Where it is shown.
        found_by: What is waited for, as a selector.
        start: The script that shows it.
    """

    package: str
    file: str
    body: str
    found_by: str
    start: str = ""


OTHERS = (
    Other("deep-chat@2.4.2", "dist/deepChat.bundle.js", '<deep-chat demo="true"></deep-chat>', "#text-input"),
    Other(
        "rasa-webchat@1.0.1",
        "lib/index.js",
        '<div id="webchat"></div>',
        ".rw-new-message",
        # Told to wait for no server: else it shows nothing until one has confirmed a session.
        "WebChat.default({socketUrl: location.origin, title: 'Chat', embedded: true, withRules: false, "
        "hideWhenNotConnected: false}, document.getElementById('webchat'))",
    ),
    Other(
        "botframework-webchat@4.18.1",
        "dist/webchat.js",
        '<div id="webchat"></div>',
        "input[data-id='webchat-sendbox-input'], textarea[data-id='webchat-sendbox-input']",
        "WebChat.renderWebChat({directLine: WebChat.createDirectLine({token: 'none', domain: location.origin})}, "
        "document.getElementById('webchat'))",
    ),
)


@dataclass(frozen=True)
class Row:
    """What was measured of one page: seconds, and kilobytes that came over the wire."""

    what: str
    seconds: dict[str, list[float]]
    kilobytes: float


@contextlib.contextmanager
def slow_page(browser: Browser, wanted: dict[str, str]) -> Iterator[tuple[Page, list[int]]]:
    """Yield a fresh, throttled phone page that notes when what is wanted is first seen, and the bytes it received."""
    context = browser.new_context(viewport=NARROW)
    page = context.new_page()
    page.set_default_timeout(LONGEST_WAIT_MS)
    page.add_init_script(f"({_WATCH})({json.dumps(wanted)})")
    session = context.new_cdp_session(page)
    received: list[int] = []
    session.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    session.send("Network.enable")
    bytes_a_second = KILOBITS * 1000 / 8
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": ROUND_TRIP_MS,
            "downloadThroughput": bytes_a_second,
            "uploadThroughput": bytes_a_second,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    yield page, received
    context.close()


def seen(page: Page, name: str) -> float:
    """Return the second at which it was first seen."""
    milliseconds = page.wait_for_function("(name) => window.seen && window.seen[name]", arg=name).json_value()
    return float(milliseconds) / 1000


def ours_alone(browser: Browser, url: str, runs: int) -> Row:
    """The chat page by itself, up to the field to write in once the patient has begun."""
    wanted = {"emergency line": "#standing", "start": ".start button.main"}
    times: dict[str, list[float]] = {"emergency line": [], "start": [], "field to write in": []}
    weight = []
    for _ in range(runs):
        with slow_page(browser, wanted) as (page, received):
            page.goto(f"{url}/chat?country=GB")
            times["emergency line"].append(seen(page, "emergency line"))
            times["start"].append(seen(page, "start"))
            page.wait_for_load_state("networkidle")
            weight.append(sum(received) / 1024)
        with slow_page(browser, {"field": "#composer textarea"}) as (page, received):
            page.goto(f"{url}/chat?country=GB")
            page.locator(".start button.main").click()
            page.wait_for_function("document.body.dataset.page === 'chat'")
            times["field to write in"].append(seen(page, "field"))
    return Row("Careline, /chat", times, statistics.median(weight))


def ours_embedded(browser: Browser, url: str, host_port: int, runs: int) -> Row:
    """The button in a page of another site, and the chat from the click on it."""
    times: dict[str, list[float]] = {"button": [], "chat, from the click": []}
    weight = []
    with host_page(host_port, f"{url}/widget/loader.js?site=front", url) as address:
        for _ in range(runs):
            with slow_page(browser, {}) as (page, received):
                page.goto(address, wait_until="commit")
                button = page.get_by_role("button", name="Get health help")
                button.wait_for()
                times["button"].append(float(page.evaluate("performance.now()")) / 1000)
                began = time.perf_counter()
                button.click()
                page.frame_locator("iframe").locator(".start button.main").wait_for()
                times["chat, from the click"].append(time.perf_counter() - began)
                weight.append(sum(received) / 1024)
    return Row("Careline, embedded", times, statistics.median(weight))


def other_widgets(browser: Browser, folder: Path, runs: int) -> list[Row]:
    """The others, each on a bare page."""
    rows = []
    for other in OTHERS:
        with served_alone(folder, other) as address:
            times: list[float] = []
            weight = []
            for _ in range(runs):
                with slow_page(browser, {"it": other.found_by}) as (page, received):
                    page.goto(address, wait_until="commit")
                    try:
                        times.append(seen(page, "it"))
                    except NotSeenError:
                        times.append(math.inf)
                    weight.append(sum(received) / 1024)
            rows.append(Row(other.package.replace("@", " "), {"field to write in": times}, statistics.median(weight)))
    return rows


@contextlib.contextmanager
def served_alone(folder: Path, other: Other) -> Iterator[str]:
    """Serve another widget, compressed, on a bare page; return the page's address."""
    script = (folder / other.package.rpartition("@")[0] / "package" / other.file).read_bytes()
    kind = ' type="module"' if other.package.startswith("deep-chat") else ""
    page = (
        '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Page</title>'
        f'<body>{other.body}<script{kind} src="/widget.js"></script><script>{other.start}</script></body></html>'
    ).encode()
    packed = {"/": ("text/html", gzip.compress(page)), "/widget.js": ("text/javascript", gzip.compress(script))}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = packed.get(self.path, ("text/plain", b""))
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            if content:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def fetch_others(folder: Path) -> None:
    """Fetch the other widgets from npm and unpack them."""
    for other in OTHERS:
        target = folder / other.package.rpartition("@")[0]
        target.mkdir(parents=True)
        command = [shutil.which("npm") or "npm", "pack", "--silent", other.package]
        done = subprocess.run(command, cwd=target, capture_output=True, text=True, check=True, timeout=300)
        with tarfile.open(target / done.stdout.strip().splitlines()[-1]) as archive:
            archive.extractall(target, filter="data")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="cold loads of each page (5)")
    runs = parser.parse_args().runs
    console = Console(width=120)
    rows: list[Row] = []
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed_chromium(), args=[*ARGUMENTS, *_FRAME_INSIDE])
        host_port = free_port()
        (Path(temporary) / "var").mkdir()
        (Path(temporary) / "var" / "sites.yml").write_text(_SITES.format(port=host_port), encoding="utf-8")
        with served(Path(temporary)) as house:
            rows.append(ours_alone(browser, house.url, runs))
            rows.append(ours_embedded(browser, house.url, host_port, runs))
        if shutil.which("npm"):
            fetch_others(Path(temporary) / "others")
            rows += other_widgets(browser, Path(temporary) / "others", runs)
        else:
            console.print("npm is missing: the other widgets are left out.")
        browser.close()
    table = Table("page", "what", "median s", "slowest s", "aim s", "KiB received")
    aims = {"emergency line": EMERGENCY_AIM_S, "field to write in": WRITE_AIM_S}
    for row in rows:
        for what, seconds in row.seconds.items():
            aim = f"{aims[what]}" if what in aims and row.what == "Careline, /chat" else ""
            middle, slowest = statistics.median(seconds), max(seconds)
            table.add_row(row.what, what, f"{middle:.2f}", f"{slowest:.2f}", aim, f"{row.kilobytes:.1f}")
    console.print(
        f"Cold loads at {KILOBITS} kbit/s, {ROUND_TRIP_MS} ms a round trip, a {SLOWDOWN}th of the speed; {runs} runs"
    )
    console.print(table)
    console.print(f"load before: {load_before:.2f}, after: {os.getloadavg()[0]:.2f}; {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
