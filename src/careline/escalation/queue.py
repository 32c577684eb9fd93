"""Reading escalations as clinicians look at them: the queue, most urgent first, and the cases of the past."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, select

from careline.clinical.acuity import Acuity
from careline.escalation.escalation import Escalation, Reason, State, Verdict
from careline.escalation.service import escalation_of
from careline.escalation.tables import EscalationRow
from careline.storage.database import Database

_MOST_SEARCHED = (
    5_000  # rows looked into for words: what patients wrote is sealed, so no index of the database knows it
)


class View(enum.StrEnum):
    """Which escalations a clinician looks at."""

    UNCLAIMED = "unclaimed"
    MINE = "mine"
    ALL = "all"  # all that are not closed
    CLOSED = "closed"


@dataclass(frozen=True)
class Search:
    """What is looked for among all escalations; None and empty stand for anything.

    Attributes:
        words: All of them stand in what the handoff note knows of the patient, in the red flags, in the request's note
            or in how it was closed; or are the start of the id.
    """

    words: str = ""
    acuity: Acuity | None = None
    reason: Reason | None = None
    state: State | None = None
    verdict: Verdict | None = None
    outcome: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


class EscalationQueue:
    """Reads the queue and past cases."""

    def __init__(self, database: Database, seen_now: Callable[[Escalation], Escalation]) -> None:
        """Take the parts; `seen_now` adds whether the patient is there."""
        self._database = database
        self._seen_now = seen_now

    def rows(
        self, view: View, *, staff_id: str, acuity: Acuity | None = None, reason: Reason | None = None, limit: int = 200
    ) -> list[Escalation]:
        """Return a view: by level, then deadline, then age; closed ones newest first."""
        query = _filtered(select(EscalationRow).where(_in_view(view, staff_id)), acuity, reason)
        if view is View.CLOSED:
            query = query.order_by(EscalationRow.number.desc())
        else:
            query = query.order_by(_rank(), EscalationRow.deadline_at.is_(None), EscalationRow.deadline_at)
            query = query.order_by(EscalationRow.number)
        with self._database.read() as session:
            found = [escalation_of(row) for row in session.scalars(query.limit(limit))]
        return [self._seen_now(escalation) for escalation in found]

    def counts(self, *, staff_id: str) -> dict[View, int]:
        """Return how many escalations are in each view."""
        with self._database.read() as session:
            return {
                view: session.scalar(select(func.count()).select_from(EscalationRow).where(_in_view(view, staff_id)))
                or 0
                for view in View
            }

    def search(self, search: Search, *, limit: int = 100) -> list[Escalation]:
        """Return the escalations that fit, newest first."""
        query = _filtered(select(EscalationRow), search.acuity, search.reason)
        if search.state is not None:
            query = query.where(EscalationRow.state == search.state.value)
        if search.since is not None:
            query = query.where(EscalationRow.opened_at >= search.since)
        if search.until is not None:
            query = query.where(EscalationRow.opened_at < search.until)
        query = query.order_by(EscalationRow.number.desc()).limit(_MOST_SEARCHED)
        found: list[Escalation] = []
        with self._database.read() as session:
            for row in session.scalars(query):
                escalation = escalation_of(row)
                if _fits(escalation, search):
                    found.append(escalation)
                if len(found) == limit:
                    break
        return [self._seen_now(escalation) for escalation in found]

    def of_conversation(self, conversation_id: str) -> list[Escalation]:
        """Return all escalations of a conversation, oldest first."""
        query = select(EscalationRow).where(EscalationRow.conversation_id == conversation_id)
        with self._database.read() as session:
            return [escalation_of(row) for row in session.scalars(query.order_by(EscalationRow.number))]


def _in_view(view: View, staff_id: str) -> ColumnElement[bool]:
    is_open = EscalationRow.state != State.CLOSED.value
    return {
        View.UNCLAIMED: is_open & EscalationRow.owner.is_(None),
        View.MINE: is_open & (EscalationRow.owner == staff_id),
        View.ALL: is_open,
        View.CLOSED: ~is_open,
    }[view]


def _filtered(query: Select[EscalationRow], acuity: Acuity | None, reason: Reason | None) -> Select[EscalationRow]:
    if acuity is not None:
        query = query.where(EscalationRow.acuity == acuity.value)
    if reason is not None:
        query = query.where(EscalationRow.reason == reason.value)
    return query


def _rank() -> ColumnElement[int]:
    """Order by urgency; an unknown level stands with `same_day`: it may be anything."""
    ranks = {acuity.value: rank for rank, acuity in enumerate(Acuity)}
    return case(ranks, value=EscalationRow.acuity, else_=ranks[Acuity.SAME_DAY.value])


def _fits(escalation: Escalation, search: Search) -> bool:
    closing = escalation.closing
    if search.verdict is not None and (closing is None or closing.verdict is not search.verdict):
        return False
    if search.outcome is not None and (closing is None or closing.outcome != search.outcome):
        return False
    words = search.words.casefold().split()
    if not words:
        return True
    text = "\n".join(_text(escalation)).casefold()
    return all(word in text or escalation.id.startswith(word) for word in words)


def _text(escalation: Escalation) -> Iterator[str]:
    yield from escalation.red_flags
    yield from escalation.sbar.known()
    yield escalation.note or ""
    if escalation.closing is not None:
        yield from (escalation.closing.outcome, escalation.closing.disposition, escalation.closing.why or "")
