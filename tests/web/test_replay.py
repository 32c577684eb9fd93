"""A past consultation run again: the same content, the same end; other content shows what it would change."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from careline.clinical.acuity import Acuity
from careline.consultation.errors import ReplayError
from careline.consultation.replay import release_of, replay

ADULT = {"q_age": {"number": 24, "unit": "years"}, "q_sex": "male", "q_for_whom": "self"}

pytestmark = pytest.mark.slow  # takes long


@pytest.fixture
def finished(patient):
    """A consultation by words and buttons, with a question and a correction on the way."""
    patient.write("sore throat for two days")
    patient.agree()
    patient.answer_all(ADULT)
    return patient


def replayed(careline, conversation_id, release=None):
    return replay(careline.database, careline.house, conversation_id, release or careline.releases.newest)


def test_the_same_content_gives_the_same_end_the_same_reasons_and_the_same_questions(careline, finished):
    found = replayed(careline, finished.id)
    assert found.is_same
    assert found.recorded == found.replayed
    assert found.recorded.acuity is Acuity.SELF_CARE
    assert len(found.recorded.questions) > 5
    assert found.refused == ()


def test_a_correction_is_replayed_as_one(careline, finished):
    asked = {
        m["data"]["question_id"]: m["id"] for m in finished.read("messages")["messages"] if m["kind"] == "question"
    }
    finished.press(["drinking"], reply_to=asked["q_throat_ill"])
    found = replayed(careline, finished.id)
    assert found.recorded.acuity is Acuity.SAME_DAY
    assert found.recorded == found.replayed


def test_an_emergency_is_replayed_with_its_card(careline, patient):
    patient.write("my dad is not breathing")
    found = replayed(careline, patient.id)
    assert found.replayed.acuity is Acuity.EMERGENCY_NOW
    assert found.is_same


def test_other_rules_show_what_they_would_change(careline, finished):
    newest = careline.releases.newest
    protocol = newest.book.protocols["sore_throat"]
    stricter = dataclasses.replace(
        protocol, protocol=msgspec.structs.replace(protocol.protocol, baseline=Acuity.GP_SOON)
    )
    book = dataclasses.replace(newest.book, protocols={**newest.book.protocols, "sore_throat": stricter})
    found = replayed(careline, finished.id, dataclasses.replace(newest, id="other", book=book))
    assert not found.is_same
    assert (found.recorded.acuity, found.replayed.acuity) == (Acuity.SELF_CARE, Acuity.GP_SOON)


def test_nothing_is_written_by_a_replay(careline, finished):
    before = finished.read("messages")
    replayed(careline, finished.id)
    assert finished.read("messages") == before


def test_what_was_erased_cannot_be_run_again(careline, client, finished):
    client.delete(finished.path, headers=finished.headers)
    with pytest.raises(ReplayError, match="erased"):
        replayed(careline, finished.id)


def test_an_unknown_id_is_said_to_be_unknown(careline):
    with pytest.raises(ReplayError, match="there is no such conversation"):
        release_of(careline.database, "con_nobody")
