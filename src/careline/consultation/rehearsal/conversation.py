"""What a played patient needs of a conversation, whichever way it is held: inside this process or over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from careline.clinical.acuity import Acuity
from careline.clinical.content import Question
from careline.clinical.rulebook import RuleBook

MOST_QUESTIONS = 40  # a patient who was asked more would have left


@dataclass(frozen=True)
class Waiting:
    """A message of ours that waits for an answer.

    Attributes:
        kind: As in the HTTP contract.
        question_id: The question of the content, or one of the consultation's own (`complaint`, `complaint_choice`).
        options: Values of its buttons.
        red_flags: Flags that a safety question asks about.
    """

    kind: str
    question_id: str | None
    options: tuple[str, ...]
    red_flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """How a consultation ended.

    Attributes:
        acuity: None when it ended without a level.
        questions: Questions asked until then, the intake's included.
        interview_questions: Those after the intake; a checklist counts as one.
        items: What was shown in them, each line of a checklist by itself.
        red_flags: Every flag that was raised on the way; over HTTP, those that a card named.
        understood: Whether the complaint was found in the patient's words; else they chose it from a list.
        carded_at_once: Whether the first message was answered with emergency advice.
        handed_over: Whether an escalation was opened.
        transcript: What was said, one line each.
    """

    acuity: Acuity | None
    questions: int
    red_flags: frozenset[str]
    understood: bool
    transcript: tuple[str, ...]
    interview_questions: int = 0
    items: int = 0
    carded_at_once: bool = False
    handed_over: bool = False


class Conversation(Protocol):
    """One patient's conversation."""

    @property
    def waiting(self) -> Waiting | None:
        """What waits for an answer; None when nothing does."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether there is a level, or nothing more to say."""
        ...

    @property
    def outcome(self) -> Outcome:
        """How it stands."""
        ...

    def write(self, text: str) -> None:
        """Send words."""
        ...

    def press(self, value: Any) -> None:  # noqa: ANN401 - the contract's `value`
        """Press a button of what waits."""
        ...


def questions_of(book: RuleBook) -> Mapping[str, Question]:
    """Return every question of the content by id."""
    everywhere = (*book.intake.questions, *(q for protocol in book.protocols.values() for q in protocol.questions))
    return {compiled.question.id: compiled.question for compiled in everywhere}


class Counted:
    """Counts what a conversation asks."""

    def __init__(self, book: RuleBook) -> None:
        """Begin at nothing; `book` says which questions are the intake's."""
        self._intake = {compiled.question.id for compiled in book.intake.questions} | {"complaint", "complaint_choice"}
        self._questions = questions_of(book)
        self.questions = self.interview_questions = self.items = 0
        self.understood = True

    def ask(self, question_id: str | None) -> None:
        """Take note of a question."""
        self.questions += 1
        self.understood = self.understood and question_id != "complaint_choice"
        if question_id in self._intake:
            return
        self.interview_questions += 1
        question = self._questions.get(question_id or "")
        self.items += len(question.options) if question is not None and question.input == "multi" else 1
