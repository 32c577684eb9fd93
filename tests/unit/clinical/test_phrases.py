"""The phrase corpus: its shape, and which messages are set aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from careline.clinical.errors import ContentError
from careline.clinical.phrases import check_phrases, load_phrases, phrase_id

MESSAGE = "He will not wake up"


def corpus(folder: Path, phrases: str, set_aside: str = "test: []\ncalibration: []\n") -> Path:
    (folder / "phrases").mkdir()
    (folder / "phrases" / "some.yml").write_text(f"language: en\nauthor: me\n{phrases}", encoding="utf-8")
    (folder / "phrases" / "set_aside.yml").write_text(set_aside, encoding="utf-8")
    return folder


def test_a_message_that_is_set_aside_is_not_for_training_in_whatever_case_it_is_written(tmp_path: Path):
    folder = corpus(
        tmp_path,
        f"split: drawn\nflags: {{rf_a: {{present: ['{MESSAGE}', 'He is out cold']}}}}\n",
        f"test: ['{phrase_id('he will NOT wake up!')}']\ncalibration: []\n",
    )
    assert [(phrase.text, phrase.part) for phrase in load_phrases(folder)] == [
        (MESSAGE, "test"),
        ("He is out cold", "train"),
    ]


def test_what_stands_beside_a_story_is_about_nothing(tmp_path: Path):
    folder = corpus(tmp_path, "split: train\nasides: [Sorry to bother you]\n")
    assert [(phrase.kind, phrase.about, phrase.part) for phrase in load_phrases(folder)] == [("aside", None, "train")]


@pytest.mark.parametrize(
    ("phrases", "set_aside", "problem"),
    [
        ("split: drawn\nflags: {rf_b: {present: [a cough]}}\n", None, "'rf_b' is no red flag"),
        ("split: train\nflags: {rf_a: {present: [so ill], not_present: [So ill!]}}\n", None, "both present and not"),
        ("split: train\nother: [hello]\n", "test: ['0123456789']\ncalibration: []\n", "the id of no message"),
        ("split: some\n", None, r"some\.yml"),
        ("split: train\nfalgs: {}\n", None, "falgs"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(tmp_path: Path, phrases: str, set_aside: str | None, problem: str):
    folder = corpus(tmp_path, phrases, set_aside or "test: []\ncalibration: []\n")
    with pytest.raises(ContentError, match=problem):
        check_phrases(folder, {"rf_a"})
