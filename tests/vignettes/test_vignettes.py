"""Invented patients go through the screen and the whole interview, and must end at the level their author expects."""

from __future__ import annotations

import functools

import pytest

from careline.clinical.vignette_content import Vignette
from careline.clinical.vignette_files import load_vignettes
from careline.consultation.rehearsal.conversation import Outcome
from careline.consultation.rehearsal.in_process import clinic_of, play_vignette
from tests.support.house import KNOWLEDGE, lexicon, rule_book

pytestmark = pytest.mark.slow  # takes long

VIGNETTES = load_vignettes(KNOWLEDGE)
by_id = pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette.id)


@functools.cache
def outcome_of(vignette_id: str) -> Outcome:
    clinic = clinic_of(rule_book(), lexicon(), KNOWLEDGE)
    return play_vignette(next(each for each in VIGNETTES if each.id == vignette_id), clinic)


def told(vignette: Vignette, outcome: Outcome) -> str:
    got = outcome.acuity.value if outcome.acuity else "no level"
    return "\n  ".join([f"{vignette.id}: {vignette.acuity.value} ({vignette.why}), got {got}", *outcome.transcript])


def test_nobody_is_sent_away_with_less_than_they_need():
    """Under-triage first: all of it in one message."""
    under = [
        told(vignette, outcome)
        for vignette in VIGNETTES
        if (outcome := outcome_of(vignette.id)).acuity is None or outcome.acuity < vignette.acuity
    ]
    assert not under, "UNDER-TRIAGED:\n" + "\n".join(under)


@by_id
def test_the_patient_ends_at_the_level_that_the_guideline_asks_for(vignette):
    outcome = outcome_of(vignette.id)
    assert outcome.acuity is vignette.acuity, told(vignette, outcome)


@by_id
def test_the_red_flags_of_the_vignette_are_raised(vignette):
    outcome = outcome_of(vignette.id)
    assert outcome.red_flags.issuperset(vignette.red_flags), told(vignette, outcome)


def test_every_complaint_has_patients_of_several_levels():
    levels = {
        complaint: {v.acuity for v in VIGNETTES if v.complaint == complaint} for complaint in rule_book().protocols
    }
    assert [complaint for complaint, found in levels.items() if len(found) < 3] == []


def test_vignettes_name_only_what_the_rules_have():
    """A misspelt question would silently get the reassuring answer."""
    book = rule_book()
    questions = {q.question.id for q in book.intake.questions}
    questions |= {q.question.id for protocol in book.protocols.values() for q in protocol.questions}
    wrong = [
        (vignette.id, name)
        for vignette in VIGNETTES
        for name, known in (
            *((name, questions) for name in (*vignette.answers, *vignette.unsure)),
            (vignette.complaint, book.protocols),
            *((name, book.red_flags) for name in vignette.red_flags),
            *((name, book.sources) for name in vignette.sources),
        )
        if name not in known
    ]
    assert wrong == []


def test_each_vignette_has_an_id_of_its_own():
    ids = [vignette.id for vignette in VIGNETTES]
    assert sorted(set(ids)) == sorted(ids)
