"""What editors make of clinicians' verdicts: each "too high" or "too low" is looked at; what came of it is kept."""

from __future__ import annotations

import datetime as dt
import enum
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from careline.clinical.acuity import Acuity
from careline.escalation.case_snapshot import CaseSnapshot, case_from
from careline.escalation.errors import ReviewStepError, UnknownEscalationError
from careline.escalation.escalation import Event, State, Verdict
from careline.escalation.tables import EscalationEventRow, EscalationRow, VerdictReviewRow
from careline.storage.database import Database

_MOST_CASES = 500  # the newest closed ones
_MOST_NOTE = 1_000
_DOUBTED = (Verdict.TOO_HIGH, Verdict.TOO_LOW)

Record = Callable[[Session, str, str, str, Mapping[str, str | int]], None]


class ReviewState(enum.StrEnum):
    """How far the editors are with a verdict."""

    OPEN = "open"
    LOOKED_AT = "looked_at"
    CHANGE_MADE = "change_made"
    NO_CHANGE = "no_change"


@dataclass(frozen=True)
class ReviewStep:
    """One step of an editor's.

    Attributes:
        path, revision: The content that was changed.
    """

    state: ReviewState
    name: str
    at: dt.datetime
    note: str
    path: str | None
    revision: int | None


@dataclass(frozen=True)
class FiredRule:
    """A red flag or rule that held; without a level it raised what others found."""

    id: str
    text: str
    acuity: Acuity | None
    is_flag: bool


@dataclass(frozen=True)
class OpenQuestion:
    """A question about danger to life that was open, and for which the level was higher."""

    id: str
    text: str


@dataclass(frozen=True)
class DoubtedTriage:
    """A case whose triage a clinician called too high or too low: what concerns the content, nothing of the patient.

    Attributes:
        triage: The level that triage gave.
        disposition: Where the clinician sent the patient: a level or other words.
        why: The clinician's words, as they wrote them: redact them before they are shown.
        complaints: Titles of what was asked about.
        fired: Empty where the patient's words, and with them the case, were erased; then the flags' ids alone.
        raised_by: What was open, where that and no rule gave the level; else none.
        state: Open again when the case was closed anew after the last step.
    """

    escalation_id: str
    closed_at: dt.datetime
    verdict: Verdict
    triage: Acuity | None
    disposition: str
    why: str
    complaints: tuple[str, ...]
    fired: tuple[FiredRule, ...]
    raised_by: tuple[OpenQuestion, ...]
    state: ReviewState
    steps: tuple[ReviewStep, ...]


class VerdictReviews:
    """The queue of verdicts."""

    def __init__(self, database: Database, record: Record, now: Callable[[], dt.datetime]) -> None:
        """Take the parts; `record` writes a line into the audit trail, in the same transaction."""
        self._database = database
        self._record = record
        self._now = now

    def doubted(self) -> list[DoubtedTriage]:
        """Return the cases that were called too high or too low: too low first, then the newest."""
        with self._database.read() as session:
            rows = session.scalars(
                select(EscalationRow)
                .where(EscalationRow.state == State.CLOSED.value)
                .order_by(EscalationRow.number.desc())
                .limit(_MOST_CASES)
            ).all()
            rows = [row for row in rows if row.closing and row.closing.get("verdict") in _DOUBTED]
            closed = _closed_at(session, [row.id for row in rows])
            steps = _steps(session, [row.id for row in rows])
            found = [_doubted(row, closed[row.id], steps[row.id]) for row in rows if row.id in closed]
        return sorted(found, key=lambda one: (one.verdict is not Verdict.TOO_LOW, -one.closed_at.timestamp()))

    def take_step(
        self,
        escalation_id: str,
        state: ReviewState,
        note: str,
        *,
        account_id: str,
        name: str,
        path: str | None = None,
        revision: int | None = None,
    ) -> None:
        """Keep a step with a verdict.

        Raises:
            UnknownEscalationError: There is no closed case with such a verdict.
            ReviewStepError: A reason or the changed content is missing, or the note is too long.
        """
        note = " ".join(note.split())
        if state is ReviewState.NO_CHANGE and not note:
            raise ReviewStepError("note", "Say why nothing is to be changed.")
        if state is ReviewState.CHANGE_MADE and (path is None or revision is None):
            raise ReviewStepError("change", "Name the item and the revision that was changed.")
        if len(note) > _MOST_NOTE:
            raise ReviewStepError("note", f"Use at most {_MOST_NOTE} characters.")
        with self._database.write() as session:
            row = session.scalar(select(EscalationRow).where(EscalationRow.id == escalation_id))
            if row is None or row.state != State.CLOSED.value or (row.closing or {}).get("verdict") not in _DOUBTED:
                raise UnknownEscalationError
            is_change = state is ReviewState.CHANGE_MADE
            session.add(
                VerdictReviewRow(
                    escalation_id=escalation_id,
                    at=self._now(),
                    state=state.value,
                    account_id=account_id,
                    name=name,
                    note=note,
                    path=path if is_change else None,
                    revision=revision if is_change else None,
                )
            )
            self._record(session, account_id, "verdict_reviewed", escalation_id, {"state": state.value})


