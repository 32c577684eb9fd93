"""Building a snapshot from files, and refusing one that does not fit."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import msgspec
import pytest

from careline.guidance.article_files import article_markdown
from careline.guidance.errors import ArticleError, IndexBuildError, IndexMismatchError, IndexUnusableError
from careline.guidance.index import INDEX_FILE, MANIFEST_FILE, PASSAGES_FILE, FaissPassageIndex
from careline.guidance.index_build import build_index
from tests.support.guidance import NOW, WordEncoder, article, rules


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge"
    (folder / "articles").mkdir(parents=True)
    (folder / "retrieval").mkdir()
    some_rules = rules()
    (folder / "retrieval" / "thresholds.yml").write_bytes(msgspec.yaml.encode(some_rules.thresholds))
    (folder / "retrieval" / "guards.yml").write_bytes(msgspec.yaml.encode(some_rules.guards))
    (folder / "retrieval" / "not_covered.yml").write_text(
        "language: en\nhealth: {conditions: [gout in my toe]}\nout_of_scope: {}\n"
    )
    put(folder, article("cough", text="Drink honey."))
    put(folder, article("sore_throat", text="Gargle with salt water."))
    return folder


def put(knowledge: Path, some) -> None:
    (knowledge / "articles" / f"{some.id}.md").write_text(article_markdown(some), encoding="utf-8")


def build(knowledge: Path, name: str = "snapshot", *, encoder: WordEncoder | None = None, now: dt.datetime = NOW):
    folder = knowledge.parent / name
    return folder, build_index(knowledge, folder, knowledge.parent / "cache", encoder or WordEncoder(), now=now)


def test_a_snapshot_that_was_built_can_be_searched(knowledge):
    folder, _ = build(knowledge)
    encoder = WordEncoder()
    found = FaissPassageIndex.load(folder, encoder).nearest(encoder.encode(["gargle salt water"])[0], limit=1)
    assert found[0].passage.article_id == "sore_throat"


def test_equal_content_gives_the_same_snapshot_whenever_it_is_built(knowledge):
    _, first = build(knowledge, "one")
    _, second = build(knowledge, "two", now=NOW + dt.timedelta(days=400))
    assert first.snapshot == second.snapshot
    assert second.created_at == NOW + dt.timedelta(days=400)


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("articles/cough.md", "Drink honey.", "Drink tea."),
        ("articles/cough.md", "gp_soon", "self_care"),
        ("retrieval/guards.yml", "how much", "how often"),
        ("retrieval/thresholds.yml", "0.7", "0.6"),
        ("retrieval/not_covered.yml", "gout", "warts"),
    ],
)
def test_any_change_of_content_gives_another_snapshot(knowledge, file, before, after):
    _, first = build(knowledge, "one")
    path = knowledge / file
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))
    _, second = build(knowledge, "two")
    assert first.snapshot != second.snapshot


def test_only_passages_that_changed_are_encoded_again(knowledge):
    build(knowledge)
    put(knowledge, article("cough", text="Drink tea."))
    encoder = WordEncoder()
    build(knowledge, encoder=encoder)
    assert encoder.encoded == ["Cough > What you can do\nDrink tea."]


def test_a_damaged_cache_costs_time_and_nothing_else(knowledge):
    _, first = build(knowledge)
    (cache,) = (knowledge.parent / "cache").iterdir()
    cache.write_bytes(cache.read_bytes()[:100])
    encoder = WordEncoder()
    _, second = build(knowledge, encoder=encoder)
    assert len(encoder.encoded) == len(second.passage_ids)
    assert first.snapshot == second.snapshot


def test_drafts_and_withdrawn_articles_stay_out(knowledge):
    put(knowledge, article("rash", status="draft"))
    put(knowledge, article("cold", status="withdrawn"))
    _, manifest = build(knowledge)
    assert set(manifest.content_hashes) == {"cough", "sore_throat"}


def test_without_a_published_article_nothing_is_built(knowledge):
    put(knowledge, article("cough", status="draft"))
    put(knowledge, article("sore_throat", status="draft"))
    with pytest.raises(IndexBuildError, match="Publish one"):
        build(knowledge)


def test_a_passage_that_the_encoder_would_cut_is_refused_by_name(knowledge):
    class Wordy(WordEncoder):
        def token_count(self, text: str) -> int:
            return 300 if "honey" in text else 5

    with pytest.raises(IndexBuildError, match=r"cough\.1\.0.*300 tokens"):
        build(knowledge, encoder=Wordy())


def test_thresholds_of_another_encoder_are_refused_with_the_file_to_mend(knowledge):
    with pytest.raises(IndexBuildError, match=r"thresholds\.yml: `\$\.model_hash`"):
        build(knowledge, encoder=WordEncoder("another" * 9))


def test_a_faulty_article_stops_the_build(knowledge):
    (knowledge / "articles" / "cough.md").write_text("nothing")
    with pytest.raises(ArticleError, match=r"cough\.md"):
        build(knowledge)


def test_progress_is_told_up_to_the_end(knowledge):
    steps: list[tuple[str, int, int]] = []
    build_index(
        knowledge,
        knowledge.parent / "snapshot",
        knowledge.parent / "cache",
        WordEncoder(),
        lambda step, done, total: steps.append((step, done, total)),
        now=NOW,
    )
    assert steps[0] == ("reading the articles", 0, 1)
    assert steps[-1] == ("index built", 1, 1)
    assert any(step == "encoding new passages" for step, _, _ in steps)


def test_a_snapshot_of_another_encoder_is_refused(knowledge):
    folder, _ = build(knowledge)
    with pytest.raises(IndexMismatchError, match="another encoder"):
        FaissPassageIndex.load(folder, WordEncoder("another" * 9))


def test_a_snapshot_cut_in_another_way_is_refused(knowledge):
    folder, _ = build(knowledge)
    alter_manifest(folder, chunker_version=99)
    with pytest.raises(IndexMismatchError, match="cut by another version"):
        FaissPassageIndex.load(folder, WordEncoder())


@pytest.mark.parametrize("name", [INDEX_FILE, PASSAGES_FILE, MANIFEST_FILE])
def test_a_snapshot_with_a_missing_file_is_refused_by_name(knowledge, name):
    folder, _ = build(knowledge)
    (folder / name).unlink()
    with pytest.raises(IndexUnusableError, match=name):
        FaissPassageIndex.load(folder, WordEncoder())


@pytest.mark.parametrize("name", [INDEX_FILE, PASSAGES_FILE])
def test_a_snapshot_with_an_altered_file_is_refused_by_name(knowledge, name):
    folder, _ = build(knowledge)
    data = bytearray((folder / name).read_bytes())
    data[-2] ^= 1
    (folder / name).write_bytes(bytes(data))
    with pytest.raises(IndexUnusableError, match=f"{name}: is missing or altered"):
        FaissPassageIndex.load(folder, WordEncoder())


def test_a_manifest_that_names_other_passages_is_refused(knowledge):
    folder, manifest = build(knowledge)
    alter_manifest(folder, passage_ids=list(reversed(manifest.passage_ids)))
    with pytest.raises(IndexUnusableError, match="do not fit together"):
        FaissPassageIndex.load(folder, WordEncoder())


def test_a_manifest_that_is_half_written_is_refused(knowledge):
    folder, _ = build(knowledge)
    path = folder / MANIFEST_FILE
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(IndexUnusableError, match=MANIFEST_FILE):
        FaissPassageIndex.load(folder, WordEncoder())


def alter_manifest(folder: Path, **changes: object) -> None:
    path = folder / MANIFEST_FILE
    path.write_text(json.dumps(json.loads(path.read_bytes()) | changes))
