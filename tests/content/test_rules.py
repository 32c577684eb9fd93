"""The rules, questions and sentences in knowledge/: what is asked can matter, and what must be found can be found."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import is_relevant
from careline.clinical.conditions import (
    Comparison,
    Expression,
    OneOfComplaints,
    OneOfValues,
    Several,
    Sign,
    Truth,
    findings_used,
    truth,
)
from careline.clinical.content import FALLBACK_PROTOCOL
from careline.clinical.finding import Case, Finding, Presence
from careline.clinical.rulebook import CompiledProtocol, CompiledQuestion
from careline.clinical.understanding.message import read_message
from careline.guidance.reading_grade import reading_grade
from tests.support.house import KNOWLEDGE, lexicon, rule_book

BOOK = rule_book()
PROTOCOLS = BOOK.protocols
# Read from plain words by `understanding`, without a lexicon entry.
READ_FROM_WORDS = {
    "age_years", "sex", "for_whom", "duration_days", "pregnancy_weeks", "pain_score", "temperature_celsius",
    "oxygen_percent", "heart_rate_bpm", "breaths_per_minute", "systolic_mmhg", "diastolic_mmhg", "glucose_mmol_per_l",
}  # fmt: skip
IN_WORDS = READ_FROM_WORDS | {entry.finding for entry in BOOK.lexicon} | set(BOOK.red_flags)
# Asked of everybody, measured by few: not knowing a reading is no sign of danger.
READINGS = {"q_breath_oxygen"}


def questions() -> Iterator[tuple[str, CompiledQuestion]]:
    for question in BOOK.intake.questions:
        yield "intake", question
    for name, protocol in PROTOCOLS.items():
        for question in protocol.questions:
            yield name, question


# ---- every rule can fire ----


def leaves(expression: Expression) -> Iterator[Expression]:
    if isinstance(expression, Several):
        for part in expression.parts:
            yield from leaves(part)
    else:
        yield expression


def values_worth_trying(expression: Expression) -> dict[str, list[float | str]]:
    """For each quantity or choice that the condition reads: values at, above and below its limits; its values."""
    values: dict[str, set[float]] = {}
    choices: dict[str, list[float | str]] = {}
    for leaf in leaves(expression):
        if isinstance(leaf, Comparison):
            limits = [limit for limit in (leaf.at_least, leaf.above, leaf.at_most, leaf.below) if limit is not None]
            values.setdefault(leaf.finding, set()).update(limit + step for limit in limits for step in (-0.01, 0, 0.01))
        elif isinstance(leaf, OneOfValues):
            choices[leaf.finding] = list(BOOK.findings[leaf.finding].values)
    return choices | {finding: sorted(numbers) for finding, numbers in values.items()}


def can_hold(expression: Expression, protocol: CompiledProtocol) -> bool:
    """Whether some patient of this protocol makes it hold with signs that words, intake or questions can settle."""
    values = values_worth_trying(expression)
    complaints = {
        complaint for leaf in leaves(expression) if isinstance(leaf, OneOfComplaints) for complaint in leaf.complaints
    }
    asked = (*BOOK.intake.questions, *protocol.questions)
    for chosen in itertools.product(*values.values()):
        known = {finding: Finding(finding, value=value) for finding, value in zip(values, chosen, strict=True)}
        case = Case(known, (protocol.protocol.id, *sorted(complaints - {protocol.protocol.id})[:1]))
        within_reach = {finding for question in asked if is_relevant(question, case) for finding in question.settles}
        within_reach |= IN_WORDS | {protocol.protocol.finding for protocol in PROTOCOLS.values()}
        signs = {
            finding: Finding(finding) for finding in findings_used(expression) if finding in within_reach - set(values)
        }
        if set(values) <= within_reach and truth(expression, Case(known | signs, case.complaints)) is Truth.YES:
            return True
    return False


def test_every_rule_of_a_protocol_can_fire():
    dead = [
        (name, compiled.rule.id)
        for name, protocol in PROTOCOLS.items()
        for compiled in protocol.rules
        if not can_hold(compiled.when, protocol)
    ]
    assert dead == []


def test_every_general_rule_can_fire():
    dead = [
        compiled.rule.id
        for compiled in BOOK.general_rules
        if not any(can_hold(compiled.when, protocol) for protocol in PROTOCOLS.values())
    ]
    assert dead == []


def test_every_red_flags_condition_can_hold():
    dead = [
        flag_id
        for flag_id, compiled in BOOK.red_flags.items()
        if compiled.when is not None and not any(can_hold(compiled.when, protocol) for protocol in PROTOCOLS.values())
    ]
    assert dead == []


# ---- every question matters, and asks what it should ----


def read_by_rules(protocol: CompiledProtocol | None) -> set[str]:
    """Findings that some rule, red flag or question's `ask_when` reads; of all protocols for the intake."""
    protocols = PROTOCOLS.values() if protocol is None else [protocol]
    expressions = [rule.when for each in protocols for rule in each.rules]
    expressions += [rule.when for rule in BOOK.general_rules]
    expressions += [flag.when for flag in BOOK.red_flags.values() if flag.when is not None]
    expressions += [q.ask_when for each in protocols for q in each.questions if q.ask_when is not None]
    return {finding for expression in expressions for finding in findings_used(expression)}


