"""Scripted patients: they answer honestly what was asked, and nothing more.

What a case's opening, facts and denials mean is written down in findings (`knows`), so that a question is matched to a
fact by meaning. What nothing settles gets the arm's reply: the case's own `unstated`, or "not sure" to everything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from careline.clinical.conditions import Truth, truth
from careline.clinical.content import Option, Question
from careline.clinical.finding import Case, Finding, Presence
from careline.clinical.rulebook import RuleBook
from careline.clinical.understanding.answers import NONE, UNSURE
from careline.clinical.understanding.units import converted
from careline.clinical.vignette_content import Form, ScriptedPatient
from careline.consultation.rehearsal.conversation import Conversation, Outcome, questions_of
from careline.consultation.rehearsal.in_process import reassuring_answer

FORMS: tuple[Form, ...] = ("full", "terse", "messy")
Arm = Literal["own", "unsure"]
ARMS: tuple[Arm, ...] = ("own", "unsure")
_CHILD_YEARS = 16
_YEARS = {"years": 1.0, "months": 1 / 12, "weeks": 7 / 365.25, "days": 1 / 365.25}


@dataclass
class HonestPatient:
    """Answers as the script allows."""

    patient: ScriptedPatient
    book: RuleBook
    arm: Arm
    opening: str
    _questions: Mapping[str, Question] = field(init=False)

    def __post_init__(self) -> None:
        """Look up the questions once."""
        self._questions = questions_of(self.book)

    def answer(self, conversation: Conversation) -> None:
        """Answer what is asked now."""
        waiting = conversation.waiting
        if waiting is not None and waiting.red_flags and waiting.kind == "question":
            conversation.press(self._safety(waiting.red_flags))
            return
        question = self._questions.get(waiting.question_id or "") if waiting is not None else None
        if question is not None and waiting is not None:
            value = self._intake(question) if question.id in _INTAKE else self._asked(question)
            if value == UNSURE and UNSURE not in waiting.options:
                conversation.write("I'm not sure")
            else:
                conversation.press(value)
        elif waiting is None or not waiting.options:
            conversation.write(self.opening)
        else:
            # Who knows what the problem is finds it on a list, or takes the last: something else.
            named = [value for value in waiting.options if value == self.patient.complaint]
            conversation.press(named[0] if named else waiting.options[-1])

    def _presence(self, finding: str) -> Presence:
        knows = self.patient.knows
        if finding in knows.present or finding in knows.values:
            return Presence.PRESENT
        if finding in knows.absent or (self.arm == "own" and self.patient.unstated == "no"):
            return Presence.ABSENT
        return Presence.UNKNOWN

    def _safety(self, flags: Sequence[str]) -> str:
        knows = self.patient.knows
        found = [Finding(finding) for finding in knows.present]
        found += [Finding(finding, value=value) for finding, value in knows.values.items()]
        case = Case({finding.id: finding for finding in found}, (self.patient.complaint,))
        for flag_id in flags:
            when = self.book.red_flags[flag_id].when
            if flag_id in knows.present or (when is not None and truth(when, case) is Truth.YES):
                return "yes"
        return "no" if all(self._presence(flag) is Presence.ABSENT for flag in flags) else UNSURE

    def _intake(self, question: Question) -> Any:  # noqa: ANN401 - the contract's `value`
        person = self.patient.person
        if question.id == "q_for_whom":
            if self.patient.reporter == "self":
                return "self"
            return "child" if years_of(person.age) < _CHILD_YEARS else "adult"
        if question.id == "q_age":
            number, unit = person.age.split()
            return {"number": float(number), "unit": unit}
        if question.id == "q_sex":
            return person.sex
        if question.id == "q_pregnant":
            is_after_birth = "postpartum" in person.pregnant
            return {"no": "no", "unknown": UNSURE}.get(person.pregnant, "no" if is_after_birth else "yes")
        if question.id == "q_medicines":
            return UNSURE if "unknown" in person.medicines else ", ".join(person.medicines) or NONE
        return NONE if self.patient.unstated == "no" and self.arm == "own" else UNSURE  # allergies

    def _asked(self, question: Question) -> Any:  # noqa: ANN401 - the contract's `value`
        if question.input == "multi":
            return self._ticked(question)
        if question.input == "single":
            return self._chosen(question)
        if question.input == "yes_no":
            other = "no" if question.worrying == "yes" else "yes"
            answers = {Presence.PRESENT: question.worrying, Presence.ABSENT: other, Presence.UNKNOWN: UNSURE}
            return answers[self._presence(question.finding or "")]
        if question.input == "number":
            return self._number(question)
        return UNSURE

    def _ticked(self, question: Question) -> Any:  # noqa: ANN401 - the contract's `value`
        states = {option.value: self._presence(option.present[0]) for option in question.options}
        ticked = [value for value, state in states.items() if state is Presence.PRESENT]
        if ticked:
            return ticked
        return UNSURE if Presence.UNKNOWN in states.values() else NONE

    def _chosen(self, question: Question) -> str:
        values = self.patient.knows.values
        if question.finding is not None and question.finding in values:
            of_value = [option.value for option in question.options if option.choice == values[question.finding]]
            if of_value:
                return of_value[0]
        fitting = [option for option in question.options if self._fits(option)]
        if fitting:
            return max(fitting, key=lambda option: len(option.present) + len(option.absent)).value
        is_open = any(self._presence(f) is Presence.UNKNOWN for option in question.options for f in option.present)
        return UNSURE if is_open or not any(o.present for o in question.options) else str(reassuring_answer(question))

    def _fits(self, option: Option) -> bool:
        """Return whether the option says what the patient knows, and something they know."""
        return (
            bool(option.present)
            and all(self._presence(finding) is Presence.PRESENT for finding in option.present)
            and not any(self._presence(finding) is Presence.PRESENT for finding in option.absent)
        )

    def _number(self, question: Question) -> Any:  # noqa: ANN401 - the contract's `value`
        finding = question.finding or ""
        known = self.patient.knows.values.get(finding)
        if not isinstance(known, int | float) or question.number is None:
            return UNSURE
        unit = self.book.findings[finding].unit or question.number.units[0]
        asked_in = unit if unit in question.number.units else question.number.units[0]
        number = converted(float(known), unit, asked_in)
        return UNSURE if number is None else {"number": round(number, 2), "unit": asked_in}


_INTAKE = frozenset({"q_for_whom", "q_age", "q_sex", "q_pregnant", "q_medicines", "q_allergies"})


def play(conversation: Conversation, patient: ScriptedPatient, book: RuleBook, *, opening: str, arm: Arm) -> Outcome:
    """Return how the patient fares who begins with `opening` and answers as `arm` says."""
    honest = HonestPatient(patient, book, arm, opening)
    conversation.write(opening)
    while not conversation.is_over:
        waiting = conversation.waiting
        if waiting is not None and waiting.kind == "consent":
            conversation.press("agree")
        else:
            honest.answer(conversation)
    return conversation.outcome


def years_of(age: str) -> float:
    """Return an age such as "7 weeks" in years."""
    number, unit = re.findall(r"(\d+) (\w+)", age)[0]
    return float(number) * _YEARS[unit]