def _closed_at(session: Session, ids: Sequence[str]) -> dict[str, dt.datetime]:
    closed = (
        select(EscalationEventRow.escalation_id, func.max(EscalationEventRow.at))
        .where(EscalationEventRow.event == Event.CLOSED.value, EscalationEventRow.escalation_id.in_(ids))
        .group_by(EscalationEventRow.escalation_id)
    )
    return {escalation_id: _aware(at) for escalation_id, at in session.execute(closed)}


def _aware(at: dt.datetime) -> dt.datetime:
    return at if at.tzinfo is not None else at.replace(tzinfo=dt.UTC)


def _steps(session: Session, ids: Sequence[str]) -> dict[str, list[ReviewStep]]:
    found: dict[str, list[ReviewStep]] = defaultdict(list)
    rows = session.scalars(
        select(VerdictReviewRow).where(VerdictReviewRow.escalation_id.in_(ids)).order_by(VerdictReviewRow.id)
    )
    for row in rows:
        step = ReviewStep(ReviewState(row.state), row.name, row.at, row.note, row.path, row.revision)
        found[row.escalation_id].append(step)
    return found


def _doubted(row: EscalationRow, closed_at: dt.datetime, steps: Sequence[ReviewStep]) -> DoubtedTriage:
    closing = row.closing or {}
    case = case_from(row.case) if row.case is not None else None
    is_newer = bool(steps) and steps[-1].at >= closed_at
    return DoubtedTriage(
        escalation_id=row.id,
        closed_at=closed_at,
        verdict=Verdict(closing["verdict"]),
        triage=Acuity(row.acuity) if row.acuity else None,
        disposition=str(closing.get("disposition") or ""),
        why=str(closing.get("why") or ""),
        complaints=case.complaints if case is not None else (),
        fired=_fired(case, row.details.get("red_flags", ())),
        raised_by=_raised_by(case),
        state=steps[-1].state if is_newer else ReviewState.OPEN,
        steps=tuple(steps),
    )


def _fired(case: CaseSnapshot | None, flags: Sequence[str]) -> tuple[FiredRule, ...]:
    if case is None:
        return tuple(FiredRule(flag, "", None, is_flag=True) for flag in flags)
    raised = (FiredRule(flag.id, flag.title, flag.acuity, is_flag=True) for flag in case.all_flags())
    rules = (FiredRule(rule.id, rule.text, rule.acuity, is_flag=False) for rule in case.rules)
    return (*raised, *rules)


def _raised_by(case: CaseSnapshot | None) -> tuple[OpenQuestion, ...]:
    if case is None or not case.is_floored:
        return ()
    return tuple(OpenQuestion(one.id, one.text) for one in case.questions if one.life_threat and one.is_open)
