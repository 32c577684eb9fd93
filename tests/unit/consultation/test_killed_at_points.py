"""The app dies (kill -9) at named points while it puts an emergency on record: it is there once, and told once."""

import contextlib
import json
import time

import httpx
import pytest

from careline.consultation.tables import MessageRow
from careline.escalation.tables import EscalationRow
from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys
from tests.support.dying import POINTS
from tests.support.killing import KillableApp
from tests.support.outbox import SECRET, webhook_file
from tests.support.receivers import running_receiver

pytestmark = pytest.mark.slow

ARM = "I have chest pain going into my left arm"
GIVE_UP_SECONDS = 60


@pytest.fixture
def receiver():
    with running_receiver() as receiver:
        yield receiver


@pytest.fixture
def app(tmp_path, receiver, monkeypatch):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "delivery.yml").write_text(webhook_file(receiver.url))
    monkeypatch.setenv("CARELINE_DELIVERY_SECRETS", json.dumps({"hook": [SECRET]}))
    app = KillableApp(tmp_path)
    yield app
    app.end()


@contextlib.contextmanager
def kept(folder):
    """What the database holds."""
    keys, _ = load_or_make_keys(folder / "careline-keys-var.json")
    database = Database(f"sqlite:///{folder / 'var' / 'careline.db'}", keys)
    try:
        with database.read() as session:
            yield session
    finally:
        database.close()


def wait_until(holds):
    give_up = time.monotonic() + GIVE_UP_SECONDS
    while not holds():
        assert time.monotonic() < give_up, "it did not come about"
        time.sleep(0.05)


@pytest.mark.parametrize("point", POINTS)
def test_an_emergency_is_on_record_and_told_once_wherever_the_app_died(app, receiver, tmp_path, point):
    app.do(f"start {point}")
    app.wait_until_it_answers()
    with httpx.Client(base_url=f"http://127.0.0.1:{app.port}/api/v1", timeout=30, trust_env=False) as client:
        opened = client.post("/conversations", json={}).json()
        path = f"/conversations/{opened['conversation_id']}/messages"
        headers = {"Authorization": f"Bearer {opened['token']}"}
        assert client.post(path, json={"reply_to": 2, "value": "agree"}, headers=headers).is_success
        key = headers | {"Idempotency-Key": "one-emergency"}
        with pytest.raises(httpx.TransportError):
            client.post(path, json={"text": ARM}, headers=key)
        app.do("kill")
        with kept(tmp_path) as session:
            was_kept = point != "written"
            assert session.query(EscalationRow).count() == was_kept
            assert [row.text for row in session.query(MessageRow)].count(ARM) == was_kept
        app.do("start")
        app.wait_until_it_answers()
        if was_kept:  # a clinician is told though the patient does not come back
            wait_until(lambda: receiver.received)
        answer = client.post(path, json={"text": ARM}, headers=key).json()
    wait_until(lambda: receiver.received)
    assert answer["messages"][0]["kind"] == "emergency"
    app.do("kill")
    with kept(tmp_path) as session:
        assert [row.id for row in session.query(EscalationRow)] == [answer["escalation"]["id"]]
        assert [row.text for row in session.query(MessageRow)].count(ARM) == 1
    told = {(one.json["data"]["escalation_id"], one.json["type"]) for one in receiver.received}
    assert told == {(answer["escalation"]["id"], "escalation.opened")}
    assert len(set(receiver.ids)) == 1
