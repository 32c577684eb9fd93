"""Measures the search of the guidance: right articles found, and honest refusals.

    python benchmarks/evaluate_retrieval.py          measure on the half of the questions that fitted nothing
    python benchmarks/evaluate_retrieval.py --fit    fit the thresholds on the other half first, and write them down

Two kinds of question have no answer: those of `queries.yml` that no article is about, and each other question again
with its right articles taken away ("missing topic"), where the nearest wrong article must not pass for the answer.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from careline.guidance.article import Line, Shape
from careline.guidance.content_files import parse_yaml, read_text
from careline.guidance.embedding_cache import EmbeddingCache
from careline.guidance.encoder import Embeddings, Encoder, OnnxEncoder
from careline.guidance.guards import TopicGuard
from careline.guidance.index import SnapshotContent
from careline.guidance.index_build import in_memory_index, read_content, snapshot_content
from careline.guidance.model_export import encoder_folder
from careline.guidance.passages import CHUNKER_VERSION
from careline.guidance.ranking import Ranker
from careline.guidance.search import GuidanceSearch, SearchFilter
from careline.guidance.search_rules import Band, SearchRules, Thresholds, load_not_covered

# What the fit may cost, on the half it fits on: wrong answers to questions without an answer.
MAX_WRONG_UNANSWERABLE = 0.02
MAX_WRONG_MISSING = 0.25  # harsh: mostly siblings, such as fever in a child for fever in a baby
MAX_ASKED_UNANSWERABLE = 0.20
SIMILARITIES = [round(0.40 + 0.01 * step, 2) for step in range(46)]
LEADS = [round(-0.20 + 0.02 * step, 2) for step in range(21)]


class Query(Shape, frozen=True, kw_only=True):
    """A question and the articles of which any answers it; none: it has no answer here."""

    text: Line
    right: tuple[str, ...]

    @property
    def is_for_fit(self) -> bool:
        """Whether it fits the thresholds; otherwise it measures."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 0


class Queries(Shape, frozen=True, kw_only=True):
    """The shape of `queries.yml`."""

    language: str
    queries: tuple[Query, ...]


@dataclass(frozen=True)
class Case:
    """One question against one set of articles: what the best article reached, and what the search said.

    Attributes:
        kind: `answerable`, `unanswerable` or `missing`.
        rank: Of the first right article by score, from 1; None when there is none.
        is_right: Whether the best article is a right one.
        ceiling: What the guards leave open.
        shown: Article ids of the hits.
    """

    query: Query
    kind: str
    rank: int | None
    is_right: bool
    similarity: float
    lead: float
    ceiling: str
    verdict: str
    best: str
    shown: tuple[str, ...]


class RememberingEncoder:
    """The encoder, with every text encoded once."""

    def __init__(self, encoder: Encoder, cache: EmbeddingCache) -> None:
        """Use what the cache knows."""
        self._encoder = encoder
        self._cache = cache
        self.model_hash = encoder.model_hash
        self.dimension = encoder.dimension

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return one unit vector per text."""
        missing = self._cache.missing(texts)
        for start in range(0, len(missing), 16):
            self._cache.encode(missing[start : start + 16])
        return self._cache.vectors(texts)

    def token_count(self, text: str) -> int:
        """Return how many tokens the text has."""
        return self._encoder.token_count(text)

    def knows_word(self, word: str) -> bool:
        """Return whether the model reads the word as one token."""
        return self._encoder.knows_word(word)


def load_queries(path: Path, known: set[str]) -> list[Query]:
    """Return the questions whose right articles exist (or that have none)."""
    queries = parse_yaml(read_text(path), Queries, path=path).queries
    texts = [query.text for query in queries]
    if len(set(texts)) != len(texts):
        raise SystemExit(f"{path}: a question stands twice. Take one out.")
    return [query for query in queries if not query.right or known & set(query.right)]


def run_cases(
    knowledge: Path, content: SnapshotContent, rules: SearchRules, encoder: Encoder, queries: list[Query]
) -> Iterator[Case]:
    """Yield every question's case, and the answerable ones again without their right articles."""
    not_covered = load_not_covered(knowledge / "retrieval")
    whole = CaseRunner(content, rules, encoder)
    for query in queries:
        yield whole.case(query, "answerable" if query.right else "unanswerable")
        if query.right:
            others = [article for article in content.articles if article.id not in query.right]
            yield CaseRunner(snapshot_content(others, not_covered), rules, encoder).case(query, "missing")


