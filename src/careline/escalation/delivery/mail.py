"""E-mail to those on duty (SMTP). The mail holds level, time and link, no word of the patient."""

from __future__ import annotations

import asyncio
import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.utils import format_datetime

from careline.escalation.delivery.channel import Letter, Outcome, fingerprint
from careline.escalation.delivery.configuration import MailSettings
from careline.escalation.delivery.mailbox import Mailbox
from careline.escalation.delivery.notes import heading, note


class MailChannel:
    """Sends mails through the operator's server."""

    is_person = True

    def __init__(self, name: str, settings: MailSettings, password: str | None) -> None:
        """Take the parts."""
        self.name = name
        self.target = fingerprint("email", settings.host, settings.port, settings.to)
        self.concurrency = settings.concurrency
        self.timeout_seconds = settings.timeout_seconds
        self._settings = settings
        self._box = Mailbox(settings, password)
        # Threads of its own: a mail server that hangs must not take those in which patients are answered.
        self._threads = ThreadPoolExecutor(settings.concurrency, thread_name_prefix=f"mail-{name}")

    async def send(self, letter: Letter, *, now: dt.datetime) -> Outcome:
        """Make one attempt."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._box.post, self._mail(letter, now))

    async def aclose(self) -> None:
        """Give the threads back."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _mail(self, letter: Letter, now: dt.datetime) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = heading(letter)
        mail["From"] = self._settings.sender
        mail["To"] = ", ".join(self._settings.to)
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = self._box.message_id(letter.id)
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answer
        mail.set_content(note(letter))
        return mail
