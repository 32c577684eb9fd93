"""A consultation in memory, without database, dialogue engine or clock: words and buttons in, messages out."""

from __future__ import annotations

import functools
from typing import Any

from careline.consultation.asking import greet
from careline.consultation.consultation import Asked, Consultation, Draft, Effects, House, Incoming, Stage
from careline.consultation.engine import respond
from careline.consultation.memory import Awaiting, Memory, memory_from, stored
from careline.consultation.ports import Intention
from careline.consultation.release import ContentRelease
from careline.consultation.screening import screen, take_in
from careline.consultation.wording import Wording
from careline.guidance.search import Guidance
from tests.support.house import KNOWLEDGE, Clock, lexicon, reassuring, rule_book

ADULT = {"q_age": {"number": 24, "unit": "years"}, "q_sex": "male", "q_for_whom": "self"}


@functools.cache
def wording() -> Wording:
    """The repository's sentences, read once."""
    return Wording(KNOWLEDGE / "wording")


class Interview:
    """A patient's side of a consultation.

    Attributes:
        c: The consultation, as it is after the last message.
        keeps_contact: Whether the request for a clinician has a way to reach the patient, as the store would say.
    """

    keeps_contact = False

    def __init__(self, *, guidance: Guidance | None = None, country: str | None = "GB", same_day: bool = False) -> None:
        house = House(
            wording(), "Test Clinic", signed_only=False, escalate_same_day=same_day, app_version="0", now=Clock()
        )
        release = ContentRelease("testrelease", rule_book(), lexicon(), guidance)
        self._said: dict[int, str] = {}
        self.c = Consultation("con_1", house, release, Stage.CONSENT, Memory(), country=country, text_of=self._said.get)
        self._asked: Asked | None = None
        self.last_number = 0
        greet(self.c)
        self._number_drafts()

    def write(self, text: str, intention: Intention = Intention.TURN) -> list[Draft]:
        """Write, and have it understood as `intention`; an emergency is answered by the screen instead."""
        return self._turn(intention, Incoming(self._next(text), self.asked, text=text))

    def press(self, value: Any, *, asked: Asked | None = None) -> list[Draft]:
        return self._turn(Intention.RECORD_ANSWER, Incoming(self._next(""), asked or self.asked, value=value))

    def until_complaint(self) -> None:
        """Answer the intake, up to the question for the problem in the patient's own words."""
        while self.asked.awaiting is not Awaiting.COMPLAINT:
            self.press(ADULT.get(str(self.question_id)) or reassuring(str(self.question_id)))

    def until(self, question_id: str | None, answers: dict[str, Any]) -> list[Draft]:
        """Answer by buttons until this question is asked, or to the end; what is not listed gets the mildest answer."""
        drafts = self.c.drafts
        while not self.c.final and self.question_id != question_id:
            assert self.question_id is not None, self.asked
            drafts = self.press(answers.get(self.question_id) or reassuring(self.question_id))
        return drafts

    @property
    def asked(self) -> Asked:
        """What the last message that asked something asked."""
        assert self._asked is not None
        return self._asked

    @property
    def question_id(self) -> str | None:
        """The question of the content that is awaited."""
        return self.asked.question_id

    @property
    def text(self) -> str:
        """All that the last turn said."""
        return "\n".join(draft.text for draft in self.c.drafts)

    def _turn(self, intention: Intention, incoming: Incoming) -> list[Draft]:
        before = self.c
        self.c = self._copy(before)
        if not screen(self.c, incoming, self.c.release):
            self.c = self._copy(before)
            take_in(self.c, incoming, self.c.release)
            respond(intention, self.c, incoming)
        return self._number_drafts()

    def _copy(self, c: Consultation) -> Consultation:
        kept = {
            name: getattr(c, name) for name in ("house", "release", "stage", "locale", "country", "acuity", "final")
        }
        memory = memory_from(stored(c.memory))
        return Consultation(
            c.id,
            memory=memory,
            degraded=c.degraded,
            has_contact=self.keeps_contact,
            text_of=self._said.get,
            effects=Effects(),
            **kept,
        )

    def _next(self, text: str) -> int:
        self.last_number += 1
        self._said[self.last_number] = text
        return self.last_number

    def _number_drafts(self) -> list[Draft]:
        for draft in self.c.drafts:
            self.last_number += 1
            if draft.awaiting is not None:
                options = tuple(option.value for option in draft.options)
                self._asked = Asked(self.last_number, draft.awaiting, draft.question_id, options)
        return self.c.drafts
