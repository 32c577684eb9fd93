"""The app is killed (kill -9) again and again under load: nothing that was acknowledged is lost, nothing is doubled.

A receiver of webhooks stands beside it: what patients were promised reaches it, and what comes twice bears one id.
`make nightly` kills more often (CARELINE_TEST_KILLS).
"""

import collections
import itertools
import json
import os
import random
import threading
import time
import uuid

import httpx
import pytest
from sqlalchemy import text

from careline.consultation.tables import MessageRow, TurnRow
from careline.escalation.tables import EscalationRow
from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys
from tests.support.killing import KillableApp
from tests.support.outbox import SECRET, webhook_file
from tests.support.receivers import running_receiver

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("CARELINE_TEST_KILLS", "20"))
PATIENTS_AT_ONCE = 4
GIVE_UP_SECONDS = 90


class Load:
    """Patients who write without pause; each sends a message again, with its key, until it is acknowledged."""

    def __init__(self, port, receiver):
        self.url = f"http://127.0.0.1:{port}/api/v1"
        self.receiver = receiver
        self.acknowledged = []  # (conversation, words, answer)
        self.broken_off = 0
        self.errors = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(PATIENTS_AT_ONCE)]

    def start(self):
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=GIVE_UP_SECONDS)

    def _run(self):
        try:
            with httpx.Client(base_url=self.url, timeout=30, trust_env=False) as client:
                while not self._stop.is_set():
                    self._talk(client)
        except Exception as error:  # noqa: BLE001 - shown by a test
            self.errors.append(error)

    def _talk(self, client):
        opened = self._post(client, "/conversations", {}, {})
        headers = {"Authorization": f"Bearer {opened['token']}"}
        conversation = opened["conversation_id"]
        path = f"/conversations/{conversation}/messages"
        self._post(client, path, {"reply_to": 2, "value": "agree"}, headers)
        for number in itertools.count():
            mark = uuid.uuid4().hex
            is_last = number == 3 or self._stop.is_set()
            words = f"{mark} chest pain going into my left arm" if is_last else f"{mark} my hair feels odd"
            answer = self._post(client, path, {"text": words}, headers)
            self.acknowledged.append((conversation, words, answer))
            if is_last:
                return

    def _post(self, client, path, body, headers):
        key = {"Idempotency-Key": uuid.uuid4().hex}
        give_up = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < give_up:
            try:
                answer = client.post(path, json=body, headers=headers | key)
            except httpx.TransportError:
                self.broken_off += 1
                time.sleep(0.05)
                continue
            assert answer.is_success, answer.text
            return answer.json()
        raise AssertionError("never acknowledged")


def opened_of(load):
    """Ids of the escalations that patients were answered with."""
    return {answer["escalation"]["id"] for _, words, answer in load.acknowledged if "chest pain" in words}


def told_of(receiver):
    """Ids of the escalations that the receiver has heard of."""
    return {one.json["data"]["escalation_id"] for one in receiver.received}


def wait_until(holds):
    give_up = time.monotonic() + GIVE_UP_SECONDS
    while not holds() and time.monotonic() < give_up:
        time.sleep(0.1)  # whether it holds is asked by a test


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """The load that was on the app while it was killed, and the database that it left."""
    folder = tmp_path_factory.mktemp("killed")
    chance = random.Random(20261121)
    with running_receiver() as receiver:
        (folder / "var").mkdir()
        (folder / "var" / "delivery.yml").write_text(webhook_file(receiver.url, concurrency=2))
        os.environ["CARELINE_DELIVERY_SECRETS"] = json.dumps({"hook": [SECRET]})
        try:
            yield from _killed(folder, chance, receiver)
        finally:
            del os.environ["CARELINE_DELIVERY_SECRETS"]


