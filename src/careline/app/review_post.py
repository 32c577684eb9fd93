"""Mails about review dates, through the mail server that tells clinicians of escalations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import format_datetime

from careline.editorial.due import Due
from careline.editorial.review_mails import OVERDUE, ReviewMail
from careline.escalation.delivery.configuration import DeliveryFile, MailSettings, ReviewMails, secret_name
from careline.escalation.delivery.mailbox import Mailbox

_EFFECTS = {"none": "", "hidden": "patients are shown it no more", "stays": "IT STAYS IN FORCE"}


class SmtpReviewPost:
    """Implements the port of the editorial room."""

    def __init__(self, box: Mailbox, names: ReviewMails, operator: str, link: str) -> None:
        """Take the server, who is told, whose service it is, and the address of the page about reviews."""
        self._box = box
        self._names = names
        self._operator = operator
        self._link = link

    def recipients(self, due: Due) -> Sequence[str]:
        """Return the clinical lead for an alarm, and the others for all that comes before or is hidden by itself."""
        names = self._names
        return tuple(dict.fromkeys((*names.clinical_lead, *names.warn))) if due.is_alarm else names.warn

    def send(self, mail: ReviewMail) -> str | None:
        """Make one attempt."""
        message = EmailMessage()
        message["Subject"] = self._subject(mail)
        message["From"] = self._box.sender
        message["To"] = mail.recipient
        message["Date"] = format_datetime(mail.at)
        message["Message-ID"] = self._box.message_id(mail.id)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answer
        if mail.days == OVERDUE and any(one.is_alarm for one in mail.items):
            message["X-Priority"] = "1"
        message.set_content(self._text(mail))
        return self._box.post(message).error

    def _subject(self, mail: ReviewMail) -> str:
        if alarms := sum(one.is_alarm for one in mail.items):
            hidden = len(mail.items) - alarms
            more = f"; {hidden} {'articles' if hidden > 1 else 'article'} hidden" if hidden else ""
            return f"ALARM: {_items(alarms)} past the review date, and in force{more} ({self._operator})"
        if mail.days == OVERDUE:
            return f"{_items(len(mail.items))} past the review date ({self._operator})"
        return f"{_items(len(mail.items))} to be reviewed within {mail.days} days ({self._operator})"

    def _text(self, mail: ReviewMail) -> str:
        lines = []
        if any(one.is_alarm for one in mail.items):
            lines += [
                "Red flags or rules are past the day by which they had to be reviewed. They stay in force, because",
                "without them less is seen. Please review them now.",
                "",
            ]
        if any(one.effect == "hidden" for one in mail.items):
            lines += ["Articles past their review date are shown to patients no more.", ""]
        for one in mail.items:
            effect = _EFFECTS[one.effect]
            lines.append(f"* {one.path}: review by {one.review_by.isoformat()}{f': {effect}' if effect else ''}")
        return "\n".join([*lines, "", self._link, ""])


def _items(count: int) -> str:
    return f"{count} item{'' if count == 1 else 's'} of content"


def review_post(
    content: DeliveryFile, secrets: Mapping[str, Sequence[str]], *, operator: str, link: str
) -> SmtpReviewPost | None:
    """Return what sends mails about review dates; None where the operator's file names nobody."""
    names = content.reviews
    if names is None:
        return None
    channel = content.channels[names.through]
    if not isinstance(channel, MailSettings):
        raise TypeError(names.through)  # the file was checked when it was read
    needed = secret_name(names.through, channel)
    known = secrets.get(needed, ()) if needed is not None else ()
    return SmtpReviewPost(Mailbox(channel, known[0] if known else None), names, operator, link)
