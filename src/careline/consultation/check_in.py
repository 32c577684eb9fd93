"""A check-in: who wants it is asked, some time after the advice, how they are. Worse: asked anew, a clinician told."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import select

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import protocols_of
from careline.clinical.finding import Presence
from careline.consultation.asking import ask_again, proceed
from careline.consultation.cards import call_line
from careline.consultation.case_note import write_back_with_note
from careline.consultation.consultation import Consultation, House, Stage
from careline.consultation.conversation_store import add_message, consultation_of, locked_row
from careline.consultation.handoff import request_escalation
from careline.consultation.memory import is_quiet
from careline.consultation.release import ContentReleases
from careline.consultation.tables import ConversationRow, MessageRow
from careline.escalation.escalation import Reason
from careline.storage.database import Database, announce


class Feeling(enum.StrEnum):
    """How somebody is at a check-in, compared with the time of the advice."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


class CheckIns:
    """When to ask, and what follows from the answer."""

    def __init__(self, database: Database, house: House, releases: ContentReleases) -> None:
        """Take the parts."""
        self._database = database
        self._house = house
        self._releases = releases

    def due_after(self, conversation_id: str) -> dt.timedelta | None:
        """Return how long after the advice to ask; None: not at this level, not yet, or nobody may write unasked."""
        with self._database.read() as session:
            row = session.get(ConversationRow, conversation_id)
            if row is None or row.erased_at is not None or row.state != Stage.ADVISED.value or not row.final:
                return None
            if is_quiet(row.memory) or row.acuity is None:
                return None
            hours = self._releases.of(row.release).book.dispositions[Acuity(row.acuity)].check_in_hours
            return dt.timedelta(hours=hours) if hours is not None else None

    def answer(self, conversation_id: str, feeling: Feeling, client_key: str) -> bool:
        """Take the answer into the conversation, once; return whether there was one that could take it."""
        now = self._house.now()
        with self._database.write() as session:
            row = locked_row(session, conversation_id)
            known = select(MessageRow.number).where(
                MessageRow.conversation_id == conversation_id, MessageRow.client_key == client_key
            )
            if row.erased_at is None and session.scalar(known) is not None:
                return True
            if row.erased_at is not None or row.state not in (Stage.ADVISED.value, Stage.WITH_CLINICIAN.value):
                return False
            c = consultation_of(session, row, self._house, self._releases)
            words = c.wording(f"check-in-says-{feeling.value}")
            add_message(session, row, "patient", "text", c.language, words, {}, now=now, client_key=client_key)
            c.log("check_in", answer=feeling.value)
            _worse(c) if feeling is Feeling.WORSE else _not_worse(c, feeling)
            write_back_with_note(session, row, c, now=now)
            announce(session, conversation_id)
            return True


def _not_worse(c: Consultation, feeling: Feeling) -> None:
    if c.stage is Stage.WITH_CLINICIAN:
        return  # a person reads it
    c.send("notice", "\n".join([c.wording(f"check-in-{feeling.value}"), call_line(c)]))
    ask_again(c)


def _worse(c: Consultation) -> None:
    """Have a clinician look, advise more urgently, and ask anew for what threatens life."""
    least = c.release.book.handoff.worse_at_least
    before = c.acuity if c.acuity is not None else least
    raised = max(least, before)
    c.memory.at_least = raised.value  # whatever the answers are: it is not lowered again
    request_escalation(c, Reason.CHECK_IN, raised, ())
    if c.stage is Stage.WITH_CLINICIAN:
        return
    c.send("notice", "\n".join([c.wording("check-in-worse"), call_line(c)]))
    if raised.is_emergency:
        ask_again(c)  # the card stands
        return
    _open_danger_questions(c)
    c.stage, c.final = Stage.INTERVIEW, False
    proceed(c)


def _open_danger_questions(c: Consultation) -> None:
    """Ask again what threatens life and was denied: a no of hours ago is not known to hold any more."""
    memory, book = c.memory, c.release.book
    asked_anew = [
        question
        for protocol in protocols_of(memory.case, book)
        for question in protocol.questions
        if question.question.life_threat
    ]
    ids = {question.question.id for question in asked_anew}
    findings = {finding for question in asked_anew for finding in question.settles}
    memory.asked = [each for each in memory.asked if each not in ids]
    memory.answered = [each for each in memory.answered if each.question_id not in ids]
    memory.findings = [
        finding for finding in memory.findings if finding.id not in findings or finding.presence is Presence.PRESENT
    ]
