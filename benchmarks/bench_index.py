"""What the index costs, as it is and with many times as many articles: build, file, load, memory, search, recall.

Larger sizes are made from the vectors of the built release's sections: each again with noise, to a cosine of 0.9.
The questions are those of `make evaluate-retrieval`, which stand in no article; recall is against an exact search.
They also picked how far the build's trial searches lie from a vector, so their recall is no independent test of that.
Absolute times depend on the machine and its load, which are printed; compare rows of one run, not runs.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import msgspec
import numpy as np
from rich.console import Console
from rich.table import Table

from careline.consultation.release_files import ReleaseFiles
from careline.guidance.encoder import Embeddings, OnnxEncoder
from careline.guidance.index import INDEX_FILE, PASSAGES_FILE, FaissPassageIndex, SnapshotContent
from careline.guidance.index_build import build_index, write_snapshot
from careline.guidance.index_kind import REQUIRED_RECALL
from careline.guidance.search import GuidanceSearch, SearchFilter
from careline.guidance.search_rules import load_search_rules
from tests.support.house import START
from tests.support.installation import BUILT, ROOT, resident_megabytes

SIZES = (1, 100, 1000)
NOISY_COSINE = 0.9
SEED = 20260101
POOL = 200  # passages that the ranking asks the index for
NAMED = 100  # passages of a search among few: those of some ten articles
EDITS = 5
BUILD_THREADS = 2

ENCODER = BUILT / "models" / "encoder"


@dataclass(frozen=True)
class Source:
    """What the measurements are made from: the sections of the built release, their vectors, and questions."""

    release: Path
    content: SnapshotContent
    vectors: Embeddings
    questions: list[str]
    question_vectors: Embeddings


def say(text: str) -> None:
    """Tell whoever waits; the figures go to standard output."""
    print(text, file=sys.stderr, flush=True)


def seconds(run: Callable[[], object]) -> float:
    """Return how long a run took."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def percentiles(taken_ms: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th percentile."""
    ordered = sorted(taken_ms)
    return {"p50_ms": statistics.median(ordered), "p95_ms": ordered[int(len(ordered) * 0.95)]}


def read_source(encoder: OnnxEncoder) -> tuple[Source, float]:
    """Return the source, and how many passages a second were encoded for it."""
    release = BUILT / "releases" / (BUILT / "releases" / "current").read_text().strip()
    whole = msgspec.json.decode((release / PASSAGES_FILE).read_bytes(), type=SnapshotContent)
    sections = tuple(passage for passage in whole.passages if passage.kind == "section")
    say(f"encoding {len(sections)} sections")
    encoder.encode([sections[0].encoded])  # the first is slower
    texts = [passage.encoded for passage in sections]
    parts: list[Embeddings] = []
    # In the batches in which a build encodes them.
    taken = seconds(
        lambda: parts.extend(encoder.encode(texts[start : start + 16]) for start in range(0, len(texts), 16))
    )
    asked = msgspec.yaml.decode((ROOT / "knowledge" / "retrieval" / "queries.yml").read_bytes())
    questions = [query["text"] for query in asked["queries"]]
    source = Source(
        release,
        msgspec.structs.replace(whole, passages=sections),
        np.vstack(parts),
        questions,
        np.vstack([encoder.encode([question]) for question in questions]),
    )
    return source, len(texts) / taken


def enlarged(source: Source, times: int) -> tuple[SnapshotContent, Embeddings]:
    """Return `times` as many passages: the real ones, and copies whose vectors lie around theirs."""
    chance = np.random.default_rng(SEED)
    count, dimension = source.vectors.shape
    spread = np.float32((1 / NOISY_COSINE**2 - 1) ** 0.5 / dimension**0.5)
    vectors = np.empty((count * times, dimension), np.float32)
    vectors[:count] = source.vectors
    passages = list(source.content.passages)
    for copy in range(1, times):
        rows = source.vectors + spread * chance.standard_normal((count, dimension), np.float32)
        vectors[copy * count : (copy + 1) * count] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        passages += (msgspec.structs.replace(passage, id=f"{passage.id}~{copy}") for passage in source.content.passages)
    return msgspec.structs.replace(source.content, passages=tuple(passages)), vectors


