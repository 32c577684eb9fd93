"""Medicine rules: the strictest is said first, and what is not known is not taken for safe."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from careline.clinical.finding import Case, Finding, Presence
from careline.clinical.medicine_content import MedicinesFile
from careline.clinical.medicines import MedicineBook, cautions_for
from careline.clinical.rulebook import load_rule_book
from careline.strict_yaml import content_of_yaml

BOOK = load_rule_book(Path(__file__).parents[2] / "support" / "small_knowledge").medicines
SERVED = MedicineBook.of(
    msgspec.convert(
        content_of_yaml((Path(__file__).parents[3] / "knowledge" / "medicines.yml").read_bytes()), MedicinesFile
    )
)
NONE_TAKEN = Finding("takes_medicines", Presence.ABSENT)


def case(*findings: Finding) -> Case:
    return Case({finding.id: finding for finding in findings})


@pytest.mark.parametrize(
    ("text", "named", "mentioned"),
    [
        ("can I give Coughex to her", ("syrup",), ("syrup",)),
        ("is cough mixture with honey ok?", ("syrup", "honey"), ("syrup", "honey")),
        ("a remedy from the shop", (), ("syrup",)),
        ("coughexpress is a train", (), ()),
    ],
)
def test_medicines_are_found_by_substance_brand_and_in_our_texts_by_group(text, named, mentioned):
    assert BOOK.named_in(text) == named
    assert BOOK.mentioned_in(text) == mentioned


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("is ibuprofan bad for asma", "ibuprofen"),
        ("can my baby have callpol", "paracetamol"),
        ("how much paracetmol", "paracetamol"),
        ("loperimide?", "loperamide"),
        ("can i have gavescon", "antacid"),
        ("codine and driving", "codeine"),
    ],
)
def test_a_misspelt_medicine_is_known_all_the_same(text, named):
    assert SERVED.named_in(text) == (named,)


@pytest.mark.parametrize("text", ["i have a cold sore", "i take vitamins", "my throat is sore", "a coated tongue"])
def test_an_ordinary_word_is_no_misspelt_medicine(text):
    assert SERVED.named_in(text) == ()


def test_the_strictest_rule_leads_and_the_others_follow():
    (caution,) = cautions_for(["syrup"], case(Finding("age_years", value=4), NONE_TAKEN), BOOK)
    assert caution.action == "block"
    assert caution.texts == ("Not under 6.", "Follow the packet.")
    assert caution.rule_ids == ("syrup_young", "syrup_packet")


def test_a_rule_for_others_says_nothing():
    (caution,) = cautions_for(["syrup"], case(Finding("age_years", value=30), NONE_TAKEN), BOOK)
    assert caution.action == "follow_packet"


def test_what_is_not_known_of_the_patient_asks_for_care_with_every_medicine():
    cautions = cautions_for(["honey", "syrup"], case(Finding("age_years", value=4)), BOOK)
    assert [(each.medicine, each.action) for each in cautions] == [("syrup", "block"), ("honey", "ask_pharmacist")]


def test_a_medicine_without_a_rule_for_this_patient_is_left_out():
    assert cautions_for(["honey"], case(NONE_TAKEN), BOOK) == ()


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("what dose is right?", "dose"),
        ("how much coughex?", "dose"),
        ("how much longer?", None),
        ("prescribe me coughex, how much?", "prescription"),
        ("coughex", None),
    ],
)
def test_an_amount_and_a_prescription_are_told_from_other_questions(text, asked):
    assert BOOK.request_in(text) == asked
