"""What the library does not know, as a server that is older or newer than it may send: it holds up nobody."""

import logging

import pytest

pytestmark = pytest.mark.slow

MARK = "zebra-canary-7422"
# Bot API 9.6 added fields that the library asks for; a server of one's own may be older.
OLD_POLL = {
    "id": "1", "question": MARK, "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
    "type": "regular", "allows_multiple_answers": False,
}  # fmt: skip


def test_a_message_that_the_library_cannot_read_is_answered_and_holds_up_no_other_chat(bot, agreed):
    agreed.post(poll=OLD_POLL)
    assert bot.patient().write("/start")[0].startswith("Hello.")
    assert agreed.hear()[0].startswith("I cannot read that.")


def test_words_beside_what_the_library_cannot_read_are_screened(agreed):
    below = {**agreed.message(text="earlier"), "poll": OLD_POLL}
    agreed.post(text="crushing chest pain and my left arm hurts", reply_to_message=below)
    assert any(text.startswith("<b>EMERGENCY") for text in agreed.hear())


def test_an_edit_beside_what_the_library_cannot_read_is_screened(agreed):
    message = agreed.post(text="my hair feels odd", reply_to_message=agreed.message(poll=OLD_POLL))
    agreed.hear()
    assert any(text.startswith("<b>EMERGENCY") for text in agreed.edit(message, "crushing chest pain, left arm hurts"))


def test_a_button_below_what_the_library_cannot_read_works(bot, agreed):
    number, data = agreed._button("Me", None)
    bot.api.put(
        "callback_query",
        {"id": "1", "from": agreed.user, "chat_instance": "1", "data": data,
         "message": {"message_id": number, "date": 1, "chat": agreed.place, "poll": OLD_POLL}},
    )  # fmt: skip
    assert any("How old are you?" in text for text in agreed.hear())


def test_what_the_library_cannot_read_is_in_no_log(agreed, caplog):
    with caplog.at_level(logging.DEBUG):
        agreed.post(poll=OLD_POLL)
        agreed.hear()
    assert MARK not in caplog.text
