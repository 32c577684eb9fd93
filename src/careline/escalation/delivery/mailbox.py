"""The operator's mail server (SMTP): one mail, one attempt."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

from careline.escalation.delivery.channel import SENT, Outcome
from careline.escalation.delivery.configuration import MailSettings


class Mailbox:
    """Sends mails through one server; raises nothing that the server can bring about."""

    def __init__(self, settings: MailSettings, password: str | None) -> None:
        """Take where it is, and the password if it wants one."""
        self._settings = settings
        self._password = password

    @property
    def sender(self) -> str:
        """The address that mails come from."""
        return self._settings.sender

    def message_id(self, stable: str) -> str:
        """Return a Message-ID that is the same at every attempt."""
        return f"<{stable}@{self.sender.rpartition('@')[2].strip('> ') or 'careline'}>"

    def post(self, mail: EmailMessage) -> Outcome:
        """Make one attempt; blocks for as long as the server takes."""
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
