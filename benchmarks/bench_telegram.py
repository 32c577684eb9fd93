"""Messages per second by Telegram, against the same messages by the web API on the same machine.

One app on SQLite, without Rasa, serves both. By Telegram a message counts as answered once its update has had its
effect and all that is to be said has been sent to a Bot API server on loopback; on the web, once its answer is there.
Absolute figures depend on the machine and its load, which are printed; the ratio says what the channel itself costs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from careline.channels.telegram.tables import TelegramSendRow, TelegramUpdateRow
from tests.support.bot_api import running_bot_api
from tests.support.house import Patient
from tests.telegram.conftest import Bot, serving

_WORDS = "my hair feels odd"
_GIVE_UP_SECONDS = 600.0


def by_telegram(bot: Bot, chats: int, each: int) -> float:
    """Return the seconds in which as many messages of every chat, consent included, are answered."""
    patients = [bot.patient() for _ in range(chats)]
    before = _updates_done(bot)[0]
    began = time.monotonic()
    for number in range(each):
        for patient in patients:
            patient.post(text={0: "/start", 1: "I agree"}.get(number, f"{_WORDS} {number}"))
    _wait_until(lambda: _updates_done(bot) == (before + chats * each, 0))
    return time.monotonic() - began


def by_web(bot: Bot, patients: int, each: int) -> float:
    """Return the seconds in which as many messages of every patient, opening and consent included, are answered."""

    def write() -> None:
        with httpx.Client(base_url=bot.url, timeout=60, trust_env=False) as client:
            patient = Patient(client)
            patient.agree()
            for number in range(2, each):
                patient.write(f"{_WORDS} {number}")

    threads = [threading.Thread(target=write) for _ in range(patients)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - began


def _updates_done(bot: Bot) -> tuple[int, int]:
    """Return how many updates had their effect, and how many sends are open."""
    with bot.careline.database.read() as session:
        done = session.query(TelegramUpdateRow).filter_by(state="done").count()
        return done, session.query(TelegramSendRow).filter(TelegramSendRow.ended_at.is_(None)).count()


def _wait_until(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + _GIVE_UP_SECONDS
    while not holds():
        if time.monotonic() > give_up:
            raise TimeoutError("the messages were not answered in ten minutes")
        time.sleep(0.1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=8, help="people who write at the same time (8)")
    parser.add_argument("--messages", type=int, default=15, help="messages of each, consent included (15)")
    parser.add_argument("--json", action="store_true", help="print for programs")
    options = parser.parse_args(arguments)
    limits = {
        "telegram_chat_messages_per_minute": 100_000, "telegram_messages_per_second": 100_000,
        "messages_per_minute": 100_000, "conversations_per_hour": 100_000,
    }  # fmt: skip
    load_before, total = os.getloadavg(), options.chats * options.messages
    with (
        tempfile.TemporaryDirectory() as folder,
        running_bot_api() as api,
        serving(Path(folder), api, **limits) as bot,
    ):
        by_telegram(bot, 1, 2)  # what is loaded at the first message is not measured
        by_web(bot, 1, 2)
        rates = {
            "Telegram": total / by_telegram(bot, options.chats, options.messages),
            "web API": total / by_web(bot, options.chats, options.messages),
        }
    ratio = rates["Telegram"] / rates["web API"]
    if options.json:
        figures = {"messages": total, "per_second": rates, "ratio": ratio, "load_before": load_before}
        print(json.dumps({**figures, "load_after": os.getloadavg(), "cores": os.cpu_count()}, indent=2))
        return 0
    table = Table("channel", "messages per second", title=f"{options.chats} people, {options.messages} messages each")
    for channel, rate in rates.items():
        table.add_row(channel, f"{rate:.1f}")
    table.add_row("Telegram : web", f"{ratio:.2f}")
    console = Console(width=110)
    console.print(table)
    before, after = (", ".join(f"{part:.2f}" for part in load) for load in (load_before, os.getloadavg()))
    console.print(f"load before: {before}; after: {after}; cores: {os.cpu_count()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