def measured_size(source: Source, times: int, encoder: OnnxEncoder) -> dict[str, Any]:
    """Build a snapshot of a size, and let a fresh process load and search it."""
    say(f"{times}x: making {times * len(source.vectors):,} vectors")
    content, vectors = enlarged(source, times)
    rules = load_search_rules(source.release / "knowledge" / "retrieval")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        say(f"{times}x: building")
        faiss.omp_set_num_threads(BUILD_THREADS)
        began = time.perf_counter()
        manifest = write_snapshot(folder, content, rules, encoder, vectors)
        build_seconds = time.perf_counter() - began
        similarities, _ = faiss.knn(source.question_vectors, vectors, 10, metric=faiss.METRIC_INNER_PRODUCT)
        faiss.omp_set_num_threads(1)
        numbers = {passage.id: number for number, passage in enumerate(content.passages)}
        del content
        for path in folder.iterdir():
            _forget_pages(path)
        say(f"{times}x: loading and searching in a fresh process")
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as fresh:
            served: dict[str, Any] = fresh.submit(measured_reader, folder, source.question_vectors).result()
        found = [[numbers[passage_id] for passage_id in ids] for ids in served.pop("found")]
        megabytes = {name: (folder / name).stat().st_size / 1e6 for name in (INDEX_FILE, PASSAGES_FILE)}
    # By similarity, so that a passage as near as the last one counts.
    near = [
        float((vectors[rows] @ question >= exact[-1] - 1e-5).sum()) / len(exact)
        for rows, question, exact in zip(found, source.question_vectors, similarities, strict=True)
    ]
    return {
        "times": times,
        "vectors": len(vectors),
        **msgspec.to_builtins(manifest.kind),
        "build_seconds": build_seconds,
        "vectors_per_second": len(vectors) / build_seconds,
        "index_megabytes": megabytes[INDEX_FILE],
        "passages_megabytes": megabytes[PASSAGES_FILE],
        **served,
        "recall_of_questions": statistics.mean(near),
    }


