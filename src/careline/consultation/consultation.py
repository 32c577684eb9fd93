"""A consultation in one turn: a working copy that the engine changes and the turn writes back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from careline.clinical.acuity import Acuity
from careline.clinical.rulebook import RuleBook
from careline.clinical.understanding.message import MessageReading
from careline.clinical.watched import may_be_watched
from careline.consultation.memory import Awaiting, Memory, UnreadMessage
from careline.consultation.release import ContentRelease
from careline.consultation.wording import Wording
from careline.escalation.duty.roster import DutyNow
from careline.escalation.escalation import EscalationRequest, Event


class Stage(enum.StrEnum):
    """How far the consultation is; the HTTP contract's `state`."""

    CONSENT = "consent"
    INTAKE = "intake"
    INTERVIEW = "interview"
    ADVISED = "advised"
    WITH_CLINICIAN = "with_clinician"
    CLOSED = "closed"


@dataclass(frozen=True)
class Choice:
    """A button: `value` comes back when it is pressed; `exclusive` ones stand alone in a checklist."""

    value: str
    title: str
    exclusive: bool = False
    says: tuple[str, ...] = ()  # other words for it, never shown


@dataclass(frozen=True)
class Draft:
    """A message to the patient before it has a number.

    Attributes:
        kind: As in the HTTP contract.
        text: Complete and safe to show alone.
        awaiting: What the consultation waits for after it; None when it waits for nothing.
        question_id: The question that it asks, for corrections.
    """

    kind: str
    text: str
    lang: str
    options: tuple[Choice, ...] = ()
    data: dict[str, Any] | None = None
    awaiting: Awaiting | None = None
    question_id: str | None = None


@dataclass(frozen=True)
class Asked:
    """A message of ours that waits, or waited, for an answer.

    Attributes:
        is_current: Whether it is the one awaited now; else a button of it is a correction.
    """

    number: int
    awaiting: Awaiting
    question_id: str | None = None
    options: tuple[str, ...] = ()
    is_current: bool = True


@dataclass(frozen=True)
class Incoming:
    """A patient's message in this turn: words, or a button's value.

    Attributes:
        number: Its number in the conversation.
        asked: What it answers: for a button its message, for words the message awaited now.
        text: The words; None for a button.
        value: The button's value, of the shape that its question wants.
        reading: What the newest release read in the whole of the words, which may be longer than what is kept.
    """

    number: int
    asked: Asked | None = None
    text: str | None = None
    value: Any = None
    reading: MessageReading | None = None


@dataclass(frozen=True)
class CaseEvent:
    """A line for the append-only log of the case."""

    kind: str
    details: dict[str, Any]


@dataclass
class Effects:
    """What a turn does besides replying; carried out in the transaction that stores it."""

    escalations: list[EscalationRequest] = field(default_factory=list)
    escalation_events: list[Event] = field(default_factory=list)
    case_events: list[CaseEvent] = field(default_factory=list)
    contact: dict[str, str] | None = None
    unanswered: list[str] = field(default_factory=list)
    searches: list[tuple[str, str | None]] = field(default_factory=list)  # verdict, and the first article
    feedback: str | None = None
    erase_messages: list[int] = field(default_factory=list)
    unread: list[UnreadMessage] = field(default_factory=list)


@dataclass(frozen=True)
class House:
    """What every consultation of this installation shares.

    Attributes:
        operator: Name shown to patients; None when it has none.
        signed_only: Whether unsigned articles and protocols are withheld.
        escalate_same_day: Whether an assessment of `same_day` opens an escalation.
        app_version: Stamped on every assessment.
        now: The clock; aware times in UTC.
    """

    wording: Wording
    operator: str | None
    signed_only: bool
    escalate_same_day: bool
    app_version: str
    now: Callable[[], dt.datetime]

    def operator_in(self, language: str) -> str:
        """Return how the operator is called in a sentence of this language."""
        return self.operator or self.wording.say("operator-without-name", language)


