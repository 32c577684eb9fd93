"""A marked sentence goes through whole consultations, and through every error: it is nowhere but sealed."""

import base64
import json
import logging
import urllib.parse

import pytest
from fastapi.testclient import TestClient

from careline.app.log_format import configure_logging
from careline.app.web import create_app
from careline.escalation.case_snapshot import Quote
from careline.escalation.sbar_pdf import sbar_pdf
from tests.support.handoff import case_of, escalation_of
from tests.support.house import Patient, furnished, reassuring, scripted

pytestmark = pytest.mark.slow  # takes long

MARK = "Quillfeather"
WORDS = f"my budgerigar {MARK}"
THROAT = f"sore throat for two days says {MARK}"
ARM = f"{WORDS} saw that I have chest pain going into my left arm"
NAMES = ("uvicorn", "uvicorn.error", "uvicorn.access", "httpx", "httpcore", "sanic", "rasa_sdk", "alembic", "fontTools")


class BreakingGuidance:
    """Guidance that fails, and quotes what it was asked."""

    release = "broken"

    def search(self, query, filters, *, limit=3):
        raise ValueError(f"cannot search for {query!r}")

    def trace(self, query, filters, *, limit=6):
        raise ValueError(f"cannot look into {query!r}")

    def hits_for(self, article_ids, filters):
        raise ValueError(f"nothing for {article_ids!r} and {MARK}")

    def article(self, article_id, *, today, signed_only=False):
        raise ValueError(f"no article {article_id!r}")


@pytest.fixture
def engine():
    """A dialogue engine that quotes the patient in an error whenever they write of a parrot."""
    engine = scripted()

    def break_over_parrots(turn):
        if turn.text is not None and "parrot" in turn.text:
            raise RuntimeError(f"cannot understand {turn.text!r}")

    engine.before_acting = break_over_parrots
    return engine


@pytest.fixture
def careline(tmp_path, engine):
    house = furnished(tmp_path, engine, country="GB", guidance=BreakingGuidance())
    yield house
    house.database.close()


@pytest.fixture
def client(careline):
    with TestClient(create_app(careline), raise_server_exceptions=False, client=("127.0.0.1", 50000)) as client:
        yield client


@pytest.fixture(autouse=True)
def quiet_client(caplog):
    """The client of these tests logs the addresses that it asks for; that is no log of the app's."""
    caplog.set_level(logging.WARNING, logger="httpx2")


@pytest.fixture
def logging_as_it_was():
    """Undoes what `configure_logging` does to the whole process."""
    root = logging.getLogger()
    handlers, levels = root.handlers[:], {name: logging.getLogger(name).level for name in ("", *NAMES)}
    yield
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name or None).setLevel(level)


def consultations(client):
    """Whole consultations with every kind of failure; return the answers that were no turn."""
    ill = Patient(client)
    ill.write(THROAT)  # held until consent
    ill.agree()
    ill.write(f"is {MARK} dangerous for me?")  # a question: guidance fails, and quotes it
    ill.write(f"{MARK} is a parrot")  # the action fails, and quotes it
    answers = {"q_for_whom": "self", "q_age": {"number": 24, "unit": "years"}, "q_sex": "male", "q_allergies": WORDS}
    while not ill.turn["final"]:
        question_id = ill.question["data"]["question_id"]
        ill.press(answers.get(question_id) or reassuring(question_id))
    ill.press("talk_to_clinician")
    ill.write(f"call {MARK} on 07700 900000")
    urgent = Patient(client)
    urgent.write(ARM)
    urgent.press("called")
    urgent.press(f"{MARK}, 3 High Street")
    assert MARK in json.dumps(ill.read("export"))
    assert MARK in json.dumps(urgent.read("export"))
    return list(failures(client, ill))


