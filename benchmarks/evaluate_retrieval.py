"""Measures the search of the guidance: right articles found, and honest refusals.

    python -m benchmarks.evaluate_retrieval          measure on the half of the questions that fitted nothing
    python -m benchmarks.evaluate_retrieval --fit    fit the thresholds on the other half first, and write them down

Questions without an answer are of three kinds: those that are not about health (or must never be answered from an
article), health questions that no article is about, and each other question again with its right articles taken away
("topic taken away"), where the nearest wrong article must not pass for the answer.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import math
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Literal, get_args

import msgspec
from rich.console import Console
from rich.progress import track
from rich.table import Table

from careline.guidance.article import Line, Shape
from careline.guidance.content_files import parse_yaml, read_text
from careline.guidance.embedding_cache import EmbeddingCache
from careline.guidance.encoder import Embeddings, Encoder, OnnxEncoder
from careline.guidance.guards import TopicGuard
from careline.guidance.index import SnapshotContent
from careline.guidance.index_build import in_memory_index, read_content
from careline.guidance.model_export import encoder_folder
from careline.guidance.passages import CHUNKER_VERSION
from careline.guidance.ranking import Ranker
from careline.guidance.search import GuidanceSearch, SearchFilter
from careline.guidance.search_rules import Band, SearchRules, Thresholds

# What the fit may cost, on the half it fits on: wrong answers to questions without an answer.
MAX_WRONG_OUT_OF_SCOPE = 0.02
MAX_WRONG_UNCOVERED = 0.15
MAX_WRONG_HEALTH = 0.18  # harsh: mostly siblings, such as fever in a child for fever in a baby
MAX_ASKED_OUT_OF_SCOPE = 0.25
SIMILARITIES = [round(0.40 + 0.01 * step, 2) for step in range(46)]
LEADS = [round(-0.20 + 0.02 * step, 2) for step in range(21)]


Kind = Literal[
    "complaint", "child", "pregnancy", "medicine", "service", "normal", "uncovered", "out_of_scope"
]  # fmt: skip


Situation = Literal["as it is", "taken away"]


class Query(Shape, frozen=True, kw_only=True):
    """A question and the articles of which any answers it; none: it has no answer here.

    Attributes:
        kind: What it is about; `uncovered` and `out_of_scope` have no right article.
    """

    text: Line
    kind: Kind
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
        situation: `as it is`, or `taken away`: against all articles but the right ones.
        ranks: Places of the right articles by score, from 1.
        is_right: Whether the best article is a right one.
        ceiling: What the guards leave open.
        shown: Article ids of the hits.
    """

    query: Query
    situation: Situation
    ranks: tuple[int, ...]
    is_right: bool
    similarity: float
    lead: float
    ceiling: str
    verdict: str
    best: str
    shown: tuple[str, ...]

    @property
    def has_answer(self) -> bool:
        """Whether some article of the set answers it."""
        return self.situation == "as it is" and bool(self.query.right)

    @property
    def is_health(self) -> bool:
        """Whether it is a health question that no article of the set answers."""
        return not self.has_answer and self.query.kind != "out_of_scope"

    @property
    def shows_right(self) -> bool:
        """Whether a right article is among those shown."""
        return self.has_answer and bool(set(self.shown) & set(self.query.right))


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


class SearchWithout(GuidanceSearch):
    """The search as it would be if some articles had not been written."""

    without: frozenset[str] = frozenset()

    def articles_for(self, query: str, filters: SearchFilter) -> list[str]:
        """Return the ids of the articles that may be for the person, those taken away left out."""
        return [article_id for article_id in super().articles_for(query, filters) if article_id not in self.without]


