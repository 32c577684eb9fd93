"""The rule book: all clinical content of one release, loaded whole, checked, and compiled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from careline.clinical.acuity import Acuity
from careline.clinical.conditions import Expression, Truth, compiled, findings_used, needs_of, truth
from careline.clinical.content import (
    Country,
    Disposition,
    DispositionsFile,
    FindingEntry,
    FindingsFile,
    HandoffRules,
    IntakeFile,
    LexiconEntry,
    LexiconFile,
    NumbersFile,
    PhoneNumber,
    Population,
    Protocol,
    Question,
    RedFlag,
    RedFlagsFile,
    Review,
    Rule,
    RulesFile,
    Source,
    SourcesFile,
    WithoutProtocol,
)
from careline.clinical.content_check import check_content
from careline.clinical.content_files import content_hash, read_yaml
from careline.clinical.errors import ContentError
from careline.clinical.finding import Case
from careline.clinical.medicine_content import MedicinesFile
from careline.clinical.medicines import MedicineBook
from careline.clinical.patient_content import ExpressionsFile, LanguagesFile, YoungPeopleFile
from careline.clinical.translation import files_in
from careline.clinical.translation_content import TranslationsFile


@dataclass(frozen=True)
class CompiledRule:
    """A rule with its condition ready to evaluate."""

    rule: Rule
    when: Expression

    def holds_for(self, case: Case) -> bool:
        """Return whether the condition holds."""
        return _holds(self.when, self._needs, case)

    @cached_property
    def uses(self) -> frozenset[str]:
        """Ids of the findings that the condition reads."""
        return frozenset(findings_used(self.when))

    @cached_property
    def _needs(self) -> tuple[frozenset[str], ...]:
        return needs_of(self.when)


@dataclass(frozen=True)
class CompiledFlag:
    """A red flag with its condition; None when only its expressions raise it."""

    flag: RedFlag
    when: Expression | None

    def holds_for(self, case: Case) -> bool:
        """Return whether it has a condition that holds."""
        return self.when is not None and _holds(self.when, self._needs, case)

    @cached_property
    def uses(self) -> frozenset[str]:
        """Ids of the findings that the condition reads."""
        return frozenset(findings_used(self.when)) if self.when is not None else frozenset()

    @cached_property
    def _needs(self) -> tuple[frozenset[str], ...]:
        return needs_of(self.when) if self.when is not None else ()

    @property
    def least_needed(self) -> Collection[str | None]:
        """Findings of which the condition needs one; None where it may hold without any."""
        if self.when is None:
            return ()
        return min(self._needs, key=len) if self._needs else frozenset({None})


def _holds(when: Expression, needs: tuple[frozenset[str], ...], case: Case) -> bool:
    for needed in needs:  # a plain loop: this is done a hundred times for each message
        if needed.isdisjoint(case.present):
            return False
    return truth(when, case) is Truth.YES


@dataclass(frozen=True)
class CompiledQuestion:
    """A question, when it is relevant, and the findings it settles."""

    question: Question
    ask_when: Expression | None
    settles: frozenset[str]


@dataclass(frozen=True)
class CompiledProtocol:
    """A protocol ready to run."""

    protocol: Protocol
    questions: tuple[CompiledQuestion, ...]
    rules: tuple[CompiledRule, ...]
    applies: Expression | None


@dataclass(frozen=True)
class CompiledPopulation:
    """People whom alone some red flags can be about, with the condition ready to evaluate."""

    population: Population
    fits: Expression


@dataclass(frozen=True)
class IntakePlan:
    """What is asked of everybody."""

    questions: tuple[CompiledQuestion, ...]
    before_danger: frozenset[str]
    self_care_needs: tuple[str, ...]
    without_them: Acuity
    without_protocol: WithoutProtocol
    populations: Mapping[str, CompiledPopulation] = field(default_factory=dict)


@dataclass(frozen=True)
class RuleBook:
    """Everything the engine needs, of one version.

    Attributes:
        version: SHA-256 (hex) of the files it was loaded from.
        general_rules: Modifiers and vital signs: rules that hold whatever the complaint.
        reviews: Who has checked what, by protocol id, `red_flags`, `modifiers`, `vitals`, `intake`, `dispositions`.
        languages: Which languages are read, and what is done about a message in another.
        young: Who is met as a young person that writes alone.
        expressions: By language that is not read and by red flag: words that mean it.
        in_languages: The same rules with their sentences in another language, and with the protocols that can be asked
            in it, by code (ISO 639).
    """

    version: str
    findings: Mapping[str, FindingEntry]
    lexicon: tuple[LexiconEntry, ...]
    protocols: Mapping[str, CompiledProtocol]
    red_flags: Mapping[str, CompiledFlag]
    general_rules: tuple[CompiledRule, ...]
    intake: IntakePlan
    dispositions: Mapping[Acuity, Disposition]
    handoff: HandoffRules
    countries: Mapping[str, Country]
    international_numbers: tuple[PhoneNumber, ...]
    sources: Mapping[str, Source]
    reviews: Mapping[str, Review]
    languages: LanguagesFile
    young: Expression
    medicines: MedicineBook = field(default_factory=MedicineBook)
    expressions: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict, repr=False)
    in_languages: Mapping[str, RuleBook] = field(default_factory=dict, repr=False)

    def flags_near(self, present: Iterable[str]) -> list[CompiledFlag]:
        """Return the red flags that can be raised where these are the findings present, in the order of the files."""
        numbers = set(self._filed_flags.get(None, ()))
        for finding in present:
            numbers.update(self._filed_flags.get(finding, ()))
        flags = self._flags
        return [flags[number] for number in sorted(numbers)]

    @cached_property
    def unknown_danger(self) -> str | None:
        """The flag whose question is asked where words read like danger, and like no flag in particular."""
        return next((id for id, compiled in self.red_flags.items() if compiled.flag.asks_for_unknown), None)

    @cached_property
    def _flags(self) -> tuple[CompiledFlag, ...]:
        return tuple(self.red_flags.values())

    @cached_property
    def _filed_flags(self) -> Mapping[str | None, list[int]]:
        """The numbers of flags by a finding of which each needs one, its own included; by None those that need none."""
        filed: dict[str | None, list[int]] = defaultdict(list)
        for number, flag in enumerate(self._flags):
            filed[flag.flag.id].append(number)
            for finding in flag.least_needed:
                filed[finding].append(number)
        return filed


@dataclass(frozen=True)
class ContentFiles:
    """The files of `knowledge/` as read, before they are checked against one another."""

    root: Path
    sources: SourcesFile
    findings: Mapping[Path, FindingsFile]
    lexicon: Mapping[Path, LexiconFile]
    protocols: Mapping[Path, Protocol]
    red_flags: Mapping[Path, RedFlagsFile]
    intake: IntakeFile
    modifiers: RulesFile
    vitals: RulesFile
    dispositions: DispositionsFile
    numbers: NumbersFile
    medicines: MedicinesFile
    languages: LanguagesFile
    young_people: YoungPeopleFile
    translations: Mapping[str, Mapping[str, TranslationsFile]] = field(default_factory=dict)  # by language and path
    expressions: Mapping[str, Mapping[Path, ExpressionsFile]] = field(default_factory=dict)  # by language


def load_rule_book(knowledge: Path) -> RuleBook:
    """Load, check and compile the clinical content below `knowledge`.

    Raises:
        ContentError: Anything is missing, unknown, dangling or contradictory. There is no partial rule book.
    """
    files = read_content_files(knowledge)
    check_content(files)
    version = rules_version(knowledge)
    book = _compiled_book(files, version)
    by_buttons = {
        language: _compiled_book(files_in(files, language), version) for language in files.languages.by_buttons
    }
    return replace(book, in_languages=by_buttons)


def signed_protocols_only(book: RuleBook) -> RuleBook:
    """Return the book without unsigned protocols. Red flags and general rules stay: they only raise."""
    signed = {name: protocol for name, protocol in book.protocols.items() if protocol.protocol.review.is_signed}
    in_languages = {language: signed_protocols_only(each) for language, each in book.in_languages.items()}
    return replace(book, protocols=signed, in_languages=in_languages)


_ROOMS = {
    "findings": "*.yml", "lexicon": "**/*.yml", "protocols": "*.yml", "red_flags": "*.yml", "translations": "**/*.yml",
}  # fmt: skip


def rule_files(knowledge: Path) -> list[Path]:
    """Return all files that the rule book is made of."""
    return sorted(knowledge.glob("*.yml")) + sorted(
        path for room, pattern in _ROOMS.items() for path in (knowledge / room).glob(pattern)
    )


def rules_version(knowledge: Path) -> str:
    """Return the version that a rule book loaded from these files has: equal for the same names and bytes."""
    return content_hash(rule_files(knowledge), knowledge)


def _folders_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.is_dir())


def read_content_files(knowledge: Path) -> ContentFiles:
    """Read all files, collecting the problems of each before refusing.

    Raises:
        ContentError: One or more files cannot be used, or a folder has none.
    """
    problems: list[str] = []

    def one(name: str, shape: type) -> object:
        try:
            return read_yaml(knowledge / name, shape)
        except ContentError as error:
            problems.extend(error.problems)
            return None

    def folder(name: str, shape: type) -> dict[Path, object]:
        paths = sorted((knowledge / name).glob("*.yml"))
        if not paths:
            problems.append(f"{knowledge / name}: holds no .yml file. Careline does not start without it.")
        return {path: one(f"{name}/{path.name}", shape) for path in paths}

    parts = {
        "sources": one("sources.yml", SourcesFile),
        "findings": folder("findings", FindingsFile),
        "lexicon": folder("lexicon", LexiconFile),
        "protocols": folder("protocols", Protocol),
        "red_flags": folder("red_flags", RedFlagsFile),
        "intake": one("intake.yml", IntakeFile),
        "modifiers": one("modifiers.yml", RulesFile),
        "vitals": one("vitals.yml", RulesFile),
        "dispositions": one("dispositions.yml", DispositionsFile),
        "numbers": one("emergency_numbers.yml", NumbersFile),
        "medicines": one("medicines.yml", MedicinesFile),
        "languages": one("languages.yml", LanguagesFile),
        "young_people": one("young_people.yml", YoungPeopleFile),
        "translations": {
            folder.name: {
                path.relative_to(folder).as_posix(): one(path.relative_to(knowledge).as_posix(), TranslationsFile)
                for path in sorted(folder.rglob("*.yml"))
            }
            for folder in _folders_in(knowledge / "translations")
        },
        "expressions": {
            folder.name: {
                path: one(path.relative_to(knowledge).as_posix(), ExpressionsFile)
                for path in sorted(folder.glob("*.yml"))
            }
            for folder in _folders_in(knowledge / "lexicon")
        },
    }
    if problems:
        raise ContentError(*problems)
    return ContentFiles(root=knowledge, **parts)  # type: ignore[arg-type]  # each part has its shape, or we raised


def _compiled_book(files: ContentFiles, version: str) -> RuleBook:
    intake = files.intake
    flags = [flag for part in files.red_flags.values() for flag in part.red_flags]
    rules = (*files.modifiers.rules, *files.vitals.rules)
    return RuleBook(
        version=version,
        findings={entry.id: entry for part in files.findings.values() for entry in part.findings},
        lexicon=tuple(entry for part in files.lexicon.values() for entry in part.entries),
        protocols={protocol.id: _compiled_protocol(protocol) for protocol in files.protocols.values()},
        red_flags={flag.id: CompiledFlag(flag, _optional(flag.when)) for flag in flags},
        general_rules=tuple(CompiledRule(rule, compiled(rule.when)) for rule in rules),
        intake=IntakePlan(
            tuple(_compiled_question(question) for question in intake.questions),
            frozenset(intake.before_danger),
            intake.self_care_needs,
            intake.without_them,
            intake.without_protocol,
            {each.id: CompiledPopulation(each, compiled(each.fits)) for each in intake.populations},
        ),
        dispositions={disposition.acuity: disposition for disposition in files.dispositions.dispositions},
        handoff=files.dispositions.handoff,
        countries={country.code: country for country in files.numbers.countries},
        international_numbers=files.numbers.international,
        sources=files.sources.sources,
        reviews=_reviews(files),
        languages=files.languages,
        young=compiled(files.young_people.when),
        medicines=MedicineBook.of(files.medicines),
        expressions={
            language: {flag: phrases for part in parts.values() for flag, phrases in part.expressions.items()}
            for language, parts in files.expressions.items()
        },
    )


def _reviews(files: ContentFiles) -> dict[str, Review]:
    reviews = {protocol.id: protocol.review for protocol in files.protocols.values()}
    for part in files.red_flags.values():
        reviews |= {flag.id: part.review for flag in part.red_flags}
    for name in ("intake", "modifiers", "vitals", "dispositions", "numbers", "medicines", "languages", "young_people"):
        reviews[name] = getattr(files, name).review
    return reviews


def _compiled_protocol(protocol: Protocol) -> CompiledProtocol:
    return CompiledProtocol(
        protocol,
        tuple(_compiled_question(question) for question in protocol.questions),
        tuple(CompiledRule(rule, compiled(rule.when)) for rule in protocol.rules),
        _optional(protocol.applies),
    )


def _compiled_question(question: Question) -> CompiledQuestion:
    return CompiledQuestion(question, _optional(question.ask_when), settled_by(question))


def settled_by(question: Question) -> frozenset[str]:
    """Return the ids of the findings that an answer to `question` settles."""
    settled = {finding for option in question.options for finding in (*option.present, *option.absent)}
    return frozenset(settled | ({question.finding} if question.finding else set()))


def _optional(condition: object) -> Expression | None:
    return None if condition is None else compiled(condition)  # type: ignore[arg-type]  # a Condition, by its shape
