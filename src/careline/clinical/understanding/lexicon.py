"""The phrases of a rule book, compiled: what `read_message` recognises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Literal, NamedTuple

from careline.clinical.content import NumberInput
from careline.clinical.errors import ContentError
from careline.clinical.finding import Case, Finding
from careline.clinical.red_flags import emergency_flags, raised_red_flags
from careline.clinical.rulebook import RuleBook
from careline.clinical.understanding.matcher import Matcher
from careline.clinical.understanding.measured import MeasuredFinding, measured_findings
from careline.clinical.understanding.normalise import plain, words_of
from careline.clinical.understanding.patterns import PatternError, any_of, check_phrase, row_of
from careline.clinical.understanding.quantities import VOCABULARY, Limits
from careline.clinical.understanding.red_flag_screen import RedFlagScreen
from careline.clinical.understanding.spelling import Speller, ordinary_words
from careline.clinical.understanding.units import converted

Kind = Literal["finding", "red_flag", "complaint", "figure"]
FIGURE_IN_CALM = "figures_in_calm"  # counts only where nothing else in the message sounds like danger
FIGURES = ("figures_of_speech", FIGURE_IN_CALM)


class Meaning(NamedTuple):
    """What a phrase means: a finding, a red flag, a complaint, or a figure of speech that means none of them.

    Attributes:
        is_crisis: Words of somebody who may want to die are never taken for a mere question.
    """

    kind: Kind
    id: str
    is_crisis: bool = False


@dataclass(frozen=True)
class Lexicon:
    """Everything that reading a message needs, built once for a rule book.

    Attributes:
        matcher: All phrases.
        speller: Corrects words towards those of the phrases.
        limits: By quantity; what lies outside is left out.
        finding_of_complaint: The sign that a complaint itself is.
        catalogue: Ids of all findings.
        measured: Findings whose name with a number means what the number does.
        hints: Words that hint at a population, by its id.
        screens: Red flags in the words of languages that are not read, by language.
        alone: Red flags by the words that mean them when they are the whole message.
        raising: Red flags answered by a card, and findings each of which raises one by itself.
    """

    matcher: Matcher[Meaning]
    speller: Speller
    limits: Mapping[str, Limits]
    finding_of_complaint: Mapping[str, str]
    catalogue: frozenset[str]
    alone: Mapping[str, tuple[str, ...]]
    raising: frozenset[str] = frozenset()
    measured: Mapping[str, MeasuredFinding] = field(default_factory=dict)
    hints: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    screens: Mapping[str, RedFlagScreen] = field(default_factory=dict)

    @classmethod
    def of(cls, book: RuleBook) -> Lexicon:
        """Compile the phrases of `book`.

        Raises:
            ContentError: A phrase does not follow the pattern language; names the entry and the phrase.
        """
        phrases = list(dict.fromkeys(_phrases(book)))
        problems = [problem for phrase, meaning in phrases for problem in _problems(phrase, meaning)]
        if problems:
            raise ContentError(*problems)
        matcher = Matcher(phrases)
        speller = Speller({*_whole_words(matcher.words), *VOCABULARY}, ordinary_words())
        return cls(
            matcher=matcher,
            speller=speller,
            limits=dict(_limits(book)),
            finding_of_complaint={
                protocol_id: compiled.protocol.finding for protocol_id, compiled in book.protocols.items()
            },
            catalogue=frozenset(book.findings),
            alone=_alone(book, speller),
            raising=frozenset(_raising(book)),
            measured=measured_findings(book.lexicon),
            hints={
                name: any_of("\n".join(compiled.population.hints)) for name, compiled in book.intake.populations.items()
            },
            screens={language: RedFlagScreen(language, own) for language, own in book.expressions.items()},
        )

    def hinted(self, text: str) -> frozenset[str]:
        """Return the populations that words hint at."""
        row = row_of(self.speller.corrected(word.text) for word in words_of(text) if not word.is_mark)
        return frozenset(name for name, expression in self.hints.items() if expression.search(row))


def _phrases(book: RuleBook) -> Iterator[tuple[str, Meaning]]:
    for entry in book.lexicon:
        yield from ((phrase, Meaning("finding", entry.finding)) for phrase in entry.phrases)
    for flag_id, flag in book.red_flags.items():
        yield from (
            (phrase, Meaning("red_flag", flag_id, flag.flag.kind == "crisis")) for phrase in flag.flag.expressions
        )
    for protocol_id, protocol in book.protocols.items():
        yield from ((phrase, Meaning("complaint", protocol_id)) for phrase in protocol.protocol.presenting)
    yield from ((phrase, Meaning("figure", name)) for name in FIGURES for phrase in figures_of_speech(name))


def _alone(book: RuleBook, speller: Speller) -> dict[str, tuple[str, ...]]:
    meant: dict[str, tuple[str, ...]] = {}
    for flag_id, flag in book.red_flags.items():
        for typed in flag.flag.alone:
            words = " ".join(speller.corrected(word) for word in plain(typed).split())
            meant[words] = (*meant.get(words, ()), flag_id)
    return meant


def _raising(book: RuleBook) -> Iterator[str]:
    for told in (*book.red_flags, *book.findings):
        if emergency_flags(raised_red_flags(Case().merged([Finding(told)]), book)):
            yield told


def _problems(phrase: str, meaning: Meaning) -> Iterator[str]:
    try:
        check_phrase(phrase)
    except PatternError as error:
        yield f"{meaning.kind} {meaning.id!r}: phrase {error}. Mend the phrase."


def _whole_words(words: Iterable[str]) -> Iterator[str]:
    beginnings = tuple(word.rstrip("*") for word in words if word.endswith("*"))
    yield from (word for word in words if not word.endswith("*"))
    yield from (word for word in ordinary_words() if word.startswith(beginnings))


def _limits(book: RuleBook) -> Iterator[tuple[str, Limits]]:
    found: dict[str, Limits] = {}
    questions = [*book.intake.questions, *(q for protocol in book.protocols.values() for q in protocol.questions)]
    for compiled in questions:
        finding, number = compiled.question.finding, compiled.question.number
        if number is None or finding is None or finding not in book.findings:
            continue
        limits = _converted_limits(number, book.findings[finding].unit or number.units[0])
        if limits is not None:
            old = found.get(finding, limits)
            found[finding] = Limits(min(old.lowest, limits.lowest), max(old.highest, limits.highest))
    yield from found.items()


def _converted_limits(number: NumberInput, unit: str) -> Limits | None:
    lowest, highest = converted(number.min, number.units[0], unit), converted(number.max, number.units[0], unit)
    return None if lowest is None or highest is None else Limits(lowest, highest)


def figures_of_speech(name: str) -> tuple[str, ...]:
    """Return the phrases of one of `FIGURES`, whose words mean something else, in the pattern language."""
    text = resources.files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))
