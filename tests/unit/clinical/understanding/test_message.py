"""What a message says: denied, past, about others, figurative, asked; every table line is one promise."""

from __future__ import annotations

import pytest

from careline.clinical.understanding.message import MessageReading
from tests.support.cases import rows


def state_of(reading: MessageReading, finding_id: str) -> str:
    """What a reading says of a finding: present, absent, unknown, past, other, or nothing."""
    for finding in reading.findings:
        if finding.id == finding_id:
            if finding.subject.value == "other":
                return "other"
            return "past" if finding.timing.value == "past" else finding.presence.value
    return "nothing"


@pytest.mark.parametrize(
    ("text", "finding", "state"),
    rows("""
    text                                             | finding    | state
    -------------------------------------------------+------------+---------
    I have chest pain                                | chest_pain | present
    no chest pain                                    | chest_pain | absent
    I don't have any chest pain                      | chest_pain | absent
    she isn't coughing                               | cough      | absent
    never had a headache                             | headache   | absent
    never had a headache like this                   | headache   | present
    without a rash                                   | rash       | absent
    no fever, cough or rash                          | fever      | absent
    no fever, cough or rash                          | cough      | absent
    no fever, cough or rash                          | rash       | absent
    no cough, no rash, headache since 3 days         | rash       | absent
    no cough, no rash, headache since 3 days         | headache   | present
    no fever, headache                               | headache   | unknown
    no fever, headache. I slept badly                | headache   | unknown
    no fever and headache                            | headache   | unknown
    no chest pain but my arm is numb                 | numb_arm   | present
    no chest pain but my arm is numb                 | chest_pain | absent
    my arm is not numb                               | numb_arm   | absent
    no, chest pain                                   | chest_pain | present
    no my chest hurts                                | chest_pain | present
    no doubt it is chest pain                        | chest_pain | present
    not only chest pain                              | chest_pain | present
    not sleeping with this cough                     | cough      | present
    chest pain? no                                   | chest_pain | absent
    fever: none                                      | fever      | absent
    not that I don't have chest pain                 | chest_pain | unknown
    no relief from the chest pain                    | chest_pain | present
    no chest pain relief                             | chest_pain | present
    no pain in my chest                              | chest_pain | absent
    I can't see a rash                               | rash       | unknown
    I can't sleep with this cough                    | cough      | present
    no cough, my chest hurts                         | chest_pain | present
    no fever, headache since I fell down the stairs  | headache   | present
    no fever, headache and rash for weeks on end now | headache   | present
    no arm pain but numb                             | numb_arm   | unknown
    no fever because I took tablets, cough           | cough      | present
    I have not eaten chest pain                      | chest_pain | present
    no fever with this cough                         | cough      | present
    no fever I have a cough                          | cough      | present
    isn't getting better this cough                  | cough      | present
    no bad red itchy sore rash                       | rash       | unknown
    no idea about any of it all rash                 | rash       | present
    no medicine helps my cough                       | cough      | present
    """),
)
def test_a_denial_reaches_as_far_as_its_list(read, text, finding, state):
    assert state_of(read(text), finding) == state


@pytest.mark.parametrize(
    ("text", "flag", "state"),
    rows("""
    text                                             | flag           | state
    -------------------------------------------------+----------------+--------
    I can't breathe                                  | rf_breath      | present
    i can not breathe                                | rf_breath      | present
    I cannot breath                                  | rf_breath      | present
    he is not breathing                              | rf_breath      | present
    hes not breathing                                | rf_breath      | present
    she isn't breathing                              | rf_breath      | present
    he hasn't stopped breathing                      | rf_breath      | absent
    no bleeding                                      | rf_bleeding    | absent
    not choking just coughing                        | rf_choking     | absent
    no fever, bleeding                               | rf_bleeding    | present
    no pain and bleeding                             | rf_bleeding    | present
    not that he isn't choking                        | rf_choking     | unknown
    no i can't breathe                               | rf_breath      | present
    no cough, can't breathe or talk                  | rf_breath      | present
    no can't breathe                                 | rf_breath      | present
    no cough, collapsed at work or home              | rf_unconscious | present
    no cough, choking or fever                       | rf_choking     | absent
    no thoughts of dying, just low                   | rf_despair     | absent
    thoughts of dying, no cough                      | rf_despair     | present
    it's not that I can't breathe                    | rf_breath      | present
    """),
)
def test_a_red_flag_is_denied_only_when_that_is_certain(read, text, flag, state):
    """A "no" inside the expression is none, doubt stays present, and a double denial is for a question."""
    assert state_of(read(text), flag) == state


