"""Errors are problem documents: they say what to do, give the emergency number, and never repeat what was sent."""

import json

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text as sql

from careline.app.problems import PROBLEMS
from careline.app.web import create_app
from careline.channels.web.errors import RateLimitedError, TokenMissingError, UnknownArticleError
from careline.consoles.clinician.errors import ServiceKeyError, UnknownConversationError
from careline.consultation.conversations import NotYoursError, TokenExpiredError
from careline.consultation.errors import ErasedError, RefusedError
from careline.consultation.stored_replies import OtherBodyError, StillRunningError
from careline.escalation.errors import UnknownEscalationError
from careline.storage.errors import WriterBusyError
from tests.support.house import Patient, client_for, furnished, scripted
from tests.support.talk import every_row

pytestmark = pytest.mark.slow  # takes long

ARM = "I have chest pain going into my left arm"
CANARY = "Quillfeather"
KIB = 1024


@pytest.fixture(scope="module")
def careline(tmp_path_factory):
    """One Careline for all tests here but those that break it: every test has patients of its own."""
    house = furnished(tmp_path_factory.mktemp("errors"), scripted(), country="GB")
    yield house
    house.database.close()


@pytest.fixture(scope="module")
def client(careline):
    with client_for(careline) as client:
        yield client


def check_problem(answer, status, code, *, number="999"):
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["type"] == f"/problems/{code}"
    assert body["title"]
    assert body["detail"]
    assert number in body["emergency"]["text"]
    assert number in [each["tel"] for each in body["emergency"]["numbers"]]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    return body


def raw(patient, content, **headers):
    sent = {"Content-Type": "application/json", **patient.headers, **headers}
    return patient.client.post(f"{patient.path}/messages", content=content, headers=sent)


def escalation_of(patient, service):
    escalation_id = patient.turn["escalation"]["id"]
    return patient.client.get(f"/api/v1/escalations/{escalation_id}", headers=service).json()


class TestEveryKind:
    @pytest.fixture
    def app(self, careline):
        return create_app(careline)

    @pytest.mark.parametrize(
        ("error", "status", "code"),
        [
            (TokenMissingError(), 401, "token_missing"),
            (TokenExpiredError(), 401, "token_expired"),
            (ServiceKeyError(), 401, "service_key"),
            (NotYoursError(), 404, "not_found"),
            (UnknownEscalationError(), 404, "not_found"),
            (UnknownArticleError(), 404, "not_found"),
            (UnknownConversationError(), 404, "not_found"),
            (OtherBodyError(), 409, "idempotency_conflict"),
            (StillRunningError(), 409, "still_running"),
            (ErasedError(), 410, "erased"),
            (RefusedError("empty_text", "Write."), 422, "empty_text"),
            (RefusedError("unknown_option", "Choose."), 422, "unknown_option"),
            (RefusedError("unknown_reply_to", "Answer."), 422, "unknown_reply_to"),
            (RefusedError("malformed", "Send."), 400, "malformed"),
            (RateLimitedError(0), 429, "too_many_requests"),
            (WriterBusyError(), 503, "busy"),
            (RuntimeError(CANARY), 500, "internal"),
        ],
    )
    def test_an_error_of_a_room_is_a_problem_document(self, app, error, status, code):
        @app.get("/raises")
        async def raises():
            raise error

        answer = TestClient(app, raise_server_exceptions=False).get("/raises")
        check_problem(answer, status, code)
        assert CANARY not in answer.text

    def test_every_code_has_a_plain_title_and_a_remedy(self):
        for code, kind in PROBLEMS.items():
            assert kind.title[0].isupper(), code
            assert kind.detail.endswith("."), code

    def test_the_numbers_are_those_of_the_conversations_country(self, client):
        american = Patient(client, country="US")
        body = check_problem(american.post({"text": " "}), 422, "empty_text", number="911")
        assert "999" not in body["emergency"]["text"]

    def test_without_a_conversation_the_numbers_are_the_international_ones(self, client):
        body = check_problem(client.get("/nowhere"), 404, "not_found")
        assert {number["tel"] for number in body["emergency"]["numbers"]} == {"112", "911", "999"}

    def test_an_address_that_is_none(self, client):
        check_problem(client.get("/api/v1/nothing"), 404, "not_found")

    def test_a_method_that_is_none(self, client, patient):
        check_problem(client.put(f"{patient.path}/messages", headers=patient.headers), 405, "method_not_allowed")


