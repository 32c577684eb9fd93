"""Buttons, commands, edits, and what is no words: what a patient sees on Telegram."""

import time

import pytest

from careline.channels.telegram.tables import TelegramChatRow, TelegramUpdateRow
from careline.consultation.tables import ConversationRow, MessageRow
from tests.support.bot_api import Trouble

pytestmark = pytest.mark.slow


def chat_of(bot, patient):
    with bot.careline.database.read() as session:
        return next((row for row in session.query(TelegramChatRow) if int(row.address) == patient.chat), None)


def written(bot, patient):
    with bot.careline.database.read() as session:
        rows = session.query(MessageRow).filter_by(conversation_id=chat_of(bot, patient).conversation_id)
        return [row.text for row in rows.order_by(MessageRow.number) if row.sender == "patient"]


def answers_to_presses(bot):
    return [call.given.get("text") for call in bot.api.of("answerCallbackQuery")]


def pressed_twice(bot, patient, title):
    """Press a button again though it is shown no more, as who presses quickly does."""
    call = next(call for call in reversed(patient.said) if any(each == title for each, _ in call.buttons))
    patient.push(title, below=call)
    time.sleep(1)
    return call


def test_a_button_cannot_be_pressed_twice(bot, agreed):
    agreed.press("Me")
    before = written(bot, agreed)
    pressed_twice(bot, agreed, "Me")
    agreed.hear_nothing(0.2)
    assert written(bot, agreed) == before
    assert answers_to_presses(bot)[-1] == "You have answered that already."


def test_a_button_below_a_question_that_words_have_answered_changes_nothing_unless_it_is_meant(bot, agreed):
    agreed.press("Me")
    age = agreed.said[-1]
    agreed.write("34")
    before = written(bot, agreed)
    agreed.push("Not sure", below=age)
    agreed.hear_nothing(1.5)
    assert written(bot, agreed) == before
    assert answers_to_presses(bot)[-1] == "You have answered that already."
    assert "✓ 34 (change)" in agreed.buttons()
    agreed.push("✓ 34 (change)", below=None)
    time.sleep(1)
    agreed.press("Not sure", below=age)
    assert written(bot, agreed) == [*before, "Not sure"]


def test_a_press_that_telegram_calls_too_old_to_answer_still_counts(bot, agreed, monkeypatch):
    too_old = Trouble(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    refused = []

    def refuse(method, given):
        if method != "answerCallbackQuery":
            return None
        refused.append(given["callback_query_id"])
        return too_old

    monkeypatch.setattr(bot.api, "trouble", refuse)
    assert agreed.press("Me")[-1].startswith("How old are you?")
    assert refused
    assert written(bot, agreed)[-1] == "Me"
    assert "✓ Me (change)" in agreed.buttons()


def test_an_answer_can_be_changed_by_its_button(bot, agreed):
    agreed.press("Me")
    agreed.push("✓ Me (change)")
    until = time.monotonic() + 10
    while "Another adult" not in agreed.buttons():
        assert time.monotonic() < until
    agreed.press("Another adult")
    assert "✓ Another adult (change)" in agreed.buttons()
    summary = bot.careline.conversations.export(chat_of(bot, agreed).conversation_id)["log"]
    assert [line["kind"] for line in summary if line.get("question") == "q_for_whom"] == ["answered", "corrected"]


def test_a_button_of_a_conversation_that_is_over_says_so_and_goes(bot, agreed):
    consent = next(call for call in agreed.said if call.buttons)
    agreed.write("/delete")
    agreed.press("Yes, erase everything")
    agreed.push("I agree", below=consent)
    time.sleep(1)
    assert answers_to_presses(bot)[-1] == "That button is from earlier and does nothing any more."
    agreed.hear_nothing(0.2)


def test_a_button_that_nobody_made_changes_nothing(bot, agreed):
    before = written(bot, agreed)
    for data in ("", "x", "a:b:c:d", "0000000000:1:o:0", "🙂" * 10):
        bot.api.put(
            "callback_query",
            {"id": "1", "from": agreed.user, "chat_instance": "1", "data": data,
             "message": {"message_id": 1, "date": 1, "chat": agreed.place, "text": "x"}},
        )  # fmt: skip
    time.sleep(1)
    assert written(bot, agreed) == before
    assert agreed.write("/help")


def test_an_edit_corrects_the_answer_that_the_message_gave(bot, agreed):
    agreed.press("Me")
    message = agreed.post(text="45")
    agreed.hear()
    said = agreed.edit(message, "54")
    assert said[0].startswith("I see that you changed a message.")
    log = bot.careline.conversations.export(chat_of(bot, agreed).conversation_id)["log"]
    ages = [line for line in log if line["kind"] in ("answered", "corrected") and "age" in line["question"]]
    assert [line["kind"] for line in ages] == ["answered", "corrected"]


def test_an_edit_is_screened_like_any_message(agreed):
    message = agreed.post(text="my hair feels odd")
    agreed.hear()
    assert any(text.startswith("<b>EMERGENCY") for text in agreed.edit(message, "I have crushing chest pain"))


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ({"photo": [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]}, "I cannot look at pictures."),
        ({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 1}}, "I cannot listen to voice messages."),
        ({"document": {"file_id": "d", "file_unique_id": "d"}}, "I cannot open files."),
        ({"contact": {"phone_number": "1", "first_name": "x"}}, "I have not kept that phone number."),
        ({"dice": {"emoji": "🎲", "value": 3}}, "I cannot read that."),
        (
            {"sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1,
                         "is_animated": False, "is_video": False}},
            "I cannot read stickers.",
        ),
    ],
    ids=["photo", "voice", "document", "contact", "dice", "sticker"],
)  # fmt: skip
def test_what_is_no_words_is_answered_clearly(agreed, content, answer):
    agreed.post(**content)
    assert agreed.hear()[0].startswith(answer)


