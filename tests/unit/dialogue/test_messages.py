"""What of a patient's message goes to Rasa."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.consultation.ports import DialogueFinding, DialogueTurn
from careline.dialogue.messages import MAX_CHARACTERS, WORDLESS, webhook_body


def sent(text, *findings):
    return webhook_body(DialogueTurn("c0ffee", 1, 1, text, findings))


@pytest.mark.parametrize(
    "typed",
    [
        "/restart",
        "/EXTERNAL_red_flag",
        "//restart",
        " /restart",
        "\t/ / restart",
        "\u00a0/restart",
        "\x00/restart",
        "\u200b/restart",
    ],
)
def test_a_patient_cannot_type_a_command(typed):
    assert sent(typed)["message"] in {"restart", "EXTERNAL_red_flag"}


@pytest.mark.parametrize("typed", ["", "   ", "/", "...", "???", "👍", "_", "\x00\x1b"])
def test_a_message_without_words_is_left_to_the_pending_question(typed):
    assert sent(typed)["message"] == WORDLESS


def test_control_characters_become_spaces():
    assert sent("sore\x00throat\nand\ud800fever")["message"] == "sore throat and fever"


def test_a_long_message_is_cut():
    assert sent("pain " * 1000)["message"] == ("pain " * 200).rstrip()


def test_findings_keep_their_place_in_what_is_sent():
    text = "  /my chest hurts"
    finding = DialogueFinding("chest_pain", text.index("chest"), text.index(" hurts"), "present")
    body = sent(text, finding)
    [entity] = body["metadata"]["findings"]
    assert body["message"][entity["start"] : entity["end"]] == "chest"
    assert (entity["entity"], entity["value"], entity["presence"]) == ("finding", "chest_pain", "present")


def test_a_finding_in_the_part_that_is_cut_off_is_left_out():
    text = "well " * 300 + "chest pain"
    finding = DialogueFinding("chest_pain", text.index("chest"), len(text), "present")
    assert sent(text, finding)["metadata"]["findings"] == []


@pytest.mark.slow  # a hundred texts of any kind
@given(st.text(st.characters(exclude_categories=()), max_size=3000))
def test_whatever_is_typed_what_is_sent_is_short_harmless_and_can_be_encoded(text):
    message = sent(text)["message"]
    assert 0 < len(message) <= MAX_CHARACTERS
    assert message == WORDLESS or not message.startswith("/")
    assert message == message.strip()
    assert message.encode().decode() == message
