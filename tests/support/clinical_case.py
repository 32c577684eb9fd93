"""Cases and rule books for tests of the clinical engine; runs on Python 3.10 too, so nothing of the app is used."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import protocols_of, rules_of
from careline.clinical.conditions import Comparison, Expression, Several, compiled
from careline.clinical.content import Clause, Condition, FindingEntry, Option, Question, RedFlag, Rule, SomeOf
from careline.clinical.finding import Case, Finding, Presence
from careline.clinical.rulebook import (
    CompiledFlag,
    CompiledProtocol,
    CompiledQuestion,
    CompiledRule,
    RuleBook,
    load_rule_book,
    settled_by,
)
from tests.support.real_knowledge import real_book as real_book

SMALL = Path(__file__).parent / "small_knowledge"


@functools.cache
def small_book() -> RuleBook:
    """A small rule book that stays as it is while the real one grows."""
    return load_rule_book(SMALL)


def copy_of_small_knowledge(folder: Path, change: Callable[[str], str] | None = None, file: str = "") -> Path:
    """Copy the small knowledge base into `folder`, one file changed."""
    copy = folder / "knowledge"
    shutil.copytree(SMALL, copy)
    if change is not None:
        before = (copy / file).read_text(encoding="utf-8")
        after = change(before)
        assert after != before, f"the change does not change {file}"
        (copy / file).write_text(after, encoding="utf-8")
    return copy


def finding(finding_id: str, state: bool | float | str | None) -> Finding:
    """A finding: True present, False absent, None unknown, anything else its value."""
    if state is None:
        return Finding(finding_id, Presence.UNKNOWN)
    if isinstance(state, bool):
        return Finding(finding_id, Presence.PRESENT if state else Presence.ABSENT)
    return Finding(finding_id, value=state)


def case_of(*complaints: str, **findings: bool | float | str | None) -> Case:
    """A case with these complaints and findings."""
    return Case({name: finding(name, state) for name, state in findings.items()}, complaints)


def with_finding(case: Case, new: Finding) -> Case:
    """The case with one finding put in, whatever stood there."""
    return replace(case, findings={**case.findings, new.id: new})


def question_named(question_id: str, book: RuleBook) -> CompiledQuestion:
    """A question of any protocol or the intake."""
    everywhere = (*book.intake.questions, *(q for p in book.protocols.values() for q in p.questions))
    return next(question for question in everywhere if question.question.id == question_id)


# ---- what Hypothesis draws ----

_LETTERS = ("a", "b", "c", "d", "e", "f", "g", "h")
_SIGNS = tuple(f"sign_{letter}" for letter in _LETTERS)
_PRESENCES = st.sampled_from(Presence)
_ACUITIES = st.sampled_from(Acuity)


def _reachable_values(book: RuleBook, case: Case) -> dict[str, set[float]]:
    """Numbers at and around the limits that the rules compare with."""
    values: dict[str, set[float]] = {}

    def collect(expression: Expression) -> None:
        if isinstance(expression, Several):
            for part in expression.parts:
                collect(part)
        elif isinstance(expression, Comparison):
            limits = (expression.at_least, expression.above, expression.at_most, expression.below)
            around = {limit + step for limit in limits if limit is not None for step in (-0.5, 0, 0.5)}
            values.setdefault(expression.finding, set()).update(around)

    for rule in rules_of(case, book):
        collect(rule.when)
    for flag in book.red_flags.values():
        if flag.when is not None:
            collect(flag.when)
    for protocol in protocols_of(case, book):
        for question in protocol.questions:
            if question.ask_when is not None:
                collect(question.ask_when)
    return values


def findings_that_matter(book: RuleBook, case: Case) -> list[str]:
    """The findings that rules, red flags and questions of the case's complaints read or settle."""
    used = {used for rule in rules_of(case, book) for used in rule.uses}
    used |= {used for flag in book.red_flags.values() for used in flag.uses}
    used |= {settled for protocol in protocols_of(case, book) for q in protocol.questions for settled in q.settles}
    return sorted(used)


@functools.cache
def _what_matters(book_version: str, complaints: tuple[str, ...]) -> tuple[list[str], dict[str, set[float]]]:
    book = real_book() if book_version == real_book().version else small_book()
    return findings_that_matter(book, Case(complaints=complaints)), _reachable_values(book, Case(complaints=complaints))


@st.composite
def findings_of(draw: st.DrawFn, book: RuleBook, finding_id: str, numbers: dict[str, set[float]]) -> Finding:
    """A finding in any state that its kind can be in."""
    entry = book.findings.get(finding_id, FindingEntry(id=finding_id, title=finding_id))
    presence = draw(_PRESENCES)
    if presence is not Presence.PRESENT or entry.kind in ("sign", "note"):
        return Finding(finding_id, presence)
    if entry.kind == "choice":
        return Finding(finding_id, value=draw(st.sampled_from(entry.values)))
    return Finding(finding_id, value=draw(st.sampled_from(sorted(numbers.get(finding_id, {1.0})))))


