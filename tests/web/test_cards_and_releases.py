"""Which card leads when there are two kinds of danger, and which release screens."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from careline.clinical.understanding.lexicon import Lexicon
from careline.consultation.release import ContentRelease
from tests.support.house import Patient, rule_book

pytestmark = pytest.mark.slow  # takes long

SUICIDAL = "I want to kill myself"
ARM = "I have chest pain going into my left arm"
ODD = "everything tastes of violets today"


def test_an_emergency_of_the_body_leads_and_the_crisis_has_a_card_of_its_own(client):
    turn = Patient(client).write(f"{ARM}. {SUICIDAL}")
    cards = {message["kind"]: message for message in turn["messages"]}
    assert [message["kind"] for message in turn["messages"]] == ["crisis", "emergency"]
    assert turn["expects"] == cards["emergency"]["id"]
    assert {number["kind"] for number in cards["emergency"]["data"]["numbers"]} == {"emergency"}
    assert "999" in cards["emergency"]["text"]


def test_a_crisis_alone_leads_to_its_own_card_with_the_emergency_number_first(client):
    turn = Patient(client).write(SUICIDAL)
    card = turn["messages"][0]
    assert card["kind"] == "crisis"
    assert card["data"]["numbers"][0]["kind"] == "emergency"
    assert "999" in card["text"]


def test_the_newest_release_screens_while_the_consultation_keeps_its_own(client, careline):
    patient = Patient(client)
    assert patient.write(ODD)["messages"][0]["kind"] != "emergency"
    careline.releases.publish(_release_that_knows(ODD))
    assert patient.write(ODD)["messages"][0]["kind"] == "emergency"
    assert patient.read("summary")["versions"]["content"] == "testrelease"


def _release_that_knows(words):
    """The same content, with one more phrase that means an emergency."""
    book = rule_book()
    flag_id, compiled = next(
        (k, v) for k, v in book.red_flags.items() if v.flag.acuity.is_emergency and v.flag.expressions
    )
    flag = msgspec.structs.replace(compiled.flag, expressions=(*compiled.flag.expressions, words))
    newer = dataclasses.replace(book, red_flags={**book.red_flags, flag_id: dataclasses.replace(compiled, flag=flag)})
    return ContentRelease("newer", newer, Lexicon.of(newer), None)