class TestMalformed:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b'{"text": "' + CANARY.encode(),
            b"\xff\xfe\x00" + CANARY.encode(),
            b'{"text": "\xc3\x28 ' + CANARY.encode() + b'"}',
            b"\x00\x01\x02",
            b"[]",
            b'"' + CANARY.encode() + b'"',
            b"null",
            b"{}",
            b"[" * 100_000,
            json.dumps({CANARY: "x"}).encode(),
            json.dumps({"text": "x", CANARY: 1}).encode(),
            json.dumps({"text": [CANARY]}).encode(),
            json.dumps({"text": CANARY, "reply_to": 2, "value": "agree"}).encode(),
            json.dumps({"value": CANARY}).encode(),
            json.dumps({"reply_to": CANARY, "value": "agree"}).encode(),
            json.dumps({"reply_to": 0, "value": "agree"}).encode(),
            json.dumps({"reply_to": 2, "value": {CANARY: 1}}).encode(),
            json.dumps({"reply_to": 2, "value": {"number": 1, CANARY: CANARY}}).encode(),
        ],
    )
    def test_is_refused_without_repeating_it_and_stores_nothing(self, patient, careline, content):
        before = every_row(careline.database)
        answer = raw(patient, content)
        check_problem(answer, 400, "malformed")
        assert CANARY not in answer.text
        assert every_row(careline.database) == before

    def test_another_kind_of_body_is_refused(self, patient):
        check_problem(raw(patient, f"text={CANARY}", **{"Content-Type": "text/plain"}), 400, "malformed")

    def test_names_the_field(self, patient):
        assert raw(patient, b'{"reply_to": "two", "value": "agree"}').json()["field"] == "reply_to"

    @pytest.mark.parametrize(
        "opening",
        [{"country": "GBR"}, {"country": "1!"}, {"locale": "english please"}, {"channel": "fax"}, {"name": "J"}],
    )
    def test_an_opening_with_a_wrong_value(self, client, opening):
        check_problem(client.post("/api/v1/conversations", json=opening), 400, "malformed")

    @pytest.mark.parametrize("query", ["after=-1", "after=x", "after=1.5"])
    def test_a_query_with_a_wrong_value(self, client, patient, query):
        check_problem(client.get(f"{patient.path}/messages?{query}", headers=patient.headers), 400, "malformed")


class TestNumbers:
    @pytest.mark.parametrize(
        ("value", "status", "code"),
        [
            ('{"number": 24, "unit": "stones"}', 422, "unknown_option"),
            ('{"number": -5, "unit": "years"}', 400, "malformed"),
            ('{"number": 500, "unit": "years"}', 400, "malformed"),
            ('{"number": NaN, "unit": "years"}', 400, "malformed"),
            ('{"number": 1e999, "unit": "years"}', 400, "malformed"),
            ('{"number": -Infinity}', 400, "malformed"),
            ('{"unit": "years"}', 400, "malformed"),
            ('{"number": "Quillfeather"}', 400, "malformed"),
            ('"twenty-four"', 400, "malformed"),
            ('["24"]', 400, "malformed"),
            ("24", 400, "malformed"),
            ("true", 400, "malformed"),
        ],
    )
    def test_of_the_wrong_shape_is_refused_and_the_question_stands(self, patient, value, status, code):
        patient.agree()
        patient.press("self")
        assert patient.question["data"]["input"]["type"] == "number"
        asked = patient.turn["expects"]
        answer = raw(patient, f'{{"reply_to": {asked}, "value": {value}}}')
        check_problem(answer, status, code)
        assert CANARY not in answer.text
        assert patient.read("messages")["expects"] == asked


