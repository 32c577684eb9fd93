"""Escalations for those who come from outside a consultation: each call is one unit of work."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy.exc import IntegrityError

from careline.clinical.acuity import Acuity
from careline.escalation import service
from careline.escalation.case_snapshot import CaseSnapshot
from careline.escalation.change_record import ChangeRecord
from careline.escalation.delivery.record import Delivery, list_deliveries, with_deliveries
from careline.escalation.escalation import Clinician, Escalation, EscalationRequest, PatientOutline, Reason, State
from careline.escalation.opening import Opened, escalate
from careline.storage.database import Database

_MOST_DELIVERIES = 200  # of one escalation, the newest; each is read with its attempts


class EscalationDesk:
    """Opens and reads escalations."""

    def __init__(
        self,
        database: Database,
        respond_within: Callable[[Acuity | None], dt.timedelta | None],
        record: ChangeRecord,
        now: Callable[[], dt.datetime],
        *,
        presence: Callable[[str], str] = lambda _conversation_id: "unknown",
    ) -> None:
        """Take the parts.

        Args:
            database: Where they are kept.
            respond_within: Gives the target for a clinician's first look, None where there is none.
            record: Puts on record what was asked for by staff or their systems.
            now: The clock.
            presence: Says whether the patient of a conversation is `online`, `away`, `left` or `unknown`.
        """
        self._presence = presence
        self._database = database
        self._respond_within = respond_within
        self._record = record
        self._now = now

    def open(
        self,
        reason: Reason,
        acuity: Acuity | None,
        *,
        conversation_id: str | None,
        note: str | None,
        may_be_watched: bool = False,
        by: Clinician | None = None,
    ) -> Opened:
        """Open an escalation, or raise the one that is open for the conversation; `by` is who asks for it."""
        request = EscalationRequest(
            reason=reason,
            acuity=acuity,
            conversation_id=conversation_id,
            patient=PatientOutline(may_be_watched=may_be_watched),
            respond_within=self._respond_within(acuity),
            note=note,
        )
        try:
            return self._escalate(request, by)
        except IntegrityError:
            # Another request opened one for the conversation at the same moment: now it is there, and is raised.
            return self._escalate(request, by)

    def read(self, escalation_id: str) -> Escalation:
        """Return one escalation.

        Raises:
            UnknownEscalationError: There is none of that id.
        """
        with self._database.read() as session:
            (found,) = with_deliveries(session, [service.escalation(session, escalation_id)])
            return self.seen_now(found)

    def read_with_case(self, escalation_id: str) -> tuple[Escalation, CaseSnapshot | None]:
        """Return one escalation and, of the same moment, the facts behind its note; None where there are none.

        Raises:
            UnknownEscalationError: There is none of that id.
        """
        with self._database.read() as session:
            found = service.escalation(session, escalation_id)
            found = dataclasses.replace(found, changed_at=service.changed_at(session, escalation_id))
            return found, service.kept_case(session, escalation_id)

    def deliveries(self, escalation_id: str) -> Sequence[Delivery]:
        """Return the deliveries of an escalation with their attempts, in the order of their times."""
        with self._database.read() as session:
            found = list_deliveries(session, escalation_id=escalation_id, limit=_MOST_DELIVERIES)
        return sorted(reversed(found), key=lambda one: one.due_at)

    def list(
        self, *, state: State | None, owner: str | None, after: str | None, limit: int
    ) -> tuple[list[Escalation], str | None]:
        """Return escalations in the order of opening, and where the next page begins (None: no more)."""
        with self._database.read() as session:
            page, following = service.list_escalations(session, state=state, owner=owner, after=after, limit=limit)
            items = with_deliveries(session, page)
        return [self.seen_now(item) for item in items], following

    def seen_now(self, escalation: Escalation) -> Escalation:
        """Return the escalation with whether its patient is there now."""
        if escalation.conversation_id is None:
            return escalation
        patient = dataclasses.replace(escalation.patient, presence=self._presence(escalation.conversation_id))
        return dataclasses.replace(escalation, patient=patient)

    def _escalate(self, request: EscalationRequest, by: Clinician | None) -> Opened:
        with self._database.write() as session:
            opened = escalate(session, request, now=self._now())
            if by is not None:
                self._record(session, by, opened.event, opened.escalation.id)
            return opened
