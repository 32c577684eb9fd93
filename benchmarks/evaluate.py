"""Measures agreement, under- and over-triage on invented patients, and writes a report.

    python -m benchmarks.evaluate                   through the HTTP interface of a real installation, Rasa included
    python -m benchmarks.evaluate --in-process      screen and interview in this process: the same, faster
    python -m benchmarks.evaluate --only ID         one patient, with what was said
    python -m benchmarks.evaluate --json            the figures for programs, on standard output

Three openings (full, terse, messy) times two arms: what a case leaves unstated is answered as the case says, or with
"not sure" throughout. Then the counterfactuals: the same patients told differently must not get less urgent advice.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks.counterfactuals import CHANGES, with_other_sex
from benchmarks.figures import Figures, Result
from benchmarks.http_consulting import HttpConsultation
from benchmarks.report import show, write_report
from benchmarks.scripted_patients import ARMS, FORMS, Arm, play, years_of
from careline.clinical.vignette_content import Form, ScriptedPatient
from careline.clinical.vignette_files import load_scripted_patients, load_vignettes
from careline.consultation.rehearsal.conversation import Conversation, Outcome
from careline.consultation.rehearsal.in_process import Clinic, InProcessConsultation, open_clinic, play_vignette
from tests.support.installation import running

_AGES = ((1, "under 1"), (5, "1 to 4"), (16, "5 to 15"), (40, "16 to 39"), (65, "40 to 64"), (200, "65 and over"))
_PATIENTS_AT_ONCE = 4
_TIMEOUT_SECONDS = 60

Open = Callable[[str], Conversation]  # begins a conversation in a country


def traits_of(patient: ScriptedPatient) -> tuple[tuple[str, str], ...]:
    """Return what the figures are broken down by."""
    years = years_of(patient.person.age)
    return (
        ("age", next(name for limit, name in _AGES if years < limit)),
        ("sex", patient.person.sex),
        ("pregnancy", "no" if patient.person.pregnant == "no" else "pregnant, after birth or unknown"),
        ("reporter", patient.reporter),
        ("country", patient.country),
    )


class Trial:
    """Scripted patients, played one way."""

    def __init__(self, clinic: Clinic, begin: Open, pool: ThreadPoolExecutor, progress: Progress) -> None:
        """Take how a conversation is begun, and where to show how far it is."""
        self._clinic, self._begin, self._pool, self._progress = clinic, begin, pool, progress

    def run(
        self,
        name: str,
        patients: Sequence[ScriptedPatient],
        form: Form,
        arm: Arm,
        change: Callable[[str, ScriptedPatient], str] = lambda text, _: text,
    ) -> list[Result]:
        """Play all; `change` is how the opening is told differently."""
        task = self._progress.add_task(name, total=len(patients))

        def one(patient: ScriptedPatient) -> Result:
            opening = change(patient.opening[form], patient)
            outcome = play(self._begin(patient.country), patient, self._clinic.book, opening=opening, arm=arm)
            self._progress.advance(task)
            return result_of(patient, form, outcome)

        return list(self._pool.map(one, patients))


def result_of(patient: ScriptedPatient, form: Form, outcome: Outcome) -> Result:
    """Return the patient's result."""
    return Result(
        patient.id,
        patient.complaint,
        patient.gold.acuity,
        patient.gold.acceptable,
        outcome,
        patient.red_flag_in_opening[form],
        traits_of(patient),
    )


def vignette_results(knowledge: Path, clinic: Clinic) -> list[Result]:
    """Play the vignettes, in this process: each rule's own patients."""
    return [
        Result(each.id, each.complaint, each.acuity, (each.acuity,), play_vignette(each, clinic))
        for each in load_vignettes(knowledge)
    ]


def show_by_complaint(console: Console, results: Sequence[Result]) -> None:
    """Print one line for each complaint."""
    table = Table("vignettes of", "n", "agree", "under", "over", "questions: median, p90")
    for complaint in sorted({result.complaint for result in results}):
        figures = Figures([result for result in results if result.complaint == complaint])
        median, p90 = figures.counts["questions"]
        counts = (figures.agreement.part, figures.under.part, figures.over.part)
        table.add_row(complaint, str(len(figures.results)), *map(str, counts), f"{median:g}, {p90:g}")
    console.print(table)


def counterfactuals(
    trial: Trial, patients: Sequence[ScriptedPatient], told_plainly: Sequence[Result], clinic: Clinic
) -> dict[str, tuple[int, list[str]]]:
    """Return, for each change, how many patients it was tried on, and who got less urgent advice for it."""
    plain = {result.id: result for result in told_plainly}
    found: dict[str, tuple[int, list[str]]] = {}
    for name, change in CHANGES.items():
        results = trial.run(f"told with {name}", patients, "full", "own", change)
        found[name] = len(results), _lowered(results, plain)
    swapped = [other for patient in patients if (other := with_other_sex(patient, clinic.book)) is not None]
    found["the other sex"] = len(swapped), _lowered(trial.run("the other sex", swapped, "full", "own"), plain)
    return found


