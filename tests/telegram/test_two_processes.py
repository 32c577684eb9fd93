"""Two apps on one PostgreSQL: Telegram brings every update to both, and each is taken up and answered by one."""

import random
import threading
import time

import httpx
import pytest

from careline.channels.telegram.identity import webhook_secret
from careline.channels.telegram.rendering import Renderer
from careline.channels.telegram.tables import TelegramChatRow, TelegramSendRow, TelegramUpdateRow
from careline.consultation.conversation_store import contract_message
from careline.consultation.tables import ConversationRow, MessageRow
from careline.consultation.wording import Wording
from careline.escalation.tables import EscalationRow
from tests.support.bot_api import answers, by_chat, running_bot_api
from tests.support.house import KNOWLEDGE
from tests.support.postgresql import new_database, running_postgresql
from tests.telegram.conftest import serving

pytestmark = pytest.mark.slow

CHATS, STEPS, CONNECTIONS = 12, 8, 8
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def words(step):
    first = {0: "/start", 1: "I agree", STEPS - 1: f"m{step} crushing chest pain going into my left arm"}
    return first.get(step, f"m{step} my hair feels odd")


def bring(updates, urls, secret):
    """Bring each update to both apps, over several connections, nearly in order."""
    chance = random.Random(11)
    places = sorted((place + chance.uniform(0, 6), place, url) for place in range(len(updates)) for url in urls)
    waiting, lock = iter(places), threading.Lock()

    def carry():
        with httpx.Client(timeout=60, trust_env=False) as client:
            while True:
                with lock:
                    _, place, url = next(waiting, (None, None, None))
                if url is None:
                    return
                answer = client.post(f"{url}/telegram/webhook", json=updates[place], headers={HEADER: secret})
                assert answer.status_code == 200

    threads = [threading.Thread(target=carry) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """The database after the run, what Telegram was told, and which processes had a chat."""
    folder = tmp_path_factory.mktemp("two")
    with running_postgresql() as server, running_bot_api() as api:
        given = {"database_url": new_database(server), "telegram_webhook": True, "public_url": "https://care.test"}
        with serving(folder, api, **given) as one, serving(folder, api, **given) as other:
            patients = [one.patient() for _ in range(CHATS)]
            for step in range(STEPS):
                for patient in patients:
                    patient.post(text=words(step))
            with api.lock:
                updates, api.queue = api.queue, []
            database, owners = one.careline.database, set()
            for app in (one, other):  # in one test process the apps share their routers, which the first request builds
                assert httpx.post(f"{app.url}/telegram/webhook", trust_env=False).status_code == 403
            bring(updates, (one.url, other.url), webhook_secret(database.keys))
            until = time.monotonic() + 240
            while not is_all_done(database, owners):
                assert time.monotonic() < until, "it did not come about"
                time.sleep(0.1)
            yield database, api, owners


def is_all_done(database, owners):
    with database.read() as session:
        owners |= {row.lease_owner for row in session.query(TelegramChatRow) if row.lease_owner is not None}
        done = session.query(TelegramUpdateRow).filter_by(state="done").count()
        left = session.query(TelegramSendRow).filter(TelegramSendRow.state.in_(("pending", "sending"))).count()
        return done == CHATS * STEPS and left == 0


def test_both_have_a_share_of_the_chats(shared):
    _, _, owners = shared
    assert len(owners) == 2


def test_each_update_had_its_effect_once_and_in_order(shared):
    database, _, _ = shared
    with database.read() as session:
        assert session.query(ConversationRow).count() == CHATS
        assert session.query(EscalationRow).count() == CHATS
        for chat in session.query(TelegramChatRow):
            rows = session.query(MessageRow).filter_by(conversation_id=chat.conversation_id, sender="patient")
            texts = [row.text for row in rows.order_by(MessageRow.number)]
            assert texts == [words(step) for step in range(1, STEPS)]


def test_each_message_was_sent_once_and_in_order(shared):
    database, api, _ = shared
    sent = by_chat(answers(api.of("sendMessage")))
    with database.read() as session:
        assert {row.repeats for row in session.query(TelegramSendRow)} == {0}
        for chat in session.query(TelegramChatRow):
            renderer = Renderer(Wording(KNOWLEDGE / "wording"), "https://care.test")
            rows = session.query(MessageRow).filter_by(conversation_id=chat.conversation_id)
            expected = [
                part.html
                for row in rows.order_by(MessageRow.number)
                if row.sender != "patient"
                for part in renderer.parts(chat.conversation_id, contract_message(row))
            ]
            assert [call.text for call in sent[int(chat.address)]] == expected