def failures(client, patient):
    """Requests that go wrong with the sentence in them."""
    url = f"{patient.path}/messages"
    sent = {**patient.headers, "Content-Type": "application/json"}
    for content in (
        f'{{"text": "{WORDS}',
        json.dumps({"text": "x", WORDS: "y"}),
        json.dumps({"text": [WORDS]}),
        json.dumps({"reply_to": 2, "value": WORDS}),
        json.dumps({"reply_to": WORDS, "value": "agree"}),
        WORDS.encode("utf-16"),
        json.dumps({"text": WORDS * 20_000}),
    ):
        yield client.post(url, content=content, headers=sent)
    yield client.post(url, json={"text": WORDS}, headers={"Authorization": f"Bearer {MARK}"})
    yield client.post(f"/api/v1/conversations/{MARK}/messages", json={"text": WORDS}, headers=patient.headers)
    yield client.get(f"/api/v1/guidance/articles/{MARK}")  # fails, and quotes it
    yield client.get("/api/v1/guidance/search", params={"q": WORDS})  # fails, and quotes it
    yield client.get("/api/v1/guidance/search", params={"q": "cough", "language": WORDS})
    yield client.get(f"/{MARK}")


def said_by(record):
    """All that a log record says by itself; its exception is rendered by the log's format alone."""
    named = {key: value for key, value in record.__dict__.items() if key not in ("exc_info", "exc_text")}
    return f"{record.getMessage()} {named!r}"


def test_no_log_record_says_it(client, caplog):
    caplog.set_level(logging.DEBUG)
    consultations(client)
    ours = [record for record in caplog.records if record.name.startswith("careline")]
    assert {record.msg for record in ours} >= {"turn failed", "guidance failed", "request failed"}
    assert [said_by(record) for record in caplog.records if MARK in said_by(record)] == []


@pytest.mark.parametrize("as_json", [True, False])
def test_the_log_that_is_written_does_not_say_it_either(client, capsys, logging_as_it_was, as_json):
    configure_logging(as_json=as_json)
    logging.getLogger().setLevel(logging.DEBUG)
    consultations(client)
    try:
        raise RuntimeError(WORDS)
    except RuntimeError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    written = capsys.readouterr().err
    assert "Exception in ASGI application" in written
    assert "turn failed" in written
    assert "RuntimeError" in written
    assert "test_privacy.py" in written  # where it happened is said
    assert MARK not in written


def test_a_note_as_pdf_leaves_no_letter_of_a_patients_words_in_the_log(capsys, logging_as_it_was):
    configure_logging(as_json=True)
    assert sbar_pdf(escalation_of(case_of(words=(Quote("боль в груди", 2),)))).startswith(b"%PDF-")
    assert capsys.readouterr().err == ""


def test_no_figure_says_it(client):
    consultations(client)
    figures = client.get("/metrics").text
    assert "careline_turns_total" in figures
    assert MARK not in figures


def test_no_problem_document_says_it(client):
    problems = consultations(client)
    assert {answer.status_code for answer in problems} == {400, 404, 413, 422, 500}
    for answer in problems:
        assert answer.headers["content-type"] == "application/problem+json"
        assert MARK not in answer.text
        assert MARK not in str(answer.headers)


def test_no_address_that_the_app_gives_says_it(client):
    patient = Patient(client)
    patient.write(ARM)
    for message in patient.read("messages")["messages"]:
        assert MARK not in " ".join(found for found in addresses(message))


def addresses(value):
    if isinstance(value, dict):
        yield from (str(each) for key, each in value.items() if key in ("url", "href", "location"))
        for each in value.values():
            yield from addresses(each)
    elif isinstance(value, list):
        for each in value:
            yield from addresses(each)


def test_the_dialogue_engine_knows_patients_by_a_pseudonym_and_no_value_of_a_button(client, engine):
    consultations(client)
    assert engine.turns
    for turn in engine.turns:
        assert not turn.sender.startswith("con_")
        assert "High Street" not in (turn.text or "")


def test_no_file_of_the_data_folder_says_it(client, careline):
    consultations(client)
    files = [path for path in careline.settings.data_dir.rglob("*") if path.is_file()]
    assert any(path.name.endswith("-wal") and path.stat().st_size for path in files)
    spellings = (
        MARK.encode(),
        MARK.encode("utf-16-le"),
        base64.b64encode(MARK.encode())[:12],
        base64.b64encode(b"x" + MARK.encode())[4:12],
        base64.b64encode(b"xx" + MARK.encode())[4:12],
        urllib.parse.quote(WORDS).encode(),
    )
    for path in files:
        content = path.read_bytes()
        assert not any(spelling in content for spelling in spellings), path.name
