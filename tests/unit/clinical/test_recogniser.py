"""The recogniser: what it reads, how it is told from noise by length, and what it says when it cannot be used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.clinical.errors import RecogniserError
from careline.clinical.recognition.features import FEATURES_VERSION, features_of
from careline.clinical.recognition.model import load_model
from careline.clinical.recognition.recogniser import Band, Recogniser
from careline.clinical.recognition.windows import windows_of
from careline.clinical.understanding.normalise import words_of
from tests.support.trained import FLAG, OTHER, written


@pytest.fixture
def recogniser(tmp_path: Path) -> Recogniser:
    return Recogniser(load_model(written(tmp_path), "c0ffee"))


def test_words_with_much_weight_are_a_card_with_the_flag_and_the_words(recogniser: Recogniser):
    text = "he collapsed and he is grey"
    found = recogniser.recognise(text, {FLAG, OTHER})
    assert found.band is Band.CARD
    assert found.flags[0] == FLAG
    quotes = " ".join(text[start:end] for start, end in found.quotes)
    assert "collapsed" in quotes
    assert "grey" in quotes


def test_some_weight_is_a_question_and_little_is_nothing(recogniser: Recogniser):
    assert recogniser.recognise("he is grey", {FLAG}).band is Band.QUESTION
    assert recogniser.recognise("my nose runs", {FLAG}).band is Band.NONE


@pytest.mark.parametrize("text", ["", " ", "?!", "\N{SMILING FACE WITH SMILING EYES}"])
def test_nothing_said_is_nothing_recognised(recogniser: Recogniser, text: str):
    assert recogniser.recognise(text, {FLAG}).band is Band.NONE
    assert recogniser.propose(text, {"cough"}).sure is None


def test_a_flag_that_is_not_screened_for_is_not_named(recogniser: Recogniser):
    assert recogniser.recognise("he collapsed and he is grey", {OTHER}).flags == ()


def test_words_like_no_flag_in_particular_are_known_as_such(tmp_path: Path):
    model = load_model(written(tmp_path), "c0ffee")
    calibration = msgspec.structs.replace(model.manifest.calibration, least_share=1.1)
    unsure = replace(model, manifest=msgspec.structs.replace(model.manifest, calibration=calibration))
    text = "he collapsed and he is grey"
    assert Recogniser(unsure).recognise(text, {FLAG, OTHER}).is_diffuse
    assert not Recogniser(model).recognise(text, {FLAG, OTHER}).is_diffuse


def test_the_same_message_gives_the_same_answer(recogniser: Recogniser):
    text = "he collapsed and he is grey"
    assert recogniser.recognise(text, {FLAG}) == recogniser.recognise(text, {FLAG})


def test_one_sentence_of_many_that_sound_like_something_needs_a_higher_score(tmp_path: Path):
    model = load_model(written(tmp_path))
    calibration = msgspec.structs.replace(model.manifest.calibration, unremarkable=-100.0)
    wary = replace(model, manifest=msgspec.structs.replace(model.manifest, calibration=calibration))
    post = "We went to the shop and the park with him. " * 12
    alone = Recogniser(wary).score("he collapsed and he is grey.")
    buried = Recogniser(wary).score(post + "he collapsed and he is grey.")
    assert 0 < buried < alone


STORY = "He was at work and then he collapsed by the stairs. He is grey and cold to touch now"
ASIDES = (
    "Hello, my name is Sam and I live by the river with two dogs.",
    "Sorry to bother you, I am sure that others need you more.",
    "We went to the shop. We went to the park. We had some tea. Then we went home again. It was a long day.",
)


@pytest.mark.parametrize("aside", ASIDES)
def test_what_stands_beside_a_story_never_lowers_its_score(recogniser: Recogniser, aside: str):
    alone = recogniser.score(STORY)
    assert recogniser.score(f"{aside} {STORY}") >= alone
    assert recogniser.score(f"{STORY}. {aside}") >= alone


@given(
    st.lists(st.sampled_from(["we went home.", "he is grey.", "how long?", "it rained all day and night."]), max_size=9)
)
def test_words_short_enough_are_a_window_of_their_own_whatever_stands_beside_them(others: list[str]):
    story = "she collapsed in the shop. her lips are grey now"
    beside = words_of(" ".join([*others, "it was a long day for us.", story]))
    said = [word.text for word in words_of(story)]
    assert said in [[word.text for word in window.words] for window in windows_of(beside)]


def test_a_stop_at_the_end_makes_no_difference(recogniser: Recogniser):
    assert recogniser.score("he collapsed.") == recogniser.score("he collapsed")


@pytest.mark.parametrize("opener", ["Hello?", "Hi there.", "Help me!", "Is anybody there?", "Can you hear me, please?"])
def test_a_greeting_or_a_question_before_a_story_leaves_nothing_in_its_window(opener: str):
    said = ["my", "chest", "hurts", "and", "my", "arm", "is", "numb"]
    windows = windows_of(words_of(f"{opener} {' '.join(said)}."))
    assert said in [[word.text for word in window.words] for window in windows]


def test_windows_cover_a_long_post_and_are_never_too_many():
    words = words_of("One two three four five. " * 500)
    windows = windows_of(words)
    assert len([window for window in windows if window.sentences == 1]) <= 61
    assert windows[0].words[0] == words[0]
    assert windows[-1].words[-1] == words[-2]  # the stop that ends it left out


def test_text_without_any_stop_is_cut():
    assert all(len(window.words) <= 40 for window in windows_of(words_of("word " * 300)))


def test_denied_words_are_seen_as_denied():
    said, denied = (set(features_of(words_of(text)).places) for text in ("chest pain", "no chest pain"))
    assert denied - said


def test_a_complaint_that_may_not_be_chosen_is_not_proposed(recogniser: Recogniser):
    assert recogniser.propose("cough", {"cough"}).sure == "cough"
    assert recogniser.propose("cough", {"rash"}).sure is None


class TestRefused:
    """What does not fit is refused by name, and says what to do."""

    def test_missing(self, tmp_path: Path):
        with pytest.raises(RecogniserError, match=r"manifest\.json.*make train"):
            load_model(tmp_path)

    def test_of_another_corpus(self, tmp_path: Path):
        with pytest.raises(RecogniserError, match="another corpus"):
            load_model(written(tmp_path), "badc0de")

    def test_of_other_features(self, tmp_path: Path):
        with pytest.raises(RecogniserError, match="other code"):
            load_model(written(tmp_path, features_version=FEATURES_VERSION + 1))

    def test_altered(self, tmp_path: Path):
        written(tmp_path)
        (tmp_path / "weights.npz").write_bytes(b"something else")
        with pytest.raises(RecogniserError, match="altered"):
            load_model(tmp_path)

    def test_of_another_size(self, tmp_path: Path):
        with pytest.raises(RecogniserError, match="size"):
            load_model(written(tmp_path, flags=(FLAG,)))

    def test_no_manifest_of_ours(self, tmp_path: Path):
        written(tmp_path)
        (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
        with pytest.raises(RecogniserError, match="make train"):
            load_model(tmp_path)
