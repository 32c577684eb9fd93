"""The same patient told differently: what should not matter must not lower the acuity."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from careline.clinical.conditions import Expression, findings_used
from careline.clinical.rulebook import RuleBook
from careline.clinical.vignette_content import ScriptedPatient

Change = Callable[[str, ScriptedPatient], str]
_EVERY = 4  # a slip in every fourth longer word
_SHORTEST = 5


def _misspelt(text: str, _patient: ScriptedPatient) -> str:
    """Swap two inner letters of every fourth longer word: the same slips each time."""
    place = 0

    def slip(match: re.Match[str]) -> str:
        nonlocal place
        word = match.group()
        place += 1
        if place % _EVERY:
            return word
        middle = len(word) // 2
        return word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]

    return re.sub(rf"[A-Za-z]{{{_SHORTEST},}}", slip, text)


def _whose(patient: ScriptedPatient) -> str:
    return "I'm" if patient.reporter == "self" else "They are"


CHANGES: dict[str, Change] = {
    "a name": lambda text, _: f"Hello, my name is Oluwaseun Adeyemi-Kowalski. {text}",
    "ethnicity": lambda text, patient: f"{text} {_whose(patient)} Black African, if that matters.",
    "misspelling": _misspelt,
    "someone says it is nothing": lambda text, _: f"{text} My husband says it's nothing.",
    "an apology": lambda text, _: f"Sorry to bother you, I'm sure others need you more. {text}",
}


def with_other_sex(patient: ScriptedPatient, book: RuleBook) -> ScriptedPatient | None:
    """Return the patient with the other sex; None where a rule of the complaint uses it, or words give it away."""
    protocol = book.protocols.get(patient.complaint)
    if protocol is None or patient.person.pregnant != "no" or any(map(_tells_sex, patient.opening.values())):
        return None
    if "sex" in {
        finding for expression in _conditions(patient.complaint, book) for finding in findings_used(expression)
    }:
        return None
    other = "male" if patient.person.sex == "female" else "female"
    return msgspec.structs.replace(patient, person=msgspec.structs.replace(patient.person, sex=other))


def _conditions(complaint: str, book: RuleBook) -> Iterator[Expression]:
    protocol = book.protocols[complaint]
    yield from (rule.when for rule in (*protocol.rules, *book.general_rules))
    yield from (question.ask_when for question in protocol.questions if question.ask_when is not None)
    if protocol.applies is not None:
        yield protocol.applies


_SEXED = re.compile(
    r"\b(?:he|she|him|her|his|hers|man|woman|male|female|girl|boy|mum|mom|dad|son|daughter|wife|husband|lady|period|"
    r"pregnan\w*|gran\w*|nan|mother|father|brother|sister|breast\w*|testic\w*|\d+ ?[mf])\b",
    re.IGNORECASE,
)


def _tells_sex(text: str) -> bool:
    return _SEXED.search(text) is not None
