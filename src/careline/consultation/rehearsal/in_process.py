"""A consultation inside this process: screen and interview engine as a turn runs them, without HTTP, database or Rasa.

The checks before a publishing, the tests of the vignettes and the evaluation play their patients here, so that all
measure the same thing. Words go to the interview engine with the intention TURN: it reads them against what was asked,
as when no classifier is sure.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careline.clinical.acuity import Acuity
from careline.clinical.content import Question
from careline.clinical.phrases import corpus_hash
from careline.clinical.recognition.model import load_model
from careline.clinical.recognition.recogniser import Recogniser
from careline.clinical.red_flags import raised_red_flags
from careline.clinical.rulebook import RuleBook, load_rule_book
from careline.clinical.understanding.answers import NONE, UNSURE
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.vignette_content import Vignette
from careline.consultation.asking import greet
from careline.consultation.consultation import Asked, Consultation, Draft, Effects, House, Incoming, Stage
from careline.consultation.engine import respond
from careline.consultation.memory import Memory, memory_from, stored
from careline.consultation.ports import Intention
from careline.consultation.rehearsal.conversation import MOST_QUESTIONS, Counted, Outcome, Waiting, questions_of
from careline.consultation.release import ContentRelease
from careline.consultation.screening import screen, take_in
from careline.consultation.sentence_reader import load_reader
from careline.consultation.wording import Wording

_NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Clinic:
    """What every consultation of a run shares."""

    release: ContentRelease
    house: House

    @property
    def book(self) -> RuleBook:
        """The rules."""
        return self.release.book


def open_clinic(knowledge: Path, recogniser: Path | None = None, reader: Path | None = None) -> Clinic:
    """Load the content; there is no guidance here, the acuity does not depend on it.

    Args:
        knowledge: The content.
        recogniser: Folder of the trained recogniser; None: lexicon and rules screen alone.
        reader: Folder of the trained sentence reader, beside a recogniser; None: the words are heard alone.

    Raises:
        ContentError: The rules cannot be used.
        RecogniserError: The recogniser or the reader cannot be used with this content.
    """
    book = load_rule_book(knowledge)
    trained = None
    if recogniser is not None:
        model = load_model(recogniser, corpus_hash(knowledge))
        sentences = load_reader(reader, model.manifest, most_seconds=math.inf) if reader is not None else None
        trained = Recogniser(model, sentences)
    return clinic_of(book, Lexicon.of(book), knowledge, trained)


def clinic_of(book: RuleBook, lexicon: Lexicon, knowledge: Path, recogniser: Recogniser | None = None) -> Clinic:
    """Return a clinic with rules that are loaded already."""
    house = House(
        wording=Wording(knowledge / "wording"),
        operator="the clinic",
        signed_only=False,
        escalate_same_day=False,
        app_version="in process",
        now=lambda: _NOW,
    )
    return Clinic(ContentRelease(book.version, book, lexicon, recogniser=recogniser), house)


class InProcessConsultation:
    """One patient's conversation with the screen and the interview engine."""

    def __init__(self, clinic: Clinic, country: str | None = "GB") -> None:
        """Open the conversation: the greeting, then consent."""
        self.clinic = clinic
        self._waiting: tuple[Draft, Asked] | None = None
        self._counted = Counted(clinic.book)
        self._number = 0
        self._texts: dict[int, str] = {}
        self._said: list[str] = []
        self._is_carded_at_once: bool | None = None
        self._handed_over = False
        self._c = Consultation(
            id="in-process",
            house=clinic.house,
            release=clinic.release,
            stage=Stage.CONSENT,
            memory=Memory(),
            country=country,
            text_of=self._texts.get,
        )
        greet(self._c)
        self._deliver()

    @property
    def waiting(self) -> Waiting | None:
        """What waits for an answer; None when nothing does."""
        if self._waiting is None:
            return None
        draft, asked = self._waiting
        data = draft.data or {}
        flags = tuple(flag["id"] for flag in data.get("red_flags", ()))
        return Waiting(draft.kind, data.get("question_id"), asked.options, flags)

    @property
    def is_over(self) -> bool:
        """Whether there is a level, or nothing more to say."""
        return self._c.final or self._c.stage is Stage.CLOSED or self._counted.questions > MOST_QUESTIONS

    @property
    def outcome(self) -> Outcome:
        """How it stands."""
        memory = self._c.memory
        # Nothing here takes a finding back, so what was raised on the way is raised still.
        raised = {item.flag.id for item in raised_red_flags(memory.case, self.clinic.book)}
        return Outcome(
            acuity=self._c.acuity if self._c.final else None,
            questions=self._counted.questions,
            red_flags=frozenset(raised.union(memory.shown_flags)),
            understood=self._counted.understood,
            transcript=tuple(self._said),
            interview_questions=self._counted.interview_questions,
            items=self._counted.items,
            carded_at_once=bool(self._is_carded_at_once),
            handed_over=self._handed_over,
        )

    def write(self, text: str) -> None:
        """Send words."""
        self._texts[self._number + 1] = text
        self._take(text=text)
        if self._is_carded_at_once is None:
            self._is_carded_at_once = self._c.acuity is not None and self._c.acuity.is_emergency

    def press(self, value: Any) -> None:  # noqa: ANN401 - the contract's `value`
        """Press a button of what waits."""
        self._take(value=value)

    def _take(self, *, text: str | None = None, value: Any = None) -> None:  # noqa: ANN401 - as above
        self._number += 1
        self._said.append(f"patient: {value if text is None else text}")
        incoming = Incoming(self._number, self._waiting[1] if self._waiting else None, text, value)
        screened = dataclasses.replace(
            self._c, memory=memory_from(stored(self._c.memory)), drafts=[], effects=Effects()
        )
        if screen(screened, incoming, self.clinic.release):
            self._c = screened
        else:
            take_in(self._c, incoming, self.clinic.release)
            respond(Intention.RECORD_ANSWER if text is None else Intention.TURN, self._c, incoming)
        self._deliver()

    def _deliver(self) -> None:
        for draft in self._c.drafts:
            self._number += 1
            self._said.append(f"{draft.kind}: {draft.text.splitlines()[0]}")
            if draft.awaiting is None:
                continue
            options = tuple(option.value for option in draft.options)
            self._waiting = draft, Asked(self._number, draft.awaiting, draft.question_id, options)
            if draft.kind == "question" and not self._c.final:
                self._counted.ask((draft.data or {}).get("question_id"))
        self._handed_over = self._handed_over or bool(self._c.effects.escalations)
        self._c.drafts, self._c.effects = [], Effects()


