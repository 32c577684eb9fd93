"""Checks of clinical content across files: dangling ids, unreachable rules, missing sources, contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from careline.clinical.acuity import Acuity
from careline.clinical.conditions import (
    Comparison,
    ConditionError,
    Expression,
    OneOfComplaints,
    Several,
    Sign,
    compiled,
)
from careline.clinical.content import FALLBACK_PROTOCOL, Condition, FindingEntry, Protocol, Question, RedFlag, Rule
from careline.clinical.errors import ContentError
from careline.clinical.translation import translation_problems
from careline.clinical.understanding.patterns import PatternError, check_phrase
from careline.clinical.understanding.red_flag_screen import DENIAL_WORDS, as_it_sounds

if TYPE_CHECKING:
    from careline.clinical.rulebook import ContentFiles


_KNOWN = ", ".join(DENIAL_WORDS)  # languages whose denials are known


def check_content(files: ContentFiles) -> None:
    """Check the files against one another.

    Raises:
        ContentError: With one line for each problem: file, key, remedy.
    """
    problems = list(_ContentCheck(files).problems())
    if problems:
        raise ContentError(*problems)


class _ContentCheck:
    def __init__(self, files: ContentFiles) -> None:
        self._files = files
        self._catalogue: dict[str, FindingEntry] = {
            entry.id: entry for part in files.findings.values() for entry in part.findings
        }
        self._flags = {flag.id for part in files.red_flags.values() for flag in part.red_flags}
        self._protocols = {protocol.id for protocol in files.protocols.values()}

    def problems(self) -> Iterator[str]:
        files = self._files
        if FALLBACK_PROTOCOL not in self._protocols:
            yield f"protocols/{FALLBACK_PROTOCOL}.yml: is missing. Add it, for complaints without their own."
        yield from self._duplicates()
        yield from self._catalogue_problems()
        for path, lexicon in files.lexicon.items():
            for entry in lexicon.entries:
                yield from self._known(entry.finding, f"{path}: entry of {entry.finding!r}")
                if entry.measured is not None:
                    at = f"{path}: entry of {entry.finding!r}.measured"
                    yield from self._known(entry.measured.quantity, at, kind="quantity")
                    yield from self._sources(entry.measured.sources, at)
                    yield from _phrase_problems(
                        (*entry.measured.named, *entry.measured.meant, *entry.measured.unless), at
                    )
        for path, protocol in files.protocols.items():
            yield from self._protocol_problems(path, protocol)
        for path, part in files.red_flags.items():
            for flag in part.red_flags:
                yield from self._flag_problems(path, flag)
        yield from self._unknown_danger_problems()
        yield from self._intake_problems()
        for name in ("modifiers", "vitals"):
            for rule in getattr(files, name).rules:
                yield from self._rule_problems(f"{name}.yml", rule)
        yield from self._medicine_problems()
        yield from self._disposition_problems()
        for country in files.numbers.countries:
            yield from self._sources(country.sources, f"emergency_numbers.yml: {country.code}")
        yield from self._condition_problems(files.young_people.when, "young_people.yml: when")
        yield from self._sources(files.young_people.sources, "young_people.yml: young_people")
        yield from self._sources(files.languages.sources, "languages.yml: languages")
        for language in files.languages.by_buttons:
            if language not in files.translations:
                yield f"languages.yml: by_buttons: translations/{language}/ is missing. Add it, or remove the language."
        yield from translation_problems(files)
        yield from self._expression_file_problems()

    def _duplicates(self) -> Iterator[str]:
        files = self._files
        ids = [(entry.id, path) for path, part in files.findings.items() for entry in part.findings]
        ids += [(flag.id, path) for path, part in files.red_flags.items() for flag in part.red_flags]
        yield from _repeated(ids, "finding or red flag")
        rules = [(rule.id, path) for path, protocol in files.protocols.items() for rule in protocol.rules]
        for name in ("modifiers", "vitals"):
            rules += [(rule.id, files.root / f"{name}.yml") for rule in getattr(files, name).rules]
        yield from _repeated(rules, "rule")
        questions = [(q.id, path) for path, protocol in files.protocols.items() for q in protocol.questions]
        questions += [(q.id, files.root / "intake.yml") for q in files.intake.questions]
        yield from _repeated(questions, "question")
        yield from _repeated([(protocol.id, path) for path, protocol in files.protocols.items()], "protocol")

    def _catalogue_problems(self) -> Iterator[str]:
        for path, part in self._files.findings.items():
            for entry in part.findings:
                if (entry.kind == "quantity") != (entry.unit is not None):
                    yield f"{path}: {entry.id!r}: a quantity needs a 'unit', and nothing else has one."
                if (entry.kind == "choice") != bool(entry.values):
                    yield f"{path}: {entry.id!r}: a choice needs 'values', and nothing else has them."

    def _protocol_problems(self, path: Path, protocol: Protocol) -> Iterator[str]:
        where = f"{path}: {protocol.id!r}"
        if path.stem != protocol.id:
            yield f"{where}: the file must be named {protocol.id}.yml."
        yield from self._sources(protocol.sources, where)
        yield from self._known(protocol.finding, f"{where}.finding", kind="sign")
        for flag in protocol.red_flags:
            if flag not in self._flags:
                yield f"{where}.red_flags: {flag!r} is no red flag. Mend the id or add it to red_flags/."
        for covered in protocol.covers:
            if covered not in self._protocols or covered == protocol.id:
                yield f"{where}.covers: {covered!r} is no other protocol. Mend the id."
        if protocol.applies is not None:
            yield from self._condition_problems(protocol.applies, f"{where}.applies")
        for question in protocol.questions:
            yield from self._question_problems(where, question)
        for rule in protocol.rules:
            yield from self._rule_problems(where, rule)
        if protocol.baseline is Acuity.SELF_CARE and not protocol.self_care:
            yield f"{where}: a baseline of self_care needs 'self_care' measures."

    def _question_problems(self, where: str, question: Question) -> Iterator[str]:
        at = f"{where}: question {question.id!r}"
        if question.life_threat and question.if_unknown is None:
            yield f"{at}: a life-threat question needs 'if_unknown', the floor when it stays unknown."
        if question.ask_when is not None:
            yield from self._condition_problems(question.ask_when, f"{at}.ask_when")
        yield from self._input_problems(at, question)
        for option in question.options:
            for finding in (*option.present, *option.absent):
                yield from self._known(finding, f"{at}.options.{option.value}", kind="sign")
        values = [option.value for option in question.options]
        if len(set(values)) != len(values):
            yield f"{at}: two options have the same value."

    def _input_problems(self, at: str, question: Question) -> Iterator[str]:
        kinds = {"yes_no": "sign", "number": "quantity", "text": "note"}
        if question.input in kinds:
            if question.finding is None:
                yield f"{at}: input {question.input!r} needs 'finding'."
            else:
                yield from self._known(question.finding, at, kind=kinds[question.input])
            if question.options:
                yield f"{at}: input {question.input!r} has no 'options'; they are made."
        elif not question.options:
            yield f"{at}: input {question.input!r} needs 'options'."
        if (question.input == "number") != (question.number is not None):
            yield f"{at}: 'number' goes with input number, and only there."
        if question.input == "multi":
            yield from self._checklist_problems(at, question)
        if question.input == "single":
            yield from self._choice_problems(at, question)

    def _checklist_problems(self, at: str, question: Question) -> Iterator[str]:
        for option in question.options:
            if len(option.present) != 1 or option.absent or option.choice:
                yield f"{at}.options.{option.value}: an option of a checklist has exactly one 'present'."
            if option.value in ("none", "unsure"):
                yield f"{at}.options.{option.value}: 'none' and 'unsure' are added; remove it."
        if len(question.options) > 6:
            yield f"{at}: a checklist has at most 6 options. Split the question."

    def _choice_problems(self, at: str, question: Question) -> Iterator[str]:
        choices = [option.choice for option in question.options if option.choice is not None]
        if choices and question.finding is None:
            yield f"{at}: options with 'choice' need the question's 'finding'."
        if question.finding is not None:
            yield from self._known(question.finding, at, kind="choice")
            entry = self._catalogue.get(question.finding)
            for choice in choices:
                if entry is not None and choice not in entry.values:
                    yield f"{at}: {choice!r} is no value of {question.finding!r}: {', '.join(entry.values)}."
        settled = {f for option in question.options for f in (*option.present, *option.absent)}
        for option in question.options:
            both = set(option.present) & set(option.absent)
            if both:
                yield f"{at}.options.{option.value}: {', '.join(sorted(both))} is both present and absent."
        if not settled and question.finding is None:
            yield f"{at}: no option settles anything. Give 'present', 'absent' or 'choice'."

    def _rule_problems(self, where: str, rule: Rule) -> Iterator[str]:
        at = f"{where}: rule {rule.id!r}"
        if (rule.acuity is None) == (rule.raise_by is None):
            yield f"{at}: give either 'acuity' or 'raise_by'."
        yield from self._sources(rule.sources, at)
        yield from self._condition_problems(rule.when, f"{at}.when")

    def _flag_problems(self, path: Path, flag: RedFlag) -> Iterator[str]:
        at = f"{path}: {flag.id!r}"
        yield from self._sources(flag.sources, at)
        if not flag.expressions and flag.when is None:
            yield f"{at}: nothing raises it. Give 'expressions', 'when' or both."
        if flag.protocol is not None and flag.protocol not in self._protocols:
            yield f"{at}: there is no protocol {flag.protocol!r}. Mend the id or add the protocol."
        if (flag.kind == "crisis") != (flag.level is not None):
            yield f"{at}: 'level' goes with kind crisis, and is needed there."
        if flag.question is None:
            yield f"{at}: needs 'question', asked when a message only reads like it. Give a closed one."
        if flag.when is not None:
            yield from self._condition_problems(flag.when, f"{at}.when")
        populations = [population.id for population in self._files.intake.populations]
        if flag.population is not None and flag.population not in populations:
            yield f"{at}: {flag.population!r} is no population of the intake. Mend the id or add it to intake.yml."

    def _unknown_danger_problems(self) -> Iterator[str]:
        asking = [
            flag.id for part in self._files.red_flags.values() for flag in part.red_flags if flag.asks_for_unknown
        ]
        if len(asking) > 1:
            yield f"red_flags: {' and '.join(asking)} have 'asks_for_unknown'. Only one question can be it: keep one."

    def _intake_problems(self) -> Iterator[str]:
        intake = self._files.intake
        for question in intake.questions:
            yield from self._question_problems("intake.yml", question)
        questions = {question.id for question in intake.questions}
        for name in intake.before_danger:
            if name not in questions:
                yield f"intake.yml: before_danger: {name!r} is no question of the intake. Mend the id."
        for finding in intake.self_care_needs:
            yield from self._known(finding, "intake.yml: self_care_needs")
        yield from _repeated([(each.id, self._files.root / "intake.yml") for each in intake.populations], "population")
        for population in intake.populations:
            at = f"intake.yml: population {population.id!r}"
            yield from self._sources(population.sources, at)
            yield from self._condition_problems(population.fits, f"{at}.fits")
            yield from _phrase_problems(population.hints, at)

    def _medicine_problems(self) -> Iterator[str]:
        known = [medicine.id for medicine in self._files.medicines.medicines]
        path = self._files.root / "medicines.yml"
        yield from _repeated([(medicine, path) for medicine in known], "medicine")
        yield from _repeated([(rule.id, path) for rule in self._files.medicines.rules], "medicine rule")
        for medicine in self._files.medicines.medicines:
            for phrase in (*medicine.names, *medicine.mentioned_as):
                try:
                    check_phrase(phrase)
                except PatternError as error:
                    yield f"medicines.yml: {medicine.id!r}: phrase {error}. Mend the phrase."
        requests = self._files.medicines.requests
        for phrase in (*requests.dose, *requests.amount, *requests.prescription):
            try:
                check_phrase(phrase)
            except PatternError as error:
                yield f"medicines.yml: requests: phrase {error}. Mend the phrase."
        for rule in self._files.medicines.rules:
            at = f"medicines.yml: rule {rule.id!r}"
            for medicine_id in rule.medicines:
                if medicine_id not in known:
                    yield f"{at}: {medicine_id!r} is no medicine. Mend the id or add it to 'medicines'."
            for finding in rule.unless_known:
                yield from self._known(finding, f"{at}.unless_known")
            if rule.when is not None:
                yield from self._condition_problems(rule.when, f"{at}.when")
            yield from self._sources(rule.sources, at)

    def _disposition_problems(self) -> Iterator[str]:
        levels = [disposition.acuity for disposition in self._files.dispositions.dispositions]
        for acuity in Acuity:
            if levels.count(acuity) != 1:
                yield f"dispositions.yml: {acuity.value} stands {levels.count(acuity)} times. Give each level once."

    def _expression_file_problems(self) -> Iterator[str]:
        for language, parts in self._files.expressions.items():
            for path, part in parts.items():
                if part.language != language or language not in DENIAL_WORDS:
                    yield f"{path}: language: is {part.language!r}. It must be the folder's, and one of: {_KNOWN}."
                for flag, phrases in part.expressions.items():
                    if flag not in self._flags:
                        yield f"{path}: expressions: {flag!r} is no red flag. Mend the id or add it to red_flags/."
                    for phrase in phrases:
                        try:
                            check_phrase(as_it_sounds(phrase))
                        except PatternError as error:
                            yield f"{path}: expressions: {flag!r}: phrase {error}. Mend the phrase."
            yield from _repeated(
                [(flag, path) for path, part in parts.items() for flag in part.expressions], "red flag"
            )

    def _condition_problems(self, condition: Condition, at: str) -> Iterator[str]:
        try:
            expression = compiled(condition)
        except ConditionError as error:
            yield f"{at}: {error}."
            return
        yield from self._expression_problems(expression, at)

    def _expression_problems(self, expression: Expression, at: str) -> Iterator[str]:
        if isinstance(expression, Several):
            for part in expression.parts:
                yield from self._expression_problems(part, at)
        elif isinstance(expression, OneOfComplaints):
            for complaint in expression.complaints:
                if complaint not in self._protocols:
                    yield f"{at}: there is no protocol {complaint!r}. Mend the id or add the protocol."
        elif isinstance(expression, Sign):
            if expression.finding not in self._flags:
                yield from self._known(expression.finding, at, kind="sign")
        elif isinstance(expression, Comparison):
            yield from self._known(expression.finding, at, kind="quantity")
        else:
            yield from self._known(expression.finding, at, kind="choice")
            entry = self._catalogue.get(expression.finding)
            for value in expression.values:
                if entry is not None and value not in entry.values:
                    yield f"{at}: {value!r} is no value of {expression.finding!r}: {', '.join(entry.values)}."

    def _known(self, finding: str, at: str, *, kind: str | None = None) -> Iterator[str]:
        entry = self._catalogue.get(finding)
        if entry is None:
            yield f"{at}: {finding!r} is not in the finding catalogue. Mend the id or add it to findings/."
        elif kind is not None and entry.kind != kind:
            yield f"{at}: {finding!r} is a {entry.kind}, here a {kind} is needed."

    def _sources(self, sources: Iterable[str], at: str) -> Iterator[str]:
        for source in sources:
            if source not in self._files.sources.sources:
                yield f"{at}.sources: {source!r} is not in sources.yml. Add title, organisation, url and date there."


def _phrase_problems(phrases: Iterable[str], at: str) -> Iterator[str]:
    for phrase in phrases:
        try:
            check_phrase(phrase)
        except PatternError as error:
            yield f"{at}: phrase {error}. Mend the phrase."


def _repeated(ids: list[tuple[str, Path]], what: str) -> Iterator[str]:
    first: dict[str, Path] = {}
    for item_id, path in ids:
        if item_id in first:
            yield f"{path}: the {what} {item_id!r} stands already in {first[item_id]}. Give it another id."
        first.setdefault(item_id, path)
