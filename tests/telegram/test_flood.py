"""A chat that writes far more than anybody can answer: all of it is screened, the rest waits, and is answered later."""

import datetime as dt
import time

import pytest
from sqlalchemy import update

from careline.channels.telegram.tables import TelegramChatRow, TelegramSendRow, TelegramUpdateRow
from careline.consultation.tables import MessageRow
from tests.support.bot_api import running_bot_api
from tests.telegram.conftest import serving

pytestmark = pytest.mark.slow

MOST, WRITTEN = 5, 40
EMERGENCIES = (17, 33)
WAIT = "You have sent many messages in a short time."


@pytest.fixture(scope="module")
def bot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flood")
    with running_bot_api() as api, serving(folder, api, telegram_chat_messages_per_minute=MOST) as running:
        yield running


def words(number):
    return f"m{number} crushing chest pain going into my left arm" if number in EMERGENCIES else f"m{number} odd hair"


def flood(patient):
    patient.write("/start")
    patient.press("I agree")
    for number in range(WRITTEN):
        patient.post(text=words(number))


def rows(bot, patient, table, **filters):
    with bot.careline.database.read() as session:
        chat = next(row for row in session.query(TelegramChatRow) if int(row.address) == patient.chat)
        return session.query(table).filter_by(chat_id=chat.id, **filters).all()


def is_screened(bot, patient):
    """Whether all of the flood has come and been looked at."""
    updates = rows(bot, patient, TelegramUpdateRow)
    return len(updates) == WRITTEN + 2 and all(row.state != "new" for row in updates)


def taken(bot, patient):
    """Numbers of the messages that stand in the conversation, in order."""
    with bot.careline.database.read() as session:
        chat = next(row for row in session.query(TelegramChatRow) if int(row.address) == patient.chat)
        found = session.query(MessageRow).filter_by(conversation_id=chat.conversation_id, sender="patient")
        texts = [row.text for row in found.order_by(MessageRow.number)]
    return [int(text.split()[0][1:]) for text in texts if text.startswith("m")]


def a_minute_passes(bot):
    with bot.careline.database.write() as session:
        session.execute(
            update(TelegramUpdateRow)
            .where(TelegramUpdateRow.done_at.is_not(None))
            .values(done_at=bot.careline.house.now() - dt.timedelta(seconds=61))
        )


def wait_for(holds):
    until = time.monotonic() + 90
    while not holds():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.05)


def test_every_message_of_a_flood_is_screened_at_once_and_the_rest_is_answered_later_once_and_in_order(bot, patient):
    flood(patient)
    wait_for(lambda: is_screened(bot, patient))
    ordinary = [number for number in range(WRITTEN) if number not in EMERGENCIES]
    answered = [number for number in taken(bot, patient) if number in ordinary]
    assert answered == ordinary[: MOST - 2]  # "/start" and "I agree" are counted too
    assert [number for number in taken(bot, patient) if number in EMERGENCIES] == list(EMERGENCIES)
    said = patient.hear()
    assert any(text.startswith("<b>EMERGENCY") for text in said)
    assert all("999" in text for text in said if WAIT in text)

    def nothing_waits():
        a_minute_passes(bot)
        time.sleep(0.3)
        return not rows(bot, patient, TelegramUpdateRow, state="later")

    wait_for(nothing_waits)
    assert [number for number in taken(bot, patient) if number in ordinary] == ordinary
    assert sorted(taken(bot, patient)) == list(range(WRITTEN))
    notices = [text for text in bot.api.texts(patient.chat) if WAIT in text]
    assert len(notices) == 1


def test_no_more_than_the_most_is_answered_within_a_minute(bot, patient):
    flood(patient)
    wait_for(lambda: is_screened(bot, patient))
    before = len(taken(bot, patient))
    a_minute_passes(bot)
    wait_for(lambda: len(taken(bot, patient)) == before + MOST)
    time.sleep(1.5)
    assert len(taken(bot, patient)) == before + MOST


def test_numbers_and_a_clinician_are_had_in_the_middle_of_a_flood(bot, patient):
    flood(patient)
    wait_for(lambda: is_screened(bot, patient))
    patient.hear()
    assert any("999" in text for text in patient.write("/emergency"))
    assert any("list for clinicians" in text for text in patient.write("/human"))
    assert rows(bot, patient, TelegramUpdateRow, state="later")


def test_one_chat_that_floods_holds_up_no_other(bot, patient):
    flood(patient)
    other = bot.patient()
    assert other.write("/start")[0].startswith("Hello.")
    assert all(WAIT not in text for text in bot.api.texts(other.chat))


def test_what_waits_is_erased_with_its_conversation(bot, patient):
    flood(patient)
    wait_for(lambda: is_screened(bot, patient))
    with bot.careline.database.read() as session:
        chat = next(row for row in session.query(TelegramChatRow) if int(row.address) == patient.chat)
    bot.careline.conversations.erase(chat.conversation_id)
    assert rows(bot, patient, TelegramUpdateRow, state="later") == []
    assert all(row.payload is None for row in rows(bot, patient, TelegramUpdateRow))
    assert rows(bot, patient, TelegramSendRow, conversation_id=chat.conversation_id) == []
