"""Words of danger that what surrounds them speaks against are doubted; nearly the same, meant, are not."""

from __future__ import annotations

import pytest

DOUBTED = """
my dad had a heart attack. that was in 2019 and he is fine now. i have a runny nose
collapsed with laughter lol, my mate is a comedian
first aid course tomorrow, somebody is choking, which thump comes first
he is having a seizure, says the leaflet of his mate at school, lol
the leaflet with my tablets says seizure, how often do people get that
in the film he stopped breathing, that was a good one
"""
MEANT = """
he is choking, what now?
is it normal that she is unconscious?
stopped breathing, then fine
my dad had a heart attack, not joking
had a heart attack in 2019 and crushing chest pain since last night, cant lie down
unconscious on the sofa and wont wake up, we were laughing a minute ago
crushing chest pain
having a seizure again after years without, it just started
he is choking how can i help him
unconscious. how do i do cpr
well my dad had a heart attack
oh good god he stopped breathing
my wife is unconscious. what is best to do
"""
CRISIS = """
I am suicidal, am I normal?
suicidal tonight lol, wont be here tomorrow
i want to die. i was happy as a child. nobody will miss me
i am a good mum and want to die
"""


def lines(block: str) -> list[str]:
    return block.strip().splitlines()


@pytest.mark.parametrize("text", lines(DOUBTED))
def test_signs_of_doubt_around_it_have_a_red_flag_doubted(read, text):
    reading = read(text)
    assert reading.red_flags
    assert reading.doubtful >= set(reading.red_flags)


@pytest.mark.parametrize("text", lines(MEANT) + lines(CRISIS))
def test_a_question_a_denial_or_signs_of_now_leave_it_undoubted(read, text):
    reading = read(text)
    assert reading.red_flags
    assert not reading.doubtful


def test_what_is_said_at_the_other_end_of_a_long_letter_is_about_something_else(read):
    then, now = "That was in 1961. All fine. ", "My wife had a heart attack. "
    assert read(now + then).doubtful
    assert not read(now + "We moved house and the cat came too. " * 5 + then).doubtful


def test_one_mention_that_is_meant_is_enough(read):
    then, now = (
        "He had a heart attack, that was in 2019, all fine lol. ",
        "He is having a heart attack, it started an hour ago.",
    )
    assert read(then).doubtful
    assert not read(then + "We moved house and the cat came too. " * 8 + now).doubtful
    assert not read("My wife is unconscious. " + "We moved house and the cat came too. " * 8 + then).doubtful


def test_without_the_doubtful_nothing_else_is_lost(read):
    reading = read("I had a heart attack in 2019, fine now, and I have a cough")
    believed = reading.without_doubtful()
    assert believed.red_flags == ()
    assert {found.id for found in believed.findings} == {found.id for found in reading.findings}
    assert any(found.id == "cough" and found.presence.value == "present" for found in believed.findings)


def test_words_that_raise_no_card_are_not_asked_about(read):
    assert not read("a cough in 2019, lol, fine now").doubtful
