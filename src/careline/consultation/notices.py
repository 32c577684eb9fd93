"""Telling a patient, outside a turn, what is recorded of their escalation, and whom to call instead.

Nothing goes unasked to somebody who may be watched, or is being asked about it: it is kept, and said when they write
the next time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from careline.consultation.cards import call_line
from careline.consultation.consultation import Consultation, House
from careline.consultation.conversation_store import add_drafts, consultation_of
from careline.consultation.handoff import alternatives, duty_sentence, handoff_data
from careline.consultation.memory import stored
from careline.consultation.phone_numbers import phone_numbers
from careline.consultation.release import ContentReleases
from careline.consultation.tables import ConversationRow
from careline.escalation.delivery.notice import Notice
from careline.escalation.escalation import State

_SENTENCES = {
    Notice.TOLD: "escalation-told",
    Notice.NOBODY_ANSWERED: "escalation-nobody-answered",
    Notice.NOT_DELIVERED: "escalation-not-delivered",
}


class ConversationNotices:
    """Writes such messages into conversations (the port `PatientNotice` of the escalation room)."""

    def __init__(self, house: House, releases: ContentReleases, wake: Callable[[str], None]) -> None:
        """Take the parts."""
        self._house = house
        self._releases = releases
        self._wake = wake

    def write(
        self, session: Session, conversation_id: str, notice: Notice, *, escalation_id: str, now: dt.datetime
    ) -> bool:
        """Add the message; return whether there was somebody to tell: not in an erased conversation."""
        row = session.get(ConversationRow, conversation_id, with_for_update=True)
        if row is None or row.erased_at is not None or row.expires_at <= now:
            return False
        c = consultation_of(session, row, self._house, self._releases)
        if c.is_quiet:
            c.memory.kept_notice = notice.value  # instead of an earlier one: the newest is what is true
            row.memory = stored(c.memory)
            return False
        _say(c, notice)
        add_drafts(session, row, c.drafts, escalation_id=escalation_id, now=now)
        return True

    def wake(self, conversation_id: str) -> None:
        """Let those who follow the conversation see it."""
        self._wake(conversation_id)


def say_kept_notice(session: Session, row: ConversationRow, c: Consultation, *, now: dt.datetime) -> None:
    """Say, before the answer to what the patient wrote, what was kept for them; the caller keeps the state."""
    kept, c.memory.kept_notice = c.memory.kept_notice, None
    if kept is None or c.escalation_state != State.OPEN.value:
        return  # somebody has acknowledged it: that is for whoever did to say
    before = len(c.drafts)
    _say(c, Notice(kept))
    add_drafts(session, row, c.drafts[before:], escalation_id=c.escalation_id, now=now)
    del c.drafts[before:]


def _say(c: Consultation, notice: Notice) -> None:
    duty = c.duty()
    lines = [c.wording(_SENTENCES[notice])]
    if notice is not Notice.TOLD:
        lines += [duty_sentence(c, duty), *alternatives(c), *_crisis_lines(c), call_line(c)]
    elif c.acuity is not None and c.acuity.is_emergency:
        lines.append(call_line(c))
    c.send("handoff", "\n".join(lines), data=handoff_data(c.escalation_state or State.OPEN.value, duty))


def _crisis_lines(c: Consultation) -> list[str]:
    """Return the country's crisis lines for somebody who has seen a crisis card."""
    book = c.release.book
    is_crisis = any(
        book.red_flags[flag_id].flag.kind == "crisis" for flag_id in c.memory.shown_flags if flag_id in book.red_flags
    )
    if not is_crisis or c.country not in book.countries:
        return []
    return [f"{number.label}: {number.tel}" for number in phone_numbers(book, c.country, ("crisis",))]
