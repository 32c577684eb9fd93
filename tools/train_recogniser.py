"""Train the recogniser, if the phrase corpus or the code that reads it has changed: `make train`.

The same corpus and libraries give the same bytes. Weights and manifest are put in place at once, or not at all.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # sums in one order: the same bytes each time
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import msgspec
import numpy as np

from careline.clinical.content_files import content_hash
from careline.clinical.phrases import Phrase, corpus_hash, load_phrases
from careline.clinical.recognition.model import MANIFEST, WEIGHTS, Manifest
from tools.recogniser_fitting import Aims, fitted, tables

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; return the exit status."""
    options = _options(arguments)
    corpus, code = corpus_hash(options.knowledge), code_hash()
    toolchain = {"code": code, **{name: version(name) for name in ("numpy", "scipy", "scikit-learn")}}
    if options.leave_out is None and _is_current(options.out, corpus, toolchain):
        print(f"{options.out}: up to date")
        return 0
    phrases = [phrase for phrase in load_phrases(options.knowledge) if phrase.part != "test"]
    if options.leave_out is not None:
        phrases = without_author(phrases, options.leave_out)
    model = fitted(phrases, corpus, Aims(), toolchain)
    stored = io.BytesIO()
    np.savez_compressed(stored, allow_pickle=False, **tables(model))
    write_recogniser(options.out, model.manifest, stored.getvalue())
    print(f"{options.out}: trained on {len(phrases)} messages")
    return 0


def without_author(phrases: Sequence[Phrase], author: str) -> list[Phrase]:
    """Return the messages without any about a red flag of this author's: flags that are then met for the first time."""
    theirs = {phrase.about for phrase in phrases if phrase.author == author}
    return [phrase for phrase in phrases if phrase.kind not in ("present", "not_present") or phrase.about not in theirs]


def code_hash() -> str:
    """Return a hash of the code that decides what the recogniser becomes."""
    understanding = ROOT / "src" / "careline" / "clinical" / "understanding" / "normalise.py"
    recognition = sorted((ROOT / "src" / "careline" / "clinical" / "recognition").glob("*.py"))
    return content_hash([*recognition, understanding, *sorted((ROOT / "tools").glob("*recogniser*.py"))], ROOT)


def write_recogniser(out: Path, manifest: Manifest, weights: bytes) -> None:
    """Put weights and manifest in place; between the two the old manifest refuses the new weights."""
    out.mkdir(parents=True, exist_ok=True)
    whole = msgspec.structs.replace(manifest, weights_sha256=hashlib.sha256(weights).hexdigest())
    text = msgspec.json.format(msgspec.json.encode(whole, order="deterministic"), indent=2) + b"\n"
    for name, data in ((WEIGHTS, weights), (MANIFEST, text)):
        part = out / f".{name}.part"
        part.write_bytes(data)
        os.replace(part, out / name)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the recogniser of red flags and complaints.")
    parser.add_argument("--out", type=Path, required=True, help="folder for weights and manifest")
    parser.add_argument("--knowledge", type=Path, default=ROOT / "knowledge")
    parser.add_argument("--leave-out", metavar="AUTHOR", help="train without the red flags of this author")
    return parser.parse_args(arguments)


def _is_current(out: Path, corpus: str, toolchain: dict[str, str]) -> bool:
    try:
        manifest = msgspec.json.decode((out / MANIFEST).read_bytes(), type=Manifest)
        weights = (out / WEIGHTS).read_bytes()
    except (OSError, msgspec.DecodeError):
        return False
    is_whole = hashlib.sha256(weights).hexdigest() == manifest.weights_sha256
    return is_whole and manifest.corpus == corpus and manifest.toolchain == toolchain


if __name__ == "__main__":
    sys.exit(main())
