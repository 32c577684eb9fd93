"""Records docs/guides/telegram-transcript.md: python -m tests.telegram.record."""

from __future__ import annotations

import html
import re
import tempfile
import time
from pathlib import Path

from careline.channels.telegram.tables import TelegramChatRow
from careline.escalation.escalation import Clinician, Closing
from careline.escalation.tables import EscalationRow
from tests.support.bot_api import TelegramPatient, running_bot_api
from tests.telegram.conftest import Bot, serving

_HEAD = """# A chat on Telegram, recorded

Written by `python -m tests.telegram.record` from real runs of the app against the Bot API server of the tests. Nobody
in it exists, and **no clinician has checked what it says**. Buttons are in brackets, the patient's part follows `>`.
"""


def main() -> None:
    """Record three chats."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_bot_api() as api,
        serving(Path(folder), api, telegram_quiet_hours="00:00-00:00 UTC") as bot,
    ):
        lines = [_HEAD, *_emergency(bot), *_clinician(bot), *_deleted(bot)]
    path = Path("docs/guides/telegram-transcript.md")
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _emergency(bot: Bot) -> list[str]:
    patient = bot.patient()
    lines = ["## An emergency in the first message", ""]
    lines += _written(patient, "I have crushing chest pain and it goes into my left arm")
    lines += _pressed(patient, "I have called")
    return lines


def _clinician(bot: Bot) -> list[str]:
    patient, nurse = bot.patient(), Clinician("ann", "Ann Example", "nurse")
    lines = ["## Questions, and a clinician who joins", ""]
    lines += _written(patient, "/start country-GB")
    lines += _pressed(patient, "I agree")
    lines += _pressed(patient, "Me")
    lines += _written(patient, "34")
    lines += _written(patient, "/human")
    lines += _pressed(patient, "Skip this")
    with bot.careline.database.read() as session:
        chat = next(row for row in session.query(TelegramChatRow) if int(row.address) == patient.chat)
        case = session.query(EscalationRow).filter_by(conversation_id=chat.conversation_id).one().id
    bot.careline.handling.claim(case, nurse)
    lines += _heard(patient)
    bot.careline.handling.reply(case, nurse, "Hello, I am Ann. What worries you most?")
    lines += _heard(patient)
    patient.post(text="That it will not go away")
    lines += ["> That it will not go away", ""]
    while "go away" not in str(bot.careline.conversations.history(str(chat.conversation_id), 0)):
        time.sleep(0.05)  # it reaches the clinician before they answer
    bot.careline.handling.close(case, nurse, Closing("advised", "self_care", "If you get a fever, call your doctor."))
    lines += _heard(patient)
    return lines


def _deleted(bot: Bot) -> list[str]:
    patient = bot.patient()
    lines = ["## Privacy, and erasing everything", ""]
    lines += _written(patient, "/privacy")
    lines += _written(patient, "my hair feels odd")
    lines += _written(patient, "/delete")
    lines += _pressed(patient, "Yes, erase everything")
    return lines


def _written(patient: TelegramPatient, words: str) -> list[str]:
    patient.post(text=words)
    return [f"> {words}", "", *_heard(patient)]


def _pressed(patient: TelegramPatient, title: str) -> list[str]:
    patient.push(title)
    return [f"> [{title}]", "", *_heard(patient)]


def _heard(patient: TelegramPatient) -> list[str]:
    before = len(patient.said)
    patient.hear()
    lines = []
    for call in patient.said[before:]:
        words = html.unescape(re.sub(r"</?[bi]>", "**", call.text))
        lines += ["  \n".join(words.split("\n")), ""]
        if call.buttons:
            lines += [" ".join(f"[{title}]" for title, _ in call.buttons), ""]
    return lines


if __name__ == "__main__":
    main()
