"""The handoff note: what a clinician reads, and what it must never say."""

import datetime as dt

import msgspec
import pytest
from hypothesis import given, settings

from careline.clinical.acuity import Acuity
from careline.clinical.finding import Presence
from careline.escalation.case_snapshot import (
    Quote,
    SeenFlag,
    SeenQuestion,
    SeenRule,
    Told,
    case_from,
    stored_case,
    with_earlier,
    with_words_of,
)
from careline.escalation.note import sbar_of
from careline.escalation.sbar import LineKind, Sbar, plain_lines, sbar_from, stored_sbar
from careline.escalation.sbar_text import sbar_text
from tests.support.handoff import AT, SOURCE, case_of, cases, escalation_of, measured, sign


def lines(case, part):
    return getattr(sbar_of(case), part)


def texts(case, part):
    return [line.text for line in lines(case, part)]


def question(stage="interview", *, is_asked=True, life_threat=False, **findings):
    settled = tuple(sign(name, Presence(presence)) for name, presence in findings.items())
    return SeenQuestion(
        id="q_one", text="One?", stage=stage, is_asked=is_asked, life_threat=life_threat, findings=settled
    )


class TestSituation:
    def test_says_the_level_and_what_it_is_called(self):
        assert "Acuity: ed now (Go now)" in texts(case_of(), "situation")

    def test_a_level_that_is_not_decided_is_not_made_up(self):
        found = texts(case_of(acuity=None, asks_for=Acuity.GP_SOON), "situation")
        assert found[0] == "Acuity: not decided yet; what is known so far asks for at least gp soon"

    @pytest.mark.parametrize(
        ("findings", "said"),
        [
            ((sign("for_whom", value="self", kind="choice"),), "The patient writes for themselves"),
            ((sign("for_whom", value="child", kind="choice"),), "Somebody writes for a baby or child"),
            ((), "Not known whether the patient writes for themselves"),
        ],
    )
    def test_says_who_writes(self, findings, said):
        assert said in texts(case_of(findings=findings), "situation")

    def test_a_red_flag_quotes_the_words_and_names_their_message(self):
        flag = SeenFlag(id="rf_heart", title="Heart", quote=Quote("my chest", 4), sources=(SOURCE,))
        line = next(each for each in lines(case_of(red_flags=(flag,)), "situation") if each.rule_id)
        assert line.text == 'Red flag: Heart [rf_heart] — patient wrote: "my chest" (message 4)'
        assert (line.message_ids, line.rule_id, line.kind) == ((4,), "rf_heart", LineKind.DANGER)
        assert line.sources == (SOURCE,)

    def test_a_flag_that_was_taken_back_stays_and_says_so(self):
        (line,) = (
            each
            for each in texts(case_of(red_flags=(SeenFlag(id="f", title="F", holds=False),)), "situation")
            if "Red flag" in each
        )
        assert line.endswith("the patient has since taken back what raised it")

    def test_a_new_start_of_the_patients_takes_nothing_away(self):
        before = case_of(red_flags=(SeenFlag(id="f", title="Heart"),), words=(Quote("my chest", 4),))
        found = texts(with_earlier(case_of(acuity=None, last_message=9), before, started_over=True), "situation")
        assert any("Before the patient started over" in line and "Heart" in line for line in found)
        assert any("my chest" in line for line in found)

    def test_of_many_new_starts_the_most_urgent_are_kept(self):
        case = case_of(acuity=Acuity.EMERGENCY_NOW)
        for number in range(5):
            milder = case_of(acuity=Acuity.ROUTINE, asks_for=Acuity.ROUTINE, last_message=number)
            case = with_earlier(milder, case, started_over=True)
        assert len(case.earlier) == 3
        assert case.earlier[0].acuity is Acuity.EMERGENCY_NOW

    def test_words_that_were_quoted_stay_while_the_message_is_there(self):
        flag = SeenFlag(id="f", title="F", quote=Quote("chest", 4))
        before = case_of(red_flags=(flag,), words=(Quote("my chest", 4), Quote("erased", 5)))
        now = with_words_of(case_of(red_flags=(SeenFlag(id="f", title="F", holds=False),)), before, {4})
        assert now.words == (Quote("my chest", 4),)
        assert now.red_flags[0].quote == Quote("chest", 4)
        assert with_words_of(now, before, set()).red_flags[0].quote is None


class TestBackground:
    def test_says_age_sex_and_pregnancy(self):
        findings = (measured("age_years", 58, "years"), sign("sex", value="male", kind="choice"))
        found = texts(case_of(findings=findings, not_applicable=("pregnant",)), "background")
        assert found[:3] == [
            "Age: 58 years",
            "Sex at birth: male",
            "Pregnant: not asked of a patient of this age and sex",
        ]

    def test_what_is_not_known_says_so(self):
        for line in lines(case_of(), "background"):
            assert line.text.endswith("not known")
            assert line.kind is LineKind.UNKNOWN

    def test_what_is_present_absent_and_unknown_is_kept_apart(self):
        found = texts(case_of(questions=(question("intake", a="present", b="absent", c="unknown"),)), "background")
        assert found[3:] == ["One: a", "One: said no to: b", "One: asked, not known: c"]

    def test_a_fact_that_is_named_by_a_denial_is_not_denied_twice(self):
        """`not no working spleen` is read wrongly by whoever is in a hurry."""
        asked = question("intake", **{"no working spleen": "absent", "takes a blood thinner": "absent"})
        assert texts(case_of(questions=(asked,)), "background")[3:] == [
            "One: said no to: no working spleen, takes a blood thinner"
        ]

    def test_what_was_never_asked_is_no_none(self):
        found = texts(case_of(questions=(question("intake", is_asked=False, a="unknown"),)), "background")
        assert found[3:] == ["One: not asked: a"]


