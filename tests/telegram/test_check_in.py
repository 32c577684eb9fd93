"""Check-ins on Telegram: offered after the advice, sent when due, not at night, not to who may be watched."""

import datetime as dt
import time

import pytest

from careline.channels.telegram.tables import TelegramChatRow
from careline.consultation.tables import ConversationRow
from careline.escalation.tables import EscalationRow
from tests.support.bot_api import running_bot_api
from tests.telegram.conftest import serving
from tests.telegram.test_consultations import answer_to_the_end, conversation_of, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bot(tmp_path_factory):
    """An app without quiet hours: these tests run at any time of the day."""
    folder = tmp_path_factory.mktemp("check_in")
    with running_bot_api() as api, serving(folder, api, telegram_quiet_hours="00:00-00:00 UTC") as running:
        yield running


@pytest.fixture
def advised(bot, agreed):
    answer_to_the_end(bot, agreed, "I have a sore throat")
    return agreed


def change(bot, patient, **columns):
    with bot.careline.database.write() as session:
        row = next(row for row in session.query(TelegramChatRow) if int(row.address) == patient.chat)
        for column, value in columns.items():
            setattr(row, column, value)


def chat_of(bot, patient):
    with bot.careline.database.read() as session:
        return next(row for row in session.query(TelegramChatRow) if int(row.address) == patient.chat)


def time_comes(bot, patient):
    change(bot, patient, check_in_at=bot.careline.house.now() - dt.timedelta(seconds=1))


def test_worse_raises_and_asks_anew(bot, advised):
    assert "Shall I ask you later how you are?" in advised.said[-1].text
    assert "in about" in advised.press("Yes", below=advised.said[-1])[0]
    assert chat_of(bot, advised).check_in_at > bot.careline.house.now()
    time_comes(bot, advised)
    assert advised.hear() == ["How are you now?"]
    said = advised.press("Worse")
    assert said[0].startswith("I am sorry that you feel worse.")
    with bot.careline.database.read() as session:
        rows = session.query(EscalationRow).filter_by(conversation_id=conversation_of(bot, advised)).all()
        assert [row.reason for row in rows] == ["check_in"]


def test_who_does_not_want_it_is_not_written_to(bot, advised):
    advised.press("No", below=advised.said[-1])
    change(bot, advised, check_in_at=bot.careline.house.now())
    advised.hear_nothing(1.5)


def test_who_may_be_watched_is_not_written_to_though_they_wanted_it(bot, advised):
    advised.press("Yes", below=advised.said[-1])
    with bot.careline.database.write() as session:
        row = session.get(ConversationRow, conversation_of(bot, advised))
        row.memory = {**row.memory, "may_be_watched": True}
    time_comes(bot, advised)
    advised.hear_nothing(1.5)
    assert chat_of(bot, advised).check_in == "done"


def test_stop_ends_it(bot, advised):
    advised.press("Yes", below=advised.said[-1])
    advised.write("/stop")
    assert (chat_of(bot, advised).check_in, chat_of(bot, advised).check_in_at) == ("declined", None)


def test_at_night_it_waits_for_the_morning(tmp_path):
    now = dt.datetime.now(dt.UTC)
    begins, ends = now - dt.timedelta(hours=1), now + dt.timedelta(hours=1)
    quiet = f"{begins:%H:%M}-{ends:%H:%M} UTC"
    with running_bot_api() as api, serving(tmp_path, api, telegram_quiet_hours=quiet) as bot:
        patient = bot.patient()
        patient.write("/start")
        change(bot, patient, check_in="wanted", check_in_at=now)
        wait_for(lambda: chat_of(bot, patient).check_in_at > now + dt.timedelta(minutes=50))
        assert chat_of(bot, patient).check_in == "wanted"
        time.sleep(0.5)
        patient.hear_nothing(0.5)
