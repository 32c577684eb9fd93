"""What is past, of long standing or harmless; beside each, words nearly the same that are danger now."""

from __future__ import annotations

import time

import pytest

from careline.clinical.understanding.message import read_message

PAST = """
when I was nineteen I had a seizure | rf_fit
I had a seizure as a lad | rf_fit
I had a heart attack in my forties | rf_heart
I have a history of heart attack | rf_heart
childhood seizures | rf_fit
had a seizure in the nineties | rf_fit
had a seizure as a baby, he is 12 now | rf_fit
he had a seizure at 3, he's 11 now. Is swimming allowed? | rf_fit
seizure when she was 18 months old, she's nine now and no more since | rf_fit
My nephew collapsed in a match three summers ago and got better, what tests are there | rf_unconscious
he was unconscious in hospital after his operation, it cleared up in April, he is gardening | rf_unconscious
She was unconscious with the flu in the spring. She is completely herself again. Is there a jab? | rf_unconscious
the worst was a heart attack in 2015, none since | rf_heart
grandad choked on shrapnel dust in the war, am I at risk | rf_choking
I was suicidal at fifteen, I am 30 now and well again, may I give blood | rf_despair
"""
PRESENT = """
when I was walking upstairs I had a seizure | rf_fit
I had a seizure at 7 last night | rf_fit
I had a seizure at age 12 and now another seizure | rf_fit
he is having a seizure at age 12 | rf_fit
had a seizure in 2003, having a seizure again | rf_fit
seizures on and off since 2003, suddenly more | rf_fit
seizures since this morning, no different | rf_fit
seizures since 2003 | rf_fit
seizures on and off since 2003, this one no change with medicine | rf_fit
crushing chest pain same as always since 2003 | rf_heart
when I was nine I had a seizure and I am having a seizure | rf_fit
cant breathe no change with inhaler asthma since childhood | rf_breath
had a seizure at 3 years old | rf_fit
had a seizure at 3, he's 11 | rf_fit
had a seizure at 3, he's 4 now | rf_fit
had a seizure at 3, he's 11 now and jerking again | rf_fit
had a seizure at 3, he's 11 now, help | rf_fit
had a seizure at 3pm, he's 11 now | rf_fit
seizures at 3, she's 11 now, ever since | rf_fit
collapsed, she had a water infection in May and got over it | rf_unconscious
she collapsed last month, got over it, collapsed again this morning | rf_unconscious
she collapsed with the flu in the spring and is not herself again | rf_unconscious
she collapsed in the spring with nobody there | rf_unconscious
he collapsed, back to normal now | rf_unconscious
had a seizure, fine again now | rf_fit
I was suicidal at fifteen, I am 30 now | rf_despair
I was suicidal at fifteen, I am 30 now, well for years and it came back today | rf_despair
my wife had a seizure in her thirties | rf_fit
crushing chest pain in my fifties | rf_heart
baby with a history of seizure | rf_fit
baby has a history of seizure | rf_fit
had it as a baby she is 2 now unconscious | rf_unconscious
she is 12 now having a seizure as when she was a baby | rf_fit
3 day history of crushing chest pain | rf_heart
I have a history of heart attack, help | rf_heart
unconscious man in his thirties | rf_unconscious
collapsed, man in his fifties | rf_unconscious
woman in her twenties crushing chest pain | rf_heart
I am in my thirties crushing chest pain | rf_heart
previously well, unconscious | rf_unconscious
childhood asthma cant breathe | rf_breath
cant breathe sats in the 80s | rf_breath
10 years back pain cant breathe | rf_breath
since my stroke in 2003 my speech is the same as always but crushing chest pain today | rf_heart
"""


def lines(table: str) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in table.strip().splitlines()]


@pytest.mark.parametrize(("text", "flag"), lines(PAST))
def test_what_is_told_of_then_raises_no_card(read, text, flag):
    assert flag not in read(text).red_flags


@pytest.mark.parametrize(("text", "flag"), lines(PRESENT))
def test_nearly_the_same_words_of_now_raise_one(read, text, flag):
    assert flag in read(text).red_flags


def test_a_wish_to_die_is_not_put_back_by_what_is_only_likely(read):
    assert "rf_despair" in read("I have a history of thoughts of dying").red_flags


@pytest.mark.parametrize("text", ["today at 20 days old he's 38.7", "at 3 weeks old she has a temp of 38.5"])
def test_an_age_told_with_at_is_the_age_of_now(read, text):
    assert {"age_years", "temperature_celsius"} <= {finding.id for finding in read(text).findings}


def test_a_long_text_of_numbers_takes_time_by_its_length_and_hides_no_danger(lexicon):
    """Each number was once looked at together with all the text before it."""

    def seconds(times: int) -> float:
        text = "temp 38 for 3 days sats 90 " * times + "crushing chest pain"
        begun = time.process_time()
        assert "rf_heart" in read_message(text, lexicon).red_flags
        return time.process_time() - begun

    seconds(100)
    # The least of several: other processes slow single ones down.
    short, long = (min(seconds(times) for _ in range(3)) for times in (1000, 4000))
    assert long < 12 * short  # four times the length; it was sixteen times the time and more