def test_a_place_is_answered_with_the_countrys_numbers_and_not_kept(bot, agreed):
    agreed.post(location={"latitude": 51.123456, "longitude": 0.123456})
    said = agreed.hear()[0]
    assert "999" in said
    assert "111" in said
    with bot.careline.database.read() as session:
        rows = session.query(TelegramUpdateRow).filter_by(chat_id=chat_of(bot, agreed).id)
        assert all(row.payload is None for row in rows)


def test_words_below_a_picture_are_screened(agreed):
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    agreed.post(photo=photo, caption="crushing chest pain and my left arm hurts")
    said = agreed.hear(at_least=2)
    assert any(text.startswith("I cannot look at pictures.") for text in said)
    assert any(text.startswith("<b>EMERGENCY") for text in said)


def test_words_after_a_command_are_screened_too(agreed):
    assert any(text.startswith("<b>EMERGENCY") for text in agreed.write("/help I have crushing chest pain"))


def test_words_after_start_are_the_patients_and_are_screened_for_they_are_no_link(patient):
    assert any(text.startswith("<b>EMERGENCY") for text in patient.write("/start I have crushing chest pain"))


def test_one_word_after_start_that_is_of_no_link_is_the_patients_too(patient):
    assert any(text.startswith("<b>EMERGENCY") for text in patient.write("/start overdose"))


def test_who_writes_without_start_is_asked_for_consent_once(patient):
    said = patient.write("my knee hurts")
    assert said[0].startswith("Hello.")
    assert sum("I agree" in [title for title, _ in call.buttons] for call in patient.said) == 1
    assert "I agree" in patient.buttons()


def test_words_that_an_edit_puts_after_a_command_are_screened_too(agreed):
    message = agreed.post(text="/help")
    agreed.hear()
    said = agreed.edit(message, "/help I have crushing chest pain")
    assert any(text.startswith("<b>EMERGENCY") for text in said)


def test_words_that_are_only_blank_are_answered(agreed):
    assert agreed.write("\u2003 ")[0].startswith("I found no words in that.")


def test_the_own_number_is_taken_where_one_is_asked_for(bot, agreed):
    agreed.write("/human")
    agreed.post(contact={"phone_number": "+44 7700 900123", "first_name": "Robin", "user_id": agreed.chat})
    assert any("I have kept that with your request" in text for text in agreed.hear())
    assert written(bot, agreed)[-1] == "+44 7700 900123"


