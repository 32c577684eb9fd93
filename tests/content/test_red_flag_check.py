"""Publishing asks of every red flag that it reads its expressions and leaves its near misses alone."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from careline.clinical.content import NearMiss
from careline.clinical.errors import ContentError
from careline.clinical.phrases import Phrase, load_phrases
from careline.clinical.red_flag_check import EXPRESSIONS_AUTHOR, check_red_flags, expressions_of
from careline.clinical.rulebook import RuleBook
from tests.support.house import KNOWLEDGE, lexicon, rule_book

pytestmark = pytest.mark.slow  # reads all contents

FLAG = "rf_stroke_face"


def with_near_miss(text: str, *, raises: bool = False) -> RuleBook:
    book = rule_book()
    compiled = book.red_flags[FLAG]
    near = NearMiss(text=text, kind="figurative", raises=raises)
    flag = msgspec.structs.replace(compiled.flag, near_misses=(near,))
    return dataclasses.replace(
        book, red_flags={**book.red_flags, FLAG: dataclasses.replace(compiled, flag=flag)}
    )  # fmt: skip


def test_all_red_flags_read_their_expressions_and_no_near_miss_but_the_known_ones():
    phrases = load_phrases(KNOWLEDGE)
    check_red_flags(rule_book(), lexicon(), phrases)
    assert len(expressions_of(rule_book(), phrases)) > 900


def test_a_near_miss_that_raises_its_flag_is_refused_unless_that_is_known():
    with pytest.raises(ContentError, match="“his face is drooping on one side” raises it") as caught:
        check_red_flags(with_near_miss("his face is drooping on one side"), lexicon(), [])
    assert f"red flag '{FLAG}'" in str(caught.value)
    check_red_flags(with_near_miss("his face is drooping on one side", raises=True), lexicon(), [])


def test_what_is_said_to_raise_and_no_longer_does_is_refused_too():
    with pytest.raises(ContentError, match="no longer raises it"):
        check_red_flags(with_near_miss("a face for radio", raises=True), lexicon(), [])


def test_an_expression_that_gets_no_card_is_refused():
    lost = Phrase("my toe looks nice", "present", FLAG, EXPRESSIONS_AUTHOR, "train")
    with pytest.raises(ContentError, match="“my toe looks nice”, which must raise it, gets no emergency card"):
        check_red_flags(rule_book(), lexicon(), [lost])
