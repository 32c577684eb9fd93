"""The handoff note as PDF: whatever a patient writes, there are pages, and nothing is left out in silence."""

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careline.escalation.case_snapshot import Quote
from careline.escalation.sbar_pdf import FONT, FONT_SHA256, printable, sbar_pdf
from tests.support.handoff import case_of, cases, escalation_of

pytestmark = pytest.mark.slow  # takes long


def test_the_font_is_the_one_that_was_published_and_its_licence_lies_beside_it():
    assert hashlib.sha256(FONT.read_bytes()).hexdigest() == FONT_SHA256
    assert "Bitstream Vera Fonts Copyright" in FONT.with_name("DejaVuSans.LICENSE.txt").read_text(encoding="utf-8")


def test_it_is_a_pdf_and_the_same_each_time():
    escalation = escalation_of(case_of())
    assert sbar_pdf(escalation).startswith(b"%PDF-")
    assert sbar_pdf(escalation) == sbar_pdf(escalation)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Ból w klatce, señor, où ça", "Ból w klatce, señor, où ça"),
        ("боль в груди", "боль в груди"),
        ("hot \N{FACE WITH THERMOMETER}", "hot [face with thermometer]"),
        ("ألم في الصدر now", "[words in a script that this page cannot show] now"),
        ("胸が痛い", "[words in a script that this page cannot show]"),
        ("a\x00b\ud800c", "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"),
        ("a\N{NO-BREAK SPACE}b\tc", "a b c"),
    ],
)
def test_what_the_font_cannot_show_is_replaced_visibly(words, shown):
    assert printable(words) == shown


def test_only_what_cannot_be_shown_is_replaced():
    assert printable("".join(map(chr, range(32, 127)))) == "".join(map(chr, range(32, 127)))


def test_a_word_longer_than_the_page_is_no_reason_to_fail():
    words = Quote("a" * 600, 2)
    assert sbar_pdf(escalation_of(case_of(words=(words,)))).startswith(b"%PDF-")


@pytest.mark.slow  # takes long
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases, st.text())
def test_whatever_is_in_a_case_there_are_pages(case, note):
    """Warnings are errors here: a letter that the font does not have would be one."""
    assert sbar_pdf(escalation_of(case, note=note)).startswith(b"%PDF-")