def reassuring_answer(question: Question) -> Any:  # noqa: ANN401 - the contract's `value`
    """Return the answer that worries least."""
    if question.input == "yes_no":
        return "no" if question.worrying == "yes" else "yes"
    if question.input in ("multi", "text"):
        return NONE
    if question.input == "single":
        return min(question.options, key=lambda option: len(option.present)).value
    return UNSURE


def play_vignette(vignette: Vignette, clinic: Clinic) -> Outcome:
    """Return how the vignette's patient fares: opening, consent, then buttons; what is not listed worries least.

    Raises:
        RefusedError: An answer of the vignette does not fit its question.
    """
    consultation = InProcessConsultation(clinic)
    consultation.write(vignette.opening)
    _answer_all(consultation, vignette)
    if consultation.outcome.acuity is Acuity.ED_NOW and vignette.acuity is Acuity.EMERGENCY_NOW:
        # Told to go to hospital, the patient goes on: what is worse still must come out, and must not get lost.
        consultation.press("continue")
        _answer(consultation, vignette)  # one at least, such as consent: there is a level already
        _answer_all(consultation, vignette)
    return consultation.outcome


def _answer_all(consultation: InProcessConsultation, vignette: Vignette) -> None:
    while not consultation.is_over:
        _answer(consultation, vignette)


def _answer(consultation: InProcessConsultation, vignette: Vignette) -> None:
    waiting = consultation.waiting
    question = questions_of(consultation.clinic.book).get(waiting.question_id or "") if waiting else None
    if question is None:
        options = waiting.options if waiting else ()
        if "agree" in options:
            consultation.press("agree")
        elif waiting is not None and waiting.kind == "question" and waiting.red_flags:
            consultation.press("no")  # the recogniser asks about words only; what the patient has, its questions find
        elif options:
            consultation.press(vignette.complaint if vignette.complaint in options else options[-1])
        else:
            consultation.write(vignette.opening)
    elif question.id in vignette.unsure:
        consultation.press(UNSURE)
    else:
        answer = vignette.answers.get(question.id, reassuring_answer(question))
        consultation.press(list(answer) if isinstance(answer, tuple) else answer)
