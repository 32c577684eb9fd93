"""What publishing costs: a one-article edit, signed, prepared, and from the press of "publish" until patients see it.

On the repository's content, in the process that publishes and in another one that looks for a new release as the app
does. "Live" means that a search in that process finds the edited sentence's release. Preparing runs in processes of its
own, as it does in the app; its CPU seconds are those of these processes. Absolute times depend on the machine and its
load, which are printed; CPU seconds depend on it less. Compare rows of one run, not runs.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from careline.app.background import RELEASE_SECONDS
from careline.app.content_releases import Content, ReleaseWatch
from careline.app.release_folder import load_encoder, release_files, vector_cache
from careline.app.services import editorial_room, load_content, utc_now
from careline.consultation.wording import Wording
from careline.editorial.life_cycle import TERMINAL, Actor
from careline.editorial.services import Editorial
from careline.guidance.index_build import build_index
from careline.settings import Settings
from careline.staff.account import Role
from careline.staff.services import build_staff
from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys
from tests.support.house import KNOWLEDGE, migrated_file, settings_for
from tests.support.installation import take_built_models

RUNS = 7
LOOKS = 2000
ARTICLE = "articles/cough.md"
PLACE = "## What you can do\n"
WRITER = Actor("sta_writer", frozenset({Role.EDITOR}), "Eddie Example", "Editor")
SIGNER = Actor("sta_signer", frozenset({Role.CLINICIAN}), "Dr Example", "GP")


def say(text: str) -> None:
    """Tell whoever waits; the figures go to standard output."""
    print(text, file=sys.stderr, flush=True)


def installation(folder: Path) -> Settings:
    """Return an installation whose content is the repository's, published, its vectors known."""
    knowledge = Path(shutil.copytree(KNOWLEDGE, folder / "knowledge"))
    settings = settings_for(folder, knowledge_dir=knowledge)
    take_built_models(settings.data_dir, vector_cache(settings))
    (settings.data_dir / "careline.db").write_bytes(migrated_file())
    encoder = load_encoder(settings)
    if encoder is None:
        raise SystemExit("There is no encoder. Run `make index`.")
    release_files(settings).publish(lambda copied, to: build_index(copied, to, vector_cache(settings), encoder))
    return settings


def watched(settings: Settings) -> tuple[Content, ReleaseWatch]:
    """Return what one process has in memory, and what has it serve the newest release."""
    content = load_content(settings)
    return content, ReleaseWatch(content, Wording(settings.knowledge_dir / "wording"), lambda: True)


def signed(room: Editorial, number: int) -> None:
    """Have one sentence of one article altered and signed."""
    item = room.editing.item(ARTICLE)
    text = item.revision(item.newest).text
    before, _, after = text.partition(PLACE)
    draft = room.editing.save(
        WRITER, ARTICLE, f"{before}{PLACE}\nThis is sip number {number} of warm water.\n{after}", base=item.newest
    )
    room.editing.submit(WRITER, ARTICLE, draft.number)
    room.editing.sign(SIGNER, ARTICLE, draft.number, read=draft.text_hash)