class CaseRunner:
    """Asks questions of one set of articles."""

    def __init__(self, content: SnapshotContent, rules: SearchRules, encoder: Encoder) -> None:
        """Index the articles in memory."""
        index = in_memory_index(content, rules, encoder)
        self._search = GuidanceSearch(index, encoder)
        self._ranker = Ranker(index, encoder)
        self._guard = TopicGuard(rules.guards)
        self._filters = SearchFilter(today=dt.datetime.now(dt.UTC).date())

    def case(self, query: Query, kind: str) -> Case:
        """Return what the search makes of a question."""
        ranking = self._ranker.ranked(query.text, self._search.articles_for(query.text, self._filters))
        order = [ranked.article.id for ranked in ranking.articles]
        best = ranking.articles[0]
        result = self._search.search(query.text, self._filters)
        return Case(
            query=query,
            kind=kind,
            rank=next((place for place, article_id in enumerate(order, 1) if article_id in query.right), None),
            is_right=best.article.id in query.right,
            similarity=best.similarity,
            lead=best.similarity - ranking.not_covered,
            ceiling=self._guard.ceiling(query.text, best.article),
            verdict=result.verdict,
            best=best.article.id,
            shown=tuple(hit.article_id for hit in result.hits),
        )


def fitted(cases: list[Case], rules: SearchRules, encoder: Encoder) -> Thresholds:
    """Return the thresholds that answer most questions rightly within the limits above."""

    def passes(case: Case, band: Band) -> bool:
        return case.similarity >= band.similarity and case.lead >= band.lead

    def share(band: Band, chosen: Callable[[Case], bool], ceilings: tuple[str, ...]) -> float:
        some = [case for case in cases if chosen(case)]
        return sum(passes(case, band) and case.ceiling in ceilings for case in some) / len(some)

    def is_answerable(case: Case) -> bool:
        return case.kind == "answerable"

    bands = [Band(similarity=similarity, lead=lead) for similarity, lead in product(SIMILARITIES, LEADS)]
    answers = [
        band
        for band in bands
        if share(band, lambda case: case.kind == "unanswerable", ("answer",)) <= MAX_WRONG_UNANSWERABLE
        and share(band, lambda case: case.kind == "missing", ("answer",)) <= MAX_WRONG_MISSING
    ]
    # Of bands that answer as many questions, the strictest in similarity: it lets in the least that nobody thought of.
    answer = max(answers, key=lambda band: (share(band, is_answerable, ("answer",)), band.similarity, band.lead))
    asks = [
        band
        for band in bands
        if band.similarity <= answer.similarity
        and band.lead <= answer.lead
        and share(band, lambda case: case.kind == "unanswerable", ("answer", "ask")) <= MAX_ASKED_UNANSWERABLE
    ]
    ask = max(asks, key=lambda band: (share(band, is_answerable, ("answer", "ask")), band.similarity, band.lead))
    counts = {kind: sum(case.kind == kind for case in cases) for kind in ("answerable", "unanswerable", "missing")}
    return msgspec.structs.replace(
        rules.thresholds,
        fitted_on=dt.datetime.now(dt.UTC).date(),
        model_hash=encoder.model_hash,
        chunker_version=CHUNKER_VERSION,
        how=(
            f"benchmarks/evaluate_retrieval.py --fit, grid over similarity and lead, half of queries.yml: "
            f"{counts['answerable']} answerable, {counts['unanswerable']} unanswerable "
            f"(wrong answers <= {MAX_WRONG_UNANSWERABLE:.0%}), {counts['missing']} with their articles taken away "
            f"(<= {MAX_WRONG_MISSING:.0%}); asked back on <= {MAX_ASKED_UNANSWERABLE:.0%} of the unanswerable"
        ),
        answer=answer,
        ask=ask,
    )


