"""Reading escalations, and keeping what belongs to one: contact, note, log.

Every function takes the caller's open unit of work and commits nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from careline.clinical.acuity import Acuity
from careline.escalation.case_snapshot import CaseSnapshot, case_from, stored_case
from careline.escalation.delivery.occasion import occasion_of
from careline.escalation.delivery.outbox import put_into_outbox
from careline.escalation.errors import UnknownEscalationError
from careline.escalation.escalation import (
    Clinician,
    Closing,
    Escalation,
    Event,
    LogEntry,
    PatientOutline,
    Reason,
    State,
    Verdict,
)
from careline.escalation.sbar import Sbar, sbar_from, stored_sbar
from careline.escalation.tables import EscalationEventRow, EscalationRow
from careline.storage.database import announce

QUEUE = "escalations"  # announced whenever one of them changes


def recent_of(session: Session, contact_key: str, since: dt.datetime, *, not_of: str) -> tuple[str, ...]:
    """Return ids of the person's escalations opened since then, of other conversations than `not_of`; oldest first."""
    query = (
        select(EscalationRow.id)
        .where(
            EscalationRow.contact_key == contact_key,
            EscalationRow.opened_at >= since,
            EscalationRow.conversation_id != not_of,
        )
        .order_by(EscalationRow.number)
    )
    return tuple(session.scalars(query))


def open_escalation(session: Session, conversation_id: str) -> Escalation | None:
    """Return the conversation's escalation that is not closed, if there is one."""
    row = open_row(session, conversation_id)
    return None if row is None else escalation_of(row)


def escalation(session: Session, escalation_id: str) -> Escalation:
    """Return one escalation.

    Raises:
        UnknownEscalationError: There is none of that id.
    """
    return escalation_of(_row(session, escalation_id))


def list_escalations(
    session: Session, *, state: State | None = None, owner: str | None = None, after: str | None = None, limit: int = 50
) -> tuple[list[Escalation], str | None]:
    """Return escalations in the order of opening, and the id to give as `after` for the next page (None: no more).

    Raises:
        UnknownEscalationError: `after` names none.
    """
    query = select(EscalationRow).order_by(EscalationRow.number)
    if state is not None:
        query = query.where(EscalationRow.state == state.value)
    if owner is not None:
        query = query.where(EscalationRow.owner == owner)
    if after is not None:
        query = query.where(EscalationRow.number > _row(session, after).number)
    rows = session.scalars(query.limit(limit + 1)).all()
    page = [escalation_of(row) for row in rows[:limit]]
    return page, page[-1].id if len(rows) > limit else None


def leave_contact(session: Session, conversation_id: str, contact: Mapping[str, Any], *, now: dt.datetime) -> bool:
    """Keep how to reach the patient with the open escalation; return whether there is one."""
    row = open_row(session, conversation_id)
    if row is None:
        return False
    row.contact = {**(row.contact or {}), **contact}
    details = dict(row.details)
    details["patient"] = {**details.get("patient", {}), "has_callback": "text" in row.contact}
    row.details = details
    log_event(session, row, Event.CONTACT_LEFT if "text" in contact else Event.SAFE_TO_CALL_ANSWERED, now)
    return True


def note_may_be_watched(session: Session, conversation_id: str, *, now: dt.datetime) -> None:
    """Put it on the open escalation, once, that somebody may watch the patient; it is never taken off."""
    row = open_row(session, conversation_id)
    if row is None or row.details.get("patient", {}).get("may_be_watched"):
        return
    row.details = {**row.details, "patient": {**row.details.get("patient", {}), "may_be_watched": True}}
    log_event(session, row, Event.MAY_BE_WATCHED, now)


def any_may_be_watched(session: Session, escalation_ids: Collection[str]) -> bool:
    """Return whether one of these escalations is of somebody who may be watched."""
    rows = session.scalars(select(EscalationRow).where(EscalationRow.id.in_(escalation_ids)))
    return any(row.details.get("patient", {}).get("may_be_watched", False) for row in rows)


def forget_words(session: Session, conversation_id: str, *, now: dt.datetime) -> None:
    """Drop the patient's words from the conversation's escalations; that there were any stays on record."""
    rows = session.scalars(select(EscalationRow).where(EscalationRow.conversation_id == conversation_id)).all()
    for row in rows:
        row.contact = None
        row.case = None
        row.details = {**row.details, "sbar": {}, "note": None, "words_erased_at": now.isoformat()}
        log_event(session, row, Event.WORDS_ERASED, now)


def kept_case(session: Session, escalation_id: str) -> CaseSnapshot | None:
    """Return the facts behind the note; None where there are none, as when the patient's words were erased.

    Raises:
        UnknownEscalationError: There is no such escalation.
    """
    stored = _row(session, escalation_id).case
    return case_from(stored) if stored is not None else None


