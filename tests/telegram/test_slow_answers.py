"""Who waits for an answer: told once, within ten seconds, that the message has come, and whom to call."""

import time

import pytest

from careline.channels.telegram.tables import TelegramChatRow
from tests.support.bot_api import TAKES_LONG

pytestmark = pytest.mark.slow

ROOM_SECONDS = 4  # for a machine that is busy with other tests too


@pytest.fixture
def slowly(bot):
    """Has the dialogue engine think so long that a second message waits for its turn longer than that."""
    bot.dialogue.pause_seconds = 7.0
    yield
    bot.dialogue.pause_seconds = 0.0


def notices(bot, patient):
    return [call for call in bot.api.of("sendMessage", chat=patient.chat) if call.text.startswith(TAKES_LONG)]


def answers(bot, patient, since):
    sent = (call for call in bot.api.of("sendMessage", chat=patient.chat) if call.at > since)
    return [call for call in sent if not call.text.startswith(TAKES_LONG)]


def wait_for(holds):
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.05)


def write_three(bot, patient):
    """Write three messages at once; return when."""
    began = time.monotonic()
    for text in ("my hair feels odd", "it is still odd", "odd all day"):
        patient.post(text=text)
    return began


@pytest.mark.parametrize(
    ("language", "says"), [("en", "In an emergency call 911."), ("es", "En una emergencia llame al 911.")]
)
def test_who_waits_is_told_in_time_and_once_with_the_number_of_their_country(bot, patient, slowly, language, says):
    patient.write("/start country-US")
    patient.press("I agree")
    with bot.careline.database.write() as session:
        row = next(row for row in session.query(TelegramChatRow) if int(row.address) == patient.chat)
        row.language = language
    began = write_three(bot, patient)
    wait_for(lambda: notices(bot, patient))
    told = notices(bot, patient)[0]
    assert 6.5 < told.at - began < 10 + ROOM_SECONDS
    assert told.text.endswith(says)
    wait_for(lambda: len(answers(bot, patient, began)) >= 3)  # of the engine, or without it where it took too long
    bot.dialogue.pause_seconds = 0.0
    time.sleep(7)
    assert len(notices(bot, patient)) == 1


def test_who_is_answered_in_time_is_told_nothing(bot, agreed):
    agreed.write("my hair feels odd")
    time.sleep(10.5)
    assert notices(bot, agreed) == []