def children_cpu() -> float:
    """Return the CPU seconds of processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measured(work: Callable[[], object]) -> tuple[float, float, float]:
    """Return seconds, CPU seconds of this process, and CPU seconds of its children."""
    began, own, children = time.perf_counter(), time.process_time(), children_cpu()
    work()
    return time.perf_counter() - began, time.process_time() - own, children_cpu() - children


def measured_publishing(runs: int) -> dict[str, Any]:
    """Edit, prepare and publish again and again."""
    prepared: list[tuple[float, float, float]] = []
    pressed: list[tuple[float, float, float]] = []
    elsewhere: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        say("building the content as it is")
        settings = installation(Path(name))
        database = Database(settings.database, load_or_make_keys(settings.keys_path)[0])
        own, watch = watched(settings)
        other, other_watch = watched(settings)
        room = editorial_room(settings, build_staff(database, settings.data_dir, utc_now), own.files, watch=watch)
        room.folder.import_from(TERMINAL, settings.knowledge_dir)
        room.publishing.adopt()
        is_over = threading.Event()

        def look() -> None:
            while not is_over.wait(RELEASE_SECONDS):
                other_watch.look()

        looker = threading.Thread(target=look)
        looker.start()
        try:
            for number in range(runs):
                say(f"edit {number + 1} of {runs}")
                signed(room, number)
                prepared.append(measured(lambda: room.publishing.begin_preparing(TERMINAL, [ARTICLE])()))
                ready = room.publishing.preparations.newest()
                if ready is None or ready.state != "ready":
                    raise SystemExit(f"not ready: {ready.made.problems if ready else ''}")
                press = partial(room.publishing.publish, TERMINAL, [ARTICLE], prepared=ready.checksum)
                began = time.perf_counter()
                pressed.append(measured(press))
                if own.releases.newest.id != ready.made.release_id:
                    raise SystemExit("not served by the process that published it")
                while other.releases.newest.id != ready.made.release_id:
                    time.sleep(0.01)
                elsewhere.append(time.perf_counter() - began)
            looks = measured(partial(look_often, watch))
        finally:
            is_over.set()
            looker.join()
            database.close()
    return {
        "first_preparation": figures([prepared[0]]),
        "preparation": figures(prepared[1:]),
        "press_to_live": figures(pressed),
        "press_to_live_elsewhere": {"p50_seconds": statistics.median(elsewhere), "most_seconds": max(elsewhere)},
        "look": {"microseconds": looks[1] / LOOKS * 1e6, "every_seconds": RELEASE_SECONDS},
    }


def look_often(watch: ReleaseWatch) -> None:
    """Look for a new release where there is none."""
    for _ in range(LOOKS):
        watch.look()


def figures(taken: Sequence[tuple[float, float, float]]) -> dict[str, float]:
    """Return median and most of the time, and the median of the CPU."""
    return {
        "p50_seconds": statistics.median(one[0] for one in taken),
        "most_seconds": max(one[0] for one in taken),
        "own_cpu_seconds": statistics.median(one[1] for one in taken),
        "apart_cpu_seconds": statistics.median(one[2] for one in taken),
    }


def show(result: dict[str, Any]) -> None:
    """Print the table."""
    table = Table(title="Publishing a one-article edit")
    for heading in ("what", "p50 s", "most s", "CPU s here", "CPU s in processes apart", "budget", "within"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    rows = (
        ("first preparation: nothing is known, all invented patients are replayed", "first_preparation", None),
        ("preparation of an article: all checks, index, comparison", "preparation", None),
        ("from the press until the process that published serves it", "press_to_live", 2.0),
        ("... until another process serves it", "press_to_live_elsewhere", 2.0),
    )
    for title, key, budget in rows:
        each = result[key]
        cpu = [f"{each[name]:.2f}" if name in each else "" for name in ("own_cpu_seconds", "apart_cpu_seconds")]
        within = "" if budget is None else "yes" if each["most_seconds"] < budget else "NO"
        limit = "" if budget is None else f"< {budget:g}"
        table.add_row(title, f"{each['p50_seconds']:.2f}", f"{each['most_seconds']:.2f}", *cpu, limit, within)
    console = Console(width=170)
    console.print(table)
    look = result["look"]
    console.print(
        f"looking for a new release: {look['microseconds']:.0f} microseconds of CPU, every {look['every_seconds']:g} s"
    )
    console.print(f"loads: {', '.join(f'{part:.2f}' for part in (*result['load_before'], *result['load_after']))}")
    console.print(f"cores: {result['cores']}; {result['runs']} runs, the first preparation apart")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=RUNS, help="edits to publish, 2 or more")
    parser.add_argument("--json", action="store_true", help="print for programs")
    arguments = parser.parse_args()
    load_before = os.getloadavg()
    result = measured_publishing(arguments.runs)
    result |= {
        "load_before": load_before, "load_after": os.getloadavg(), "cores": os.cpu_count(), "runs": arguments.runs,
    }  # fmt: skip
    if arguments.json:
        print(json.dumps(result, indent=2))
    else:
        show(result)


if __name__ == "__main__":
    main()