@st.composite
def cases_in(draw: st.DrawFn, book: RuleBook, *, most_findings: int = 14) -> Case:
    """A case of one or two of the book's complaints, with findings that matter to it."""
    complaints = tuple(draw(st.lists(st.sampled_from(sorted(book.protocols)), min_size=1, max_size=2, unique=True)))
    if book.version in (small_book().version, real_book().version):
        names, numbers = _what_matters(book.version, complaints)
    else:
        names, numbers = findings_that_matter(book, Case(complaints=complaints)), {}
    if not names:
        return Case(complaints=complaints)
    chosen = draw(st.lists(st.sampled_from(names), max_size=most_findings, unique=True))
    return Case({name: draw(findings_of(book, name, numbers)) for name in chosen}, complaints)


def signs_of(book: RuleBook) -> st.SearchStrategy[str]:
    """A sign of the book; a quantity or choice has no worrying side."""
    return st.sampled_from(sorted(entry.id for entry in book.findings.values() if entry.kind == "sign"))


_CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.sampled_from(_SIGNS),
    lambda inner: st.one_of(
        st.builds(lambda parts: Clause(all=tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: Clause(any=tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: Clause(some=SomeOf(count=2, of=tuple(parts))), st.lists(inner, min_size=2, max_size=4)),
    ),
    max_leaves=5,
)


def _rules(prefix: str) -> st.SearchStrategy[tuple[CompiledRule, ...]]:
    made = st.tuples(_CONDITIONS, st.one_of(st.none(), _ACUITIES))
    return st.lists(made, max_size=5).map(lambda drawn: tuple(_numbered_rules(prefix, drawn)))


def _numbered_rules(prefix: str, drawn: list[tuple[Condition, Acuity | None]]) -> Iterator[CompiledRule]:
    for number, (condition, acuity) in enumerate(drawn):
        rule = Rule(
            id=f"{prefix}_{number}",
            when=condition,
            acuity=acuity,
            raise_by=None if acuity else 1,
            reason="It should be looked at.",
            sources=("gk",),
            basis="general",
        )
        yield CompiledRule(rule, compiled(condition))


@st.composite
def _questions(draw: st.DrawFn, protocol_id: str) -> tuple[CompiledQuestion, ...]:
    questions = []
    for number in range(draw(st.integers(0, 4))):
        signs = draw(st.lists(st.sampled_from(_SIGNS), min_size=1, max_size=3, unique=True))
        floor = draw(st.one_of(st.none(), _ACUITIES))
        question = Question(
            id=f"q_{protocol_id}_{number}",
            text="Do you have any of these?",
            why="They matter.",
            input="multi",
            options=tuple(Option(value=sign, title=sign, present=(sign,)) for sign in signs),
            life_threat=floor is not None and draw(st.booleans()),
            if_unknown=floor,
        )
        condition = draw(st.one_of(st.none(), _CONDITIONS))
        ask_when = None if condition is None else compiled(condition)
        questions.append(CompiledQuestion(question, ask_when, settled_by(question)))
    return tuple(questions)


@st.composite
def _protocols(draw: st.DrawFn, protocol_id: str) -> CompiledProtocol:
    model = small_book().protocols["general"].protocol
    protocol = _changed(model, id=protocol_id, baseline=draw(_ACUITIES))
    return CompiledProtocol(protocol, draw(_questions(protocol_id)), draw(_rules(protocol_id)), None)


def _changed(shape, **changes):
    return type(shape)(**{**{name: getattr(shape, name) for name in shape.__struct_fields__}, **changes})


@st.composite
def _flags(draw: st.DrawFn) -> dict[str, CompiledFlag]:
    model: RedFlag = small_book().red_flags["rf_blue"].flag
    condition = draw(st.one_of(st.none(), _CONDITIONS))
    flag = _changed(model, id="rf_drawn", acuity=draw(_ACUITIES), expressions=("never said",), when=condition)
    return {"rf_drawn": CompiledFlag(flag, None if condition is None else compiled(condition))}


@st.composite
def drawn_books(draw: st.DrawFn) -> RuleBook:
    """A rule book of two protocols, modifiers and one red flag over eight signs."""
    return replace(
        small_book(),
        version="drawn",
        findings={sign: FindingEntry(id=sign, title=sign) for sign in _SIGNS},
        protocols={name: draw(_protocols(name)) for name in ("general", "other")},
        red_flags=draw(_flags()),
        general_rules=draw(_rules("m")),
        intake=replace(small_book().intake, questions=(), self_care_needs=()),
    )
