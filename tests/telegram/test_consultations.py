"""Whole consultations on Telegram, over real HTTP with the real client, against a Bot API server of the tests."""

import json
import time

import pytest

from careline.channels.telegram.tables import TelegramChatRow, TelegramSendRow, TelegramUpdateRow
from careline.consultation.tables import ConversationRow, MessageRow
from careline.escalation.escalation import Clinician, Closing, Reason
from careline.escalation.tables import EscalationRow
from tests.support.house import reassuring

pytestmark = pytest.mark.slow

NURSE = Clinician("ann", "Ann Example", "nurse")
OUCH = "I have crushing chest pain and my left arm hurts"


def conversation_of(bot, patient):
    with bot.careline.database.read() as session:
        return next(row.conversation_id for row in session.query(TelegramChatRow) if int(row.address) == patient.chat)


def asked(bot, patient):
    """The message that is awaited, as the HTTP contract has it."""
    history = bot.careline.conversations.history(conversation_of(bot, patient), 0)
    return next((m for m in history["messages"] if m["id"] == history["expects"]), None), history


def answer_to_the_end(bot, patient, complaint):
    """Answer by buttons and words until triage ends: what worries least."""
    for _ in range(40):
        question, history = asked(bot, patient)
        if history["final"]:
            return history
        value = (
            complaint if question["data"]["question_id"] == "complaint" else reassuring(question["data"]["question_id"])
        )
        titles = {option["value"]: option["title"] for option in question.get("options", [])}
        if question["data"]["input"]["type"] == "multi":
            patient.push(patient.title_of(question, value))
            wait_for(lambda: any(title.startswith("☑") for title in patient.buttons()))
            patient.press("Done")
        elif value in titles:
            patient.press(patient.title_of(question, value))
        else:
            patient.write(str(value))
    raise AssertionError("no end")


def wait_for(holds):
    until = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_whole_consultation_by_buttons_ends_with_advice(bot, agreed):
    history = answer_to_the_end(bot, agreed, "I have a sore throat")
    assert history["acuity"] is not None
    assert any(call.text.startswith("<b>") and "This is not a diagnosis" in call.text for call in agreed.said)


def test_a_first_message_is_screened_before_anything_else(bot, patient):
    said = patient.write(OUCH)
    assert said[0].startswith("Hello.")
    card = next(text for text in said if text.startswith("<b>EMERGENCY"))
    assert "999" in card
    with bot.careline.database.read() as session:
        row = session.query(EscalationRow).filter_by(conversation_id=conversation_of(bot, patient)).one()
        assert row.reason == Reason.RED_FLAG.value
        conversation = session.get(ConversationRow, row.conversation_id)
        assert conversation.channel == "telegram"
        assert len(conversation.contact_key) == 64
    assert "I have called" in patient.buttons()


def test_a_crisis_is_answered_with_the_countrys_crisis_line(patient):
    said = "\n".join(patient.write("I want to kill myself tonight"))
    assert "I am really glad you told me" in said
    assert "116 123" in said


def test_an_emergency_is_answered_while_the_dialogue_engine_and_the_index_are_down(bot, agreed):
    bot.dialogue.is_down = True
    try:
        assert bot.careline.releases.newest.guidance is None
        assert any(text.startswith("<b>EMERGENCY") for text in agreed.write(OUCH))
        assert any("Hello" not in text for text in agreed.write("my hair feels odd"))
    finally:
        bot.dialogue.is_down = False


def test_a_clinician_takes_over_writes_reads_and_leaves(bot, agreed):
    agreed.write("/human")
    agreed.press("Skip this")
    conversation = conversation_of(bot, agreed)
    with bot.careline.database.read() as session:
        escalation_id = session.query(EscalationRow).filter_by(conversation_id=conversation).one().id
    bot.careline.handling.claim(escalation_id, NURSE)
    assert any("Ann Example (nurse) has joined" in text for text in agreed.hear())
    bot.careline.handling.reply(escalation_id, NURSE, "Where does it <hurt>?")
    assert agreed.hear() == ["<b>Ann Example (nurse):</b>\nWhere does it &lt;hurt&gt;?"]
    agreed.post(text="In my knee")
    agreed.hear_nothing()
    history = bot.careline.conversations.history(conversation, 0)["messages"]
    assert history[-1]["text"] == "In my knee"
    bot.careline.handling.close(escalation_id, NURSE, Closing("advised", "self_care", "Come back if it swells."))
    assert any("Come back if it swells." in text for text in agreed.hear())


