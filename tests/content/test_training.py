"""Training the recogniser: what comes out can be loaded, tells danger from none, and is the same each time."""

from pathlib import Path

import pytest

from careline.clinical.phrases import corpus_hash
from careline.clinical.recognition.model import load_model
from careline.clinical.recognition.recogniser import Band, Recogniser
from tests.support.house import KNOWLEDGE, rule_book

training = pytest.mark.slow  # needs scikit-learn, and most of a minute


@training
def test_the_same_corpus_gives_the_same_bytes_and_a_recogniser_that_serves(tmp_path: Path):
    main = pytest.importorskip("tools.train_recogniser").main
    for name in ("once", "again"):
        assert main(["--out", str(tmp_path / name)]) == 0
    for file in ("weights.npz", "manifest.json"):
        assert (tmp_path / "once" / file).read_bytes() == (tmp_path / "again" / file).read_bytes()
    recogniser = Recogniser(load_model(tmp_path / "once", corpus_hash(KNOWLEDGE)))
    flags = rule_book().red_flags
    assert (
        recogniser.recognise("his face has slid down on one side and he talks gibberish", flags).band is Band.QUESTION
    )
    assert recogniser.recognise("can I get my repeat prescription on a Saturday", flags).band is Band.NONE