class TestRefused:
    @pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u0000", "\u0007\u001b", "\u2028", "\u00a0"])
    def test_a_message_without_words(self, patient, text):
        check_problem(patient.post({"text": text}), 422, "empty_text")

    def test_an_option_that_was_not_offered(self, patient):
        answer = patient.post({"reply_to": 2, "value": CANARY})
        assert "agree, decline" in check_problem(answer, 422, "unknown_option")["detail"]
        assert CANARY not in answer.text

    def test_an_option_that_the_question_does_not_have(self, patient):
        patient.agree()
        answer = patient.post({"reply_to": patient.turn["expects"], "value": CANARY})
        check_problem(answer, 422, "unknown_option")
        assert CANARY not in answer.text

    @pytest.mark.parametrize("reply_to", [1, 3, 99, 10**12])
    def test_a_message_that_asks_nothing(self, patient, reply_to):
        check_problem(patient.post({"reply_to": reply_to, "value": "agree"}), 422, "unknown_reply_to")


class TestStrangeWords:
    @pytest.mark.parametrize(
        "text",
        [
            "/restart",
            "/EXTERNAL_red_flag",
            '/inform{"a": "b"}',
            "\u0000sore\u0000 throat\u0000",
            "'; DROP TABLE messages; --",
            "<script>alert(1)</script>",
            "\u202esore throat",
            "\N{FACE WITH THERMOMETER}" * 50,
            "{{7*7}} ${7*7} %s %n",
        ],
    )
    def test_are_words_like_any_other(self, patient, text):
        patient.agree()
        turn = patient.write(text)
        assert turn["messages"]
        assert turn["received"]["text"] == text.replace("\u0000", "")
        assert turn["escalation"] is None

    def test_a_flag_among_control_characters_is_still_seen(self, patient):
        assert patient.write("chest\u0000 pain going into my left\u0007 arm")["messages"][0]["kind"] == "emergency"

    def test_a_contact_by_button_may_hold_any_characters(self, patient, service):
        patient.write(ARM)
        patient.press("called")
        patient.press("07700\u0000900000 \N{FACE WITH THERMOMETER}")
        escalation = escalation_of(patient, service)
        assert "07700" in escalation["patient"]["callback"]["text"]

    @pytest.mark.parametrize("value", ["07700 \ud800 900000", "0" * 4_001])
    def test_a_value_that_cannot_be_kept_is_refused(self, patient, value):
        patient.write(ARM)
        patient.press("called")
        content = json.dumps({"reply_to": patient.turn["expects"], "value": value})
        check_problem(raw(patient, content), 400, "malformed")


class TestLongMessages:
    def test_of_a_long_message_the_beginning_is_kept(self, patient):
        turn = patient.write("my throat is sore. " * 5_300)
        assert len(turn["received"]["text"]) == 4_000

    def test_an_emergency_at_the_very_end_raises_the_card(self, patient, service):
        turn = patient.write("well, " * 33_000 + ARM)
        assert turn["messages"][0]["kind"] == "emergency"
        escalation = escalation_of(patient, service)
        assert not any('patient wrote: ""' in line for line in escalation["sbar"]["situation"])

    def test_beyond_the_limit_the_number_is_given_and_nothing_is_kept(self, patient):
        answer = patient.post({"text": "x" * (300 * KIB)})
        check_problem(answer, 413, "too_large")
        assert len(patient.read("messages")["messages"]) == 2

    def test_a_body_that_does_not_say_its_length_is_stopped_too(self, patient):
        def chunks():
            for _ in range(300):
                yield b"x" * KIB

        check_problem(raw(patient, chunks()), 413, "too_large")


