"""The sentence reader beside the words: it adds cards and questions, takes none away, and is not needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from careline.clinical.recognition.model import load_model
from careline.clinical.recognition.reader import ReaderCalibration, Reading
from careline.clinical.recognition.recogniser import Band, Recogniser
from tests.support.trained import FLAG, OTHER, written

UNKNOWN_WORDS = "everything went sideways"  # nothing that the words of the small recogniser know
CARD = "he collapsed and he is grey"
CALIBRATION = ReaderCalibration(
    weight=1.0, question=1.0, card=20.0, beside=4.0, window_penalty=0.5, least_share=0.0, naming=1.0
)


class Reader:
    """Finds texts with one sentence in them dangerous, and everything else as harmless as it is told to."""

    def __init__(self, harmless: float = -5.0, danger: str = UNKNOWN_WORDS) -> None:
        self.calibration = CALIBRATION
        self.asked: list[Sequence[str]] = []
        self._harmless, self._danger = harmless, danger

    def read(self, texts: Sequence[str]) -> Sequence[Reading] | None:
        self.asked.append(texts)
        flags = np.array([-9.0, 0.0], np.float32)  # the second flag, surely
        return [Reading(9.0 if self._danger in text else self._harmless, flags) for text in texts]


class Silent(Reader):
    """Has no answer."""

    def read(self, texts: Sequence[str]) -> Sequence[Reading] | None:
        return None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path)


def with_reader(folder: Path, reader: Reader | None) -> Recogniser:
    return Recogniser(load_model(folder, "c0ffee"), reader)


def test_what_the_words_do_not_know_is_asked_about_by_the_flag_that_the_reader_names(folder: Path):
    assert with_reader(folder, None).recognise(UNKNOWN_WORDS, {FLAG, OTHER}).band is Band.NONE
    found = with_reader(folder, Reader()).recognise(UNKNOWN_WORDS, {FLAG, OTHER})
    assert found.band is Band.QUESTION
    assert found.flags[0] == OTHER


def test_from_the_card_band_on_both_together_raise_a_card_of_the_flag_that_the_reader_names(folder: Path):
    found = with_reader(folder, Reader(harmless=1000.0)).recognise("my nose runs", {FLAG, OTHER})
    assert found.band is Band.CARD
    assert found.flags[0] == OTHER


def test_a_question_of_the_words_becomes_a_card_where_both_together_are_sure(folder: Path):
    text = "he is grey"
    alone = with_reader(folder, None).recognise(text, {FLAG, OTHER})
    both = with_reader(folder, Reader(harmless=1000.0)).recognise(text, {FLAG, OTHER})
    assert (alone.band, both.band) == (Band.QUESTION, Band.CARD)
    assert alone.flags[0] in both.flags


def test_without_an_answer_of_the_reader_the_card_is_a_question_of_the_words(folder: Path):
    assert with_reader(folder, Silent()).recognise("he is grey", {FLAG, OTHER}).band is Band.QUESTION


@pytest.mark.parametrize("harmless", [-1000.0, 1000.0])
def test_a_card_of_the_words_stands_whatever_it_reads(folder: Path, harmless: float):
    alone = with_reader(folder, None).recognise(CARD, {FLAG, OTHER})
    assert alone.band is Band.CARD
    assert with_reader(folder, Reader(harmless)).recognise(CARD, {FLAG, OTHER}) == alone


@pytest.mark.parametrize("text", ["he is grey", "my nose runs. he is grey", "he is grey. my nose runs again today"])
def test_a_question_of_the_words_stands_whatever_it_reads(folder: Path, text: str):
    alone = with_reader(folder, None).recognise(text, {FLAG, OTHER})
    assert alone.band is Band.QUESTION
    assert with_reader(folder, Reader(harmless=-1000.0)).recognise(text, {FLAG, OTHER}) == alone


def test_what_the_words_would_ask_first_is_asked_also_where_the_reader_names_another(folder: Path):
    alone = with_reader(folder, None).recognise("he is grey", {FLAG, OTHER})
    both = with_reader(folder, Reader(danger="he is grey")).recognise("he is grey", {FLAG, OTHER})
    assert both.band is Band.QUESTION
    assert alone.flags[0] in both.flags
    assert both.flags[0] == OTHER
    assert both.score >= alone.score


@pytest.mark.parametrize("text", [CARD, "he is grey", "my nose runs", UNKNOWN_WORDS, "", "?!"])
def test_when_it_has_no_answer_the_words_answer_as_they_do_without_it(folder: Path, text: str):
    among = {FLAG, OTHER}
    assert with_reader(folder, Silent()).recognise(text, among) == with_reader(folder, None).recognise(text, among)


@pytest.mark.parametrize("beside", ["Sorry to bother you.", "My name is Amara Okafor.", "It is probably nothing."])
def test_what_stands_beside_the_story_takes_no_question_away(folder: Path, beside: str):
    recogniser = with_reader(folder, Reader())
    for text in (f"{beside} {UNKNOWN_WORDS}.", f"{UNKNOWN_WORDS}. {beside}"):
        assert recogniser.recognise(text, {FLAG, OTHER}).band is Band.QUESTION


@pytest.mark.parametrize("beside", ["Sorry to bother you.", "My name is Amara Okafor.", "My dad says it's nothing."])
def test_what_stands_beside_the_story_changes_no_score(folder: Path, beside: str):
    recogniser = with_reader(folder, Reader())
    for story in (UNKNOWN_WORDS, "he is grey", CARD):
        alone = recogniser.recognise(f"{story}.", {FLAG, OTHER})
        for text in (f"{beside} {story}.", f"{story}. {beside}"):
            found = recogniser.recognise(text, {FLAG, OTHER})
            assert (found.score, found.band, found.flags) == (alone.score, alone.band, alone.flags)


def test_what_stands_around_the_likeliest_words_can_say_that_it_is_over(folder: Path):
    class Listens(Reader):
        def read(self, texts: Sequence[str]) -> Sequence[Reading] | None:
            readings = super().read(texts) or ()
            return [
                Reading(-9.0, each.flags) if "years ago" in text else each
                for text, each in zip(texts, readings, strict=True)
            ]

    recogniser = with_reader(folder, Listens())
    assert recogniser.recognise(f"{UNKNOWN_WORDS}. She is with me now.", {FLAG, OTHER}).band is Band.QUESTION
    assert recogniser.recognise(f"{UNKNOWN_WORDS}. That was years ago.", {FLAG, OTHER}).band is Band.NONE


def test_of_a_long_post_the_sentences_next_to_the_likeliest_words_are_read_with_them(folder: Path):
    reader = Reader()
    post = "my nose runs again and again. " * 12 + f"{UNKNOWN_WORDS}. It was he who said so. " + "my nose runs. " * 30
    with_reader(folder, reader).recognise(post, {FLAG, OTHER})
    around = reader.asked[-1][0]
    assert UNKNOWN_WORDS in around
    assert "It was he who said so" in around
    assert around.index(UNKNOWN_WORDS) > 0


def test_a_long_text_does_not_make_it_read_without_end(folder: Path):
    reader = Reader()
    with_reader(folder, reader).recognise("my nose runs again. " * 200, {FLAG, OTHER})
    assert sum(len(texts) for texts in reader.asked) <= 24 + 1
    assert all(len(text.split()) <= 64 for texts in reader.asked for text in texts)


def test_what_was_left_unread_in_a_long_text_keeps_the_question_of_the_words(folder: Path):
    long = "he is grey. " + "my nose runs again today. " * 50
    without = with_reader(folder, None).recognise(long, {FLAG, OTHER})
    calm = with_reader(folder, Reader(harmless=-1000.0)).recognise(long, {FLAG, OTHER})
    assert without.band is Band.QUESTION
    assert calm == without


def test_scores_with_and_without_it_are_told_on_one_scale(folder: Path):
    recogniser = with_reader(folder, Reader(harmless=1.0 + 1e-3))
    found = recogniser.recognise("my nose runs", {FLAG, OTHER})
    bands = recogniser.model.manifest.calibration.bands
    assert (found.band is Band.QUESTION) == (found.score >= bands.question)
