"""Patients from a file of scripted cases, who answer honestly: what was asked, and nothing more.

A case has an `opening` in several forms, the `person`, `facts` (questions in one or more wordings, the answer, and
whether the first wording is answered yes or no), what the person `denies`, what they say to everything else
(`unstated`), and `gold` with the level and those that can be defended. Our questions are matched to the facts by
overlap of words and of the findings that both name: rough, and good for finding faults, not for claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from benchmarks.consulting import Clinic, InProcessConsultation, Outcome, reassuring_answer
from careline.clinical.acuity import Acuity
from careline.clinical.content import Option, Question
from careline.clinical.finding import Presence
from careline.clinical.understanding.answers import NONE, UNSURE
from careline.clinical.understanding.message import read_message
from careline.guidance.words import topic_stems

Form = Literal["full", "terse", "messy"]
FORMS: tuple[Form, ...] = ("full", "terse", "messy")
_NEAR_ENOUGH = 0.5  # of the words of the shorter of two wordings
_MOST_TRIES = 2  # the same question put again: the script has no other words
_CHILD_YEARS = 16
_ABLE = re.compile(
    r"^(?:can|is|are|do|does|has|have)\b.*\b(?:normal\w*|usual|alert|awake|talking|safe|able|drink\w*)\b|^can "
)
_UNABLE = re.compile(r"\b(?:not|no|cannot|can't|hardly|hard|trouble|too|unable|stopped|less|little|without)\b", re.I)


class Person(msgspec.Struct, frozen=True):
    """Whom the case is about; "unknown" where the reporter cannot know."""

    age: str
    sex: str
    pregnant: str = "no"
    conditions: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()


class Fact(msgspec.Struct, frozen=True):
    """What the patient says when asked."""

    ask: tuple[str, ...]
    answer: str
    polarity: Literal["yes", "no", "value"]


class Gold(msgspec.Struct, frozen=True):
    """The reference level, and those that a second clinician could defend."""

    acuity: Acuity
    acceptable: tuple[Acuity, ...]


class ScriptedCase(msgspec.Struct, frozen=True):
    """One case of the file."""

    id: str
    complaint: str
    reporter: str
    person: Person
    country: str
    opening: dict[str, str]
    facts: tuple[Fact, ...]
    denies: tuple[str, ...]
    unstated: Literal["no", "not sure"]
    gold: Gold
    red_flag_in_opening: dict[str, bool] = {}


def load_cases(path: Path) -> list[ScriptedCase]:
    """Return the cases of a file.

    Raises:
        msgspec.ValidationError: It does not have the shape.
    """
    return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), list[ScriptedCase])


@dataclass
class HonestPatient:
    """Answers as the script allows.

    Attributes:
        tried: How often each question was put.
    """

    case: ScriptedCase
    clinic: Clinic
    tried: dict[str, int] = field(default_factory=dict)

    def answer(self, consultation: InProcessConsultation, form: Form) -> None:
        """Answer what is asked now."""
        question = consultation.question
        if question is None:
            self._say_the_problem(consultation, form)
            return
        tries = self.tried[question.id] = self.tried.get(question.id, 0) + 1
        value = self._intake(question) if question.id in _INTAKE else self._asked(question)
        if isinstance(value, str) and question.input == "number" and value != UNSURE and tries < _MOST_TRIES:
            consultation.write(value)
        else:
            consultation.press(UNSURE if isinstance(value, str) and question.input == "number" else value)

    def _say_the_problem(self, consultation: InProcessConsultation, form: Form) -> None:
        draft = consultation.asked
        options = draft.options if draft is not None else ()
        if not options:
            consultation.write(self.case.opening[form])
            return
        # Who knows what the problem is finds it on a list, or takes the last: something else.
        named = [option.value for option in options if option.value == self.case.complaint]
        consultation.press(named[0] if named else options[-1].value)

    def _intake(self, question: Question) -> Any:  # noqa: ANN401 - the contract's `value`
        person = self.case.person
        years = _years(person.age)
        if question.id == "q_for_whom":
            return "self" if self.case.reporter == "self" else "child" if years < _CHILD_YEARS else "adult"
        if question.id == "q_age":
            number, unit = re.findall(r"(\d+) (\w+)", person.age)[0]
            return {"number": float(number), "unit": unit}
        if question.id == "q_sex":
            return person.sex
        if question.id == "q_pregnant":
            return {"no": "no", "unknown": UNSURE}.get(
                person.pregnant, "no" if "postpartum" in person.pregnant else "yes"
            )
        if question.id == "q_medicines":
            return UNSURE if "unknown" in person.medicines else ", ".join(person.medicines) or NONE
        if question.id == "q_allergies":
            return NONE if self.case.unstated == "no" else UNSURE
        return self._ticked_conditions(question)

    def _ticked_conditions(self, question: Question) -> Any:  # noqa: ANN401 - the contract's `value`
        told = (*self.case.person.conditions, *self.case.person.medicines)
        ticked = [option.value for option in question.options if any(_names(option, each) for each in told)]
        return ticked or (UNSURE if "unknown" in told else NONE)

    def _asked(self, question: Question) -> Any:  # noqa: ANN401 - the contract's `value`
        if question.input == "multi":
            told = {option.value: self._told(option.title, option.present) for option in question.options}
            ticked = [value for value, says in told.items() if says == "yes"]
            return ticked or (UNSURE if UNSURE in told.values() else NONE)
        if question.input == "single":
            return self._chosen(question)
        if question.input == "yes_no":
            return self._yes_or_no(question)
        fact = self._fact(question.text, (question.finding or "",))
        return fact.answer if fact is not None else UNSURE

    def _yes_or_no(self, question: Question) -> str:
        told = self._told(question.text, (question.finding or "",))
        if told == UNSURE:
            return UNSURE
        if told == "yes":
            return "yes"
        return str(reassuring_answer(question))

    def _chosen(self, question: Question) -> str:
        fact = self._fact(question.text, tuple(f for option in question.options for f in option.present))
        if fact is not None and fact.polarity != "no":
            said = _stems(fact.answer)
            best = max(question.options, key=lambda option: len(said & _stems(" ".join((option.title, *option.says)))))
            if said & _stems(" ".join((best.title, *best.says))):
                return best.value
        told = [
            option.value
            for option in question.options
            if option.present and self._told(option.title, option.present) == "yes"
        ]
        if told:
            return told[0]
        return str(reassuring_answer(question)) if self.case.unstated == "no" or fact is not None else UNSURE

    def _told(self, text: str, findings: Sequence[str]) -> str:
        """Return yes, no or unsure to one sign."""
        if any(set(findings) & self._present_in(fact.answer) for fact in self.case.facts if fact.polarity != "no"):
            return "yes"
        fact = self._fact(text, findings)
        if fact is not None:
            polarity = fact.polarity if fact.polarity != "value" else "no"
            if _ABLE.search(fact.ask[0]) and _UNABLE.search(text) and fact.polarity != "value":
                return "no" if polarity == "yes" else "yes"
            return polarity
        if any(_overlap(text, denied) >= _NEAR_ENOUGH for denied in self.case.denies):
            return "no"
        return "no" if self.case.unstated == "no" else UNSURE

    def _fact(self, text: str, findings: Sequence[str]) -> Fact | None:
        """Return the fact whose wording is nearest, or which names one of the findings."""
        scored = [(self._nearness(text, findings, ask), fact) for fact in self.case.facts for ask in fact.ask]
        best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return best[1] if best[0] >= _NEAR_ENOUGH else None

    def _nearness(self, text: str, findings: Sequence[str], ask: str) -> float:
        named = set(findings) & self._present_in(re.sub(r"^(?:any|is|are|do|does|can|has|have)\b", "", ask))
        is_duration = re.search(r"how long|start", text.lower()) and re.search(r"how long|when did .* start", ask)
        return 1.0 if named or is_duration else _overlap(text, ask)

    def _present_in(self, text: str) -> set[str]:
        reading = read_message(text, self.clinic.release.lexicon)
        return {found.id for found in reading.findings if found.presence is Presence.PRESENT and found.counts}


_INTAKE = frozenset(
    {"q_for_whom", "q_age", "q_sex", "q_pregnant", "q_medicines", "q_allergies", "q_conditions", "q_weak_immunity"}
)


def play_case(case: ScriptedCase, form: Form, clinic: Clinic) -> Outcome:
    """Return how the case's patient fares with one form of the opening."""
    consultation = InProcessConsultation(clinic, country=case.country)
    patient = HonestPatient(case, clinic)
    consultation.write(case.opening[form])
    if not consultation.is_over:
        consultation.press("agree")
    while not consultation.is_over:
        patient.answer(consultation, form)
    return consultation.outcome


def _stems(text: str) -> set[str]:
    return set(topic_stems(text))


def _overlap(text: str, other: str) -> float:
    """Return which part of the shorter wording the other has too; one word in common is too few, unless it is all."""
    mine, theirs = _stems(text), _stems(other)
    common, shorter = len(mine & theirs), min(len(mine), len(theirs))
    return common / shorter if common > 1 or common == max(len(mine), len(theirs)) else 0.0


def _names(option: Option, told: str) -> bool:
    return (
        any(f" {name.lower()} " in f" {told.lower()} " for name in _labels(option)) or _overlap(option.title, told) == 1
    )


def _labels(option: Option) -> Iterator[str]:
    yield option.value.replace("_", " ")
    yield from option.says


def _years(age: str) -> float:
    number, unit = re.findall(r"(\d+) (\w+)", age)[0]
    return float(number) / {"years": 1, "months": 12, "weeks": 52, "days": 365}[unit]
