"""E-mail to those on duty (SMTP). The mail holds level, time and link, no word of the patient."""

from __future__ import annotations

import asyncio
import datetime as dt
import smtplib
import ssl
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.utils import format_datetime

from careline.escalation.delivery.channel import SENT, Letter, Outcome, fingerprint
from careline.escalation.delivery.configuration import MailSettings
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
        self._password = password
        # Threads of its own: a mail server that hangs must not take those in which patients are answered.
        self._threads = ThreadPoolExecutor(settings.concurrency, thread_name_prefix=f"mail-{name}")

    async def send(self, letter: Letter, *, now: dt.datetime) -> Outcome:
        """Make one attempt."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._send, self._mail(letter, now))

    async def aclose(self) -> None:
        """Give the threads back."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _mail(self, letter: Letter, now: dt.datetime) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = heading(letter)
        mail["From"] = self._settings.sender
        mail["To"] = ", ".join(self._settings.to)
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<{letter.id}@{self._settings.sender.rpartition('@')[2].strip('> ') or 'careline'}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answer
        mail.set_content(note(letter))
        return mail

    def _send(self, mail: EmailMessage) -> Outcome:
        try:
            with self._server() as server:
                if self._settings.user is not None:
                    server.login(self._settings.user, self._password or "")
                server.send_message(mail)
        except TimeoutError:
            return Outcome("timeout")
        except smtplib.SMTPResponseException as error:
            return Outcome(f"smtp_{error.smtp_code}")
        except smtplib.SMTPRecipientsRefused:
            return Outcome("recipients_refused")
        except (smtplib.SMTPException, ssl.SSLError) as error:
            return Outcome(type(error).__name__[:40])
        except OSError:
            return Outcome("no_connection")
        return SENT  # also where some of several addresses were refused: the others have it

    def _server(self) -> smtplib.SMTP:
        settings = self._settings
        context = ssl.create_default_context(cafile=settings.ca_file)
        if settings.security == "tls":
            return smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout_seconds, context=context)
        server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_seconds)
        if settings.security == "starttls":
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
        return server
