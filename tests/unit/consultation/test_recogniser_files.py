"""Which recogniser goes with a content release: the one trained on its phrases, or none."""

from __future__ import annotations

import shutil
from pathlib import Path

from careline.clinical.phrases import corpus_hash
from careline.consultation.metrics import ALERTS
from careline.consultation.release_files import ReleaseFiles
from tests.support.house import KNOWLEDGE
from tests.support.trained import written


def small_content(folder: Path) -> Path:
    shutil.copytree(KNOWLEDGE.parent / "tests" / "support" / "small_knowledge", folder)
    (folder / "phrases").mkdir()
    (folder / "phrases" / "set_aside.yml").write_text("test: []\ncalibration: []\n", encoding="utf-8")
    return folder


def alerts() -> float:
    return ALERTS.labels("recogniser_unusable")._value.get()


def test_one_that_was_trained_on_the_phrases_is_used(tmp_path: Path):
    knowledge = small_content(tmp_path / "knowledge")
    (tmp_path / "recogniser").mkdir()
    trained = written(tmp_path / "recogniser", corpus=corpus_hash(knowledge))
    files = ReleaseFiles(tmp_path / "releases", knowledge, recogniser=trained)
    assert files.load_newest(None).recogniser is not None


def test_one_that_was_trained_on_others_is_left_out_with_an_alert(tmp_path: Path):
    knowledge = small_content(tmp_path / "knowledge")
    (tmp_path / "recogniser").mkdir()
    trained = written(tmp_path / "recogniser", corpus="others")
    before = alerts()
    files = ReleaseFiles(tmp_path / "releases", knowledge, recogniser=trained)
    assert files.load_newest(None).recogniser is None
    assert alerts() == before + 1


def test_without_a_trained_one_the_release_loads_all_the_same(tmp_path: Path):
    knowledge = small_content(tmp_path / "knowledge")
    files = ReleaseFiles(tmp_path / "releases", knowledge, recogniser=tmp_path / "nowhere")
    assert files.load_newest(None).recogniser is None
