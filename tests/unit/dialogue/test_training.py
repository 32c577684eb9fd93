"""`make train` without Rasa: when it does nothing, what it refuses, and what it leaves alone.

The steps themselves need Rasa's environment; here, where it is missing, they fail.
"""

from __future__ import annotations

import hashlib
import json

import pytest

from tools.train_rasa import MANIFEST, MODEL, input_digests, main

pytestmark = pytest.mark.slow  # takes long

GOOD = {
    "folds": 5,
    "macro_f1": 0.85,
    "fallback_share": 0.05,
    "intents": {"affirm": {"precision": 0.9, "recall": 0.8, "f1": 0.85, "support": 63}},
}


@pytest.fixture
def out(tmp_path):
    """A folder with a model that was trained on the files that are here now."""
    (tmp_path / MODEL).write_bytes(b"model")
    write_manifest(tmp_path, cross_validation=GOOD)
    return tmp_path


def write_manifest(out, **changes):
    model = hashlib.sha256(b"model").hexdigest()
    manifest = {"model": model, "inputs": input_digests(), "rasa": "3.6.21", "cross_validation": None, **changes}
    (out / MANIFEST).write_text(json.dumps(manifest))


def test_nothing_is_done_when_nothing_has_changed(out, capsys):
    assert main(["--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "up to date" in printed
    assert "macro-F1 0.850" in printed
    assert "affirm" in printed


def test_a_model_that_was_trained_in_a_hurry_is_up_to_date_for_the_next_start(out, capsys):
    write_manifest(out, cross_validation=None)
    assert main(["--out", str(out), "--no-cross-validation"]) == 0
    assert "up to date" in capsys.readouterr().out


def test_a_macro_f1_below_the_minimum_fails(out, capsys):
    assert main(["--out", str(out), "--min-macro-f1", "0.9"]) == 1
    assert "0.850 is below 0.90" in capsys.readouterr().out


@pytest.mark.parametrize("change", [{"inputs": {}}, {"model": "0" * 64}])
def test_a_training_that_fails_leaves_the_model_in_place(out, change, capfd):
    write_manifest(out, **change)
    before = (out / MANIFEST).read_bytes()
    assert main(["--out", str(out), "--no-cross-validation"]) == 1
    assert (out / MODEL).read_bytes() == b"model"
    assert (out / MANIFEST).read_bytes() == before
    assert sorted(file.name for file in out.iterdir()) == sorted([MODEL, MANIFEST])
    assert "rasa" in capfd.readouterr().err


def test_a_damaged_manifest_means_training_again(out, capfd):
    (out / MANIFEST).write_text("{")
    assert main(["--out", str(out), "--no-cross-validation"]) == 1
    assert "rasa" in capfd.readouterr().err


def test_what_decides_the_model_is_all_watched():
    watched = set(input_digests())
    assert {"config.yml", "domain.yml", "requirements/rasa.txt"} <= watched
    assert {"bot/data/nlu/answers.yml", "bot/data/rules/safety.yml", "bot/components/sentence_encoder.py"} <= watched
    for name in ("model.onnx", "model.weights"):
        assert any(path.endswith(f"models/encoder/{name}") for path in watched)
