"""What clinicians do with an escalation: acknowledge, claim, answer, note, hand on, close. Each call is a unit of work.

open → acknowledged → claimed → answered → closed. A claim is a lease: whoever is not seen for `LEASE` gives it back, so
that no patient waits for somebody who went home. Of two who claim at once the database lets one win.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from careline.escalation.change_record import ChangeRecord
from careline.escalation.errors import (
    AlreadyClaimedError,
    AnotherOpenError,
    ClosedError,
    NoPatientError,
    NotClaimedError,
    NotClosedError,
)
from careline.escalation.escalation import Clinician, Closing, Escalation, Event, LogEntry, State
from careline.escalation.patient import PatientSide
from careline.escalation.service import (
    escalation,
    escalation_of,
    history,
    log_event,
    open_row,
    owner_of,
    row_to_change,
)
from careline.escalation.tables import EscalationRow
from careline.storage.database import Database

LEASE = dt.timedelta(minutes=15)  # of a claim, from the last thing its owner did or the last sign of their console


class EscalationHandling:
    """Carries out what clinicians do."""

    def __init__(
        self, database: Database, patients: PatientSide, record: ChangeRecord, now: Callable[[], dt.datetime]
    ) -> None:
        """Take the parts; each change is on record exactly when it is stored."""
        self._database = database
        self._patients = patients
        self._record = record
        self._now = now

    def acknowledge(self, escalation_id: str, by: Clinician) -> Escalation:
        """Note that a clinician has seen it; one that is further on stays as it is.

        Raises:
            UnknownEscalationError: There is none of that id.
            ClosedError: It is closed.
        """
        with self._database.write() as session:
            row = self._not_closed(session, escalation_id)
            if row.state == State.OPEN.value:
                row.state = State.ACKNOWLEDGED.value
                log_event(session, row, Event.ACKNOWLEDGED, self._now(), by=by)
                self._record(session, by, Event.ACKNOWLEDGED, row.id)
            return escalation_of(row)

    def claim(self, escalation_id: str, by: Clinician) -> Escalation:
        """Take it; from here on the patient writes to `by`. Whoever has it already keeps it.

        Raises:
            UnknownEscalationError: There is none of that id.
            ClosedError: It is closed.
            AlreadyClaimedError: Another clinician has it.
        """
        now = self._now()
        with self._database.write() as session:
            row = self._not_closed(session, escalation_id)
            self._give_back_if_over(session, row, now)
            owner = owner_of(row)
            if owner is not None and owner.id != by.id:
                raise AlreadyClaimedError(owner, row.claimed_at)
            row.lease_until = now + LEASE
            if owner is None:
                _own(row, by, now)
                row.state = State.CLAIMED.value
                log_event(session, row, Event.CLAIMED, now, by=by)
                if row.conversation_id is not None:
                    self._patients.clinician_joined(session, row.conversation_id, row.id, by)
                self._record(session, by, Event.CLAIMED, row.id)
            return escalation_of(row)

    def renew(self, escalation_id: str, by: Clinician) -> Escalation:
        """Keep a claim alive: its owner is still there.

        Raises:
            UnknownEscalationError, ClosedError, NotClaimedError, AlreadyClaimedError: It is not theirs (any more).
        """
        with self._database.write() as session:
            return escalation_of(self._owned(session, escalation_id, by))

    def reply(self, escalation_id: str, by: Clinician, text: str) -> tuple[Escalation, int]:
        """Write to the patient; return the escalation and the number of the message.

        Raises:
            UnknownEscalationError, ClosedError, NotClaimedError, AlreadyClaimedError: It is not theirs.
            NoPatientError: There is no conversation to write into.
        """
        with self._database.write() as session:
            row = self._owned(session, escalation_id, by)
            if row.conversation_id is None:
                raise NoPatientError
            number = self._patients.clinician_wrote(session, row.conversation_id, by, text)
            row.state = State.ANSWERED.value
            log_event(session, row, Event.ANSWERED, self._now(), by=by)
            self._record(session, by, Event.ANSWERED, row.id)
            return escalation_of(row), number

    def note(self, escalation_id: str, by: Clinician, text: str) -> Escalation:
        """Leave an internal note; whoever may read it may, also when it is closed.

        Raises:
            UnknownEscalationError: There is none of that id.
        """
        with self._database.write() as session:
            row = self._row(session, escalation_id)
            log_event(session, row, Event.NOTED, self._now(), by=by, note=text)
            self._record(session, by, Event.NOTED, row.id)
            return escalation_of(row)

    def release(self, escalation_id: str, by: Clinician, note: str | None) -> Escalation:
        """Give it back with a note for the next clinician; the assistant goes on with the patient.

        Raises:
            UnknownEscalationError, ClosedError, NotClaimedError, AlreadyClaimedError: It is not theirs.
        """
        with self._database.write() as session:
            row = self._owned(session, escalation_id, by)
            self._give_back(session, row, Event.RELEASED, note)
            self._record(session, by, Event.RELEASED, row.id)
            return escalation_of(row)

    def transfer(self, escalation_id: str, by: Clinician, to: Clinician, note: str | None) -> Escalation:
        """Hand it to another clinician, with a note.

        Raises:
            UnknownEscalationError, ClosedError, NotClaimedError, AlreadyClaimedError: It is not theirs.
        """
        now = self._now()
        with self._database.write() as session:
            row = self._owned(session, escalation_id, by)
            _own(row, to, now)
            log_event(session, row, Event.TRANSFERRED, now, by=by, note=note)
            if row.conversation_id is not None and to.id != by.id:
                self._patients.clinician_changed(session, row.conversation_id, row.id, by, to)
            self._record(session, by, Event.TRANSFERRED, row.id)
            return escalation_of(row)

    def close(self, escalation_id: str, by: Clinician, closing: Closing) -> Escalation:
        """End it. One that nobody has can be closed by any clinician.

        Raises:
            UnknownEscalationError, ClosedError, AlreadyClaimedError: It is not theirs to close.
        """
        now = self._now()
        with self._database.write() as session:
            row = self._not_closed(session, escalation_id)
            self._give_back_if_over(session, row, now)
            owner = owner_of(row)
            if owner is not None and owner.id != by.id:
                raise AlreadyClaimedError(owner, row.claimed_at)
            row.state = State.CLOSED.value
            row.closing = dataclasses.asdict(closing)
            row.lease_until = None
            log_event(session, row, Event.CLOSED, now, by=by)
            if row.conversation_id is not None:
                self._patients.clinician_closed(session, row.conversation_id, row.id, by, closing)
            self._record(session, by, Event.CLOSED, row.id)
            return escalation_of(row)

    def reopen(self, escalation_id: str, by: Clinician) -> Escalation:
        """Put a closed one back into the queue; how it was closed stays in its log.

        Raises:
            UnknownEscalationError: There is none of that id.
            NotClosedError: It is not closed.
            AnotherOpenError: The conversation has another that is open.
        """
        with self._database.write() as session:
            row = self._row(session, escalation_id)
            if row.state != State.CLOSED.value:
                raise NotClosedError
            if open_row(session, row.conversation_id) is not None:
                raise AnotherOpenError
            row.state = State.OPEN.value
            _disown(row)
            log_event(session, row, Event.REOPENED, self._now(), by=by)
            self._record(session, by, Event.REOPENED, row.id)
            return escalation_of(row)

    def log(self, escalation_id: str) -> list[LogEntry]:
        """Return what happened to it, oldest first.

        Raises:
            UnknownEscalationError: There is none of that id.
        """
        with self._database.read() as session:
            return history(session, escalation_id)

    def give_back_expired(self, limit: int = 100) -> int:
        """Give back claims whose owner was not seen for too long; return how many."""
        now = self._now()
        with self._database.read() as session:
            over = session.scalars(
                select(EscalationRow.id)
                .where(EscalationRow.lease_until <= now, EscalationRow.state != State.CLOSED.value)
                .limit(limit)
            ).all()
        given_back = 0
        for escalation_id in over:
            with self._database.write() as session:
                row = self._row(session, escalation_id)
                given_back += self._give_back_if_over(session, row, now)
        return given_back

    def _row(self, session: Session, escalation_id: str) -> EscalationRow:
        """Return the row, locked; its conversation first, as turns do, so that neither waits for the other."""
        conversation_id = escalation(session, escalation_id).conversation_id
        if conversation_id is not None:
            self._patients.hold(session, conversation_id)
        return row_to_change(session, escalation_id)

    def _not_closed(self, session: Session, escalation_id: str) -> EscalationRow:
        row = self._row(session, escalation_id)
        if row.state == State.CLOSED.value:
            raise ClosedError
        return row

    def _owned(self, session: Session, escalation_id: str, by: Clinician) -> EscalationRow:
        """Return the row of one that `by` has claimed, its lease renewed."""
        now = self._now()
        row = self._not_closed(session, escalation_id)
        owner = owner_of(row)
        if owner is None:
            raise NotClaimedError
        if owner.id != by.id:
            raise AlreadyClaimedError(owner, row.claimed_at)
        row.lease_until = now + LEASE
        return row

    def _give_back_if_over(self, session: Session, row: EscalationRow, now: dt.datetime) -> bool:
        owner = owner_of(row)
        is_over = row.lease_until is not None and row.lease_until <= now and row.state != State.CLOSED.value
        if owner is not None and is_over:
            self._give_back(session, row, Event.LEASE_EXPIRED, None)
            self._record(session, dataclasses.replace(owner, through="system"), Event.LEASE_EXPIRED, row.id)
            return True
        return False

    def _give_back(self, session: Session, row: EscalationRow, event: Event, note: str | None) -> None:
        owner = owner_of(row)
        assert owner is not None  # noqa: S101 - the callers have looked
        # After a lease that ran out nobody is looking: it must alarm again, as an open one does.
        row.state = State.OPEN.value if event is Event.LEASE_EXPIRED else State.ACKNOWLEDGED.value
        log_event(session, row, event, self._now(), by=owner, note=note)
        _disown(row)
        if row.conversation_id is not None:
            self._patients.clinician_left(
                session, row.conversation_id, row.id, owner, by_lease=event is Event.LEASE_EXPIRED
            )


def _own(row: EscalationRow, by: Clinician, now: dt.datetime) -> None:
    row.owner, row.owner_name, row.owner_role = by.id, by.name, by.role
    row.claimed_at, row.lease_until = now, now + LEASE


def _disown(row: EscalationRow) -> None:
    row.owner = row.owner_name = row.owner_role = None
    row.claimed_at = row.lease_until = None
