"""Train the dialogue model, if what it is made of has changed: `make train`.

Validates the dialogue data, cross-validates the intents, trains, and puts the model and a manifest in place, each at
once. Nothing is put in place when a step fails. Standard library only: whether anything is to be done is known
without importing Rasa, which takes seconds (rasa_steps.py does, in a process of its own).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MODEL = "careline.tar.gz"
MANIFEST = "manifest.json"
ENVIRONMENT = {
    "PYTHONPATH": os.pathsep.join(str(ROOT / folder) for folder in ("src", "bot")),
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_MAX_CACHE_SIZE": "0",  # trained anew or not at all: whether is decided here
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "CUDA_VISIBLE_DEVICES": "",
    "TQDM_DISABLE": "1",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; return the exit status."""
    options = _options(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    manifest = _read_manifest(options.out)
    inputs = input_digests()
    is_current = manifest.get("inputs") == inputs and _sha256(options.out / MODEL) == manifest.get("model")
    report: dict[str, Any] | None = manifest.get("cross_validation") if is_current else None
    with tempfile.TemporaryDirectory(dir=options.out, prefix=".training-") as folder:
        scratch = Path(folder)
        if not is_current and not _run("validate", scratch):
            return 1
        if options.cross_validation:
            report = report or _cross_validated(scratch)
            if report is None or not _is_good_enough(report, options.min_macro_f1):
                return 1
        if not is_current:
            if not _run("train", scratch):
                return 1
            os.replace(scratch / MODEL, options.out / MODEL)
    if is_current and report == manifest.get("cross_validation"):
        print(f"{options.out / MODEL}: up to date")
        return 0
    _write_manifest(options.out, inputs, report)
    print(f"{options.out / MODEL}: {'cross-validated' if is_current else 'trained'}")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Validate, cross-validate and train the dialogue model.")
    parser.add_argument("--out", type=Path, required=True, help="folder for careline.tar.gz and manifest.json")
    parser.add_argument("--min-macro-f1", type=float, default=0.80, help="fail below this (default 0.80)")
    parser.add_argument("--no-cross-validation", dest="cross_validation", action="store_false")
    return parser.parse_args(arguments)


def input_digests() -> dict[str, str | None]:
    """Return the digest of everything that decides what the model becomes, by path from the repository."""
    return {_relative(path): _sha256(path) for path in _input_files()}


def _input_files() -> Iterable[Path]:
    data_dir = Path(os.environ.get("CARELINE_DATA_DIR") or "var")
    encoder = (ROOT / data_dir / "models" / "encoder").resolve()
    yield from (ROOT / "config.yml", ROOT / "domain.yml", ROOT / "requirements" / "rasa.txt")
    yield from sorted((ROOT / "bot" / "data").rglob("*.yml"))
    yield from sorted((ROOT / "bot" / "components").glob("*.py"))
    yield from (encoder / name for name in ("model.onnx", "model.weights", "tokenizer.json"))


def _run(step: str, scratch: Path) -> bool:
    """Run a step of rasa_steps.py and return whether it succeeded; it prints what is wrong."""
    data_dir = Path(os.environ.get("CARELINE_DATA_DIR") or "var").resolve()
    command = [sys.executable, str(ROOT / "tools" / "rasa_steps.py"), "--scratch", str(scratch.resolve()), step]
    environment = {**os.environ, **ENVIRONMENT, "CARELINE_DATA_DIR": str(data_dir)}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


def _cross_validated(scratch: Path) -> dict[str, Any] | None:
    """Return the report of a cross-validation, or None when it failed."""
    if not _run("cross-validate", scratch):
        return None
    report: dict[str, Any] = json.loads((scratch / "cross_validation.json").read_text(encoding="utf-8"))
    return report


def _is_good_enough(report: dict[str, Any], minimum: float) -> bool:
    """Print the table of a cross-validation, and return whether its macro-F1 reaches the minimum."""
    print(f"{'intent':20} {'precision':>9} {'recall':>7} {'F1':>7} {'support':>8}")
    for name, row in sorted(report["intents"].items()):
        print(f"{name:20} {row['precision']:9.3f} {row['recall']:7.3f} {row['f1']:7.3f} {row['support']:8d}")
    macro_f1 = report["macro_f1"]
    print(f"macro-F1 {macro_f1:.3f} over {report['folds']} folds (near-duplicates kept in one fold); ", end="")
    print(f"{report['fallback_share']:.1%} not understood well enough and left to action_turn")
    if macro_f1 < minimum:
        print(f"macro-F1 {macro_f1:.3f} is below {minimum:.2f}: give the weakest intents above more varied examples")
        return False
    return True


def _read_manifest(out: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _write_manifest(out: Path, inputs: dict[str, str | None], report: dict[str, Any] | None) -> None:
    manifest = {
        "model": _sha256(out / MODEL),
        "inputs": inputs,
        "rasa": version("rasa"),
        "cross_validation": report,
    }
    part = out / f".{MANIFEST}.part"
    part.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(part, out / MANIFEST)


def _relative(path: Path) -> str:
    return Path(os.path.relpath(path, ROOT)).as_posix()


def _sha256(path: Path) -> str | None:
    """Return the digest of a file, or None when there is no such file."""
    if not path.is_file():
        return None
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