def keep_case(
    session: Session, escalation_id: str, case: CaseSnapshot | None, sbar: Sbar, patient: PatientOutline
) -> None:
    """Put the newest facts, note and outline in the place of those before; state, acuity and log stay as they are.

    Raises:
        UnknownEscalationError: There is no such escalation.
    """
    row = _row(session, escalation_id)
    presence = row.details.get("patient", {}).get("presence", patient.presence)  # known to the chat, not to the case
    outline = {**dataclasses.asdict(patient), "has_callback": "text" in (row.contact or {}), "presence": presence}
    row.details = {**row.details, "sbar": stored_sbar(sbar), "patient": outline}
    row.case = stored_case(case) if case is not None else None


def note_event(
    session: Session, conversation_id: str, event: Event, *, now: dt.datetime, note: str | None = None
) -> None:
    """Write a line into the log of the conversation's open escalation; the escalation stays as it is."""
    row = open_row(session, conversation_id)
    if row is not None:
        log_event(session, row, event, now, note=note)


def open_row(session: Session, conversation_id: str | None) -> EscalationRow | None:
    """Return the row that is not closed for the conversation."""
    if conversation_id is None:
        return None
    return session.scalars(
        select(EscalationRow).where(
            EscalationRow.conversation_id == conversation_id, EscalationRow.state != State.CLOSED.value
        )
    ).one_or_none()


def log_event(
    session: Session,
    row: EscalationRow,
    event: Event,
    now: dt.datetime,
    *,
    by: Clinician | None = None,
    note: str | None = None,
) -> None:
    """Add a line to the escalation's log, tell those who watch the queue, and have it told to those outside."""
    session.add(
        EscalationEventRow(
            escalation_id=row.id,
            at=now,
            event=event.value,
            acuity=row.acuity,
            actor=by.id if by else None,
            actor_name=by.name if by else None,
            note=note,
        )
    )
    announce(session, QUEUE)
    occasion = occasion_of(event)
    if occasion is not None:
        put_into_outbox(session, row, occasion, now=now)


def history(session: Session, escalation_id: str) -> list[LogEntry]:
    """Return the escalation's log, oldest first.

    Raises:
        UnknownEscalationError: There is none of that id.
    """
    row = _row(session, escalation_id)
    query = select(EscalationEventRow).where(EscalationEventRow.escalation_id == row.id).order_by(EscalationEventRow.id)
    return [
        LogEntry(line.at, Event(line.event), Acuity(line.acuity) if line.acuity else None, line.actor_name, line.note)
        for line in session.scalars(query)
    ]


def changed_at(session: Session, escalation_id: str) -> dt.datetime | None:
    """Return when the last line of an escalation's log was written."""
    newest = select(EscalationEventRow.at).where(EscalationEventRow.escalation_id == escalation_id)
    return session.scalars(newest.order_by(EscalationEventRow.id.desc()).limit(1)).one_or_none()


def row_to_change(session: Session, escalation_id: str) -> EscalationRow:
    """Return an escalation's row, locked until the unit of work ends.

    Raises:
        UnknownEscalationError: There is none of that id.
    """
    return _row(session, escalation_id, lock=True)


def owner_of(row: EscalationRow) -> Clinician | None:
    """Return who has claimed the escalation."""
    return Clinician(row.owner, row.owner_name or row.owner, row.owner_role or "") if row.owner else None


def _row(session: Session, escalation_id: str, *, lock: bool = False) -> EscalationRow:
    query = select(EscalationRow).where(EscalationRow.id == escalation_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)  # what was read before may be old
    # PostgreSQL cannot be asked for a NUL; no id of ours has anything that does not print.
    row = session.scalars(query).one_or_none() if escalation_id.isprintable() else None
    if row is None:
        raise UnknownEscalationError
    return row


def _closing(kept: Mapping[str, Any] | None) -> Closing | None:
    if not kept:
        return None
    verdict = Verdict(kept["verdict"]) if kept.get("verdict") else None
    return Closing(kept["outcome"], kept["disposition"], kept["safety_net"], verdict, kept.get("why"))


def escalation_of(row: EscalationRow) -> Escalation:
    """Return what a row holds."""
    details = row.details
    erased_at = details.get("words_erased_at")
    return Escalation(
        id=row.id,
        conversation_id=row.conversation_id,
        reason=Reason(row.reason),
        acuity=Acuity(row.acuity) if row.acuity else None,
        state=State(row.state),
        red_flags=tuple(details.get("red_flags", ())),
        opened_at=row.opened_at,
        raised_at=row.raised_at,
        deadline_at=row.deadline_at,
        patient=PatientOutline(**details.get("patient", {})),
        contact=row.contact,
        note=details.get("note"),
        owner=owner_of(row),
        claimed_at=row.claimed_at,
        lease_until=row.lease_until,
        closing=_closing(row.closing),
        linked=tuple(details.get("linked", ())),
        sbar=sbar_from(details.get("sbar")),
        words_erased_at=dt.datetime.fromisoformat(erased_at) if erased_at else None,
    )