class CaseRunner:
    """Asks questions of one set of articles."""

    def __init__(self, content: SnapshotContent, rules: SearchRules, encoder: Encoder) -> None:
        """Index the articles in memory."""
        index = in_memory_index(content, rules, encoder)
        self._search = SearchWithout(index, encoder)
        self._ranker = Ranker(index, encoder)
        self._guard = TopicGuard(rules.guards)
        self._filters = SearchFilter(today=dt.datetime.now(dt.UTC).date())

    def cases(self, queries: list[Query]) -> list[Case]:
        """Return every question's case, and of those with an answer the case without their right articles."""
        return [
            self.case(query, situation)
            for query in track(queries, "asking")
            for situation in (("as it is", "taken away") if query.right else ("as it is",))
        ]

    def case(self, query: Query, situation: Situation) -> Case:
        """Return what the search makes of a question."""
        self._search.without = frozenset(query.right if situation == "taken away" else ())
        ranking = self._ranker.ranked(query.text, self._search.articles_for(query.text, self._filters))
        best = ranking.articles[0]
        result = self._search.search(query.text, self._filters)
        return Case(
            query=query,
            situation=situation,
            ranks=right_places(query, [ranked.article.id for ranked in ranking.articles]),
            is_right=best.article.id in query.right,
            similarity=best.similarity,
            lead=best.similarity - ranking.not_covered,
            ceiling=self._guard.ceiling(query.text, best.article),
            verdict=result.verdict,
            best=best.article.id,
            shown=tuple(hit.article_id for hit in result.hits),
        )


