"""The phrase corpus and the safety questions of the red flags."""

import re
from collections import Counter
from pathlib import Path

import pytest

from careline.clinical.content import RedFlag
from careline.clinical.finding import Case
from careline.clinical.phrases import check_phrases, load_phrases
from careline.clinical.red_flags import has_card, raised_red_flags
from careline.clinical.understanding.message import read_message
from tests.support.house import KNOWLEDGE, lexicon, rule_book

pytestmark = pytest.mark.slow  # takes long

FLAGS = [compiled.flag for compiled in rule_book().red_flags.values()]
by_flag = pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.id)
HARDEST = 7.0  # Flesch-Kincaid grade


def test_the_corpus_fits_the_red_flags_and_the_list_of_what_is_set_aside():
    check_phrases(Path(KNOWLEDGE), rule_book().red_flags)


def test_every_written_flag_is_trained_calibrated_and_tested_on():
    phrases = load_phrases(Path(KNOWLEDGE))
    counted = Counter((phrase.about, phrase.part) for phrase in phrases if phrase.kind == "present")
    # A word for others, with no wordings of its own; and what says of itself that it is an emergency.
    written = {flag.id for flag in FLAGS} - {"rf_stroke_named", "rf_emergency_stated"}
    for flag in written:
        assert counted[flag, "test"] >= 7, flag
        assert counted[flag, "calibration"] >= 5, flag
        assert counted[flag, "train"] >= 20, flag


@by_flag
def test_a_safety_question_is_closed_and_plain(flag: RedFlag):
    assert flag.question is not None
    assert re.match(r"(Is|Are|Was|Were|Has|Have|Do|Does|Did|Could|Can|With|After|Since|By)\b", flag.question)
    assert flag.question.count("?") == 1
    assert grade(flag.question) <= HARDEST


def grade(text: str) -> float:
    """The Flesch-Kincaid grade."""
    words = text.split()
    sentences = max(1, len(re.findall(r"[.?!:]", text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    letters = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", letters))
    silent = (
        (letters.endswith("e") and not letters.endswith("le"))
        or (letters.endswith("es") and not re.search(r"(s|x|z|ch|sh|c|g)es$", letters))
        or (letters.endswith("ed") and not re.search(r"[td]ed$", letters))
    )
    return max(1, count - silent)


def test_every_short_expression_of_the_base_raises_a_card_without_the_recogniser():
    """Words that mean a red flag by themselves; a word alone counts when it is the whole message."""
    book = rule_book()
    short = [each for each in load_phrases(KNOWLEDGE) if each.author == "author_0" and each.kind == "present"]
    assert len(short) > 900

    def is_carded(text):
        raised = raised_red_flags(Case({}).merged(read_message(text, lexicon()).findings), book)
        return any(has_card(item.flag) for item in raised)

    cardless = {flag.id for flag in FLAGS if not has_card(flag)}
    assert [each.text for each in short if each.about not in cardless and not is_carded(each.text)] == []


@pytest.mark.parametrize("text", ["a shot of espresso", "how do I get a malaria jab?", "he was drowned in paperwork"])
def test_a_word_that_means_it_alone_means_nothing_inside_other_words(text):
    assert read_message(text, lexicon()).red_flags == ()