def test_commands_answer_without_a_conversation(bot, patient):
    assert "/emergency" in patient.write("/help")[0]
    assert "999" in patient.write("/emergency")[0]
    assert "not end-to-end encrypted" in patient.write("/privacy")[0]
    for command in ("/summary", "/stop", "/cancel", "/export", "/link"):
        assert patient.write(command)[0].startswith("There is nothing here yet.")
    assert chat_of(bot, patient).conversation_id is None


def test_commands_do_what_the_menu_says(agreed):
    agreed.press("Me")
    assert any("This is what I know so far" in text for text in agreed.write("/summary"))
    assert any("We are in the middle" in text for text in agreed.write("/start"))
    assert any("We start again from the beginning" in text for text in agreed.write("/cancel"))
    assert any("list for clinicians" in text for text in agreed.write("/human"))
    assert any("I have ended this chat" in text for text in agreed.write("/stop"))
    assert agreed.write("/start")[0].startswith("Hello.")


def test_a_commands_words_are_ours_and_are_not_taken_for_the_patients(bot):
    patient = bot.patient(language="es")
    patient.write("/start")
    patient.press("Estoy de acuerdo")
    patient.press("Para mí")
    said = patient.write("/cancel")
    assert any("Empezamos otra vez desde el principio" in text for text in said)
    assert not any("puede necesitar ayuda de inmediato" in text for text in said)
    assert any("Esto es lo que sé hasta ahora" in text for text in patient.write("/summary"))


def test_a_summary_asked_for_below_an_emergency_sends_nothing_to_clinicians_as_not_understood(bot):
    patient = bot.patient(language="es")
    patient.write("/start")
    patient.write("me duele mucho el pecho y no puedo respirar")
    assert not any("No he podido leer" in text for text in patient.write("/summary"))


def test_numbers_to_call_are_named_in_the_chats_language(bot):
    patient = bot.patient(language="es")
    said = patient.write("/emergency")[0]
    assert "999" in said
    assert "Ambulance" not in said


def test_who_asks_for_a_human_before_agreeing_gets_the_numbers_and_is_told_what_to_do(patient):
    said = "\n".join(patient.write("/human"))
    assert "999" in said
    assert "Press “I agree” first" in said


def test_a_language_can_be_chosen(bot, patient):
    assert patient.write("/language") == ["Which language would you like?"]
    assert patient.press("English")[0].startswith("I will use English.")
    assert chat_of(bot, patient).language == "en"


def test_what_is_open_is_asked_again_in_the_language_that_was_chosen(agreed):
    agreed.write("/language")
    agreed.press("Español")
    assert "Para mí" in agreed.buttons()
    assert any("Mayor" in text or "quién" in text for text in (call.given.get("text", "") for call in agreed.said[-2:]))


def test_a_link_brings_country_and_site(bot, patient):
    said = patient.write("/start country-US__site-north_clinic")
    assert "911" in said[0]
    assert chat_of(bot, patient).site == "north_clinic"


def test_commands_and_menu_are_set_for_every_language(bot):
    calls = bot.api.of("setMyCommands")
    assert {call.given.get("language_code", "en") for call in calls} >= bot.careline.house.wording.languages
    assert bot.api.of("setChatMenuButton")


def test_a_group_is_refused_politely_left_and_not_kept(bot, patient):
    place = {"id": -100123, "type": "supergroup", "title": "Family"}
    for _ in range(3):
        bot.api.put("message", {**patient.message(text="/start my secret"), "chat": place})
    until = time.monotonic() + 10
    while not bot.api.of("leaveChat"):
        assert time.monotonic() < until
    time.sleep(0.5)
    assert [call.text[:35] for call in bot.api.of("sendMessage", chat=-100123)] == [
        "I only talk in private chats, so th"
    ]
    with bot.careline.database.read() as session:
        assert all(int(row.address) > 0 for row in session.query(TelegramChatRow))
        assert session.query(ConversationRow).filter_by(channel="group").count() == 0
    assert patient.write("/help")  # what comes after a group's update waits for nothing
