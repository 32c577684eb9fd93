"""What goes out: in order, once, and written down before; whatever Telegram answers."""

import itertools
import time

import pytest

from careline.channels.telegram.tables import TelegramChatRow, TelegramSendRow
from tests.support.bot_api import Trouble

pytestmark = pytest.mark.slow

AGAIN = "<i>You may have this message already.</i>\n"


@pytest.fixture
def troubled(bot, patient):
    """Has the server answer the sends to the patient as told, one after the other, then as usual."""

    def trouble(*answers):
        left = iter(answers)

        def asked(method, given):
            is_ours = method == "sendMessage" and int(given["chat_id"]) == patient.chat
            return next(left, None) if is_ours else None

        bot.api.trouble = asked

    yield trouble
    bot.api.trouble = lambda _method, _given: None


def sends(bot, patient):
    with bot.careline.database.read() as session:
        chat = next((row for row in session.query(TelegramChatRow) if int(row.address) == patient.chat), None)
        if chat is None:
            return [], None
        return session.query(TelegramSendRow).filter_by(chat_id=chat.id).order_by(TelegramSendRow.id).all(), chat


def wait_for(holds):
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_telegrams_own_delay_is_kept_and_then_all_is_sent_in_order(bot, patient, troubled):
    troubled(Trouble(429, "Too Many Requests: retry after 2", {"retry_after": 2}))
    began = time.monotonic()
    patient.post(text="/start")
    said = patient.hear(at_least=2)
    assert said[0].startswith("Hello.")
    assert bot.api.of("sendMessage", chat=patient.chat)[0].at - began >= 2
    assert [row.repeats for row in sends(bot, patient)[0]] == [0, 0]


def test_one_chat_that_must_wait_holds_up_no_other(bot, patient, troubled):
    troubled(Trouble(429, "Too Many Requests: retry after 5", {"retry_after": 5}))
    patient.post(text="/start")
    other = bot.patient()
    began = time.monotonic()
    other.write("/start")
    assert time.monotonic() - began < 4.5
    patient.hear(at_least=2)


def test_a_send_whose_answer_was_cut_off_is_repeated_once_and_says_so(bot, patient, troubled):
    troubled(Trouble(None, happens=True))
    patient.post(text="/start")
    said = patient.hear(at_least=3)
    assert said[0].startswith("Hello.")
    assert said[1] == AGAIN + said[0]
    assert [row.repeats for row in sends(bot, patient)[0]] == [1, 0]


def test_a_server_error_is_tried_again(bot, patient, troubled):
    troubled(Trouble(500), Trouble(502))
    patient.post(text="/start")
    said = patient.hear(at_least=2)
    assert said[0].startswith(AGAIN + "Hello.")
    assert said[1].startswith("Before we start")


def test_words_that_are_refused_with_their_formatting_are_sent_without(patient, troubled):
    troubled(Trouble(500), Trouble(400, "Bad Request: can't parse entities"))
    patient.post(text="I have crushing chest pain and my left arm hurts")
    patient.hear(at_least=3)
    assert "parse_mode" not in patient.said[0].given


@pytest.mark.parametrize(
    ("status", "description", "state"),
    [
        (403, "Forbidden: bot was blocked by the user", "blocked"),
        (403, "Forbidden: user is deactivated", "gone"),
        (400, "Bad Request: chat not found", "gone"),
    ],
)
def test_nothing_more_goes_to_who_blocked_the_bot_or_has_gone(bot, patient, troubled, status, description, state):
    troubled(*itertools.repeat(Trouble(status, description), 50))
    patient.post(text="/help")
    patient.post(text="/start")
    wait_for(lambda: sends(bot, patient)[1] is not None and sends(bot, patient)[1].state == state)
    wait_for(lambda: sends(bot, patient)[0] and {row.state for row in sends(bot, patient)[0]} == {"failed"})
    assert all(row.payload is None for row in sends(bot, patient)[0])
    troubled()
    assert patient.write("/help")  # whoever comes back is answered again


def test_who_had_blocked_the_bot_and_comes_back_gets_what_was_said_meanwhile(bot, patient, troubled):
    troubled(*itertools.repeat(Trouble(403, "Forbidden: bot was blocked by the user"), 50))
    patient.post(text="I have crushing chest pain and my left arm hurts")
    wait_for(lambda: sends(bot, patient)[1] is not None and sends(bot, patient)[1].state == "blocked")
    wait_for(lambda: not any(row.state in ("pending", "sending") for row in sends(bot, patient)[0]))
    troubled()
    said = patient.write("/help")
    assert [text.startswith("<b>EMERGENCY") for text in said].count(True) == 1
    assert [text.startswith("Hello.") for text in said].count(True) == 1


def test_who_blocks_the_bot_is_noted_when_telegram_says_so(bot, agreed):
    member = {"user": {"id": 1, "is_bot": True, "first_name": "Careline"}, "until_date": 0}
    change = {"chat": agreed.place, "from": agreed.user, "date": 1, "old_chat_member": {**member, "status": "member"}}
    bot.api.put("my_chat_member", {**change, "new_chat_member": {**member, "status": "kicked"}})
    wait_for(lambda: sends(bot, agreed)[1].state == "blocked")
    bot.api.put("my_chat_member", {**change, "new_chat_member": {**member, "status": "member"}})
    wait_for(lambda: sends(bot, agreed)[1].state == "open")


def test_a_chat_that_has_moved_is_written_to_at_its_new_place(bot, patient, troubled):
    troubled(Trouble(400, "Bad Request: moved", {"migrate_to_chat_id": patient.chat + 500_000}))
    patient.post(text="/start")
    wait_for(lambda: len(bot.api.of("sendMessage", chat=patient.chat + 500_000)) == 2)
    assert bot.api.of("sendMessage", chat=patient.chat) == []


def test_a_patient_is_screened_and_a_clinician_asked_though_telegram_takes_nothing(bot, patient, troubled):
    troubled(*itertools.repeat(Trouble(500), 3))
    patient.post(text="/start")
    patient.post(text="I have crushing chest pain and my left arm hurts")
    wait_for(lambda: (chat := sends(bot, patient)[1]) is not None and chat.conversation_id is not None)
    conversation = sends(bot, patient)[1].conversation_id
    wait_for(lambda: "chest pain" in str(bot.careline.conversations.history(conversation, 0)))
    history = bot.careline.conversations.history(conversation, 0)
    assert history["escalation"] is not None
    assert any(text.startswith("<b>EMERGENCY") for text in patient.hear(at_least=3))


def test_slow_answers_of_telegram_hold_up_nothing_that_is_said(bot, patient):
    bot.api.slow_seconds = 0.5
    try:
        patient.post(text="/start")
        patient.post(text="I agree")
        assert any("Who is this for?" in text for text in patient.hear(at_least=4))
    finally:
        bot.api.slow_seconds = 0.0
