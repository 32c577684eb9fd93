"""What is measured of the search, and the tables that show it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import get_args

from rich.console import Console
from rich.table import Table

from benchmarks.retrieval_cases import Case, CaseRunner, right_places
from benchmarks.retrieval_questions import Kind, Query
from careline.guidance.search_rules import RankingWeights


@dataclass(frozen=True)
class Measure:
    """One row of the table; `goal` is what the figure is held to, None where it only informs."""

    name: str
    value: float
    count: int
    goal: str | None = None


def measures(cases: list[Case]) -> list[Measure]:
    """Return each measure with its value and the number of cases behind it."""
    answerable = [case for case in cases if case.has_answer]
    outside = [case for case in cases if case.query.kind == "out_of_scope"]
    uncovered = [case for case in cases if case.query.kind == "uncovered"]
    away = [case for case in cases if case.situation == "taken away"]
    health = [*uncovered, *away]
    without = [*outside, *uncovered]
    refused = [case for case in [*answerable, *without] if case.verdict == "none"]

    def share(name: str, some: list[Case], chosen: Callable[[Case], bool], goal: str | None = None) -> Measure:
        return Measure(name, sum(map(chosen, some)) / len(some) if some else 0.0, len(some), goal)

    return [
        share("answered, a right article among those shown", answerable, lambda case: case.shows_right),
        share("answered, only wrong articles", answerable, lambda case: bool(case.shown) and not case.shows_right),
        share("asked back: is this about X? (in scope)", answerable, lambda case: case.verdict == "ask", "<= 0.15"),
        share("  of it about a right article", answerable, lambda case: case.verdict == "ask" and case.is_right),
        share("refused though there is an article", answerable, lambda case: case.verdict == "none", "<= 0.05"),
        share("out of scope: answered with an article", outside, lambda case: case.verdict == "answer", "<= 0.03"),
        share("out of scope: asked back", outside, lambda case: case.verdict == "ask"),
        share("health, no article: wrong answer", health, lambda case: case.verdict == "answer", "<= 0.20"),
        share("  of it questions not covered", uncovered, lambda case: case.verdict == "answer"),
        share("  of it topics taken away", away, lambda case: case.verdict == "answer"),
        share("health, no article: asked back", health, lambda case: case.verdict == "ask"),
        share("abstention precision", refused, lambda case: not case.has_answer),
        share("abstention recall", without, lambda case: case.verdict == "none"),
    ]


def _is_among_first(least: int, ranks: tuple[int, ...], _query: Query) -> float:
    return float(bool(ranks) and ranks[0] <= least)


def ranking_measures(places: list[tuple[Query, tuple[int, ...]]]) -> list[float]:
    """Return recall@1, @3, @5 (a right article among the first), nDCG@10 and MRR."""

    def mean(value: Callable[[tuple[int, ...], Query], float]) -> float:
        return statistics.fmean(value(ranks, query) for query, ranks in places) if places else 0.0

    def gain(ranks: tuple[int, ...], query: Query) -> float:
        ideal = sum(1 / math.log2(place + 1) for place in range(1, min(len(query.right), 10) + 1))
        return sum(1 / math.log2(place + 1) for place in ranks if place <= 10) / ideal

    return [
        *(mean(partial(_is_among_first, least)) for least in (1, 3, 5)),
        mean(gain),
        mean(lambda ranks, _query: 1 / ranks[0] if ranks else 0.0),
    ]


def rankings(
    runner: CaseRunner, fitted_weights: RankingWeights, queries: list[Query]
) -> dict[str, list[tuple[Query, tuple[int, ...]]]]:
    """Return the places of the right articles by words alone, by meaning alone, by their sum, and as they serve."""
    ways = {
        "lexical alone (BM25)": RankingWeights(similarity=0.0, article_words=1.0),
        "dense alone (cosine)": RankingWeights(similarity=1.0),
        "0.8 dense + 0.2 lexical": RankingWeights(similarity=0.8, words=0.2),
        "hybrid as fitted": fitted_weights,
    }
    return {
        way: [(query, right_places(query, runner.ordered(query, weights))) for query in queries]
        for way, weights in ways.items()
    }


def show(console: Console, cases: list[Case], title: str) -> None:
    """Print the measures as a table."""
    table = Table("measure", "value", "goal", "cases", title=title, title_justify="left")
    for measure in measures(cases):
        table.add_row(measure.name, f"{measure.value:.3f}", measure.goal or "", str(measure.count))
    console.print(table)


def show_rankings(console: Console, found: dict[str, list[tuple[Query, tuple[int, ...]]]], title: str) -> None:
    """Print recall, nDCG and MRR of each way of ranking."""
    table = Table("ranked by", "recall@1", "@3", "@5", "nDCG@10", "MRR", "cases", title=title, title_justify="left")
    for way, places in found.items():
        table.add_row(way, *(f"{value:.3f}" for value in ranking_measures(places)), str(len(places)))
    console.print(table)


def show_kinds(console: Console, cases: list[Case], places: list[tuple[Query, tuple[int, ...]]], title: str) -> None:
    """Print how each kind of question fares."""
    table = Table(
        "kind", "cases", "recall@1", "@3", "answered", "right shown", "asked back", "refused",
        title=title, title_justify="left",
    )  # fmt: skip
    for kind in get_args(Kind):
        some = [case for case in cases if case.query.kind == kind and case.situation == "as it is"]
        if not some:
            continue
        ranked = ranking_measures([pair for pair in places if pair[0].kind == kind])[:2]
        has_answer = kind not in ("uncovered", "out_of_scope")

        def share(chosen: Callable[[Case], bool], some: list[Case] = some) -> str:
            return f"{sum(map(chosen, some)) / len(some):.3f}"

        table.add_row(
            kind, str(len(some)), *(f"{value:.3f}" if has_answer else "" for value in ranked),
            share(lambda case: case.verdict == "answer"),
            share(lambda case: case.shows_right) if has_answer else "",
            share(lambda case: case.verdict == "ask"), share(lambda case: case.verdict == "none"),
        )  # fmt: skip
    console.print(table)


def show_misses(console: Console, cases: list[Case]) -> None:
    """Print the questions that went wrong."""
    for case in cases:
        wrong_answer = case.verdict == "answer" and not case.shows_right
        if wrong_answer or (case.has_answer and (case.ranks[:1] != (1,) or case.verdict != "answer")):
            console.print(
                f"{case.query.kind:12} {case.situation:10} {case.verdict:6} "
                f"confidence {case.confidence:+.2f} rank {case.ranks[0] if case.ranks else '-'} "
                f"best {case.best:24} {case.query.text}",
                highlight=False,
                soft_wrap=True,
            )
