"""The sentence reader on disk: it is used only with what it was calibrated with, and never holds a message up."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from careline.clinical.errors import RecogniserError
from careline.clinical.phrases import corpus_hash
from careline.clinical.recognition.model import Manifest, load_model
from careline.clinical.recognition.reader import ReaderCalibration
from careline.consultation.metrics import ALERTS
from careline.consultation.release_files import ReleaseFiles
from careline.consultation.sentence_reader import OnnxSentenceReader, ReaderManifest, load_reader
from careline.guidance.model_weights import WEIGHTS_SHA256
from tests.support.trained import written
from tests.unit.consultation.test_recogniser_files import small_content

CALIBRATION = ReaderCalibration(
    weight=1.0, question=1.0, card=1e6, beside=4.0, window_penalty=0.5, least_share=0.0, naming=1.0
)


class Rows:
    """A model whose rows are made by a function."""

    def __init__(self, row: Callable[[str], Sequence[float]]) -> None:
        self._row = row

    def rows(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.array([self._row(text) for text in texts], np.float32)


def alerts(what: str) -> float:
    return ALERTS.labels(what)._value.get()


def words_of(folder: Path) -> Manifest:
    return load_model(written(folder)).manifest


def manifest(words: Manifest, **changes: object) -> ReaderManifest:
    whole = ReaderManifest(
        corpus=words.corpus,
        recogniser=words.toolchain.get("code", ""),
        code="0",
        base_sha256=WEIGHTS_SHA256,
        flags=words.flags,
        most_tokens=96,
        lost=0.0,
        toolchain={},
        files={"model.onnx": "0"},
        calibration=CALIBRATION,
    )
    return msgspec.structs.replace(whole, **changes)


def test_each_text_is_read_by_itself():
    seen: list[str] = []

    def row(text: str) -> Sequence[float]:
        seen.append(text)
        return (len(text), 1.0, 2.0)

    reader = OnnxSentenceReader(Rows(row), CALIBRATION)  # type: ignore[arg-type]
    readings = reader.read(["one", "three"])
    assert readings is not None
    assert [reading.score for reading in readings] == [3.0, 5.0]
    assert seen == ["one", "three"]


def test_the_steps_of_a_turn_that_ask_again_wait_no_second_time():
    seen: list[str] = []

    def row(text: str) -> Sequence[float]:
        seen.append(text)
        return (1.0, 2.0)

    reader = OnnxSentenceReader(Rows(row), CALIBRATION)  # type: ignore[arg-type]
    assert reader.read(["one", "two"]) == reader.read(["one", "two"])
    assert seen == ["one", "two"]
    for number in range(200):
        reader.read([str(number)])
    reader.read(["one", "two"])
    assert seen[-2:] == ["one", "two"]  # it does not keep them for ever


def test_what_had_no_answer_has_none_in_the_next_step_of_the_turn_either():
    calls: list[str] = []

    def once(text: str) -> Sequence[float]:
        calls.append(text)
        if len(calls) == 1:
            raise ValueError
        return (1.0, 2.0)

    reader = OnnxSentenceReader(Rows(once), CALIBRATION)  # type: ignore[arg-type]
    assert reader.read(["a"]) is None
    assert reader.read(["a"]) is None


def test_whoever_writes_the_same_after_the_turn_is_read_anew(monkeypatch: pytest.MonkeyPatch):
    calls: list[str] = []

    def once(text: str) -> Sequence[float]:
        calls.append(text)
        if len(calls) == 1:
            raise ValueError
        return (1.0, 2.0)

    reader = OnnxSentenceReader(Rows(once), CALIBRATION)  # type: ignore[arg-type]
    assert reader.read(["a"]) is None
    later = time.monotonic() + 60
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert reader.read(["a"]) is not None
    assert reader.read(["a"]) is not None
    assert len(calls) == 2


def test_one_that_fails_has_no_answer_and_tells_operators_without_the_words(caplog: pytest.LogCaptureFixture):
    def broken(text: str) -> Sequence[float]:
        raise ValueError(text)

    before = alerts("reader_failed")
    assert OnnxSentenceReader(Rows(broken), CALIBRATION).read(["my secret story"]) is None  # type: ignore[arg-type]
    assert alerts("reader_failed") == before + 1
    assert "secret" not in caplog.text


def test_a_score_that_is_no_number_is_no_answer():
    reader = OnnxSentenceReader(Rows(lambda _: (float("nan"), 0.0)), CALIBRATION)  # type: ignore[arg-type]
    assert reader.read(["a"]) is None


def test_one_that_takes_too_long_has_no_answer():
    def slow(_: str) -> Sequence[float]:
        time.sleep(0.02)
        return (1.0, 0.0)

    before = alerts("reader_slow")
    reader = OnnxSentenceReader(Rows(slow), CALIBRATION, most_seconds=0.01)  # type: ignore[arg-type]
    assert reader.read(["a", "b", "c"]) is None
    assert alerts("reader_slow") == before + 1


def test_a_missing_one_is_named_with_the_remedy(tmp_path: Path):
    words = words_of(tmp_path)
    with pytest.raises(RecogniserError, match="make train"):
        load_reader(tmp_path / "nowhere", words)


def test_an_altered_model_is_refused(tmp_path: Path):
    words = words_of(tmp_path)
    folder = tmp_path / "reader"
    folder.mkdir()
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest(words)))
    (folder / "model.onnx").write_bytes(b"something else")
    with pytest.raises(RecogniserError, match=r"model\.onnx: is missing or altered"):
        load_reader(folder, words)


@pytest.mark.parametrize(
    "changes", [{"corpus": "others"}, {"recogniser": "others"}, {"flags": ("rf_other",)}, {"base_sha256": "0"}]
)
def test_one_that_belongs_to_something_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]
):
    words = msgspec.structs.replace(words_of(tmp_path), toolchain={"code": "words"})
    other = manifest(words, **changes)
    monkeypatch.setattr("careline.consultation.sentence_reader.read_reader_manifest", lambda _: other)
    with pytest.raises(RecogniserError, match="another corpus or recogniser"):
        load_reader(tmp_path, words)


def test_without_a_usable_one_the_release_loads_with_the_words_and_an_alert(tmp_path: Path):
    knowledge = small_content(tmp_path / "knowledge")
    (tmp_path / "recogniser").mkdir()
    trained = written(tmp_path / "recogniser", corpus=corpus_hash(knowledge))
    before = alerts("reader_unusable")
    files = ReleaseFiles(tmp_path / "releases", knowledge, recogniser=trained, reader=tmp_path / "nowhere")
    release = files.load_newest(None)
    assert release.recogniser is not None
    assert not release.has_reader
    assert alerts("reader_unusable") == before + 1
