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
import functools
import hashlib
import math
import os
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, get_args

import msgspec
import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.retrieval_fitting import Example, fit_confidence, fit_ranking
from careline.clinical.rulebook import load_rule_book
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.message import read_message
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
from careline.guidance.search_rules import RankingWeights, SearchRules, Thresholds

# What the fit may cost, on the half it fits on.
MAX_ANSWERED_OUT_OF_SCOPE = 0.035
MAX_WRONG_HEALTH = 0.185  # harsh: mostly siblings, such as fever in a child for fever in a baby
MAX_REFUSED = 0.03
GROUPS = 5  # of the cross-fitting by which the thresholds are chosen

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
        confidence: Log-odds that it answers.
        ceiling: What the guards leave open, and the rules about requests for medicines.
        shown: Article ids of the hits.
    """

    query: Query
    situation: Situation
    ranks: tuple[int, ...]
    is_right: bool
    confidence: float
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
    """Asks questions of one set of articles, as a consultation does that knows nothing of the patient."""

    def __init__(self, content: SnapshotContent, rules: SearchRules, encoder: Encoder, reader: Reader) -> None:
        """Index the articles in memory."""
        self._index = in_memory_index(content, rules, encoder)
        self._encoder = encoder
        self._reader = reader
        self._search = SearchWithout(self._index, encoder)
        self._ranker = Ranker(self._index, encoder)
        self._guard = TopicGuard(rules.guards)

    def cases(self, queries: list[Query]) -> list[Case]:
        """Return every question's case, and of those with an answer the case without their right articles."""
        return [self.case(query, situation) for query, situation in _situations(queries)]

    def examples(self, queries: list[Query]) -> list[Example]:
        """Return the same cases as examples to fit on."""
        return [self._example(query, situation) for query, situation in _situations(queries)]

    def case(self, query: Query, situation: Situation) -> Case:
        """Return what the search makes of a question."""
        filters = self._filters(query)
        ranked = self._ranker.ranked(query.text, self._among(query, situation), filters.named)
        best = ranked[0]
        declined = self._reader.is_declined(query.text)
        result = self._search.search(query.text, filters)
        return Case(
            query=query,
            situation=situation,
            ranks=right_places(query, [each.article.id for each in ranked]),
            is_right=best.article.id in query.right,
            confidence=best.confidence,
            ceiling="none" if declined else self._guard.ceiling(query.text, best.article),
            verdict="none" if declined else result.verdict,
            best=best.article.id,
            shown=() if declined else tuple(hit.article_id for hit in result.hits),
        )

    def ordered(self, query: Query, weights: RankingWeights) -> list[str]:
        """Return the ids of the articles in the order that other weights give them."""
        evidence = self._ranker.evidence(query.text, self._among(query, "as it is"), self._filters(query).named)
        scores = evidence.signs @ np.array(msgspec.structs.astuple(weights))
        return [evidence.articles[row].id for row in np.argsort(-scores, kind="stable")]

    def _example(self, query: Query, situation: Situation) -> Example:
        evidence = self._ranker.evidence(query.text, self._among(query, situation), self._filters(query).named)
        return Example(evidence, np.array([article.id in query.right for article in evidence.articles], np.bool_))

    def _filters(self, query: Query) -> SearchFilter:
        return SearchFilter(today=dt.datetime.now(dt.UTC).date(), named=self._reader.complaints(query.text))

    def _among(self, query: Query, situation: Situation) -> list[str]:
        self._search.without = frozenset(query.right if situation == "taken away" else ())
        return self._search.articles_for(query.text, self._filters(query))


class Reader:
    """What a consultation reads in a question besides its meaning; each question once."""

    def __init__(self, knowledge: Path) -> None:
        """Load the rules."""
        self._book = load_rule_book(knowledge)
        self._lexicon = Lexicon.of(self._book)

    @functools.cache  # noqa: B019 - one reader lives as long as the measurement
    def complaints(self, text: str) -> tuple[str, ...]:
        """Return the complaints that the words name."""
        return tuple(read_message(text, self._lexicon).complaints)

    def is_declined(self, text: str) -> bool:
        """Return whether the words ask for a prescription: a consultation says who can help, and shows no article."""
        return self._book.medicines.request_in(text) == "prescription"


def _situations(queries: list[Query]) -> Iterator[tuple[Query, Situation]]:
    for query in track(queries, "asking"):
        yield query, "as it is"
        if query.right:
            yield query, "taken away"


