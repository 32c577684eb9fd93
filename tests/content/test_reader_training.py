"""Training the sentence reader: the same messages give the same weights, and what was built reads danger."""

from __future__ import annotations

import math

import pytest

from careline.clinical.phrases import corpus_hash, load_phrases
from careline.clinical.recognition.model import load_model
from careline.clinical.recognition.recogniser import Band, Recogniser
from careline.consultation.sentence_reader import load_reader
from tests.support.house import KNOWLEDGE, rule_book
from tests.support.installation import BUILT

pytestmark = pytest.mark.slow  # needs torch, and what `make train` built


def test_the_same_messages_give_the_same_weights():
    training = pytest.importorskip("tools.reader_training")
    weights = pytest.importorskip("careline.guidance.model_weights").weights_folder()
    phrases = [phrase for phrase in load_phrases(KNOWLEDGE) if phrase.part == "train"][::400]
    flags = sorted({phrase.about or "" for phrase in phrases if phrase.kind == "present"})
    once, again = (
        training.trained(weights, phrases, flags, training.Settings(passes=1), lambda *_: None).state_dict()
        for _ in range(2)
    )
    assert all(bool((once[name] == again[name]).all()) for name in once)


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    folder = BUILT / "models"
    model = load_model(folder / "recogniser", corpus_hash(KNOWLEDGE))
    return Recogniser(model, load_reader(folder / "reader", model.manifest, most_seconds=math.inf))


def test_danger_in_words_of_no_list_gets_its_card(recogniser: Recogniser):
    flags = set(rule_book().red_flags)
    found = recogniser.recognise("half his smile has gone and his words come out all jumbled", flags)
    assert found.band is Band.CARD
    assert any("stroke" in flag for flag in found.flags)


def test_what_may_be_danger_and_may_not_is_asked_about(recogniser: Recogniser):
    found = recogniser.recognise("my calf is tight and warm since the flight", set(rule_book().red_flags))
    assert found.band is Band.QUESTION


@pytest.mark.parametrize("text", ["can I get my repeat prescription on a Saturday", "my nose is a bit runny today"])
def test_what_is_harmless_is_not(recogniser: Recogniser, text: str):
    assert recogniser.recognise(text, set(rule_book().red_flags)).band is Band.NONE


def test_words_beside_the_story_take_no_card_away(recogniser: Recogniser):
    story = "half his smile has gone and his words come out all jumbled"
    flags = set(rule_book().red_flags)
    for text in (f"Sorry to bother you, I'm sure others need you more. {story}", f"{story}. It's probably nothing."):
        assert recogniser.recognise(text, flags).band is Band.CARD