@pytest.mark.parametrize(
    ("text", "flag", "state"),
    rows("""
    text                                                     | flag           | state
    ---------------------------------------------------------+----------------+--------
    he had a seizure ten minutes ago                         | rf_fit         | present
    I collapsed this morning but fine now                    | rf_unconscious | present
    he had a seizure yesterday                               | rf_fit         | present
    she collapsed last week                                  | rf_unconscious | present
    I choked on a chip last week, fine now                   | rf_choking     | past
    I collapsed years ago                                    | rf_unconscious | past
    I passed out, collapsed at a party in 2015               | rf_unconscious | past
    had a seizure as a child                                 | rf_fit         | past
    when I was 6 I had a seizure                             | rf_fit         | past
    In 2019, I had a heart attack                            | rf_heart       | past
    a heart attack in early 2019                             | rf_heart       | past
    2000 mg of paracetamol, I have collapsed                 | rf_unconscious | present
    bed 1949 he collapsed                                    | rf_unconscious | present
    had a seizure, years ago                                 | rf_fit         | past
    I couldn't breathe last winter but fine now              | rf_breath      | past
    stent in 2019 and crushing chest pain                    | rf_heart       | present
    stent in 2019, crushing chest pain                       | rf_heart       | present
    crushing chest pain, had a stent 5 years ago             | rf_heart       | present
    pain in my back when I breathe, crushing chest pain      | rf_heart       | present
    had covid last year but I can't breathe                  | rf_breath      | present
    not used to this crushing chest pain                     | rf_heart       | present
    crushing chest pain on and off since last year           | rf_heart       | present
    he was 3 metres up when he fell, unconscious             | rf_unconscious | present
    """),
)
def test_only_what_is_clearly_long_ago_is_past(read, text, flag, state):
    assert state_of(read(text), flag) == state


@pytest.mark.parametrize(
    ("text", "state"),
    rows("""
    text                                  | state
    --------------------------------------+--------
    I have a rash                         | present
    I've had a rash since last week       | present
    I had a rash last week                | past
    I had a rash yesterday                | present
    the rash started 2 months ago         | present
    """),
)
def test_a_sign_that_was_there_last_week_is_past_and_one_since_then_is_not(read, text, state):
    assert state_of(read(text), "rash") == state


@pytest.mark.parametrize(
    ("text", "flag", "state"),
    rows("""
    text                                              | flag           | state
    --------------------------------------------------+----------------+--------
    my mum is unconscious                             | rf_unconscious | present
    my mate here had a fit                            | rf_fit         | present
    someone collapsed in the shop                     | rf_unconscious | present
    my neighbour is having a seizure                  | rf_fit         | present
    my dad died of a heart attack                     | rf_heart       | other
    my uncle had a heart attack                       | rf_heart       | other
    my sister had a seizure years ago                 | rf_fit         | other
    my uncle had a heart attack just now              | rf_heart       | present
    heart attack runs in the family                   | rf_heart       | other
    family history of heart attack                    | rf_heart       | other
    crushing chest pain and a family history of it    | rf_heart       | present
    my dog is having a seizure                        | rf_fit         | other
    my dog bit me and the bleeding won't stop         | rf_bleeding    | present
    the film where he was choking                     | rf_choking     | other
    was watching a film and collapsed                 | rf_unconscious | present
    my dad died last month, crushing chest pain       | rf_heart       | present
    """),
)
def test_anybody_of_whom_it_is_said_as_happening_now_is_the_patient(read, text, flag, state):
    assert state_of(read(text), flag) == state


