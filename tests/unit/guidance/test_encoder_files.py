"""The encoder's files: anything but the ones expected is refused by name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from careline.guidance.encoder import OnnxEncoder
from careline.guidance.errors import EncoderError
from careline.guidance.model_weights import EXPECTED_SHA256, verify_weights


def test_missing_weights_are_named_with_what_to_do(tmp_path):
    with pytest.raises(EncoderError, match=r"model\.safetensors: is missing.*make setup"):
        verify_weights(tmp_path)


def test_altered_weights_are_refused(tmp_path):
    for name in EXPECTED_SHA256:
        (tmp_path / name).write_bytes(b"something else")
    with pytest.raises(EncoderError, match=r"model\.safetensors: is not the file expected"):
        verify_weights(tmp_path)


def test_an_encoder_that_was_not_built_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(EncoderError, match=r"manifest\.json: cannot be read.*careline model build"):
        OnnxEncoder(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "{}", "[]"])
def test_a_damaged_manifest_of_the_encoder_is_refused(tmp_path: Path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(EncoderError, match=r"manifest\.json"):
        OnnxEncoder(tmp_path)


@pytest.mark.slow  # starts a process
def test_what_the_server_imports_brings_in_none_of_the_libraries_that_build_the_encoder():
    """A server with torch would need a gigabyte more of memory; one with scipy, 27 MB."""
    program = (
        "import sys, careline.guidance.search, careline.guidance.index, careline.guidance.encoder, "
        "careline.guidance.index_build, careline.guidance.model_export, careline.guidance.page\n"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
