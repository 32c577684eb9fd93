"""Patients who leave while a question about a danger to life is open: recorded, and escalated from a level on."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import or_, select

from careline.clinical.assessment import assess
from careline.clinical.interview import is_life_threat_open
from careline.consultation.case_note import keep_note
from careline.consultation.consultation import Consultation, House, Stage
from careline.consultation.conversation_store import carry_out_effects, consultation_of, locked_row
from careline.consultation.handoff import request_escalation
from careline.consultation.memory import Awaiting
from careline.consultation.release import ContentReleases
from careline.consultation.tables import ConversationRow
from careline.escalation.escalation import Reason
from careline.storage.database import Database, announce


class AbandonedInterviews:
    """Finds interviews that their patients have left."""

    def __init__(self, database: Database, house: House, releases: ContentReleases) -> None:
        """Take the parts."""
        self._database = database
        self._house = house
        self._releases = releases

    def find(self, limit: int = 100) -> int:
        """Record interviews left since last time, and escalate where it may be serious; return how many."""
        now = self._house.now()
        silent_since = now - dt.timedelta(minutes=self._releases.newest.book.handoff.abandoned_after_minutes)
        query = (
            select(ConversationRow.id)
            .where(
                ConversationRow.state.in_((Stage.INTAKE.value, Stage.INTERVIEW.value)),
                ConversationRow.updated_at <= silent_since,
                ConversationRow.erased_at.is_(None),
                # Who came back and left again is looked at again.
                or_(ConversationRow.abandoned_at.is_(None), ConversationRow.abandoned_at <= ConversationRow.updated_at),
            )
            .order_by(ConversationRow.updated_at)
            .limit(limit)
        )
        with self._database.read() as session:
            left = list(session.scalars(query))
        for conversation_id in left:
            self._record(conversation_id, silent_since, now)
        return len(left)

    def _record(self, conversation_id: str, silent_since: dt.datetime, now: dt.datetime) -> None:
        with self._database.write() as session:
            row = locked_row(session, conversation_id)
            if row.erased_at is not None or row.updated_at > silent_since:
                return  # the patient is back
            row.abandoned_at = now
            c = consultation_of(session, row, self._house, self._releases)
            _ask_a_clinician(c)
            carry_out_effects(session, row, c, now=now)
            keep_note(session, row, c)
            announce(session, conversation_id)


def _ask_a_clinician(c: Consultation) -> None:
    book, case = c.release.book, c.memory.case
    if not c.memory.consented:
        return
    unanswered = [book.red_flags[flag].flag for flag in case.unsure_flags if flag in book.red_flags]
    if c.memory.awaiting is Awaiting.SAFETY and unanswered:  # words of danger were doubted, and nobody answered
        acuity = max(flag.acuity for flag in unanswered)
        c.log("abandoned", acuity=acuity.value, question=c.memory.awaiting_question)
        request_escalation(c, Reason.ASSESSMENT, acuity, ())
        return
    if not c.memory.complaints or not is_life_threat_open(case, book):
        return
    assessment = assess(case, book)
    c.log("abandoned", acuity=assessment.acuity.value, question=c.memory.awaiting_question)
    if assessment.acuity >= book.handoff.abandoned_from:
        request_escalation(c, Reason.ASSESSMENT, assessment.acuity, ())