def _forget_pages(path: Path) -> None:
    """Have the system drop what it keeps of a file, so that the next reader reads the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def measured_reader(folder: Path, questions: Embeddings) -> dict[str, Any]:
    """In a process of its own: load a snapshot as the app does, beside an encoder, and search it."""
    encoder = OnnxEncoder(ENCODER)
    before = resident_megabytes(os.getpid())
    began = time.perf_counter()
    index = FaissPassageIndex.load(folder, encoder)
    load_seconds = time.perf_counter() - began
    after = resident_megabytes(os.getpid())
    chance = np.random.default_rng(SEED)
    named = [index.passages[number].id for number in chance.choice(len(index.passages), NAMED, replace=False)]
    found: list[list[str]] = []
    searches: dict[str, Callable[[Embeddings], object]] = {
        "search": lambda question: found.append([hit.passage.id for hit in index.nearest(question, limit=10)]),
        "search_pool": lambda question: index.nearest(question, limit=POOL),
        "search_named": lambda question: index.nearest(question, limit=10, among=named),
    }
    figures: dict[str, Any] = {
        "load_seconds": load_seconds,
        "resident_megabytes": after,
        "of_it_snapshot_megabytes": after - before,
    }
    for name, search in searches.items():
        for question in questions[:20]:
            search(question)
        found.clear()
        figures[name] = percentiles([seconds(lambda q=question, s=search: s(q)) * 1000 for question in questions])  # type: ignore[misc]
        if name == "search":
            figures["found"] = list(found)
    return figures


def measured_questions(source: Source, encoder: OnnxEncoder, folder: Path, whole: GuidanceSearch) -> dict[str, Any]:
    """Ask each question of the encoder alone, of encoder and index, and of the whole search, turn and turn about."""
    say("asking questions with embedding")
    write_snapshot(
        folder, source.content, load_search_rules(source.release / "knowledge" / "retrieval"), encoder, source.vectors
    )
    index = FaissPassageIndex.load(folder, encoder)
    filters = SearchFilter(today=START.date())
    ways: dict[str, Callable[[str], object]] = {
        "encoder": lambda text: encoder.encode([text]),
        "encoder_and_index": lambda text: index.nearest(encoder.encode([text])[0], limit=10),
        "whole_search": lambda text: whole.search(text, filters),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    names = list(ways)
    for turn, text in enumerate([*source.questions[:20], *source.questions, *source.questions]):
        # Whoever comes first finds the processor cold: each does so as often as the others.
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            ms = seconds(lambda run=ways[name], asked=text: run(asked)) * 1000  # type: ignore[misc]
            if turn >= 20:
                taken[name].append(ms)
    figures: dict[str, Any] = {name: percentiles(each) for name, each in taken.items()}
    for name in ("encoder_and_index", "whole_search"):
        figures[f"{name}_to_encoder"] = {
            key.removesuffix("_ms"): figures[name][key] / figures["encoder"][key] for key in ("p50_ms", "p95_ms")
        }
    return figures


def prepared_knowledge(folder: Path, encoder: OnnxEncoder) -> tuple[Path, Path, GuidanceSearch]:
    """Return a copy of the content, a cache that knows all its vectors, and the search on it."""
    knowledge, cache = folder / "knowledge", folder / "cache"
    shutil.copytree(ROOT / "knowledge", knowledge)
    stored = BUILT / "models" / "embeddings"
    shutil.copytree(stored, cache) if stored.is_dir() else cache.mkdir()
    say("building the articles as they are, so that their vectors are known")
    build_index(knowledge, folder / "snapshot", cache, encoder)
    return knowledge, cache, GuidanceSearch(FaissPassageIndex.load(folder / "snapshot", encoder), encoder)


def measured_edits(folder: Path, knowledge: Path, cache: Path, encoder: OnnxEncoder) -> dict[str, Any]:
    """Change a letter in one article, and wait until it is served: as an index alone, and as a whole release."""
    say("changing a letter in one article")
    article_ids = sorted(path.stem for path in (knowledge / "articles").glob("*.md"))
    files = ReleaseFiles(folder / "releases", knowledge)

    def snapshot(number: int) -> GuidanceSearch:
        target = folder / f"snapshot{number}"
        build_index(knowledge, target, cache, encoder)
        return GuidanceSearch(FaissPassageIndex.load(target, encoder), encoder)

    def release(_: int) -> GuidanceSearch:
        files.publish(lambda copied, target: build_index(copied, target, cache, encoder))
        served = files.load_newest(encoder).guidance
        if not isinstance(served, GuidanceSearch):
            raise TypeError("the release came without guidance")
        return served

    figures: dict[str, Any] = {}
    for name, served_anew in {"edit_to_snapshot": snapshot, "edit_to_release": release}.items():
        taken = []
        for number in range(EDITS):
            article_id = article_ids[number]
            _change_a_letter(knowledge / "articles" / f"{article_id}.md")
            began = time.perf_counter()
            served = served_anew(number)
            served.search("what helps", SearchFilter(today=START.date()))
            taken.append(time.perf_counter() - began)
        figures[name] = {"median_seconds": statistics.median(taken), "most_seconds": max(taken)}
    return figures


def _change_a_letter(article: Path) -> None:
    text = article.read_text(encoding="utf-8")
    place = max(number for number, letter in enumerate(text) if letter.isalpha())
    changed = "x" if text[place] != "x" else "y"
    article.write_text(text[:place] + changed + text[place + 1 :], encoding="utf-8")


def budgets(sizes: Sequence[dict[str, Any]], questions: dict[str, Any], edits: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what was promised, and what was found."""
    by_times = {each["times"]: each for each in sizes}
    rows: list[tuple[str, float, str, bool]] = []
    for times, most in ((1, 1.0), (1000, 5.0)):
        if times in by_times:
            p50 = by_times[times]["search"]["p50_ms"]
            rows.append((f"search alone at {times:,}x, p50 ms", p50, f"<= {most:g}", p50 <= most))
    if 1000 in by_times:
        recall = by_times[1000]["recall_of_questions"]
        rows.append(("recall@10 at 1,000x", recall, f">= {REQUIRED_RECALL:g}", recall >= REQUIRED_RECALL))
    for name, what in (("encoder_and_index", "embedding and index"), ("whole_search", "a whole query")):
        ratio = questions[f"{name}_to_encoder"]["p95"]
        rows.append((f"{what}, p95 as ratio to the bare encoder's", ratio, "<= 1.5", ratio <= 1.5))
    most_seconds = edits["edit_to_snapshot"]["most_seconds"]
    rows.append(("one-article edit to a snapshot that is served, s", most_seconds, "< 2", most_seconds < 2))
    return [
        {"what": what, "measured": measured, "budget": budget, "within": within}
        for what, measured, budget, within in rows
    ]


