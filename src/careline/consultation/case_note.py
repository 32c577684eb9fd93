"""Keeping the handoff note true: it is written anew whenever the patient's turn has changed the case."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from sqlalchemy.orm import Session

from careline.consultation.consultation import Consultation
from careline.consultation.conversation_store import messages_after, write_back
from careline.consultation.handoff import outline_of
from careline.consultation.metrics import ALERTS
from careline.consultation.snapshot import snapshot_of
from careline.consultation.tables import ConversationRow, MessageRow
from careline.escalation import service as escalations
from careline.escalation.case_snapshot import CaseSnapshot, with_earlier, with_words_of
from careline.escalation.escalation import Escalation
from careline.escalation.note import failed_note, sbar_of

log = logging.getLogger(__name__)


def write_back_with_note(session: Session, row: ConversationRow, c: Consultation, *, now: dt.datetime) -> None:
    """Carry out what the consultation decided, and write what a clinician reads of it; all in this unit of work."""
    write_back(session, row, c, now=now)
    keep_note(session, row, c)


def keep_note(session: Session, row: ConversationRow, c: Consultation) -> None:
    """Write the note of the conversation's open escalation anew; without one there is nothing to write.

    A note that cannot be written must not cost the patient the card or the clinician the request: the older note
    stays, or one that says to read the conversation.
    """
    open_one = escalations.open_escalation(session, row.id)
    if open_one is None:
        return
    messages = messages_after(session, row.id, 0)
    before = escalations.kept_case(session, open_one.id)
    try:
        case = _case(c, messages, open_one, before, started_at=row.created_at)
        note = sbar_of(case)
    except Exception:
        log.exception("handoff note not written", extra={"escalation": open_one.id})
        ALERTS.labels("note_failed").inc()
        if before is None:
            escalations.keep_case(session, open_one.id, None, failed_note(), open_one.patient)
        return
    escalations.keep_case(session, open_one.id, case, note, outline_of(c))


def _case(
    c: Consultation,
    messages: Sequence[MessageRow],
    open_one: Escalation,
    before: CaseSnapshot | None,
    *,
    started_at: dt.datetime,
) -> CaseSnapshot:
    started_over = any(event.kind == "started_over" for event in c.effects.case_events)
    # The flags of a case before a new start stand with that case; all others that were ever raised stay.
    of_earlier = {flag.id for each in before.earlier for flag in each.red_flags} if before is not None else set()
    of_earlier |= {flag.id for flag in before.red_flags} if before is not None and started_over else set()
    raised = [flag for flag in open_one.red_flags if flag not in of_earlier]
    case = snapshot_of(c, messages, decided=open_one.acuity, raised=raised, started_at=started_at)
    if before is not None and not started_over:
        written = {message.number for message in messages if message.sender == "patient" and message.text}
        case = with_words_of(case, before, written)
    return with_earlier(case, before, started_over=started_over)
