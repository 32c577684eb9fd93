"""Answers: the options of a question, what a chosen value settles, and what a typed reply means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from careline.clinical.content import FindingEntry, Option, Question
from careline.clinical.errors import AnswerError
from careline.clinical.finding import Finding, Presence
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.message import read_message, spelt
from careline.clinical.understanding.normalise import Word
from careline.clinical.understanding.patterns import any_of, row_of
from careline.clinical.understanding.quantities import number_in, quantities_of
from careline.clinical.understanding.replies import (
    has_no_reading,
    is_all_of_these,
    is_none_of_these,
    is_unsure,
    named_options,
    nothing_to_note,
    number_of,
    yes_or_no,
)
from careline.clinical.understanding.units import converted

YES, NO, NONE, UNSURE = "yes", "no", "none", "unsure"

_BEYOND_ALL_LIMITS = 1e9  # also no number at all
_YES = Option(value=YES, title="Yes")
_NO = Option(value=NO, title="No")
_NONE = Option(value=NONE, title="None of these")
_UNSURE = Option(value=UNSURE, title="Not sure")

AnswerValue = str | tuple[str, ...] | dict[str, float | str]
"""A value as the HTTP contract sends it: `"yes"`, `("a", "b")`, `{"number": 38.5, "unit": "celsius"}` or text."""


@dataclass(frozen=True)
class AnswerReading:
    """An answer that was understood: the value it stands for, and what it settles."""

    value: AnswerValue
    findings: tuple[Finding, ...]


def options_of(question: Question) -> tuple[Option, ...]:
    """Return the options to show: those of the content, and those that every question of its kind has.

    A number or text question has none. "None" and "not sure" of a checklist stand alone, see `is_exclusive`.
    """
    if question.input == "yes_no":
        return (_YES, _NO, _UNSURE)
    if question.input == "multi":
        return (*question.options, _NONE, _UNSURE)
    if question.input == "single" and question.life_threat and UNSURE not in _values(question):
        return (*question.options, _UNSURE)
    return question.options


def is_exclusive(option: Option, question: Question) -> bool:
    """Return whether choosing the option of a checklist clears all others."""
    return question.input == "multi" and option.value in (NONE, UNSURE)


def findings_of_value(value: object, question: Question, catalogue: Mapping[str, FindingEntry]) -> tuple[Finding, ...]:
    """Return what the value settles. "unsure" settles nothing and answers every question.

    Raises:
        AnswerError: `unknown_option` when it names no option of the question, `malformed` when its shape does not fit.
    """
    if value == UNSURE and UNSURE not in _values(question):
        return _all_of(question, Presence.UNKNOWN)
    if question.input == "number":
        return (_measured(value, question, catalogue),)
    if question.input == "multi":
        return _ticked(value, question)
    if not isinstance(value, str) or not value.strip():
        raise AnswerError("malformed", f"{question.id}: send one text value.")
    if question.input == "yes_no":
        return (_yes_or_no(value, question),)
    if question.input == "single":
        return _chosen(value, question)
    return (_noted(value, question),)


_AFTER_AN_AGE = frozenset("and i my year years yr yrs yo month months week weeks old male female man woman".split())
_OF_SOMEBODY = any_of("(i am|he is|she is|they are|aged|age|turned) <number>")


def read_answer(
    text: str, question: Question, catalogue: Mapping[str, FindingEntry], lexicon: Lexicon
) -> AnswerReading | None:
    """Return what a typed reply to the question means; None when it is unclear, or says two things at once.

    Whatever else it says is for `read_message`.
    """
    words = spelt(text, lexicon)
    row = " ".join(word.text for word in words if not word.is_mark)
    if not row:
        return None
    if question.input != "text" and is_unsure(row):
        return _reading(UNSURE, question, catalogue)
    value: AnswerValue | None
    if question.input == "yes_no":
        value = _typed_yes_or_no(text, row, question, lexicon)
    elif question.input == "number":
        value = _typed_number(text, words, row, question, lexicon)
    elif question.input == "text":
        value = _typed_note(text, row)
    elif question.input == "single":
        value = _typed_option(text, words, question, lexicon)
    else:
        return _typed_checklist(text, words, question, lexicon)
    return None if value is None else _reading(value, question, catalogue)


def _reading(value: AnswerValue, question: Question, catalogue: Mapping[str, FindingEntry]) -> AnswerReading | None:
    try:
        return AnswerReading(value, findings_of_value(value, question, catalogue))
    except AnswerError:  # a number beyond its limits, or the like: not understood, so it is asked again
        return None


def _typed_yes_or_no(text: str, row: str, question: Question, lexicon: Lexicon) -> str | None:
    told = {
        finding.presence
        for finding in read_message(text, lexicon).findings
        if finding.id == question.finding and finding.counts and finding.presence is not Presence.UNKNOWN
    }
    said = yes_or_no(row)
    reassuring = NO if question.worrying == YES else YES
    by_words = {question.worrying if presence is Presence.PRESENT else reassuring for presence in told}
    by_reply = set() if said is None else {YES if said else NO}
    meant = by_words | by_reply
    return meant.pop() if len(meant) == 1 else None


def _typed_number(
    text: str, words: Sequence[Word], row: str, question: Question, lexicon: Lexicon
) -> AnswerValue | None:
    if question.number is None:
        return None
    counted = {item.value for item in quantities_of(words, lexicon.limits) if item.finding == question.finding}
    value = number_of(words, question.number)
    if value is not None and (counted or not _may_count_something_else(text, words, question, lexicon)):
        return value
    if len(counted) == 1 and "days" in question.number.units:
        return {"number": counted.pop(), "unit": "days"}  # "since yesterday"
    return UNSURE if has_no_reading(row) else None


def _may_count_something_else(text: str, words: Sequence[Word], question: Question, lexicon: Lexicon) -> bool:
    """Return whether the one number of a reply to "How old?" may be of what else it tells: "my knee hurts, 2 days".

    Any number can be an age, from days to years; so one that does not stand first, as the answer, is not taken for it.
    """
    if question.number is None or "years" not in question.number.units:
        return False
    if _stands_first(words) or _OF_SOMEBODY.search(row_of([word.text for word in words])):
        return False
    reading = read_message(text, lexicon)
    return bool(reading.complaints) or any(
        finding.presence is Presence.PRESENT and finding.id != question.finding for finding in reading.findings
    )


def _stands_first(words: Sequence[Word]) -> bool:
    after = words[1] if len(words) > 1 else None
    is_alone = after is None or after.is_mark or after.text in _AFTER_AN_AGE
    return number_in(words[0].text) is not None and is_alone


def _typed_note(text: str, row: str) -> str | None:
    if is_unsure(row):
        return UNSURE
    if nothing_to_note(row):
        return NONE
    return None if yes_or_no(row) else text.strip()


def _typed_option(text: str, words: Sequence[Word], question: Question, lexicon: Lexicon) -> str | None:
    named = named_options(words, question.options)
    if not named:
        present, _ = _told(text, lexicon)
        named = [option for option in question.options if not present.isdisjoint(option.present)]
    return named[0].value if len(named) == 1 else None


def _typed_checklist(text: str, words: Sequence[Word], question: Question, lexicon: Lexicon) -> AnswerReading | None:
    row = " ".join(word.text for word in words if not word.is_mark)
    present, absent = _told(text, lexicon)
    named = {option.value for option in named_options(words, question.options)}
    chosen = tuple(
        option.value
        for option in question.options
        if is_all_of_these(row) or option.value in named or not present.isdisjoint(option.present)
    )
    if not chosen:
        is_none = is_none_of_these(row) or all(absent.issuperset(option.present) for option in question.options)
        return AnswerReading(NONE, _ticked(NONE, question)) if is_none else None
    return AnswerReading(chosen, _ticked(chosen, question))


def _told(text: str, lexicon: Lexicon) -> tuple[frozenset[str], frozenset[str]]:
    """Return the ids of the findings that the text affirms and denies, about the patient and now."""
    told = [finding for finding in read_message(text, lexicon).findings if finding.counts]
    present = frozenset(finding.id for finding in told if finding.presence is Presence.PRESENT)
    return present, frozenset(finding.id for finding in told if finding.presence is Presence.ABSENT) - present


def _values(question: Question) -> tuple[str, ...]:
    return tuple(option.value for option in question.options)


def _all_of(question: Question, presence: Presence) -> tuple[Finding, ...]:
    """Return everything the question could settle, in this state, without values."""
    named = [finding for option in question.options for finding in (*option.present, *option.absent)]
    if question.finding is not None:
        named.append(question.finding)
    return tuple(Finding(finding, presence) for finding in dict.fromkeys(named))


def _finding_of(question: Question) -> str:
    if question.finding is None:
        raise AnswerError("malformed", f"{question.id}: this question takes no such value.")
    return question.finding


def _yes_or_no(value: str, question: Question) -> Finding:
    if value not in (YES, NO):
        raise AnswerError("unknown_option", f"{question.id}: choose yes, no or unsure.")
    presence = Presence.PRESENT if value == question.worrying else Presence.ABSENT
    return Finding(_finding_of(question), presence)


def _chosen(value: str, question: Question) -> tuple[Finding, ...]:
    for option in question.options:
        if option.value == value:
            choice = (Finding(_finding_of(question), value=option.choice),) if option.choice is not None else ()
            present = tuple(Finding(finding) for finding in option.present)
            return (*choice, *present, *(Finding(finding, Presence.ABSENT) for finding in option.absent))
    raise AnswerError("unknown_option", f"{question.id}: choose one of {', '.join(_values(question))}.")


def _ticked(value: object, question: Question) -> tuple[Finding, ...]:
    chosen = (value,) if isinstance(value, str) else value
    if not isinstance(chosen, (list, tuple)) or not chosen or not all(isinstance(item, str) for item in chosen):
        raise AnswerError("malformed", f"{question.id}: send a list of values; if none fits, send none.")
    unknown = set(chosen) - {*_values(question), NONE, UNSURE}
    if unknown:
        raise AnswerError("unknown_option", f"{question.id}: choose from {', '.join(_values(question))}, none, unsure.")
    if len(set(chosen)) > 1 and not {NONE, UNSURE}.isdisjoint(chosen):
        raise AnswerError("malformed", f"{question.id}: none and unsure stand alone.")
    if chosen[0] == UNSURE:
        return _all_of(question, Presence.UNKNOWN)
    present = {finding for option in question.options if option.value in chosen for finding in option.present}
    return tuple(
        Finding(finding.id, Presence.PRESENT if finding.id in present else Presence.ABSENT)
        for finding in _all_of(question, Presence.ABSENT)
    )


def _measured(value: object, question: Question, catalogue: Mapping[str, FindingEntry]) -> Finding:
    shape = question.number
    if shape is None or not isinstance(value, dict) or not set(value) <= {"number", "unit"}:
        raise AnswerError("malformed", f"{question.id}: send a number and its unit.")
    number, unit = value.get("number"), value.get("unit", shape.units[0])
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not abs(number) < _BEYOND_ALL_LIMITS:
        raise AnswerError("malformed", f"{question.id}: send a number.")
    if unit not in shape.units:
        raise AnswerError("unknown_option", f"{question.id}: choose a unit from {', '.join(shape.units)}.")
    in_first_unit = converted(float(number), unit, shape.units[0])
    if in_first_unit is None or not shape.min <= in_first_unit <= shape.max:
        raise AnswerError(
            "malformed", f"{question.id}: send a number from {shape.min:g} to {shape.max:g} {shape.units[0]}."
        )
    finding = _finding_of(question)
    kept = converted(float(number), unit, catalogue[finding].unit or unit) if finding in catalogue else None
    if kept is None:
        raise AnswerError("malformed", f"{question.id}: its unit does not fit the finding {finding}.")
    return Finding(finding, value=round(kept, 4))


def _noted(value: str, question: Question) -> Finding:
    if value.strip().lower() == NONE:
        return Finding(_finding_of(question), Presence.ABSENT)
    return Finding(_finding_of(question), value=value.strip())
