"""Medicine rules: which remedies a text names, and what this patient should know before taking one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from careline.clinical.conditions import Expression, Truth, compiled, truth
from careline.clinical.finding import Case, Presence
from careline.clinical.medicine_content import Action, Medicine, MedicineRule, MedicinesFile
from careline.clinical.understanding.normalise import words_of
from careline.clinical.understanding.patterns import parsed, row_of, words_in
from careline.clinical.understanding.spelling import Speller, ordinary_words

Request = Literal["prescription", "dose"]
Name = TypeVar("Name", bound=str)

_STRICTEST_FIRST: tuple[Action, ...] = ("emergency", "block", "ask_doctor", "ask_pharmacist", "follow_packet")


@dataclass(frozen=True)
class CompiledMedicineRule:
    """A rule ready to run."""

    rule: MedicineRule
    when: Expression | None


@dataclass(frozen=True)
class MedicineBook:
    """All medicines and their rules, of one version."""

    medicines: Mapping[str, Medicine] = field(default_factory=dict)
    rules: tuple[CompiledMedicineRule, ...] = ()
    _speller: Speller = field(default_factory=lambda: Speller((), ()), repr=False)
    _requests: Mapping[str, re.Pattern[str]] = field(default_factory=dict, repr=False)
    _names: Mapping[str, re.Pattern[str]] = field(default_factory=dict, repr=False)
    _mentions: Mapping[str, re.Pattern[str]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, file: MedicinesFile) -> MedicineBook:
        """Compile a file that has been checked."""
        return cls(
            {medicine.id: medicine for medicine in file.medicines},
            tuple(
                CompiledMedicineRule(rule, compiled(rule.when) if rule.when is not None else None)
                for rule in file.rules
            ),
            Speller(_words_of_names(file), ordinary_words()),
            {
                "prescription": _pattern(file.requests.prescription),
                "dose": _pattern(file.requests.dose),
                "amount": _pattern(file.requests.amount),
            },
            {medicine.id: _pattern(medicine.names) for medicine in file.medicines},
            {medicine.id: _pattern((*medicine.names, *medicine.mentioned_as)) for medicine in file.medicines},
        )

    def request_in(self, text: str) -> Request | None:
        """Return what a patient's words ask for that is not ours to give; a prescription before a dose."""
        asked = _found(text, self._requests, self._speller)
        if "prescription" in asked:
            return "prescription"
        return "dose" if "dose" in asked or ("amount" in asked and self.named_in(text)) else None

    def named_in(self, text: str) -> tuple[str, ...]:
        """Return the medicines that a patient's words name, by substance or brand."""
        return _found(text, self._names, self._speller)

    def mentioned_in(self, text: str) -> tuple[str, ...]:
        """Return the medicines that one of our own texts speaks of, also by a group's name."""
        return _found(text, self._mentions)


@dataclass(frozen=True)
class Caution:
    """What a patient should know about a medicine.

    Attributes:
        medicine: Its id.
        action: The strictest of the rules that hold.
        texts: What they say, strictest first.
    """

    medicine: str
    action: Action
    rule_ids: tuple[str, ...]
    texts: tuple[str, ...]
    sources: tuple[str, ...]


def cautions_for(medicines: Iterable[str], case: Case, book: MedicineBook) -> tuple[Caution, ...]:
    """Return the cautions that hold for this patient, strictest first; a medicine without one is left out.

    What is not known of the patient makes the rules hold that need to know it.
    """
    cautions = (_caution(medicine, case, book) for medicine in dict.fromkeys(medicines))
    found = [caution for caution in cautions if caution is not None]
    return tuple(sorted(found, key=lambda caution: _STRICTEST_FIRST.index(caution.action)))


def _caution(medicine: str, case: Case, book: MedicineBook) -> Caution | None:
    holding = [
        each.rule
        for each in book.rules
        if (not each.rule.medicines or medicine in each.rule.medicines) and _holds(each, case)
    ]
    if not holding:
        return None
    holding.sort(key=lambda rule: _STRICTEST_FIRST.index(rule.action))
    return Caution(
        medicine,
        holding[0].action,
        tuple(rule.id for rule in holding),
        tuple(dict.fromkeys(rule.text for rule in holding)),
        tuple(dict.fromkeys(source for rule in holding for source in rule.sources)),
    )


def _holds(each: CompiledMedicineRule, case: Case) -> bool:
    if any(case.presence(finding) is Presence.UNKNOWN for finding in each.rule.unless_known):
        return True
    if each.when is None:
        return not each.rule.unless_known
    return truth(each.when, case) is Truth.YES


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(parsed(phrase).expression for phrase in phrases))


def _words_of_names(file: MedicinesFile) -> frozenset[str]:
    """Return the words of the names of medicines: a misspelt one is corrected towards these alone."""
    return frozenset(word for medicine in file.medicines for word in words_in(medicine.names))


def _found(text: str, patterns: Mapping[Name, re.Pattern[str]], speller: Speller | None = None) -> tuple[Name, ...]:
    words = (word.text for word in words_of(text))
    row = row_of(words if speller is None else (speller.corrected(word) for word in words))
    return tuple(name for name, pattern in patterns.items() if pattern.search(row))