def test_nothing_is_asked_that_no_rule_reads():
    idle = [
        (name, question.question.id, finding)
        for name, protocol in PROTOCOLS.items()
        for read in [read_by_rules(protocol)]
        for question in protocol.questions
        for finding in sorted(question.settles - read)
    ]
    assert idle == []


def most_urgent_with(finding: str, protocol: CompiledProtocol) -> Acuity:
    """The most urgent level among the rules and flags that read the finding."""
    levels = [rule.rule.acuity for rule in (*protocol.rules, *BOOK.general_rules) if finding in rule.uses]
    levels += [flag.flag.acuity for flag in BOOK.red_flags.values() if finding in flag.uses]
    return max((level for level in levels if level is not None), default=Acuity.SELF_CARE)


def test_a_question_left_unknown_asks_for_no_more_than_its_worst_answer():
    too_high = [
        (name, question.question.id)
        for name, protocol in PROTOCOLS.items()
        for question in protocol.questions
        if question.question.if_unknown is not None
        and question.question.if_unknown > max(most_urgent_with(finding, protocol) for finding in question.settles)
    ]
    assert too_high == []


def emergencies_alone(protocol: CompiledProtocol) -> set[str]:
    """Findings each of which is an emergency by itself."""
    return {
        leaf.finding
        for rule in protocol.rules
        if rule.rule.acuity is Acuity.EMERGENCY_NOW
        for leaf in leaves(rule.when)
        if isinstance(leaf, Sign) and truth(rule.when, Case({leaf.finding: Finding(leaf.finding)})) is Truth.YES
    }


def test_a_sign_that_is_an_emergency_by_itself_is_asked_as_a_life_threat():
    missed = [
        (name, question.question.id, sorted(question.settles & alone))
        for name, protocol in PROTOCOLS.items()
        for alone in [emergencies_alone(protocol)]
        for question in protocol.questions
        if question.settles & alone and not question.question.life_threat and question.question.id not in READINGS
    ]
    assert missed == []


def test_a_life_threat_left_unknown_is_seen_the_same_day_at_least():
    low = [
        (name, question.question.id)
        for name, protocol in PROTOCOLS.items()
        for question in protocol.questions
        if question.question.life_threat and (question.question.if_unknown or Acuity.SELF_CARE) < Acuity.SAME_DAY
    ]
    assert low == []


# ---- plain words ----


def test_questions_are_in_words_that_an_eleven_year_old_reads():
    hard = {
        (where, question.question.id): round(grade, 1)
        for where, question in questions()
        if (grade := reading_grade(f"{question.question.text} {question.question.why}")) > 7
    }
    assert hard == {}


def test_every_question_is_a_question_and_its_why_a_sentence():
    odd = [
        question.question.id
        for _, question in questions()
        if "?" not in question.question.text or not question.question.why.endswith(".")
    ]
    assert odd == []


