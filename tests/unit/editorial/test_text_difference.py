"""How two texts differ, line by line and word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.editorial.text_difference import Piece, text_difference

TEXTS = st.lists(st.sampled_from(["one", "two", " ", "\n", "  ", "three\n", "é"]), max_size=12).map("".join)


def difference(old, new):
    return text_difference(old, new, old_name="old", new_name="new")


def test_equal_texts_do_not_differ():
    found = difference("Rest.\nDrink.\n", "Rest.\nDrink.\n")
    assert found.unified == ""
    assert found.pieces == (Piece("same", "Rest.\nDrink.\n"),)


def test_one_word_is_told_from_the_words_around_it():
    found = difference("Rest.\nDrink some water.\n", "Rest.\nDrink much water.\n")
    assert found.unified == ("--- old\n+++ new\n@@ -1,2 +1,2 @@\n Rest.\n-Drink some water.\n+Drink much water.\n")
    assert found.pieces == (
        Piece("same", "Rest.\nDrink "),
        Piece("removed", "some"),
        Piece("added", "much"),
        Piece("same", " water.\n"),
    )


@pytest.mark.slow
@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_the_pieces(old, new):
    pieces = difference(old, new).pieces
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