def measures(cases: list[Case]) -> list[tuple[str, float, int]]:
    """Return each measure with its value and the number of cases behind it."""
    answerable = [case for case in cases if case.kind == "answerable"]
    unanswerable = [case for case in cases if case.kind == "unanswerable"]
    missing = [case for case in cases if case.kind == "missing"]

    def mean(some: list[Case], value: Callable[[Case], float]) -> tuple[float, int]:
        return (statistics.fmean(value(case) for case in some) if some else 0.0, len(some))

    return [
        ("right article first (hit@1)", *mean(answerable, lambda case: case.rank == 1)),
        ("right article in the first three (hit@3)", *mean(answerable, lambda case: (case.rank or 99) <= 3)),
        ("mean reciprocal rank (MRR)", *mean(answerable, lambda case: 1 / case.rank if case.rank else 0.0)),
        ("answered, a right article first", *mean(answerable, lambda case: case.shown[:1] != () and case.is_right)),
        ("answered, only wrong articles", *mean(answerable, lambda case: bool(case.shown) and not _any_right(case))),
        ("asked back about a right article", *mean(answerable, lambda case: case.verdict == "ask" and case.is_right)),
        ("asked back about a wrong article", *mean(answerable, lambda c: c.verdict == "ask" and not c.is_right)),
        ("refused though there is an article", *mean(answerable, lambda case: case.verdict == "none")),
        ("unanswerable: right refusal", *mean(unanswerable, lambda case: case.verdict == "none")),
        ("unanswerable: asked back", *mean(unanswerable, lambda case: case.verdict == "ask")),
        ("unanswerable: wrong answer", *mean(unanswerable, lambda case: case.verdict == "answer")),
        ("missing topic: refused or asked back", *mean(missing, lambda case: case.verdict != "answer")),
        ("missing topic: wrong answer", *mean(missing, lambda case: case.verdict == "answer")),
    ]


def _any_right(case: Case) -> bool:
    return bool(set(case.shown) & set(case.query.right))


def search_milliseconds(search: GuidanceSearch, queries: list[Query]) -> list[float]:
    """Return how long each question took, embedding included."""
    filters = SearchFilter(today=dt.datetime.now(dt.UTC).date())
    times = []
    for query in queries:
        start = time.perf_counter()
        search.search(query.text, filters)
        times.append((time.perf_counter() - start) * 1000)
    return times


def show(console: Console, cases: list[Case], title: str) -> None:
    """Print the measures as a table."""
    table = Table("measure", "value", "cases", title=title, title_justify="left")
    for name, value, count in measures(cases):
        table.add_row(name, f"{value:.3f}", str(count))
    console.print(table)


def show_misses(console: Console, cases: list[Case]) -> None:
    """Print the questions that went wrong."""
    for case in cases:
        wrong_answer = case.verdict == "answer" and (case.kind != "answerable" or not _any_right(case))
        if wrong_answer or (case.kind == "answerable" and (case.rank != 1 or case.verdict != "answer")):
            console.print(
                f"{case.kind:12} {case.verdict:6} sim {case.similarity:.2f} lead {case.lead:+.2f} "
                f"rank {case.rank or '-'} best {case.best:24} {case.query.text}",
                highlight=False,
            )


def arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description="Measure the search of the guidance.")
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("CARELINE_DATA_DIR", "var")))
    parser.add_argument("--fit", action="store_true", help="fit the thresholds and write them down")
    parser.add_argument("--misses", action="store_true", help="list the questions that went wrong")
    return parser.parse_args()


def main() -> None:
    """Fit if asked, then measure and print."""
    chosen = arguments()
    console = Console(width=120)
    encoder = OnnxEncoder(encoder_folder(chosen.data_dir))
    cache = EmbeddingCache(chosen.data_dir / "index-cache" / "evaluation", encoder)
    remembering = RememberingEncoder(encoder, cache)
    content, rules = read_content(chosen.knowledge)
    known = {article.id for article in content.articles}
    queries = load_queries(chosen.knowledge / "retrieval" / "queries.yml", known)
    console.print("asking all questions ...")
    cases = list(run_cases(chosen.knowledge, content, rules, remembering, queries))
    if chosen.fit:
        thresholds = fitted([case for case in cases if case.query.is_for_fit], rules, encoder)
        target = chosen.knowledge / "retrieval" / "thresholds.yml"
        target.write_bytes(msgspec.yaml.encode(thresholds))
        console.print(f"thresholds written: {target}")
        rules = SearchRules(thresholds=thresholds, guards=rules.guards)
        cases = list(run_cases(chosen.knowledge, content, rules, remembering, queries))
    show(console, [case for case in cases if case.query.is_for_fit], "fitted on this half (flatters)")
    measured = [case for case in cases if not case.query.is_for_fit]
    show(console, measured, "measured on the other half")
    if chosen.misses:
        show_misses(console, cases)
    times = search_milliseconds(GuidanceSearch(in_memory_index(content, rules, remembering), encoder), queries)
    quantiles = statistics.quantiles(times, n=20)
    load = os.getloadavg()[0]
    console.print(
        f"{len(content.articles)} articles, {len(content.passages)} passages and questions; "
        f"search p50 {statistics.median(times):.1f} ms, p95 {quantiles[-1]:.1f} ms; "
        f"machine: {os.cpu_count()} processors, load {load:.2f}"
    )


if __name__ == "__main__":
    main()
