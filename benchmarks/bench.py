"""What a turn costs: the budgets of docs/architecture.md, measured on a real installation in one run.

Absolute times depend on the machine and its load, which are printed; compare rows of one run, not runs.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from careline.clinical.rulebook import load_rule_book
from careline.clinical.understanding.lexicon import Lexicon
from careline.consultation.consultation import Consultation, House, Incoming, Stage
from careline.consultation.memory import Memory
from careline.consultation.release import ContentRelease
from careline.consultation.screening import screen
from careline.consultation.wording import Wording
from careline.guidance.encoder import OnnxEncoder
from careline.guidance.index import FaissPassageIndex
from careline.guidance.search import GuidanceSearch, SearchFilter
from tests.support.house import START, Clock, Patient, reassuring
from tests.support.installation import BUILT, Running, resident_megabytes, running

MESSAGES = (
    "I've had a sore throat for two days, no fever, and it hurts a bit when I swallow",
    "my 4 year old has had a temperature of 38.5 since last night and is drinking fine",
    "bad headache since this morning, took paracetamol, no stiff neck, light is ok",
    "been sick 3 times today and my tummy hurts but no blood or anything",
    "my back hurts since i lifted a sofa on saturday, no numbness, can walk ok",
    "cough for a week, bringing up green stuff, a bit tired",
)
ADULT = {"q_age": {"number": 24, "unit": "years"}, "q_sex": "female", "q_for_whom": "self"}


def timed(run: Callable[[], object], times: int) -> list[float]:
    """Return the milliseconds that each of `times` runs took."""
    gc.collect()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def calibration() -> list[float]:
    """A fixed piece of work, so that rows can be read as ratios."""
    return timed(lambda: sum(number * number for number in range(20_000)), 50)


def screens() -> list[float]:
    """Screen messages of several kinds, without the web around it."""
    book = load_rule_book(Path("knowledge"))
    release = ContentRelease("bench", book, Lexicon.of(book))
    house = House(Wording(Path("knowledge/wording")), "Bench", False, False, "0", Clock(START))

    def once(text: str) -> Callable[[], object]:
        return lambda: screen(
            Consultation("con_bench", house, release, Stage.INTAKE, Memory(consented=True)),
            Incoming(1, text=text),
            release,
        )

    return [ms for text in MESSAGES for ms in timed(once(text), 50)]


def searches() -> list[float]:
    """Search the built index."""
    encoder = OnnxEncoder(BUILT / "models" / "encoder")
    newest = (BUILT / "releases" / "current").read_text().strip()
    search = GuidanceSearch(FaissPassageIndex.load(BUILT / "releases" / newest, encoder), encoder)
    filters = SearchFilter(today=START.date())
    return [ms for text in MESSAGES for ms in timed(partial(search.search, text, filters), 20)]


def turns(installation: Running, consultations: int) -> Iterator[tuple[str, float]]:
    """Yield what each turn of whole consultations took, by the way it went."""
    with httpx.Client(base_url=installation.url, timeout=20, trust_env=False) as client:
        for _ in range(consultations):
            patient = Patient(client)
            yield "first words, before consent", _ms(partial(patient.write, "sore throat for two days"))
            yield "consent", _ms(patient.agree)
            while not patient.turn["final"]:
                question_id = patient.question["data"]["question_id"]
                value = ADULT.get(question_id) or reassuring(question_id)
                yield "answer by button, through Rasa", _ms(partial(patient.press, value))
            question = "can i gargle with salt water for my sore throat?"
            yield "question in plain words, through Rasa", _ms(partial(patient.write, question))
            yield "emergency card", _ms(partial(Patient(client).write, "my dad is not breathing"))


def _ms(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def rasa_alone(installation: Running) -> list[float]:
    """Rasa's own part of a turn: classifying, without an action (an unknown action listener is not called)."""
    token = _rasa_token(installation)
    url = _rasa_url(installation)
    with httpx.Client(base_url=url, timeout=10, trust_env=False) as client:
        return timed(
            lambda: client.post("/model/parse", params={"token": token}, json={"text": MESSAGES[0]}).raise_for_status(),
            60,
        )


def _command(installation: Running) -> list[str]:
    return Path(f"/proc/{installation.rasa_pid}/cmdline").read_bytes().decode().split("\0")


def _rasa_token(installation: Running) -> str:
    words = _command(installation)
    return words[words.index("--auth-token") + 1]


def _rasa_url(installation: Running) -> str:
    words = _command(installation)
    return f"http://127.0.0.1:{words[words.index('--port') + 1]}"


def row(name: str, taken: list[float], unit: float) -> dict[str, Any]:
    """Return a row of the table; `unit` is what the calibration took."""
    ordered = sorted(taken)
    p50, p95 = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    return {"what": name, "n": len(ordered), "p50_ms": p50, "p95_ms": p95, "times_calibration": p50 / unit}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--consultations", type=int, default=20, help="whole consultations to run (20)")
    parser.add_argument("--json", action="store_true", help="print for programs")
    arguments = parser.parse_args()
    load_before = os.getloadavg()
    unit = statistics.median(calibration())
    rows = [row("screen of one message", screens(), unit), row("search of guidance", searches(), unit)]
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as installation:
        rows.append(row("Rasa: understanding one message", rasa_alone(installation), unit))
        by_kind: dict[str, list[float]] = {}
        for kind, taken in turns(installation, arguments.consultations):
            by_kind.setdefault(kind, []).append(taken)
        rows += [row(f"turn: {kind}", taken, unit) for kind, taken in by_kind.items()]
        figures = {
            "start_to_ready_seconds": installation.seconds_to_ready,
            "app_resident_megabytes": resident_megabytes(installation.app_pid),
            "rasa_resident_megabytes": resident_megabytes(installation.rasa_pid),
            "load_before": load_before,
            "load_after": os.getloadavg(),
            "cores": os.cpu_count(),
            "calibration_ms": unit,
        }
    if arguments.json:
        print(json.dumps({"rows": rows, "figures": figures}, indent=2))
        return
    table = Table(title="What a turn costs")
    for heading in ("what", "n", "p50 ms", "p95 ms", "x calibration"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for each in rows:
        table.add_row(
            each["what"],
            str(each["n"]),
            f"{each['p50_ms']:.2f}",
            f"{each['p95_ms']:.2f}",
            f"{each['times_calibration']:.1f}",
        )
    console = Console(width=110)
    console.print(table)
    for name, figure in figures.items():
        shown = ", ".join(f"{part:.2f}" for part in figure) if isinstance(figure, tuple) else f"{figure:.2f}"
        console.print(f"{name.replace('_', ' ')}: {shown}")


if __name__ == "__main__":
    main()
