"""What a consultation remembers between turns; kept sealed with its conversation."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

import msgspec

from careline.clinical.finding import Case, Finding


class Awaiting(enum.StrEnum):
    """What the consultation is waiting for from the patient."""

    CONSENT = "consent"
    COUNTRY = "country"  # asked below an emergency card, for the right number
    COMPLAINT = "complaint"
    COMPLAINT_CHOICE = "complaint_choice"
    SAFETY = "safety"  # whether a red flag is there that words only read like
    QUESTION = "question"
    CORRECTION_CHOICE = "correction_choice"
    EMERGENCY_REPLY = "emergency_reply"
    SAFE_TO_CALL = "safe_to_call"  # asked before contact where somebody may be watched
    CONTACT = "contact"
    OFFER = "offer"
    NOTHING = "nothing"


class Answered(msgspec.Struct, frozen=True):
    """A question that was asked and answered, so that it can be corrected and traced.

    Attributes:
        question_number: The message that asked it.
        answer_number: The message that answered it.
        findings: Ids of what it settled, as present or absent.
    """

    question_id: str
    question_number: int
    answer_number: int
    findings: tuple[str, ...] = ()


class UnreadMessage(msgspec.Struct, frozen=True):
    """A message in a language that is not read: it was not screened.

    Attributes:
        language: The language that it seems to be in (ISO 639); `und` where that is not known.
    """

    number: int
    language: str


class Memory(msgspec.Struct):
    """The state of a consultation.

    Attributes:
        findings: Latest state of each finding.
        complaints: Complaints being asked about; empty until they are chosen.
        reported: Complaints that the patient's words named, best first; chosen among once age and sex are known.
        asked: Questions that were answered, "not sure" included; they are not asked again.
        awaiting_question: The question's id, while a question is awaited.
        shown_flags: Red flags that a card was shown for.
        held: Numbers of messages written before consent.
        words: What the patient called the problem, for searching guidance.
        misunderstood: Turns in a row that were not understood.
        resume: What was awaited when something else came between, and its question.
        before_safety: What was awaited when a safety question came between, and its question.
        doubts: Red flags that words read like and that are of some people alone, with the score: asked about once it is
            known that the patient may be one.
        safety_asked: Red flags that were asked about, and the score of the words that led to it.
        safety_questions: How many safety questions were asked.
        unsure_flags: Red flags that were asked about and left open.
        before_clinician: Stage, what was awaited and its question when a clinician joined.
        watch_asked: Red flags by which somebody may watch the patient, asked about and not answered yet.
        may_be_watched: Whether something told that somebody may watch the patient, or a question about it was left
            open; once true it stays.
        way_out: Whether a way to leave at once was offered; once true it stays.
        safe_to_call: What the patient answered to that question: yes, no or unsure; None when not asked.
        kept_notice: What is to be told of the escalation as soon as the patient, who may be watched, writes.
        met_as_young: Whether the patient was greeted as a young person.
        at_least: The level that is advised at least, since the patient said later that they are worse.
        unread: Messages that were not screened, since they are in a language that is not read.
    """

    findings: list[Finding] = []
    complaints: list[str] = []
    reported: list[str] = []
    asked: list[str] = []
    answered: list[Answered] = []
    awaiting: Awaiting = Awaiting.CONSENT
    awaiting_question: str | None = None
    consented: bool = False
    shown_flags: list[str] = []
    held: list[int] = []
    words: str | None = None
    misunderstood: int = 0
    resume: tuple[Awaiting, str | None] | None = None
    wants_human: bool = False
    before_safety: tuple[Awaiting, str | None] | None = None
    doubts: dict[str, float] = {}
    safety_asked: dict[str, float] = {}
    safety_questions: int = 0
    unsure_flags: list[str] = []
    before_clinician: tuple[str, Awaiting, str | None] | None = None
    watch_asked: list[str] = []
    may_be_watched: bool = False
    way_out: bool = False
    safe_to_call: str | None = None
    kept_notice: str | None = None
    met_as_young: bool = False
    unread: list[UnreadMessage] = []
    at_least: str | None = None

    @property
    def case(self) -> Case:
        """What is known, as the clinical engine reads it."""
        return Case(
            {finding.id: finding for finding in self.findings}, tuple(self.complaints), tuple(self.unsure_flags)
        )

    def keep(self, case: Case) -> None:
        """Take over what a message or answer added."""
        self.findings = list(case.findings.values())
        self.complaints = list(case.complaints)


def memory_from(stored: dict[str, Any]) -> Memory:
    """Return the memory as it was stored."""
    return msgspec.convert(stored, Memory)


def stored(memory: Memory) -> dict[str, Any]:
    """Return the memory as it is stored."""
    kept: dict[str, Any] = msgspec.to_builtins(memory)
    return kept


def is_quiet(kept: Mapping[str, Any]) -> bool:
    """Return, of a memory as it is stored, whether nobody may write or call unasked: see `Consultation.is_quiet`."""
    return bool(kept.get("may_be_watched") or kept.get("watch_asked"))


def shows_way_out(kept: Mapping[str, Any]) -> bool:
    """Return, of a memory as it is stored, whether a way to leave at once is offered."""
    return bool(kept.get("way_out")) or is_quiet(kept)
