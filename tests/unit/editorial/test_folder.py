"""Texts and files are the same thing, byte for byte."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.clinical.content_files import content_hash, hash_of_texts
from careline.editorial.folder import texts_in
from careline.editorial.served import write_texts

pytestmark = pytest.mark.slow  # writes hundreds of files

NAMES = st.from_regex(r"[a-c]{1,3}(/[a-c]{1,3})?\.(yml|md)", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(NAMES, TEXTS, min_size=1, max_size=6))
def test_texts_that_are_written_and_read_again_are_the_same_and_have_the_same_hash(texts):
    with tempfile.TemporaryDirectory() as folder:
        assert write_texts(texts, Path(folder)) == list(texts)
        assert texts_in(Path(folder)) == texts
        assert write_texts(texts, Path(folder)) == []
        assert content_hash([Path(folder) / name for name in texts], Path(folder)) == hash_of_texts(texts)
