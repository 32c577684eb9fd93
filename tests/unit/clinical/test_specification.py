"""The manual that is written from the rules."""

from __future__ import annotations

import pytest

from careline.clinical.conditions import compiled
from careline.clinical.content import Clause, SomeOf
from careline.clinical.specification import in_words, write_specification
from tests.support.clinical_case import small_book


@pytest.fixture
def manual(tmp_path):
    write_specification(small_book(), tmp_path)
    return {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("fever", "fever"),
        ("rf_blue", "Blue lips"),
        (Clause(all=("fever", "tired")), "(fever and tired)"),
        (Clause(any=("fever", Clause(all=("tired", "cough")))), "(fever or (tired and cough))"),
        (Clause(all=("fever",)), "fever"),
        (Clause(some=SomeOf(count=2, of=("fever", "tired", "cough"))), "(at least 2 of: fever, tired, cough)"),
        (Clause(finding="age_years", at_least=2, below=65), "age ≥ 2 years and < 65 years"),
        (Clause(finding="phlegm", is_=("clear", "green")), "colour of the phlegm is clear or green"),
        (Clause(complaint=("cough", "general")), "complaint is cough or general"),
    ],
)
def test_a_condition_reads_as_a_sentence(condition, words):
    assert in_words(compiled(condition), small_book()) == words


def test_there_is_a_page_for_each_protocol_the_flags_and_the_general_rules(manual):
    assert set(manual) == {"cough.md", "general.md", "red_flags.md", "general_rules.md", "medicines.md"}


def test_a_protocols_page_shows_its_rules_its_baseline_and_its_questions(manual):
    lines = manual["cough.md"].splitlines()
    assert "Protocol `cough`. Reviewer: unreviewed. Review by 2027-05-21." in lines
    assert "Used when: age ≥ 1 years." in lines
    assert "| `cough_breathless` | short of breath | ed_now | You are short of breath. | gk |" in lines
    assert "| | nothing of the above | self_care | Most coughs get better. | |" in lines
    assert "| Do you have any of these? | They can be dangerous. | blue lips, short of breath | same_day |" in lines
    assert "| How long have you had the cough? | A long cough should be checked. | how long it has lasted |  |" in lines
    assert not any(line.startswith("Used when") for line in manual["general.md"].splitlines())


def test_the_red_flags_show_by_what_they_are_raised(manual):
    lines = manual["red_flags.md"].splitlines()
    assert (
        "| Blue lips (`rf_blue`) | emergency | emergency_now | 1 expressions | (blue lips and short of breath) "
        "| Is that so right now? | gk |" in lines
    )
    assert (
        "| Thoughts of dying (`rf_despair`) | crisis | same_day | 1 expressions |  | Is that so right now? | gk |"
        in lines
    )


def test_a_raising_rule_says_that_it_raises(manual):
    assert (
        "| `m_diabetes` | (diabetes and fever) | one step up | Diabetes makes infections worse. | gk |"
        in manual["general_rules.md"].splitlines()
    )


def test_pages_of_protocols_that_are_gone_are_removed(tmp_path):
    (tmp_path / "old.md").write_text("gone", encoding="utf-8")
    written = write_specification(small_book(), tmp_path)
    assert not (tmp_path / "old.md").exists()
    assert [path.name for path in written] == [
        "cough.md",
        "general.md",
        "general_rules.md",
        "medicines.md",
        "red_flags.md",
    ]
