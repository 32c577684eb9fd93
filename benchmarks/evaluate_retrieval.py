"""Measures the search of the guidance: right articles found, and honest refusals.

    python -m benchmarks.evaluate_retrieval                  measure on the half of queries.yml that validates
    python -m benchmarks.evaluate_retrieval --part judged    measure on judged.yml, on which nothing was chosen
    python -m benchmarks.evaluate_retrieval --fit            fit weights and thresholds first, and write them down

The weights are fitted on one half of queries.yml, the thresholds are chosen on both. Only `judged` tells how the search
does on questions that had no part in it, and only for as long as nobody changes the search after reading it.

Questions without an answer are of three kinds: those that are not about health (or must never be answered from an
article), health questions that no article is about, and each other question again with its right articles taken away
("topic taken away"), where the nearest wrong article must not pass for the answer.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import time
from pathlib import Path
from typing import get_args

import msgspec
from rich.console import Console

from benchmarks.retrieval_cases import CaseRunner, Reader, RememberingEncoder
from benchmarks.retrieval_measures import (
    measures,
    ranking_measures,
    rankings,
    show,
    show_kinds,
    show_misses,
    show_rankings,
)
from benchmarks.retrieval_questions import Part, Query, load_parts
from benchmarks.retrieval_thresholds import fitted
from careline.guidance.embedding_cache import EmbeddingCache
from careline.guidance.encoder import OnnxEncoder
from careline.guidance.index_build import in_memory_index, read_content
from careline.guidance.model_export import encoder_folder
from careline.guidance.search import GuidanceSearch, SearchFilter
from careline.guidance.search_rules import SearchRules

WHAT_THE_PART_SHOWS: dict[Part, str] = {
    "fitted": "on the half that the weights were fitted on (flatters)",
    "validated": "on the half that thresholds were chosen on, but no weights (flatters a little)",
    "judged": "on the questions on which nothing was fitted or chosen",
    "judged_anew": "on other questions, by another author, on which nothing was fitted or chosen",
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


def arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description="Measure the search of the guidance.")
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("CARELINE_DATA_DIR", "var")))
    parser.add_argument("--part", choices=get_args(Part), default="validated", help="the questions to measure on")
    parser.add_argument("--fit", action="store_true", help="fit weights and thresholds, and write them down")
    parser.add_argument(
        "--misses", action="store_true", help="list the questions of the half that fits which went wrong; no others"
    )
    parser.add_argument("--json", type=Path, help="write the figures of the part here too")
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
    parts = load_parts(chosen.knowledge / "retrieval", known)
    queries = parts[chosen.part]
    texts = [passage.encoded for passage in content.passages]
    texts += [query.text for part in parts.values() for query in part]
    console.print(f"encoding {len(cache.missing(texts))} of {len(texts)} texts ...")
    remembering.encode(texts)
    cache.save(texts)
    reader = Reader(chosen.knowledge)
    runner = CaseRunner(content, rules, remembering, reader)
    if chosen.fit:
        thresholds = fitted(runner, rules.thresholds, encoder.model_hash, parts["fitted"], parts["validated"])
        target = chosen.knowledge / "retrieval" / "thresholds.yml"
        target.write_bytes(msgspec.yaml.encode(thresholds))
        console.print(f"thresholds written: {target}")
        rules = SearchRules(thresholds=thresholds, guards=rules.guards)
        runner.use(rules)
    cases = runner.cases(queries)
    show(console, cases, WHAT_THE_PART_SHOWS[chosen.part])
    found = rankings(runner, rules.thresholds.ranking, [query for query in queries if query.right])
    show_rankings(console, found, "right articles first (goals: recall@1 >= 0.85, @3 >= 0.95)")
    show_kinds(console, cases, found["hybrid as fitted"], "by kind of question")
    if chosen.misses:
        show_misses(console, runner.cases(parts["fitted"]))
    if chosen.json:
        figures = {
            "measures": {measure.name.strip(): measure.value for measure in measures(cases)},
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
