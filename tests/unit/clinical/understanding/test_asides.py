"""What stands beside a story and says nothing of the body is left out of what a model weighs; all else stays."""

from __future__ import annotations

import pytest

from careline.clinical.understanding.asides import without_asides

STORY = "There is a tight band round my chest"


@pytest.mark.parametrize(
    "aside",
    [
        "Hello, my name is Amara Okafor",
        "Sorry to bother you, I'm sure others need it more",
        "so sorry to trouble you with this",
        "It's probably nothing",
        "My wife reckons I'm fussing",
        "my mum says its nothing to worry about",
        "I'm a Pakistani woman, if that matters",
        "She is a black woman",
        "They are Black African, by the way",
        "any advice would be great",
        "Sorry for my bad English",
        "many thanks",
    ],
)
def test_an_aside_before_or_after_the_story_leaves_the_story_where_it_stands(aside: str):
    before, after = f"{aside}. {STORY}.", f"{STORY}! {aside}"
    assert without_asides(before).strip() == f"{STORY}."
    assert before[without_asides(before).index("There") :].startswith(STORY)
    assert without_asides(after).strip() == f"{STORY}!"


@pytest.mark.parametrize(
    "text",
    [
        "He is white",
        "She's black",
        "My toe is black",
        "This is agony",
        "I'm dying here",
        "please help",
        "My husband says it's nothing new but he has fainted twice",
        "I'm sorry to bother you but I can't breathe",
        "It's probably a stroke",
        "My mum says nothing",
        "nobody believes me",
        "he says he's fine but his lips are blue",
        "my name is on a note I left for them",
        "Sorry, I took them all",
        "I don't want to bother anyone any more",
    ],
)
def test_a_sentence_that_may_tell_something_stays(text: str):
    assert without_asides(text) == text


def test_a_text_of_nothing_but_asides_is_blank_and_as_long_as_before():
    text = "Hi there. Sorry to bother you. Thanks!"
    assert without_asides(text) == " " * len(text)
