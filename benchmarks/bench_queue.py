"""From a patient's red flag to the row in a clinician's open queue, in a real browser; the aim is one second.

Measured from just before the message is sent to the moment at which the row stands in the page, by the clock of this
machine, which app, patient and browser share. The app runs without Rasa, which a red flag does not wait for.
Absolute times depend on the machine and its load, which are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from rich.console import Console

from careline.escalation.escalation import Acuity, Clinician, Closing, Reason
from careline.escalation.queue import View
from tests.support.chromium import ARGUMENTS, installed_chromium
from tests.support.served import Served, browsing, served

RED_FLAG = "I have chest pain going into my left arm"
AIM_MS = 1000.0
BEN = Clinician("sta_ben", "Ben Example", "nurse")

# The browser notes when a row is first in the page, so that asking for it costs nothing.
_WATCH = """() => {
  window.seenAt = {};
  const look = () => document.querySelectorAll('#cases a[href^="/console/cases/"]').forEach((link) => {
    const id = link.getAttribute('href').split('/').pop();
    window.seenAt[id] = window.seenAt[id] ?? performance.timeOrigin + performance.now();
  });
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
}"""


def measured(page: Page, house: Served, runs: int, waiting: int) -> list[tuple[float, float]]:
    """Return for each run the milliseconds to the patient's answer and to the row in the queue.

    Args:
        page: A clinician's browser.
        house: The running app.
        runs: How many patients write, one after the other.
        waiting: Cases that are in the queue already.
    """
    for _ in range(waiting):
        house.careline.desk.open(Reason.EXTERNAL, Acuity.ROUTINE, conversation_id=None, note=None)
    page.goto(f"{house.url}/console/queue")
    page.wait_for_function("document.getElementById('connection').textContent === 'Live'")
    page.evaluate(_WATCH)
    taken = []
    for _ in range(runs):
        patient = house.patient()
        began = time.time()
        patient.write(RED_FLAG)
        answered = time.time()
        case = patient.turn["escalation"]["id"]
        seen = page.wait_for_function("(id) => window.seenAt[id]", arg=case).json_value() / 1000
        taken.append(((answered - began) * 1000, (seen - began) * 1000))
        house.careline.handling.close(case, BEN, Closing("advised", "ed_now", "Call back if it gets worse."))
    for one in house.careline.queue.rows(View.ALL, staff_id="nobody"):
        house.careline.handling.close(one.id, BEN, Closing("advised", "routine", "Come back."))
    return taken


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="patients, one after the other (20)")
    parser.add_argument("--waiting", type=int, default=50, help="cases that wait in the queue already (50)")
    parser.add_argument("--json", action="store_true", help="print for programs")
    arguments = parser.parse_args()
    load_before = os.getloadavg()
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), doctor="Dr Example") as house:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=installed_chromium(), args=ARGUMENTS)
            with browsing(browser, house, "doctor") as page:
                taken = measured(page, house, arguments.runs, arguments.waiting)
            browser.close()
    answers, rows = [answer for answer, _ in taken], [row for _, row in taken]
    figures = {
        "runs": len(rows),
        "waiting": arguments.waiting,
        "row_p50_ms": statistics.median(rows),
        "row_max_ms": max(rows),
        "answer_p50_ms": statistics.median(answers),
        "answer_max_ms": max(answers),
        "aim_ms": AIM_MS,
        "load_before": load_before,
        "load_after": os.getloadavg(),
        "cores": os.cpu_count(),
    }
    if arguments.json:
        print(json.dumps(figures, indent=2))
        return 0
    console = Console(width=110)
    console.print(f"Red flag sent to row in an open queue, {len(rows)} runs, {arguments.waiting} cases waiting:")
    for name, (half, most) in {
        "row in the browser": (statistics.median(rows), max(rows)),
        "patient's answer": (statistics.median(answers), max(answers)),
    }.items():
        console.print(f"  {name}: p50 {half:.0f} ms, max {most:.0f} ms")
    console.print(f"  aim {AIM_MS:.0f} ms; within it: {sum(row <= AIM_MS for row in rows)} of {len(rows)}")
    before, after = (", ".join(f"{part:.2f}" for part in load) for load in (load_before, os.getloadavg()))
    console.print(f"  load before: {before}; after: {after}; cores: {os.cpu_count()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