def right_places(query: Query, order: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the right articles in an order of articles, from 1."""
    return tuple(place for place, article_id in enumerate(order, 1) if article_id in query.right)


def fitted(cases: list[Case], rules: SearchRules, encoder: Encoder) -> Thresholds:
    """Return the thresholds that answer most questions rightly within the limits above."""

    def passes(case: Case, band: Band) -> bool:
        return case.similarity >= band.similarity and case.lead >= band.lead

    def share(band: Band, some: list[Case], ceilings: tuple[str, ...]) -> float:
        return sum(passes(case, band) and case.ceiling in ceilings for case in some) / len(some)

    answerable = [case for case in cases if case.has_answer]
    out_of_scope = [case for case in cases if case.query.kind == "out_of_scope"]
    uncovered = [case for case in cases if case.query.kind == "uncovered"]
    taken_away = [case for case in cases if case.situation == "taken away"]
    bands = [Band(similarity=similarity, lead=lead) for similarity, lead in product(SIMILARITIES, LEADS)]
    answers = [
        band
        for band in bands
        if share(band, out_of_scope, ("answer",)) <= MAX_WRONG_OUT_OF_SCOPE
        and share(band, uncovered, ("answer",)) <= MAX_WRONG_UNCOVERED
        and share(band, [*uncovered, *taken_away], ("answer",)) <= MAX_WRONG_HEALTH
    ]
    if not answers:
        raise SystemExit("no thresholds keep within the limits on this half. Look at --misses.")
    # Of bands that answer as many questions, the strictest in similarity: it lets in the least that nobody thought of.
    answer = max(answers, key=lambda band: (share(band, answerable, ("answer",)), band.similarity, band.lead))
    asks = [
        band
        for band in bands
        if band.similarity <= answer.similarity
        and band.lead <= answer.lead
        and share(band, out_of_scope, ("answer", "ask")) <= MAX_ASKED_OUT_OF_SCOPE
    ]
    ask = max(asks, key=lambda band: (share(band, answerable, ("answer", "ask")), band.similarity, band.lead))
    return msgspec.structs.replace(
        rules.thresholds,
        fitted_on=dt.datetime.now(dt.UTC).date(),
        model_hash=encoder.model_hash,
        chunker_version=CHUNKER_VERSION,
        how=(
            f"benchmarks/evaluate_retrieval.py --fit, grid over similarity and lead, half of queries.yml: "
            f"{len(answerable)} answerable; {len(out_of_scope)} out of scope (wrong answers <= "
            f"{MAX_WRONG_OUT_OF_SCOPE:.0%}, with those asked back <= {MAX_ASKED_OUT_OF_SCOPE:.0%}); "
            f"{len(uncovered)} not covered (wrong answers <= {MAX_WRONG_UNCOVERED:.0%}), with {len(taken_away)} whose "
            f"topic was taken away <= {MAX_WRONG_HEALTH:.0%}"
        ),
        answer=answer,
        ask=ask,
    )


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
    content: SnapshotContent, rules: SearchRules, encoder: Encoder, queries: list[Query]
) -> dict[str, list[tuple[Query, tuple[int, ...]]]]:
    """Return the places of the right articles by words alone, by meaning alone, and by both as they serve."""
    ways = {"lexical": 0.0, "dense": 1.0, "hybrid": rules.thresholds.dense_weight}
    filters = SearchFilter(today=dt.datetime.now(dt.UTC).date())
    found: dict[str, list[tuple[Query, tuple[int, ...]]]] = {}
    for way, weight in ways.items():
        thresholds = msgspec.structs.replace(rules.thresholds, dense_weight=weight)
        weighted = SearchRules(thresholds=thresholds, guards=rules.guards)
        index = in_memory_index(content, weighted, encoder)
        search = GuidanceSearch(index, encoder)
        # By words alone, all passages are ranked: a pool of similar ones would lend it the other way's eyes.
        ranker = Ranker(index, encoder, pool=len(content.passages)) if way == "lexical" else Ranker(index, encoder)
        found[way] = [
            (query, right_places(query, [each.article.id for each in ranked.articles]))
            for query in queries
            for ranked in [ranker.ranked(query.text, search.articles_for(query.text, filters))]
        ]
    return found


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
                f"sim {case.similarity:.2f} lead {case.lead:+.2f} rank {case.ranks[0] if case.ranks else '-'} "
                f"best {case.best:24} {case.query.text}",
                highlight=False,
                soft_wrap=True,
            )


def arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description="Measure the search of the guidance.")
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("CARELINE_DATA_DIR", "var")))
    parser.add_argument("--fit", action="store_true", help="fit the thresholds and write them down")
    parser.add_argument(
        "--misses", action="store_true", help="list the questions of the half that fits which went wrong; no others"
    )
    parser.add_argument("--json", type=Path, help="write the figures of the measured half here too")
    return parser.parse_args()


def main() -> None:
    """Fit if asked, then measure and print."""
    chosen = arguments()
    console = Console(width=140)
    encoder = OnnxEncoder(encoder_folder(chosen.data_dir), threads=os.cpu_count() or 1)
    cache = EmbeddingCache(chosen.data_dir / "index-cache" / "evaluation", encoder)
    remembering = RememberingEncoder(encoder, cache)
    content, rules = read_content(chosen.knowledge)
    known = {article.id for article in content.articles}
    queries = load_queries(chosen.knowledge / "retrieval" / "queries.yml", known)
    texts = [*(passage.encoded for passage in content.passages), *(query.text for query in queries)]
    console.print(f"encoding {len(cache.missing(texts))} of {len(texts)} texts ...")
    remembering.encode(texts)
    cache.save(texts)
    cases = CaseRunner(content, rules, remembering).cases(queries)
    if chosen.fit:
        thresholds = fitted([case for case in cases if case.query.is_for_fit], rules, encoder)
        target = chosen.knowledge / "retrieval" / "thresholds.yml"
        target.write_bytes(msgspec.yaml.encode(thresholds))
        console.print(f"thresholds written: {target}")
        rules = SearchRules(thresholds=thresholds, guards=rules.guards)
        cases = CaseRunner(content, rules, remembering).cases(queries)
    show(console, [case for case in cases if case.query.is_for_fit], "fitted on this half (flatters)")
    measured = [case for case in cases if not case.query.is_for_fit]
    show(console, measured, "measured on the other half")
    answerable = [query for query in queries if query.right and not query.is_for_fit]
    found = rankings(content, rules, remembering, answerable)
    show_rankings(console, found, "right articles first, on the other half (goals: recall@1 >= 0.85, @3 >= 0.95)")
    show_kinds(console, measured, found["hybrid"], "by kind of question, on the other half")
    if chosen.misses:
        show_misses(console, [case for case in cases if case.query.is_for_fit])
    if chosen.json:
        figures = {
            "measures": {measure.name.strip(): measure.value for measure in measures(measured)},
            "rankings": {way: ranking_measures(places) for way, places in found.items()},
        }
        chosen.json.write_bytes(msgspec.json.format(msgspec.json.encode(figures)))
    one_thread = OnnxEncoder(encoder_folder(chosen.data_dir))
    times = search_milliseconds(GuidanceSearch(in_memory_index(content, rules, remembering), one_thread), queries)
    quantiles = statistics.quantiles(times, n=20)
    load = os.getloadavg()[0]
    console.print(
        f"{len(content.articles)} articles, {len(content.passages)} passages and questions; "
        f"search p50 {statistics.median(times):.1f} ms, p95 {quantiles[-1]:.1f} ms; "
        f"machine: {os.cpu_count()} processors, load {load:.2f}"
    )


if __name__ == "__main__":
    main()
