"""The report of an evaluation: a table for the terminal, Markdown to read, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figures, Result
from careline.clinical.acuity import Acuity

WHAT_THESE_ARE_NOT = (
    "These are figures on invented patients, of whom the authors of the rules could know: good for finding faults. "
    "They are not figures on real patients, and say nothing of what the system would do for them. "
    "No clinician has signed the reference levels."
)


def show(console: Console, runs: Mapping[str, Sequence[Result]], *, most: int = 30) -> None:
    """Print the figures of each run side by side, then who was told too little or what cannot be defended."""
    table = Table("count = share (95 % interval)", *runs, title="Evaluation", title_justify="left")
    figures = {name: Figures(results) for name, results in runs.items()}
    for name in next(iter(figures.values())).proportions:
        table.add_row(name, *(str(each.proportions[name]) for each in figures.values()))
    for name in next(iter(figures.values())).counts:
        counted = (each.counts[name] for each in figures.values())
        table.add_row(f"{name}: median, p90", *(f"{median:g}, {p90:g}" for median, p90 in counted))
    console.print(table)
    for name, results in runs.items():
        missed = [result for result in results if result.is_under or result.is_unacceptable]
        for result in missed[:most]:
            console.print(f"{name}: {_line(result)}", highlight=False, markup=False)
        if len(missed) > most:
            console.print(f"{name}: and {len(missed) - most} more, in the report")


def write_report(folder: Path, runs: Mapping[str, Sequence[Result]], facts: Mapping[str, Any]) -> list[Path]:
    """Write `report.md` and `report.json`; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    markdown, data = folder / "report.md", folder / "report.json"
    markdown.write_text("\n".join(_markdown(runs, facts)) + "\n", encoding="utf-8")
    shown = {
        "facts": dict(facts),
        "runs": {name: Figures(results).as_data() | {"groups": _groups(results)} for name, results in runs.items()},
        "failures": [
            {"run": name, "id": r.id, "needed": r.needed.value, "told": r.told.value if r.told else None}
            for name, results in runs.items()
            for r in results
            if r.is_under or r.is_unacceptable
        ],
    }
    data.write_text(json.dumps(shown, indent=2) + "\n", encoding="utf-8")
    return [markdown, data]


def _line(result: Result) -> str:
    told = result.told.value if result.told else "no level"
    kind = "UNDER" if result.is_under else "over"
    return f"{kind} {result.id} ({result.complaint}): needed {result.needed.value}, told {told}"


def _markdown(runs: Mapping[str, Sequence[Result]], facts: Mapping[str, Any]) -> Iterator[str]:
    yield "# Evaluation"
    yield ""
    yield WHAT_THESE_ARE_NOT
    yield ""
    yield "; ".join(f"{name}: {value}" for name, value in facts.items())
    figures = {name: Figures(results) for name, results in runs.items()}
    yield ""
    yield "| | " + " | ".join(figures) + " |"
    yield "|---" * (len(figures) + 1) + "|"
    for name in next(iter(figures.values())).proportions:
        yield f"| {name} | " + " | ".join(str(each.proportions[name]) for each in figures.values()) + " |"
    for name in next(iter(figures.values())).counts:
        counted = (each.counts[name] for each in figures.values())
        yield f"| {name}: median, p90 | " + " | ".join(f"{median:g}, {p90:g}" for median, p90 in counted) + " |"
    for name, results in runs.items():
        yield from _details(name, results)


def _details(name: str, results: Sequence[Result]) -> Iterator[str]:
    yield ""
    yield f"## {name}"
    yield ""
    yield "| needed, told | " + " | ".join(level.value for level in Acuity) + " | none |"
    yield "|---" * 8 + "|"
    for needed in Acuity:
        told = [result.told for result in results if result.needed is needed]
        yield f"| **{needed.value}** | " + " | ".join(str(told.count(level)) for level in (*Acuity, None)) + " |"
    yield ""
    yield "| group | n | emergency recall | strict safety | acceptable | exact | over-triage |"
    yield "|---" * 7 + "|"
    for group, figures in _by_group(results):
        shares = (figures.emergency_recall, figures.strictly_safe, figures.acceptable, figures.agreement, figures.over)
        yield f"| {group} | {len(figures.results)} | " + " | ".join(map(str, shares)) + " |"
    for result in results:
        if result.is_under or result.is_unacceptable:
            yield ""
            yield f"### {_line(result)}"
            yield ""
            yield "```text"
            yield from result.outcome.transcript
            yield "```"


def _by_group(results: Sequence[Result]) -> Iterator[tuple[str, Figures]]:
    traits = sorted({trait for result in results for trait in result.traits})
    for trait in traits:
        yield ": ".join(trait), Figures([result for result in results if trait in result.traits])
    for level in Acuity:
        yield f"needed: {level.value}", Figures([result for result in results if result.needed is level])


def _groups(results: Sequence[Result]) -> dict[str, Any]:
    return {group: figures.as_data()["proportions"] for group, figures in _by_group(results)}