def _lowered(results: Sequence[Result], plain: dict[str, Result]) -> list[str]:
    lowered = []
    for result in results:
        before = plain[result.id].told
        if before is not None and (result.told is None or result.told < before):
            lowered.append(f"{result.id}: {before.value} became {result.told.value if result.told else 'no level'}")
    return lowered


@contextmanager
def consultations(clinic: Clinic, *, in_process: bool) -> Iterator[Open]:
    """Yield how a conversation is begun: in this process, or over HTTP at an installation started for it."""
    if in_process:
        yield lambda country: InProcessConsultation(clinic, country)
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as installation,
        httpx.Client(base_url=installation.url, timeout=_TIMEOUT_SECONDS, trust_env=False) as client,
    ):
        yield lambda country: HttpConsultation(client, clinic.book, country)


def arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    parser.add_argument("--in-process", action="store_true", help="without HTTP, database and Rasa: for work on rules")
    parser.add_argument("--without-recogniser", action="store_true", help="in process: lexicon and rules alone")
    parser.add_argument("--without-reader", action="store_true", help="in process: the recogniser hears words alone")
    parser.add_argument("--only", help="only the scripted patient with this id, with what was said")
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=FORMS, help="which openings (all)")
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=ARMS, help="which arms (both)")
    parser.add_argument("--no-counterfactuals", action="store_true", help="leave them out")
    parser.add_argument("--out", type=Path, default=Path(os.environ.get("CARELINE_DATA_DIR", "var")) / "evaluation")
    parser.add_argument("--json", action="store_true", help="print the figures for programs")
    return parser.parse_args()


def main() -> None:
    """Play everybody, print, write the report."""
    chosen = arguments()
    console = Console(width=200, stderr=chosen.json)
    data = Path(os.environ.get("CARELINE_DATA_DIR", "var"))
    trained = data / "models" / "recogniser" if chosen.in_process and not chosen.without_recogniser else None
    reader = data / "models" / "reader" if trained is not None and not chosen.without_reader else None
    clinic = open_clinic(chosen.knowledge, trained, reader)
    patients = [each for each in load_scripted_patients(chosen.knowledge) if chosen.only in (None, each.id)]
    if chosen.only and not patients:
        sys.exit(f"there is no scripted patient {chosen.only!r}; ids stand in {chosen.knowledge}/vignettes/scripted/")
    load = os.getloadavg()[0]
    runs: dict[str, list[Result]] = {}
    lowered: dict[str, tuple[int, list[str]]] = {}
    at_once = 1 if chosen.in_process else _PATIENTS_AT_ONCE
    with (
        consultations(clinic, in_process=chosen.in_process) as begin,
        ThreadPoolExecutor(at_once) as pool,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        trial = Trial(clinic, begin, pool, progress)
        for arm in chosen.arms:
            for form in chosen.forms:
                name = f"{form}, {'own' if arm == 'own' else 'not sure'}"
                runs[name] = trial.run(name, patients, form, arm)
        if not (chosen.no_counterfactuals or chosen.only) and "full, own" in runs:
            lowered = counterfactuals(trial, patients, runs["full, own"], clinic)
    facts = {
        "content": clinic.release.id[:12],
        "way": "in process" if chosen.in_process else "HTTP interface, Rasa included",
        "processors": os.cpu_count(),
        "load": f"{load:.2f} before, {os.getloadavg()[0]:.2f} after",
        **{f"less urgent when told with {name}": f"{len(who)} of {n}" for name, (n, who) in lowered.items()},
    }
    if chosen.only:
        _show_transcripts(console, runs)
        return
    paths = write_report(chosen.out, runs, facts)
    if chosen.json:
        print(paths[1].read_text(encoding="utf-8"), end="")
        return
    show_by_complaint(console, vignette_results(chosen.knowledge, clinic))
    show(console, runs)
    for name, (_, who) in lowered.items():
        for line in who:
            console.print(f"told with {name}: {line}", highlight=False, markup=False)
    for name, value in facts.items():
        console.print(f"{name}: {value}", highlight=False)
    console.print(f"report: {paths[0]}")


def _show_transcripts(console: Console, runs: dict[str, list[Result]]) -> None:
    for name, results in runs.items():
        for result in results:
            told = result.told.value if result.told else "no level"
            console.print(f"{name}: {result.id} needed {result.needed.value}, told {told}", style="bold")
            for line in result.outcome.transcript:
                console.print(f"  {line}", highlight=False, markup=False)


if __name__ == "__main__":
    main()