def show(result: dict[str, Any]) -> None:
    """Print the tables."""
    console = Console(width=170)
    table = Table(title="The index by size")
    headings = (
        "size", "vectors", "kind", "build s", "vectors/s", "file MB", "load s", "RSS MB", "for it",
        "p50, p95 ms", f"{POOL}: p50", f"among {NAMED}: p50", "recall@10", "stated",
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading, justify="right")
    for each in result["sizes"]:
        table.add_row(
            f"{each['times']:,}x",
            f"{each['vectors']:,}",
            f"{each['kind']} {each['probes']} of {each['lists']}" if each["lists"] else each["kind"],
            f"{each['build_seconds']:.2f}",
            f"{each['vectors_per_second']:,.0f}",
            f"{each['index_megabytes']:.1f}",
            f"{each['load_seconds']:.2f}",
            f"{each['resident_megabytes']:.0f}",
            f"{each['of_it_snapshot_megabytes']:.0f}",
            f"{each['search']['p50_ms']:.2f}, {each['search']['p95_ms']:.2f}",
            f"{each['search_pool']['p50_ms']:.2f}",
            f"{each['search_named']['p50_ms']:.2f}",
            f"{each['recall_of_questions']:.3f}",
            f"{each['recall_at_10']:.3f}",
        )
    console.print(table)
    table = Table(title="A question at 1x")
    for heading in ("what", "p50 ms", "p95 ms", "p50 to encoder", "p95 to encoder"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    named = {
        "encoder": "bare encoder",
        "encoder_and_index": "encoder and index",
        "whole_search": "whole search: spelling, words, rules",
    }
    for name, shown in named.items():
        ratio = result["questions"].get(f"{name}_to_encoder", {"p50": 1.0, "p95": 1.0})
        each = result["questions"][name]
        cells = (each["p50_ms"], each["p95_ms"], ratio["p50"], ratio["p95"])
        table.add_row(shown, *(f"{cell:.2f}" for cell in cells))
    console.print(table)
    table = Table(title="Budgets")
    for heading in ("what", "measured", "budget", "within"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for row in result["budgets"]:
        table.add_row(row["what"], f"{row['measured']:.3f}", row["budget"], "yes" if row["within"] else "NO")
    console.print(table)
    edit = result["edits"]["edit_to_release"]
    console.print(
        "one-article edit to a whole release that is served, its rules checked too: "
        f"median {edit['median_seconds']:.2f} s, most {edit['most_seconds']:.2f} s; a running app looks every 5 s"
    )
    console.print(f"embedding: {result['passages_per_second']:.1f} passages/s on one thread; no query cache")
    console.print(f"loads: {', '.join(f'{part:.2f}' for part in (*result['load_before'], *result['load_after']))}")
    console.print(f"cores: {result['cores']}; builds with {BUILD_THREADS} threads, searches with one")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="times as many sections (1,100,1000)")
    parser.add_argument("--json", action="store_true", help="print for programs")
    arguments = parser.parse_args()
    load_before = os.getloadavg()
    encoder = OnnxEncoder(ENCODER)
    source, passages_per_second = read_source(encoder)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        knowledge, cache, whole = prepared_knowledge(folder, encoder)
        questions = measured_questions(source, encoder, folder / "one", whole)
        edits = measured_edits(folder, knowledge, cache, encoder)
    sizes = [measured_size(source, int(times), encoder) for times in arguments.sizes.split(",")]
    result = {
        "sizes": sizes,
        "questions": questions,
        "query_cache": None,
        "passages_per_second": passages_per_second,
        "edits": edits,
        "budgets": budgets(sizes, questions, edits),
        "load_before": load_before,
        "load_after": os.getloadavg(),
        "cores": os.cpu_count(),
    }
    if arguments.json:
        print(json.dumps(result, indent=2))
    else:
        show(result)


if __name__ == "__main__":
    main()
