"""Measures agreement, under- and over-triage.

    python -m benchmarks.evaluate                 the vignettes of knowledge/, per complaint
    python -m benchmarks.evaluate --cases FILE    also scripted patients, each form of their openings by itself
    python -m benchmarks.evaluate --json          for programs

Both run the screen and the interview in this process (consulting.py). Figures on cases that the rules were written
with flatter; they show faults, and are no claim.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.consulting import Clinic, Outcome, load_vignettes, open_clinic, play_vignette
from benchmarks.proportions import Proportion
from benchmarks.scripted_patients import FORMS, Form, ScriptedCase, load_cases, play_case
from careline.clinical.acuity import Acuity


@dataclass(frozen=True)
class Result:
    """One patient: what they needed and what they were told."""

    id: str
    complaint: str
    needed: Acuity
    acceptable: tuple[Acuity, ...]
    outcome: Outcome

    @property
    def told(self) -> Acuity | None:
        """The level they were told; None when they were told none."""
        return self.outcome.acuity

    @property
    def is_under(self) -> bool:
        """Whether they were told less than they need, or nothing."""
        return self.told is None or self.told < self.needed

    @property
    def is_over(self) -> bool:
        """Whether they were told more than they need."""
        return self.told is not None and self.told > self.needed

    @property
    def is_severely_under(self) -> bool:
        """Whether they were told two or more levels less, or nothing."""
        return self.told is None or self.told.raised(1) < self.needed


@dataclass(frozen=True)
class Figures:
    """Figures over some results."""

    results: Sequence[Result]

    def _share(self, part: Iterable[Result], whole: Sequence[Result] | None = None) -> Proportion:
        return Proportion(len(list(part)), len(self.results if whole is None else whole))

    @property
    def agreement(self) -> Proportion:
        """Told the very level."""
        return self._share(r for r in self.results if r.told is r.needed)

    @property
    def acceptable(self) -> Proportion:
        """Told a level that can be defended."""
        return self._share(r for r in self.results if r.told in r.acceptable)

    @property
    def under(self) -> Proportion:
        """Told less than needed, or nothing."""
        return self._share(r for r in self.results if r.is_under)

    @property
    def severely_under(self) -> Proportion:
        """Told two or more levels less, or nothing."""
        return self._share(r for r in self.results if r.is_severely_under)

    @property
    def over(self) -> Proportion:
        """Told more than needed."""
        return self._share(r for r in self.results if r.is_over)

    @property
    def emergency_recall(self) -> Proportion:
        """Of those who need emergency care, told so."""
        emergencies = [r for r in self.results if r.needed.is_emergency]
        return self._share((r for r in emergencies if r.told is not None and r.told.is_emergency), emergencies)

    @property
    def no_level(self) -> Proportion:
        """Ended without a level."""
        return self._share(r for r in self.results if r.told is None)

    @property
    def questions(self) -> tuple[float, float]:
        """Questions asked: median and 90th percentile."""
        asked = sorted(r.outcome.questions for r in self.results)
        if len(asked) < 2:
            return (float(asked[0]),) * 2 if asked else (0.0, 0.0)
        return statistics.median(asked), statistics.quantiles(asked, n=10, method="inclusive")[-1]

    def as_data(self) -> dict[str, Any]:
        """Return the figures for programs."""
        names = ("agreement", "acceptable", "under", "severely_under", "over", "emergency_recall", "no_level")
        shown: dict[str, Any] = {}
        for name in names:
            share: Proportion = getattr(self, name)
            shown[name] = {"part": share.part, "whole": share.whole, "interval_95": list(share.interval)}
        median, p90 = self.questions
        return {"n": len(self.results), **shown, "questions": {"median": median, "p90": p90}}


def vignette_results(knowledge: Path, clinic: Clinic) -> list[Result]:
    """Play all vignettes."""
    return [
        Result(each.id, each.complaint, each.acuity, (each.acuity,), play_vignette(each, clinic))
        for each in load_vignettes(knowledge)
    ]


def case_results(cases: Iterable[ScriptedCase], form: Form, clinic: Clinic) -> list[Result]:
    """Play scripted patients with one form of their openings."""
    return [
        Result(each.id, each.complaint, each.gold.acuity, each.gold.acceptable, play_case(each, form, clinic))
        for each in cases
    ]


def show_by_complaint(console: Console, results: Sequence[Result]) -> None:
    """Print one line for each complaint."""
    table = Table("complaint", "n", "agree", "under", "over", "emergency recall", "questions: median, p90")
    for complaint in sorted({result.complaint for result in results}):
        figures = Figures([result for result in results if result.complaint == complaint])
        recall, (median, p90) = figures.emergency_recall, figures.questions
        counts = (figures.agreement.part, figures.under.part, figures.over.part)
        shown = f"{recall.part}/{recall.whole}" if recall.whole else "-"
        table.add_row(complaint, str(len(figures.results)), *map(str, counts), shown, f"{median:g}, {p90:g}")
    console.print(table)


def show_figures(console: Console, title: str, results: Sequence[Result]) -> None:
    """Print the figures with their intervals, under-triage by name first."""
    figures = Figures(results)
    table = Table(title, "count = share (95 % interval)", title_justify="left")
    table.add_row("under-triage", str(figures.under))
    table.add_row("  by two levels or more, or no level", str(figures.severely_under))
    table.add_row("emergency recall", str(figures.emergency_recall))
    table.add_row("agreement", str(figures.agreement))
    table.add_row("acceptable", str(figures.acceptable))
    table.add_row("over-triage", str(figures.over))
    table.add_row("no level", str(figures.no_level))
    median, p90 = figures.questions
    table.add_row("questions asked", f"median {median:g}, p90 {p90:g}")
    console.print(table)


def show_misses(console: Console, results: Sequence[Result], *, transcripts: bool) -> None:
    """List who was told too little, then who was told too much."""
    for kind, missed in (
        ("under", [result for result in results if result.is_under]),
        ("over", [result for result in results if result.is_over]),
    ):
        for result in missed:
            told = result.told.value if result.told else "no level"
            console.print(f"{kind:6}{result.id} ({result.complaint}): needed {result.needed.value}, told {told}")
            for line in result.outcome.transcript if transcripts else ():
                console.print(f"        {line}", highlight=False, markup=False)


def arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description="Measure agreement, under- and over-triage.")
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    parser.add_argument("--cases", type=Path, help="a file of scripted patients")
    parser.add_argument("--only", help="only the scripted patient with this id, with what was said")
    parser.add_argument("--json", action="store_true", help="print for programs")
    return parser.parse_args()


def main() -> None:
    """Play everybody, then print."""
    chosen = arguments()
    console = Console(width=120)
    clinic = open_clinic(chosen.knowledge)
    runs = {} if chosen.only else {"vignettes": vignette_results(chosen.knowledge, clinic)}
    cases = [case for case in load_cases(chosen.cases) if chosen.only in (None, case.id)] if chosen.cases else []
    runs |= {f"scripted patients, {form} opening": case_results(cases, form, clinic) for form in FORMS if cases}
    load = os.getloadavg()[0]
    if chosen.json:
        figures = {name: Figures(results).as_data() for name, results in runs.items()}
        machine = {"processors": os.cpu_count(), "load": load}
        print(json.dumps({"content": clinic.release.id, "machine": machine, "runs": figures}, indent=2))
        return
    if "vignettes" in runs:
        show_by_complaint(console, runs["vignettes"])
    for name, results in runs.items():
        show_figures(console, name, results)
        show_misses(console, results, transcripts=chosen.only is not None)
    console.print(f"content {clinic.release.id[:12]}; machine: {os.cpu_count()} processors, load {load:.2f}")


if __name__ == "__main__":
    main()
