"""A row of the queue, ready to be shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from careline.consoles.clinician import words
from careline.escalation.escalation import Acuity, Escalation, State

_NOT_IN_PERSON = frozenset({State.OPEN, State.ACKNOWLEDGED})
_URGENT = frozenset({Acuity.EMERGENCY_NOW, Acuity.ED_NOW})


@dataclass(frozen=True)
class Row:
    """One case of a list.

    Attributes:
        level_key: For the colour; `none` without a level.
        subject: What it is about: red flags by title, else the reason.
        patient: Age band, sex and for whom, as far as known.
        waits: Whether nobody has it, so that the patient waits.
        overdue: By how much the target is passed, in words; None while it is not, or nobody waits.
        target: In words; None where there is none.
        left: Where it is now, if it is no longer in the list that is shown.
    """

    id: str
    short_id: str
    level_key: str
    level: str
    is_emergency: bool
    reason: str
    subject: str
    patient: str
    presence: str
    presence_key: str
    opened_at: dt.datetime
    waited: str
    waits: bool
    is_closed: bool
    target: str | None
    overdue: str | None
    state: str
    owner: str | None
    owner_id: str | None
    since: str | None
    contacts: int
    outcome: str | None
    verdict: str | None
    has_callback: bool
    may_be_watched: bool
    watch_asked: bool
    left: str | None = None

    @property
    def shown_as(self) -> str:
        """What the browser gives back to say that it shows this row, at this level."""
        return f"{self.id}~{self.level_key}"


def row_of(
    escalation: Escalation, *, now: dt.datetime, flag_title: Callable[[str], str], left: str | None = None
) -> Row:
    """Return the row of an escalation."""
    waits = escalation.state in _NOT_IN_PERSON
    deadline, closing = escalation.deadline_at, escalation.closing
    is_late = waits and deadline is not None and now > deadline
    reason = words.REASONS[escalation.reason]
    owner = escalation.owner
    return Row(
        id=escalation.id,
        short_id=escalation.id[-6:],
        level_key=escalation.acuity.value if escalation.acuity else "none",
        level=words.level(escalation.acuity),
        is_emergency=escalation.acuity in _URGENT,
        reason=reason,
        subject="; ".join(map(flag_title, escalation.red_flags)) or reason,
        patient=_patient(escalation),
        presence=words.PRESENCES.get(escalation.patient.presence, words.PRESENCES["unknown"]),
        presence_key=escalation.patient.presence,
        opened_at=escalation.opened_at,
        waited=words.stopwatch(now - escalation.opened_at),
        waits=waits,
        is_closed=escalation.state is State.CLOSED,
        target=_target(escalation),
        overdue=words.span(now - deadline) if is_late and deadline is not None else None,
        state=words.STATES[escalation.state],
        owner=owner.name if owner else None,
        owner_id=owner.id if owner else None,
        since=words.clock(escalation.claimed_at) if escalation.claimed_at else None,
        contacts=len(escalation.linked) + 1,
        outcome=words.outcome(closing.outcome) if closing else None,
        verdict=words.VERDICTS[closing.verdict] if closing and closing.verdict else None,
        has_callback=escalation.patient.has_callback,
        may_be_watched=escalation.patient.may_be_watched,
        watch_asked=escalation.patient.watch_asked,
        left=left,
    )


def _target(escalation: Escalation) -> str | None:
    """Return how long the wait may be; of a case that got worse meanwhile, until when it may be."""
    deadline = escalation.deadline_at
    if deadline is None:
        return None
    if escalation.raised_at is not None:
        return f"to be seen by {words.clock(deadline)} UTC"
    return f"target {words.span(deadline - escalation.opened_at)}"


def _patient(escalation: Escalation) -> str:
    outline = escalation.patient
    known: Sequence[str | None] = (
        f"age {outline.age_band}" if outline.age_band else "age not known",
        outline.sex.replace("_", " ") if outline.sex else "sex not known",
        "pregnant" if outline.pregnant == "present" else None,
        words.whom(outline.for_whom),
    )
    return ", ".join(part for part in known if part)