def right_places(query: Query, order: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the right articles in an order of articles, from 1."""
    return tuple(place for place, article_id in enumerate(order, 1) if article_id in query.right)


def fitted(
    content: SnapshotContent, rules: SearchRules, encoder: Encoder, reader: Reader, queries: list[Query]
) -> Thresholds:
    """Return weights and thresholds that answer most questions rightly within the limits above.

    The weights come from all the questions given. The thresholds come from confidences that each group of questions got
    from weights fitted on the other groups: a fit is surer of the questions it has seen than of others.
    """
    folds: list[list[Query]] = [queries[number::GROUPS] for number in range(GROUPS)]
    cases: list[Case] = []
    for fold in folds:
        rest = [query for query in queries if query not in fold]
        weighted = _with_weights(content, rules, encoder, reader, rest)
        cases += CaseRunner(content, weighted, encoder, reader).cases(fold)
    answer, ask = _limits(cases)
    weighted = _with_weights(content, rules, encoder, reader, queries)
    counts = Counter(case.query.kind if case.situation == "as it is" else "taken away" for case in cases)
    return msgspec.structs.replace(
        weighted.thresholds,
        fitted_on=dt.datetime.now(dt.UTC).date(),
        model_hash=encoder.model_hash,
        chunker_version=CHUNKER_VERSION,
        how=(
            f"benchmarks/evaluate_retrieval.py --fit on half of queries.yml, {len(queries)} questions: ranking by "
            f"maximum likelihood, confidence by logistic regression, thresholds cross-fitted in {GROUPS} groups: of "
            f"{counts['out_of_scope']} out of scope at most {MAX_ANSWERED_OUT_OF_SCOPE:.1%} answered; of "
            f"{counts['uncovered']} not covered and {counts['taken away']} whose topic was taken away at most "
            f"{MAX_WRONG_HEALTH:.1%}; of the answerable at most {MAX_REFUSED:.0%} refused by the threshold"
        ),
        answer=answer,
        ask=ask,
    )


def _with_weights(
    content: SnapshotContent, rules: SearchRules, encoder: Encoder, reader: Reader, queries: list[Query]
) -> SearchRules:
    examples = CaseRunner(content, rules, encoder, reader).examples(queries)
    ranking = fit_ranking(examples)
    confidence = fit_confidence(examples, np.array(msgspec.structs.astuple(ranking)))
    thresholds = msgspec.structs.replace(rules.thresholds, ranking=ranking, confidence=confidence)
    return SearchRules(thresholds=thresholds, guards=rules.guards)


def _limits(cases: list[Case]) -> tuple[float, float]:
    """Return the least confidence to answer from within the limits, and the least to ask back from."""

    def answered(some: list[Case], least: float) -> float:
        return sum(case.confidence >= least and case.ceiling == "answer" for case in some) / len(some)

    outside = [case for case in cases if case.query.kind == "out_of_scope"]
    health = [case for case in cases if case.is_health]
    candidates = sorted(case.confidence for case in cases)
    answer = next(
        least
        for least in candidates
        if answered(outside, least) <= MAX_ANSWERED_OUT_OF_SCOPE and answered(health, least) <= MAX_WRONG_HEALTH
    )
    answerable = sorted(case.confidence for case in cases if case.has_answer)
    ask = answerable[int(len(answerable) * MAX_REFUSED)]
    return round(answer, 4), round(min(ask, answer), 4)


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
                f"confidence {case.confidence:+.2f} rank {case.ranks[0] if case.ranks else '-'} "
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
    reader = Reader(chosen.knowledge)
    if chosen.fit:
        thresholds = fitted(content, rules, remembering, reader, [query for query in queries if query.is_for_fit])
        target = chosen.knowledge / "retrieval" / "thresholds.yml"
        target.write_bytes(msgspec.yaml.encode(thresholds))
        console.print(f"thresholds written: {target}")
        rules = SearchRules(thresholds=thresholds, guards=rules.guards)
    runner = CaseRunner(content, rules, remembering, reader)
    cases = runner.cases(queries)
    show(console, [case for case in cases if case.query.is_for_fit], "fitted on this half (flatters)")
    measured = [case for case in cases if not case.query.is_for_fit]
    show(console, measured, "measured on the other half")
    answerable = [query for query in queries if query.right and not query.is_for_fit]
    found = rankings(runner, rules.thresholds.ranking, answerable)
    show_rankings(console, found, "right articles first, on the other half (goals: recall@1 >= 0.85, @3 >= 0.95)")
    show_kinds(console, measured, found["hybrid as fitted"], "by kind of question, on the other half")
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