def _killed(folder, chance, receiver):
    app = KillableApp(folder)
    load = Load(app.port, receiver)
    try:
        app.do("start")
        app.wait_until_it_answers()
        load.start()
        for _ in range(KILLS):
            before = len(load.acknowledged)
            time.sleep(chance.uniform(0.3, 1.5))
            wait_until(lambda least=before + 2: len(load.acknowledged) >= least)  # on a busy machine it takes longer
            app.do("kill")
            app.do("start")
            app.wait_until_it_answers()
        load.stop()
        app.do("kill")
        app.do("start")  # once more, so that what the last kill left is looked after too
        app.wait_until_it_answers()
        wait_until(lambda: opened_of(load) <= told_of(receiver))
    finally:
        load.stop()
        app.end()
    data = folder / "var"
    keys, _ = load_or_make_keys(folder / f"careline-keys-{data.name}.json")
    database = Database(f"sqlite:///{data / 'careline.db'}", keys)
    yield load, database
    database.close()


def test_patients_were_cut_off_in_the_middle_and_served_again(killed):
    load, _ = killed
    assert load.errors == []
    assert load.broken_off >= KILLS
    assert len(load.acknowledged) > KILLS


def test_every_acknowledged_message_is_there_exactly_once_with_the_answer_that_was_given(killed):
    load, database = killed
    with database.read() as session:
        rows = {(row.conversation_id, row.number): row for row in session.query(MessageRow)}
    stored = collections.Counter((row.conversation_id, row.text) for row in rows.values() if row.sender == "patient")
    for conversation, words, answer in load.acknowledged:
        assert stored[conversation, words] == 1
        for message in (answer["received"], *answer["messages"]):
            assert rows[conversation, message["id"]].text == message["text"]


def test_no_message_was_doubled_by_sending_it_again(killed):
    _, database = killed
    with database.read() as session:
        written = collections.Counter(
            row.text for row in session.query(MessageRow) if row.sender == "patient" and "reply_to" not in row.body
        )
    assert set(written.values()) == {1}


def test_every_acknowledged_emergency_has_its_one_escalation(killed):
    load, database = killed
    with database.read() as session:
        found = {row.conversation_id: row for row in session.query(EscalationRow)}
        assert len(found) == session.query(EscalationRow).count()
    emergencies = [(c, answer) for c, words, answer in load.acknowledged if "chest pain" in words]
    assert emergencies
    for conversation, answer in emergencies:
        assert answer["messages"][0]["kind"] == "emergency"
        assert found[conversation].id == answer["escalation"]["id"] == answer["messages"][0]["data"]["escalation_id"]


def test_every_acknowledged_emergency_has_reached_the_receiver(killed):
    load, _ = killed
    assert len(opened_of(load)) >= KILLS // 2
    assert opened_of(load) <= told_of(load.receiver)


def test_what_the_receiver_gets_twice_bears_the_same_id(killed):
    load, _ = killed
    told = collections.defaultdict(set)
    for one in load.receiver.received:
        told[one.json["data"]["escalation_id"], one.json["type"]].add(one.headers["webhook-id"])
    opened = {key: ids for key, ids in told.items() if key[1] == "escalation.opened"}
    assert opened
    assert all(len(ids) == 1 for ids in opened.values())


def test_no_message_of_a_conversation_is_missing_in_between(killed):
    _, database = killed
    numbers = collections.defaultdict(list)
    with database.read() as session:
        for row in session.query(MessageRow):
            numbers[row.conversation_id].append(row.number)
    assert numbers
    for found in numbers.values():
        assert sorted(found) == list(range(1, len(found) + 1))


def test_nobody_is_left_without_an_answer(killed):
    _, database = killed
    with database.read() as session:
        assert {turn.state for turn in session.query(TurnRow)} <= {"answered", "failed", "overtaken"}
        unanswered = [
            turn
            for turn in session.query(TurnRow)
            if session.get(MessageRow, (turn.conversation_id, turn.message_number + 1)) is None
        ]
    assert unanswered == []


def test_the_file_is_whole(killed):
    _, database = killed
    with database.read() as session:
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
