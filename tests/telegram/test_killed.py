"""The app is killed (kill -9) while updates come up to five times and in any order: each has one effect, in order.

`make nightly` sends more (CARELINE_TEST_UPDATES).
"""

import collections
import os
import random
import time

import pytest
from sqlalchemy import text

from careline.channels.telegram.rendering import Renderer
from careline.channels.telegram.tables import TelegramChatRow, TelegramSendRow, TelegramUpdateRow
from careline.consultation.conversation_store import contract_message
from careline.consultation.tables import ConversationRow, MessageRow
from careline.consultation.wording import Wording
from careline.escalation.tables import EscalationRow
from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys
from tests.support.bot_api import AGAIN, TOKEN, TelegramPatient, answers, by_chat, running_bot_api
from tests.support.house import KNOWLEDGE
from tests.support.killing import KillableApp

pytestmark = pytest.mark.slow

UPDATES = int(os.environ.get("CARELINE_TEST_UPDATES", "1000"))
KILLS = 3
PER_CHAT = 40
GIVE_UP_SECONDS = 90 + UPDATES / 10


# What is sent besides words, and how the answer to it begins: in order they tell whether order was kept.
ASIDES = (
    ({"sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1,
                  "is_animated": False, "is_video": False}}, "I cannot read stickers."),
    ({"text": "/privacy"}, "What you write is kept"),
    ({"text": "/emergency"}, "If someone may be in danger"),
    ({"location": {"latitude": 51.5, "longitude": 0.1}}, "I cannot see where you are"),
    ({"text": "/delete"}, "Shall I erase"),
)  # fmt: skip
WORDS_AT = (6, 24)


def queue_updates(api):
    """Chats in which patients write one thing after the other, all of it waiting at the start."""
    chance = random.Random(7)
    patients = [TelegramPatient(api, 9_000_000_000 + number) for number in range(UPDATES // PER_CHAT)]
    written, asides = collections.defaultdict(list), collections.defaultdict(list)
    for step in range(PER_CHAT):
        for patient in patients:
            mark = f"m{patient.chat % 10_000}x{step}"
            words = {0: "/start", 1: "I agree", PER_CHAT - 1: f"{mark} chest pain going into my left arm"}
            words |= dict.fromkeys(WORDS_AT, f"{mark} my hair feels odd")
            if step in words:
                patient.post(text=words[step])
                if step > 1:
                    written[patient.chat].append(mark)
            else:
                # Never the same twice running: else a repeated answer could not be told from the answer to the next.
                before = asides[patient.chat][-1:]
                sent, answer = chance.choice([each for each in ASIDES if [each[1]] != before])
                patient.post(**sent)
                asides[patient.chat].append(answer)
    return written, asides


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """What was written, what the server was told, and the database that was left."""
    folder = tmp_path_factory.mktemp("killed")
    environment = {"CARELINE_TELEGRAM_TOKEN": TOKEN, "CARELINE_TELEGRAM_MESSAGES_PER_SECOND": "100000"}
    with running_bot_api(shuffle=random.Random(20261129)) as api:
        environment["CARELINE_TELEGRAM_API_URL"] = api.url
        os.environ.update(environment)
        try:
            app = KillableApp(folder)
        finally:
            for name in environment:
                del os.environ[name]
        try:
            queued = queue_updates(api)
            app.do("start")
            for number in range(1, KILLS + 1):
                wait_until(lambda goal=number * UPDATES // (KILLS + 1): len(api.of("sendMessage")) >= goal)
                app.do("kill")
                app.do("start")
            app.wait_until_it_answers()
            database = opened(folder)
            wait_until(lambda: is_all_done(database))
        finally:
            app.end()
    yield *queued, api, database
    database.close()


def opened(folder):
    data = folder / "var"
    keys, _ = load_or_make_keys(folder / f"careline-keys-{data.name}.json")
    return Database(f"sqlite:///{data / 'careline.db'}", keys)


def is_all_done(database):
    with database.read() as session:
        done = session.query(TelegramUpdateRow).filter_by(state="done").count()
        open_sends = session.query(TelegramSendRow).filter(TelegramSendRow.state.in_(("pending", "sending"))).count()
        return done == UPDATES and open_sends == 0


def wait_until(holds):
    give_up = time.monotonic() + GIVE_UP_SECONDS
    while not holds():
        assert time.monotonic() < give_up, "it did not come about"
        time.sleep(0.05)


def test_every_update_was_taken_once_though_it_came_up_to_five_times(killed):
    _, _, _, database = killed
    with database.read() as session:
        assert session.query(TelegramUpdateRow).count() == UPDATES
        assert {row.state for row in session.query(TelegramUpdateRow)} == {"done"}
        assert all(row.payload is None for row in session.query(TelegramUpdateRow))


def test_what_each_patient_wrote_is_in_one_conversation_once_and_in_order(killed):
    written, _, _, database = killed
    found = collections.defaultdict(list)
    with database.read() as session:
        chats = {row.conversation_id: int(row.address) for row in session.query(TelegramChatRow)}
        assert session.query(ConversationRow).count() == len(chats) == UPDATES // PER_CHAT
        for row in session.query(MessageRow).order_by(MessageRow.conversation_id, MessageRow.number):
            if row.sender == "patient" and row.text != "I agree":
                found[chats[row.conversation_id]].append(row.text.split()[0])
    assert found == written


def test_every_emergency_has_its_one_escalation(killed):
    written, _, _, database = killed
    with database.read() as session:
        assert session.query(EscalationRow).count() == len(written)


def test_each_chat_was_told_everything_in_order_and_what_came_twice_says_so(killed):
    _, asides, api, database = killed
    renderer = Renderer(Wording(KNOWLEDGE / "wording"), None)
    sent, repeated = by_chat(answers(api.of("sendMessage"))), 0
    with database.read() as session:
        for chat in session.query(TelegramChatRow):
            conversation = [
                part.html
                for row in session.query(MessageRow)
                .filter_by(conversation_id=chat.conversation_id)
                .order_by(MessageRow.number)
                if row.sender != "patient"
                for part in renderer.parts(chat.conversation_id, contract_message(row))
            ]
            told = []
            for call in sent[int(chat.address)]:
                words = call.text.removeprefix(AGAIN)
                if call.text != words and told and told[-1] == words:
                    repeated += 1
                else:
                    told.append(words)
            beginnings = tuple(beginning for _, beginning in ASIDES)
            aside = [words for words in told if words.startswith(beginnings) and words not in conversation]
            assert [words for words in told if words not in aside] == conversation
            assert [next(each for each in beginnings if words.startswith(each)) for words in aside] == asides[
                int(chat.address)
            ]
    assert repeated <= KILLS * 8  # at most what was under way in each chat at each crash


def test_no_send_was_repeated_more_often_than_the_app_was_killed(killed):
    _, _, _, database = killed
    with database.read() as session:
        assert max(row.repeats for row in session.query(TelegramSendRow)) <= KILLS
        assert {row.state for row in session.query(TelegramSendRow)} == {"sent"}


def test_the_file_is_whole(killed):
    _, _, _, database = killed
    with database.read() as session:
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
