"""A real mail server on loopback that keeps what it takes, and mails about review dates that go there."""

from __future__ import annotations

import contextlib
import email
import email.policy
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from careline.app.review_post import SmtpReviewPost, review_post
from careline.escalation.delivery.configuration import load_delivery_file
from tests.support.installation import free_port

EDITORS, LEAD = "editors@clinic.test", "lead@clinic.test"
REVIEWS_PAGE = "https://c.test/reviews"
FILE = """
channels:
  mail: {type: email, host: 127.0.0.1, port: PORT, security: none, sender: "Careline <careline@clinic.test>",
         to: [oncall@clinic.test]}
ladders:
  default: {steps: [{after_minutes: 0, channel: mail}], tell_patient_after_minutes: 5}
reviews: {through: mail, warn: [editors@clinic.test], clinical_lead: [lead@clinic.test]}
"""


class MailServer:
    """Keeps the mails that it took, unless it is told to refuse.

    Attributes:
        on_mail: Called when a mail has come whole, before the sender is told so.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[tuple[list[str], EmailMessage]] = []
        self.refuses = False
        self.on_mail: Callable[[], None] = lambda: None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refuses:
            return "451 not now"
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((envelope.rcpt_tos, mail))
        self.on_mail()
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """What one recipient has got."""
        return [mail for recipients, mail in self.mails if recipients == [address]]


@contextlib.contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """Run a mail server until the end of the block."""
    server = MailServer(free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def post_by(port: int, folder: Path) -> SmtpReviewPost:
    """What sends mails about review dates to a server on this port, by an operator's file in `folder`."""
    path = folder / "delivery.yml"
    path.write_text(FILE.replace("PORT", str(port)), encoding="utf-8")
    post = review_post(load_delivery_file(path), {}, operator="Test Clinic", link=REVIEWS_PAGE)
    assert post is not None
    return post