class TestTokens:
    def test_none(self, client, patient):
        check_problem(client.get(f"{patient.path}/messages"), 401, "token_missing")

    def test_a_wrong_one_is_like_no_conversation(self, client, patient):
        for path in (patient.path, "/api/v1/conversations/con_none"):
            check_problem(client.get(f"{path}/messages", headers={"Authorization": "Bearer x"}), 404, "not_found")

    def test_anothers(self, client, patient):
        check_problem(client.get(f"{patient.path}/messages", headers=Patient(client).headers), 404, "not_found")

    def test_one_whose_time_is_over(self, tmp_path, clock):
        house = furnished(tmp_path, scripted(), clock=clock, country="GB")
        patient = Patient(client_for(house))  # not entered: nothing sweeps
        clock.pass_by(days=30)
        check_problem(patient.post({"text": "hello"}), 401, "token_expired")
        house.database.close()

    def test_of_an_erased_conversation(self, client, patient):
        assert client.delete(patient.path, headers=patient.headers).status_code == 204
        check_problem(patient.post({"text": ARM}), 410, "erased")


class TestLimits:
    @pytest.fixture
    def limited(self, tmp_path):
        house = furnished(
            tmp_path,
            scripted(),
            country="GB",
            messages_per_minute=2,
            conversations_per_hour=2,
            guidance_searches_per_minute=1,
        )
        with client_for(house) as client:
            yield client
        house.database.close()

    def check_limited(self, answer):
        check_problem(answer, 429, "too_many_requests")
        assert 1 <= int(answer.headers["Retry-After"]) <= 3600

    def test_too_many_messages_are_held_up_and_a_red_flag_is_not(self, limited):
        patient = Patient(limited)
        patient.agree()
        patient.write("hello")
        self.check_limited(patient.post({"text": "hello"}))
        self.check_limited(patient.post({"reply_to": patient.turn["expects"], "value": "nonsense"}))
        assert patient.write(ARM)["messages"][0]["kind"] == "emergency"

    def test_another_patient_is_not_held_up(self, limited):
        for patient in (Patient(limited), Patient(limited)):
            patient.write("hello")
            patient.write("hello")

    def test_too_many_conversations_from_one_address(self, limited):
        Patient(limited)
        Patient(limited)
        self.check_limited(limited.post("/api/v1/conversations", json={}))

    def test_too_many_searches_from_one_address(self, limited):
        assert limited.get("/api/v1/guidance/search?q=cough").status_code == 200
        self.check_limited(limited.get("/api/v1/guidance/search?q=cough"))


class TestNotStored:
    """An emergency whose escalation cannot be stored is not acknowledged; the number is given all the same."""

    @pytest.fixture
    def careline(self, tmp_path):
        house = furnished(tmp_path, scripted(), country="GB")
        yield house
        house.database.close()

    @pytest.fixture
    def failing(self, careline):
        with careline.database.write() as session:
            session.execute(
                sql("CREATE TRIGGER refuse BEFORE INSERT ON escalations BEGIN SELECT RAISE(ABORT, 'full'); END")
            )
        with TestClient(create_app(careline), raise_server_exceptions=False) as client:
            yield client

    def mend(self, careline):
        with careline.database.write() as session:
            session.execute(sql("DROP TRIGGER refuse"))

    def test_the_patient_gets_the_number_and_neither_message_nor_escalation_is_there(self, failing, careline):
        patient = Patient(failing)
        before = every_row(careline.database)
        check_problem(patient.post({"text": ARM}), 500, "internal")
        assert every_row(careline.database) == before

    def test_sending_it_again_with_the_same_key_works_once_the_database_does(self, failing, careline):
        patient = Patient(failing)
        key = {"Idempotency-Key": "key-00001"}
        assert patient.post({"text": ARM}, **key).status_code == 500
        self.mend(careline)
        turn = patient.post({"text": ARM}, **key).json()
        assert turn["messages"][0]["kind"] == "emergency"
        assert turn["escalation"]["state"] == "open"