@dataclass
class Consultation:
    """The working copy of one consultation in one turn.

    Attributes:
        newest: The release in force, which screens; None where it is the consultation's own.
        contact_key: Of who writes; None when that is not known.
        earlier_escalations: Of the same person, in the last days, in other conversations.
        escalation_state: Of the escalation that is not closed, if there is one.
        has_contact: Whether a way to reach the patient was left with that escalation: it is not asked for again.
        text_of: Returns the patient's words of a message by its number, for quoting them.
        duty: Returns who is on duty now, and when somebody is next.
    """

    id: str
    house: House
    release: ContentRelease
    stage: Stage
    memory: Memory
    locale: str = "en"
    country: str | None = None
    acuity: Acuity | None = None
    final: bool = False
    degraded: bool = False
    escalation_id: str | None = None
    contact_key: str | None = None
    earlier_escalations: tuple[str, ...] = ()
    escalation_state: str | None = None
    has_contact: bool = False
    text_of: Callable[[int], str | None] = lambda _number: None
    duty: Callable[[], DutyNow] = DutyNow
    drafts: list[Draft] = field(default_factory=list)
    effects: Effects = field(default_factory=Effects)
    newest: ContentRelease | None = None

    @property
    def language(self) -> str:
        """The language it is held in: that of the patient's locale, where both sentences and content have it."""
        return self.release.language

    @property
    def rule_books(self) -> tuple[RuleBook, ...]:
        """The rules that what was asked may be of: the consultation's own, and those of the release in force."""
        return (self.release.book,) if self.newest is None else (self.release.book, self.newest.book)

    @property
    def is_for_another(self) -> bool:
        """Whether somebody writes for the patient."""
        return self.memory.case.value("for_whom") in ("child", "adult")

    @property
    def may_be_watched(self) -> bool:
        """Whether somebody may watch the patient: something told so, or a question about it was left open."""
        return self.memory.may_be_watched or may_be_watched(self.memory.case, self.release.book)

    @property
    def is_quiet(self) -> bool:
        """Whether nobody writes or calls unasked: the patient may be watched, or is being asked about it."""
        return self.may_be_watched or bool(self.memory.watch_asked)

    @property
    def shows_way_out(self) -> bool:
        """Whether a way to leave at once is offered: it is not taken away again, whatever is answered."""
        return self.memory.way_out or self.is_quiet

    def for_clinicians(self) -> Consultation:
        """Return the same with the content as its rules were written: what clinicians read is in one language."""
        original = self.release.original
        return self if original is None else dataclasses.replace(self, release=original)

    def wording(self, sentence_id: str, **values: str | int | float) -> str:
        """Return a catalogued sentence in the consultation's language."""
        return self.house.wording.say(sentence_id, self.language, **values)

    def send(
        self,
        kind: str,
        text: str,
        *,
        options: Iterable[Choice] = (),
        data: dict[str, Any] | None = None,
        awaiting: Awaiting | None = None,
        question_id: str | None = None,
        language: str | None = None,
    ) -> None:
        """Add a message to the reply; with `awaiting`, the consultation waits for the answer to it.

        `language` is that of the text where it is not the consultation's.
        """
        self.drafts.append(Draft(kind, text, language or self.language, tuple(options), data, awaiting, question_id))
        if awaiting is not None:
            self.memory.awaiting = awaiting
            self.memory.awaiting_question = question_id

    def say(self, kind: str, sentence_id: str, **values: str | int | float) -> None:
        """Add a catalogued sentence to the reply."""
        self.send(kind, self.wording(sentence_id, **values))

    def choice(self, value: str, *says: str) -> Choice:
        """Return a button whose title is the catalogue's `option-<value>`."""
        return Choice(value, self.wording(f"option-{value.replace('_', '-')}"), says=says)

    def log(self, kind: str, **details: object) -> None:
        """Add a line to the log of the case."""
        self.effects.case_events.append(CaseEvent(kind, details))
