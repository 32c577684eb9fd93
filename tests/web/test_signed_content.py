"""`CARELINE_SIGNED_CONTENT_ONLY`: what no clinician has signed is not served, except red flags."""

from __future__ import annotations

import dataclasses
import datetime as dt

import msgspec
import pytest

from careline.app.migrations import migrate
from careline.app.services import build
from careline.consultation.release import ContentRelease, ContentReleases
from tests.support.guidance import article, guidance_of
from tests.support.house import Clock, Patient, client_for, content_for, furnished, scripted, settings_for

pytestmark = pytest.mark.slow  # takes long

THROAT = "sore throat for two days"
ADULT = {"q_age": {"number": 24, "unit": "years"}, "q_sex": "male", "q_for_whom": "self"}
SIGNED_ON = dt.date(2026, 11, 1)


@pytest.fixture
def strict(tmp_path):
    with client_for(furnished(tmp_path, scripted(), country="GB", signed_content_only=True)) as client:
        yield client


def test_an_unsigned_protocol_is_not_used_and_the_patient_is_sent_to_somebody(strict):
    patient = Patient(strict)
    patient.write(THROAT)
    patient.agree()
    turn = patient.answer_all(ADULT)
    assert turn["acuity"] == "same_day"
    kinds = [message["kind"] for message in turn["messages"]]
    assert "handoff" in kinds
    asked = [m["data"]["question_id"] for m in patient.read("messages")["messages"] if m["kind"] == "question"]
    assert not [question for question in asked if question.startswith("q_throat")]


def test_red_flags_are_always_served(strict):
    assert Patient(strict).write("my dad is not breathing")["messages"][0]["kind"] == "emergency"


def test_a_signed_protocol_is_used(tmp_path):
    settings = settings_for(tmp_path, country="GB", signed_content_only=True)
    settings.data_dir.mkdir(parents=True)
    content = content_for(tmp_path)
    release = content.releases.newest
    compiled = release.book.protocols["sore_throat"]
    review = msgspec.structs.replace(compiled.protocol.review, reviewer="A signed reviewer", reviewed_on=SIGNED_ON)
    signed = dataclasses.replace(compiled, protocol=msgspec.structs.replace(compiled.protocol, review=review))
    book = dataclasses.replace(release.book, protocols={**release.book.protocols, "sore_throat": signed})
    releases = ContentReleases(ContentRelease("signed", book, release.lexicon), lambda _release_id: None)
    dialogue = scripted()
    careline = build(settings, dialogue, content=dataclasses.replace(content, releases=releases), now=Clock())
    migrate(careline.database)
    dialogue.actions = careline.turns
    with client_for(careline) as client:
        patient = Patient(client)
        patient.write(THROAT)
        patient.agree()
        turn = patient.answer_all(ADULT)
    assert turn["acuity"] == "self_care"
    cautions = next(m for m in turn["messages"] if m["kind"] == "assessment")["data"]["cautions"]
    assert not any("not yet been checked" in caution for caution in cautions)


@pytest.mark.parametrize(("signed_only", "status"), [(False, 200), (True, 404)])
def test_an_unsigned_article_is_marked_or_withheld(tmp_path, signed_only, status):
    guidance = guidance_of(article("sore_throat", title="Sore throat"))
    with client_for(furnished(tmp_path, scripted(), guidance=guidance, signed_content_only=signed_only)) as client:
        page = client.get("/guidance/sore_throat")
        assert page.status_code == status
        assert client.get("/api/v1/guidance/articles/sore_throat").status_code == status
        if not signed_only:
            assert "not yet been checked by a clinician" in page.text
