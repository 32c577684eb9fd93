"""Train the sentence reader, if phrases, code or libraries have changed: `make train`. Some minutes on two processors.

The same phrases, libraries and kind of processor give the same bytes. It is put in place at once, or not at all.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # the weights are here: nothing is to be fetched
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import msgspec
import numpy as np
from sklearn.metrics import roc_auc_score

from careline.clinical.content_files import content_hash
from careline.clinical.errors import RecogniserError
from careline.clinical.phrases import Phrase, corpus_hash, load_phrases
from careline.clinical.recognition.model import Model, load_model
from careline.clinical.recognition.reader import ReaderCalibration, said_in
from careline.clinical.recognition.windows import without_last_mark
from careline.clinical.understanding.normalise import words_of
from careline.consultation.sentence_reader import OnnxSentenceReader, ReaderManifest, read_reader_manifest
from careline.guidance.encoder import MANIFEST_FILE, MODEL_FILE, TOKENIZER_FILE
from careline.guidance.model_weights import EXPECTED_SHA256, WEIGHTS_SHA256, file_sha256, weights_folder
from careline.guidance.token_model import TokenModel
from tools.reader_calibration import calibrated
from tools.reader_export import export
from tools.reader_training import SentenceNet, Settings, scores_of, trained
from tools.recogniser_fitting import Aims
from tools.train_recogniser import code_hash as recogniser_hash

ROOT = Path(__file__).resolve().parents[1]
_LIBRARIES = ("numpy", "scipy", "scikit-learn", "torch", "transformers", "tokenizers", "onnx", "onnxruntime")
_MOST_LOST = 0.002  # of the AUC, by weights in whole numbers
_UNSET = ReaderCalibration(
    weight=0.0, question=1e6, card=1e6, beside=0.0, window_penalty=0.0, least_share=0.0, naming=0.0
)

Say = Callable[[str], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; return the exit status."""
    options = _options(arguments)
    corpus = corpus_hash(options.knowledge)
    toolchain = {name: version(name) for name in _LIBRARIES}
    if _is_current(options.out, corpus, toolchain):
        print(f"{options.out}: up to date")
        return 0
    begun = time.monotonic()

    def say(text: str) -> None:
        print(f"reader: {text} ({time.monotonic() - begun:.0f} s)", flush=True)

    try:
        words = _words(options.words or options.out.parent / "recogniser", corpus)
    except RecogniserError as error:
        print(error, file=sys.stderr)
        return 1
    phrases = [phrase for phrase in load_phrases(options.knowledge) if phrase.part != "test"]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.out.parent, prefix=".reader-") as temporary:
        work = Path(temporary)
        write_reader(phrases, words, toolchain, work, say)
        options.out.mkdir(exist_ok=True)
        # The manifest goes last: with the files half replaced, the old one no longer fits and the reader is refused.
        for name in (MODEL_FILE, TOKENIZER_FILE, MANIFEST_FILE):
            os.replace(work / name, options.out / name)
    say(f"{options.out}: trained")
    return 0


def write_reader(phrases: Sequence[Phrase], words: Model, toolchain: dict[str, str], out: Path, say: Say) -> None:
    """Train, export, calibrate beside the word recogniser, and write model, tokenizer and manifest.

    Raises:
        RecogniserError: What was exported is not what was trained.
    """
    how, base = Settings(), weights_folder()
    flags = words.flags.names
    train = [phrase for phrase in phrases if phrase.part == "train"]
    held = [phrase for phrase in phrases if phrase.part == "calibration"]
    harder = [phrase for phrase in phrases if phrase.part == "harder"]
    say(f"training on {len(train)} messages")
    net = trained(base, train, flags, how, lambda done, steps: say(f"step {done} of {steps}"))
    say("exporting")
    shutil.copyfile(base / TOKENIZER_FILE, out / TOKENIZER_FILE)
    export(net, out / MODEL_FILE)
    reader = OnnxSentenceReader(
        TokenModel(out / MODEL_FILE, out / TOKENIZER_FILE, most_tokens=how.tokens), _UNSET, most_seconds=1e6
    )
    lost = _lost(net, reader, held, out / TOKENIZER_FILE, how.tokens)
    if lost > _MOST_LOST:
        raise RecogniserError(f"the exported reader tells {lost:.4f} less than the trained one. Nothing is replaced.")
    say("calibrating with the words")
    found = calibrated(words, reader, held, harder, Aims())
    manifest = ReaderManifest(
        corpus=words.manifest.corpus,
        recogniser=recogniser_hash(),
        code=code_hash(),
        base_sha256=WEIGHTS_SHA256,
        flags=flags,
        most_tokens=how.tokens,
        lost=round(lost, 5),
        toolchain=toolchain,
        files={MODEL_FILE: file_sha256(out / MODEL_FILE), TOKENIZER_FILE: EXPECTED_SHA256[TOKENIZER_FILE]},
        calibration=found.calibration,
        measured=found.measured,
    )
    text = msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=2)
    (out / MANIFEST_FILE).write_bytes(text + b"\n")


def _words(folder: Path, corpus: str) -> Model:
    """Return the word recogniser of this corpus and code, by whose scores the reader is calibrated."""
    words = load_model(folder, corpus)
    if words.manifest.toolchain.get("code") != recogniser_hash():
        raise RecogniserError(f"{folder}: was trained by other code. Train it first: `make train`.")
    return words


def code_hash() -> str:
    """Return a hash of the code that decides what the reader becomes, beside the word recogniser's."""
    source = ROOT / "src" / "careline"
    runs = [source / "guidance" / "token_model.py", source / "consultation" / "sentence_reader.py"]
    return content_hash([*sorted((ROOT / "tools").glob("*reader*.py")), *runs], ROOT)


def _lost(net: SentenceNet, reader: OnnxSentenceReader, held: Sequence[Phrase], tokenizer: Path, tokens: int) -> float:
    """Return how much of the AUC was lost between what was trained and what was exported."""
    texts = [said_in(phrase.text, without_last_mark(words_of(phrase.text))) for phrase in held]
    is_flag = [phrase.kind == "present" for phrase in held]
    readings = reader.read(texts)
    if readings is None:
        raise RecogniserError("the exported reader cannot read. Nothing is replaced.")
    exported = np.array([reading.score for reading in readings])
    return float(roc_auc_score(is_flag, scores_of(net, texts, tokenizer, tokens)) - roc_auc_score(is_flag, exported))


def _is_current(out: Path, corpus: str, toolchain: dict[str, str]) -> bool:
    try:
        manifest = read_reader_manifest(out)
    except RecogniserError:
        return False
    return (manifest.corpus, manifest.recogniser, manifest.code, manifest.base_sha256, manifest.toolchain) == (
        corpus,
        recogniser_hash(),
        code_hash(),
        WEIGHTS_SHA256,
        toolchain,
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the sentence reader of red flags.")
    parser.add_argument("--out", type=Path, required=True, help="folder for model, tokenizer and manifest")
    parser.add_argument("--words", type=Path, help="folder of the word recogniser (beside the reader's)")
    parser.add_argument("--knowledge", type=Path, default=ROOT / "knowledge")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