def test_who_asks_for_a_person_with_words_beside_it_is_put_on_record(bot, agreed):
    agreed.write("/human my hair feels odd")
    with bot.careline.database.read() as session:
        assert session.query(EscalationRow).filter_by(conversation_id=conversation_of(bot, agreed)).count() == 1


def test_a_command_that_cannot_be_carried_out_while_a_clinician_is_there_says_so(bot, agreed):
    agreed.write("/human")
    agreed.press("Skip this")
    conversation = conversation_of(bot, agreed)
    with bot.careline.database.read() as session:
        escalation_id = session.query(EscalationRow).filter_by(conversation_id=conversation).one().id
    bot.careline.handling.claim(escalation_id, NURSE)
    agreed.hear()
    before = len(bot.careline.conversations.history(conversation, 0)["messages"])
    for command in ("/human", "/start"):
        assert agreed.write(command) == ["A clinician is in this chat now. What you write goes to them."]
    for command in ("/stop", "/cancel", "/summary"):
        assert agreed.write(command)[0].startswith("I cannot do that now, because a clinician is in this chat.")
    assert len(bot.careline.conversations.history(conversation, 0)["messages"]) == before
    assert "999" in agreed.write("/emergency")[0]


def test_typing_is_shown_while_something_is_worked_on(bot, agreed):
    before = len(bot.api.of("sendChatAction", chat=agreed.chat))
    bot.dialogue.before_acting = lambda _turn: time.sleep(1)
    try:
        agreed.write("my hair feels odd")
    finally:
        bot.dialogue.before_acting = lambda _turn: None
    assert bot.api.of("sendChatAction", chat=agreed.chat)[before].given["action"] == "typing"


def test_deleting_is_asked_for_and_erases_here_and_on_telegram(bot, agreed):
    agreed.write("my hair feels odd since Tuesday")
    conversation = conversation_of(bot, agreed)
    assert "cannot be undone" in agreed.write("/delete")[0]
    said = agreed.press("Yes, erase everything")
    assert said[-1].startswith("I have erased what you wrote.")
    with bot.careline.database.read() as session:
        assert session.get(ConversationRow, conversation).erased_at is not None
        assert session.get(ConversationRow, conversation).contact_key is None
        assert session.query(MessageRow).filter_by(conversation_id=conversation).count() == 0
        chat = next(row for row in session.query(TelegramChatRow) if int(row.address) == agreed.chat)
        assert chat.conversation_id is None
        for table in (TelegramUpdateRow, TelegramSendRow):
            assert all(row.payload is None for row in session.query(table).filter_by(chat_id=chat.id))
    deleted = [
        n for call in bot.api.of("deleteMessages", chat=agreed.chat) for n in json.loads(call.given["message_ids"])
    ]
    assert {call.sent for call in agreed.said[:-1]} <= set(deleted)
    assert agreed.write("hello")[0].startswith("Hello.")


def test_everything_that_is_kept_can_be_taken_away_as_a_file(bot, agreed):
    agreed.write("my hair feels odd")
    agreed.write("/export")
    call = bot.api.of("sendDocument", chat=agreed.chat)[-1]
    kept = json.loads(next(value for name, value in call.given.items() if "my hair feels odd" in value))
    assert any(message["text"] == "my hair feels odd" for message in kept["messages"])


def test_who_does_not_agree_is_told_where_to_go(patient):
    patient.write("/start")
    assert "I have deleted what you wrote" in patient.press("I do not agree")[-1]
    assert patient.write("hello")[0].startswith("Hello.")