@pytest.mark.parametrize(
    ("text", "raised"),
    rows("""
    text                                              | raised
    --------------------------------------------------+----------------
    what do I do if someone is unconscious            |
    what are the signs of a seizure?                  |
    can flashing lights cause seizures                |
    how can I prevent my kids choking                 |
    what is a heart attack                            |
    will these tablets give me a seizure              |
    will this crushing chest pain give me a rash      | rf_heart
    how do you help someone who is choking            |
    what do I do he is unconscious                    | rf_unconscious
    what do I do if my baby is not breathing          | rf_breath
    help someone is choking                           | rf_choking
    can someone help crushing chest pain              | rf_heart
    should I get checked, crushing chest pain         | rf_heart
    can an ambulance come, man unconscious            | rf_unconscious
    what helps against crushing chest pain            | rf_heart
    how many tablets when you want to die             | rf_despair
    """),
)
def test_only_a_clause_that_is_nothing_but_a_question_in_general_raises_no_flag(read, text, raised):
    assert ",".join(read(text).red_flags) == raised


@pytest.mark.parametrize(
    ("text", "raised"),
    rows("""
    text                                              | raised
    --------------------------------------------------+----------------
    laughing so hard I can't breathe                  |
    can't breathe through my nose                     |
    heart attack when I saw the bill                  |
    choked in my exam                                 |
    he had a heart attack when he was driving         | rf_heart
    laughing and then I can't breathe                 | rf_breath
    can't breathe at all, nose is fine                | rf_breath
    I want to die of embarrassment                    |
    I want to die                                     | rf_despair
    """),
)
def test_a_figure_of_speech_hides_nothing_but_itself(read, text, raised):
    assert ",".join(read(text).red_flags) == raised


@pytest.mark.parametrize(
    ("text", "is_question"),
    rows("""
    text                              | is_question
    ----------------------------------+------------
    what are the signs of a seizure   | yes
    is this normal?                   | yes
    I have a cough                    | no
    """),
)
def test_a_question_is_told_from_a_report(read, text, is_question):
    assert read(text).is_question is (is_question == "yes")


@pytest.mark.parametrize("text", ["", "   ", "...", "😰😰", "?!", "\x00\x01"])
def test_a_message_without_a_letter_or_digit_says_nothing(read, text):
    reading = read(text)
    assert reading.said_nothing
    assert not reading.findings


def test_a_finding_stands_where_the_patient_wrote_it(read):
    text = "Doctor — my dad\u2019s CHEST HURTS 😰"
    found = next(finding for finding in read(text).findings if finding.id == "chest_pain")
    assert text[found.start : found.end] == "CHEST HURTS"


def test_the_complaint_named_first_comes_first(read):
    reading = read("I have a bad cough")
    assert reading.complaints == ("cough",)
    assert state_of(reading, "cough") == "present"


@pytest.mark.parametrize("text", ["no cough", "my uncle had a cough", "a cough years ago", "can dust cause a cough"])
def test_a_complaint_denied_past_or_of_another_is_not_the_patients(read, text):
    assert read(text).complaints == ()


def test_a_misspelt_sign_is_recognised(read):
    assert state_of(read("I have chest pian and I am vommiting"), "chest_pain") == "present"
    assert state_of(read("I have chest pian and I am vommiting"), "vomiting") == "present"


def test_what_is_said_twice_is_one_finding(read):
    found = [item for item in read("cough cough " * 100).findings if item.id == "cough"]
    assert len(found) == 1


def test_the_same_denied_over_and_over_does_not_hide_what_is_said_once(read):
    assert read("no choking " * 50 + ". he is choking").red_flags == ("rf_choking",)


@pytest.mark.slow  # takes long
def test_a_very_long_message_is_read_to_its_end(read):
    reading = read("the weather is nice here and " * 5000 + "but he is not breathing")
    assert reading.red_flags == ("rf_breath",)
