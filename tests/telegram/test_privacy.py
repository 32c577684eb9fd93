"""The bot's token and patients' words: in no log, metric or exception, and sealed where they are kept."""

import logging

import httpx
import pytest

from tests.support.bot_api import TOKEN, Trouble

pytestmark = pytest.mark.slow

MARK = "zebra-canary-7421"


def test_token_chat_and_words_are_in_no_log_and_no_metric(bot, patient, caplog):
    troubles = iter(
        [Trouble(500, f"echo {MARK}"), Trouble(None), Trouble(400, MARK), Trouble(429, MARK, {"retry_after": 1})]
    )
    with caplog.at_level(logging.DEBUG):
        bot.api.trouble = lambda method, _given: next(troubles, None) if method == "sendMessage" else None
        patient.post(text="/start")
        patient.post(text=f"I have crushing chest pain {MARK}")
        patient.hear(at_least=3)
        bot.api.trouble = lambda method, _given: Trouble(401, TOKEN) if method == "getUpdates" else None
        httpx.get(f"{bot.url}/healthz", trust_env=False)
        bot.api.trouble = lambda _method, _given: None
    metrics = httpx.get(f"{bot.url}/metrics", trust_env=False).text
    for text in (caplog.text, metrics):
        assert TOKEN not in text
        assert TOKEN.split(":")[1] not in text
        assert MARK not in text
        assert str(patient.chat) not in text
    assert "careline_telegram_sends_total" in metrics


def test_words_and_chat_ids_are_sealed_in_the_file(bot, patient):
    patient.write(f"my hair feels odd {MARK}")
    folder = bot.careline.settings.data_dir
    for path in folder.glob("careline.db*"):
        content = path.read_bytes()
        assert MARK.encode() not in content
        assert str(patient.chat).encode() not in content
