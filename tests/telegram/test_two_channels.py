"""One case across channels: a one-time code carries it from the web to Telegram and back."""

import pytest

from careline.channels.telegram.tables import TelegramChatRow
from careline.escalation.escalation import Clinician

pytestmark = pytest.mark.slow

NURSE = Clinician("ann", "Ann Example", "nurse")


@pytest.fixture
def begun(client):
    """A conversation that began on the web: the first question is asked."""
    opened = client.post("/conversations", json={}).json()
    headers = {"Authorization": f"Bearer {opened['token']}"}
    path = f"/conversations/{opened['conversation_id']}"
    client.post(f"{path}/messages", json={"reply_to": 2, "value": "agree"}, headers=headers)
    return path, headers


def code_of(client, begun):
    path, headers = begun
    made = client.post(f"{path}/link-code", headers=headers)
    assert made.status_code == 201
    return made.json()["code"]


def test_what_began_on_the_web_goes_on_on_telegram_where_it_was(bot, client, begun, patient):
    path, headers = begun
    said = patient.write(f"/start code-{code_of(client, begun)}")
    assert said[0] == "We go on here with your chat."
    assert said[-1] == "Who is this for?"
    patient.press("Me")
    history = client.get(f"{path}/messages", headers=headers).json()
    assert "Me" in [message["text"] for message in history["messages"] if message["from"] == "patient"]


def test_and_back_again_on_another_device(bot, client, agreed):
    agreed.press("Me")
    said = agreed.write("/link")[0]
    resumed = client.post("/conversations/resume", json={"code": said.split(": ")[1].split()[0]})
    assert resumed.status_code == 200
    headers = {"Authorization": f"Bearer {resumed.json()['token']}"}
    path = f"/conversations/{resumed.json()['conversation_id']}/messages"
    assert "Me" in [message["text"] for message in resumed.json()["messages"]]
    card = client.post(path, json={"text": "I have crushing chest pain and my left arm hurts"}, headers=headers).json()
    assert card["messages"][0]["kind"] == "emergency"
    assert any(text.startswith("<b>EMERGENCY") for text in agreed.hear())  # it is said here too


def test_a_code_is_good_once_and_not_for_long(bot, client, begun, patient):
    code = code_of(client, begun)
    assert client.post("/conversations/resume", json={"code": code.lower()}).status_code == 200
    again = client.post("/conversations/resume", json={"code": code})
    assert (again.status_code, again.json()["code"]) == (422, "unknown_code")
    assert "That code is not good" in patient.write(f"/start code-{code}")[0]


def test_a_new_code_ends_the_one_before_and_the_new_token_the_old_one(client, begun):
    first, second = code_of(client, begun), code_of(client, begun)
    assert client.post("/conversations/resume", json={"code": first}).status_code == 422
    assert client.post("/conversations/resume", json={"code": second}).status_code == 200
    path, headers = begun
    assert client.get(f"{path}/messages", headers=headers).status_code == 404


def test_somebody_elses_conversation_gives_no_code(client, begun):
    path, _ = begun
    assert client.post(f"{path}/link-code", headers={"Authorization": "Bearer x"}).status_code == 404


def test_who_comes_from_the_web_is_known_by_the_chat_from_then_on(bot, client, begun, patient):
    patient.write(f"/start code-{code_of(client, begun)}")
    with bot.careline.database.read() as session:
        chat = next(row for row in session.query(TelegramChatRow) if int(row.address) == patient.chat)
        assert begun[0].endswith(str(chat.conversation_id))


def test_a_case_that_a_clinician_has_goes_on_on_telegram_with_them(bot, client, begun, patient):
    path, headers = begun
    card = client.post(f"{path}/messages", json={"text": "I have chest pain going into my left arm"}, headers=headers)
    escalation_id = card.json()["escalation"]["id"]
    bot.careline.handling.claim(escalation_id, NURSE)
    said = patient.write(f"/start code-{code_of(client, begun)}")
    assert said[0] == "We go on here with your chat."
    bot.careline.handling.reply(escalation_id, NURSE, "Does it hurt now?")
    assert patient.hear() == ["<b>Ann Example (nurse):</b>\nDoes it hurt now?"]
    patient.post(text="Yes, it does")
    patient.hear_nothing()
    assert bot.careline.conversations.history(path.split("/")[-1], 0)["messages"][-1]["text"] == "Yes, it does"