def test_reasons_and_advice_name_no_telephone_number():
    """Which number is right depends on the country; the card shows it."""
    texts = [(rule.rule.id, rule.rule.reason) for protocol in PROTOCOLS.values() for rule in protocol.rules]
    texts += [(rule.rule.id, rule.rule.reason) for rule in BOOK.general_rules]
    texts += [(flag_id, line) for flag_id, flag in BOOK.red_flags.items() for line in flag.flag.advice]
    texts += [(name, line) for name, p in PROTOCOLS.items() for line in (*p.protocol.safety_net, *p.protocol.self_care)]
    texts += [
        (acuity.value, line)
        for acuity, disposition in BOOK.dispositions.items()
        for line in (disposition.where, disposition.within, *disposition.if_worse, *disposition.by_service.values())
    ]
    numbers = re.compile(
        r"\b(?:call|ring|dial|phone|text)\s+\+?\d|\b(?:999|112|911|111|988|000|116 ?123)\b", re.IGNORECASE
    )
    assert [name for name, text in texts if numbers.search(text)] == []


# ---- what belongs together ----


def test_articles_that_protocols_name_exist():
    known = {path.stem for path in (KNOWLEDGE / "articles").glob("*.md")}
    assert [(name, a) for name, p in PROTOCOLS.items() for a in p.protocol.articles if a not in known] == []


def test_a_protocol_whose_patients_may_stay_at_home_has_an_article_for_them():
    without = [
        name
        for name, compiled in PROTOCOLS.items()
        if compiled.protocol.baseline is Acuity.SELF_CARE
        and not compiled.protocol.articles
        and name != FALLBACK_PROTOCOL
    ]
    assert without == []


def test_the_red_flags_that_a_protocol_names_are_not_less_urgent_than_it():
    low = [
        (name, flag)
        for name, compiled in PROTOCOLS.items()
        for flag in compiled.protocol.red_flags
        if BOOK.red_flags[flag].flag.acuity <= compiled.protocol.baseline
    ]
    assert low == []


def test_an_emergency_flag_that_words_raise_has_near_misses():
    """They keep the words from raising it for figures of speech and old stories."""
    without = [
        flag_id
        for flag_id, compiled in BOOK.red_flags.items()
        if compiled.flag.expressions and compiled.flag.acuity.is_emergency and len(compiled.flag.near_misses) < 3
    ]
    assert without == []


def test_everything_is_to_be_reviewed_within_a_year_of_its_start():
    late = [
        name for name, review in BOOK.reviews.items() if not 0 < (review.review_by - review.effective_from).days <= 366
    ]
    assert late == []


def test_there_are_as_many_protocols_and_flags_as_promised():
    assert len(PROTOCOLS) >= 12
    assert len(BOOK.red_flags) >= 40


# ---- figures of speech swallow no sign ----


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("my left arm has gone dead", "rf_stroke_arm"),
        ("no thoughts of hurting myself but i cut my arm yesterday", "rf_self_harm"),
        ("in the car he had a seizure", "rf_seizure_active"),
        ("at the computer she had a stroke", "rf_stroke_named"),
    ],
)
def test_a_figure_of_speech_does_not_swallow_a_red_flag(text, flag):
    assert flag in read_message(text, lexicon()).red_flags


@pytest.mark.parametrize(
    "text",
    [
        "this is an emergency",
        "EMERGENCY",
        "i need an ambulance",
        "pls help im dying",
        "ambulance pls",
        "i think im going to die",
    ],
)
def test_who_says_that_it_is_an_emergency_is_believed(text):
    assert "rf_emergency_stated" in read_message(text, lexicon()).red_flags


def test_a_medicine_that_somebody_is_scared_to_take_is_not_known_to_be_taken():
    found = read_message("scared to take ibuprofen with my asthma", lexicon()).findings
    assert [each.presence for each in found if each.id == "takes_anti_inflammatory"] == [Presence.UNKNOWN]


def test_a_knock_on_the_teeth_does_not_hide_that_somebody_was_knocked_out():
    found = {finding.id for finding in read_message("hit in the teeth and knocked out", lexicon()).findings}
    assert "knocked_out" in found