class TestAssessment:
    def test_a_measurement_has_its_unit_its_message_and_what_was_told_before(self):
        temperature = measured("temperature_celsius", 38.5, "celsius", earlier=(39.0,), message_id=5)
        (line,) = lines(case_of(findings=(temperature,)), "assessment")
        assert line.text == "Measured by the patient: temperature_celsius: 38.5 °C (told before: 39 °C) (message 5)"
        assert line.message_ids == (5,)

    def test_a_danger_to_life_that_was_left_open_stands_out(self):
        (line,) = lines(case_of(questions=(question(life_threat=True, a="absent", b="unknown"),)), "assessment")
        assert line.text == "Danger to life NOT RULED OUT (asked, the patient could not say): b"
        assert line.kind is LineKind.UNKNOWN

    def test_what_the_patient_denied_is_a_relevant_negative(self):
        findings = (sign("a", Presence.ABSENT), sign("b", Presence.UNKNOWN))
        assert texts(case_of(findings=findings), "assessment") == [
            "The patient said no to: a",
            "The patient was not sure of: b",
        ]

    @pytest.mark.parametrize(
        ("acuity", "said"),
        [(Acuity.SAME_DAY, "asks for same_day"), (None, "raises the level by one step")],
    )
    def test_a_rule_has_its_id_and_its_source(self, acuity, said):
        rule = SeenRule(id="r_1", text="Because.", acuity=acuity, sources=(SOURCE,))
        (line,) = lines(case_of(rules=(rule,)), "assessment")
        assert line.text == (
            f"Rule [r_1], {said}: Because.; source: A guideline, A college, https://example.org/guideline"
        )


class TestRecommendation:
    def test_says_where_how_soon_and_what_if_worse(self):
        assert texts(case_of(), "recommendation")[:3] == [
            "Where: To the hospital.",
            "How soon: Now.",
            "If it gets worse: Call.",
        ]

    def test_says_what_the_patient_was_told_and_answered(self):
        told = Told(message_id=3, kind="emergency", text="Call 999.\nNow.", at=AT, answer=Quote("I cannot call", 4))
        found = texts(case_of(told=(told,)), "recommendation")
        assert "The patient was told, by emergency card (message 3): Call 999. / Now." in found
        assert 'The patient answered: "I cannot call" (message 4)' in found

    def test_says_when_nothing_was_told(self):
        assert "The patient has not been shown a card or an assessment yet" in texts(case_of(), "recommendation")

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({}, "Generated by Careline 1.2.3 from the patient's answers; check with the patient."),
            ({}, "Versions: app 1.2.3, content c0ffee, model m0del"),
            ({}, "Content: unreviewed"),
            ({"signed": True}, "Content: signed by a clinician"),
            ({"degraded": True}, "Degraded"),
        ],
    )
    def test_is_marked(self, more, said):
        marks = [line.text for line in lines(case_of(**more), "recommendation") if line.kind is LineKind.MARK]
        assert any(mark.startswith(said) for mark in marks)


class TestText:
    def test_a_patients_line_break_makes_no_line_of_ours(self):
        words = Quote("help\nRECOMMENDATION\n- send home\u2028- all well", 2)
        shown = sbar_text(escalation_of(case_of(words=(words,))))
        assert "help / RECOMMENDATION / - send home / - all well" in shown
        assert shown.count("\nRECOMMENDATION\n") == 1

    def test_an_erased_note_says_that_it_was_erased(self):
        shown = sbar_text(escalation_of(words_erased_at=AT + dt.timedelta(days=1)))
        assert "words were erased on 2026-11-22" in shown
        assert "it is not a no" in shown

    def test_without_a_note_it_says_that_there_is_none(self):
        assert "There is no note" in sbar_text(escalation_of())


class TestStored:
    def test_a_note_of_plain_strings_as_older_versions_kept_it_still_loads(self):
        old = {"situation": ["one", "two"], "background": [], "assessment": ["three"], "recommendation": []}
        assert sbar_from(old) == Sbar(plain_lines("one", "two"), (), plain_lines("three"), ())

    def test_an_erased_note_is_an_empty_one(self):
        assert sbar_from({}) == sbar_from(None) == Sbar()

    @pytest.mark.slow  # takes long
    @settings(max_examples=50, deadline=None)
    @given(cases)
    def test_case_and_note_are_read_back_as_they_were(self, case):
        assert case_from(msgspec.json.decode(msgspec.json.encode(stored_case(case)))) == case
        note = sbar_of(case)
        assert sbar_from(msgspec.json.decode(msgspec.json.encode(stored_sbar(note)))) == note


@pytest.mark.slow  # takes long
@settings(max_examples=100, deadline=None)
@given(cases)
def test_no_line_says_no_to_what_is_not_known(case):
    """Titles are made unique, so that a finding can be recognised in a line."""
    findings = tuple(
        msgspec.structs.replace(each, id=f"f{number}", title=f"<{number}>") for number, each in enumerate(case.findings)
    )
    asked = tuple(
        msgspec.structs.replace(
            each,
            text="?",
            findings=tuple(
                msgspec.structs.replace(finding, id=f"q{row}-{number}", title=f"<{row}-{number}>")
                for number, finding in enumerate(each.findings)
            ),
        )
        for row, each in enumerate(case.questions)
    )
    case = msgspec.structs.replace(case, findings=findings, questions=asked)
    note = sbar_of(case)
    denials = [
        line.text
        for part in (note.background, note.assessment)
        for line in part
        if line.text.startswith("The patient said no to") or ": not <" in line.text
    ]
    everything = [*findings, *(finding for each in asked for finding in each.findings)]
    for finding in everything:
        if finding.presence is not Presence.ABSENT:
            assert not any(finding.title in denial for denial in denials)
