"""A translation sentence by sentence: what is read of its file and written back is the file."""

import datetime as dt
from pathlib import Path

import pytest

from careline.clinical.errors import ContentError
from careline.clinical.translation import mark_of
from careline.clinical.translation_content import Translation
from careline.clinical.translation_file import (
    beside,
    is_translatable,
    kept_in,
    translates,
    translation_path,
    translation_text,
)

KNOWLEDGE = Path("knowledge")
SPANISH = KNOWLEDGE / "translations/es"
COUGH = Path("tests/support/small_knowledge/protocols/cough.yml").read_text(encoding="utf-8")
TODAY, LATER = dt.date(2026, 1, 5), dt.date(2026, 7, 4)


def written(texts, *, before=None):
    return translation_text("es", "Spanish", "protocols/cough.yml", texts, before=before, today=TODAY, review_by=LATER)


@pytest.mark.parametrize("name", ["protocols/cough.yml", "intake.yml", "dispositions.yml", "findings/mind.yml"])
def test_a_translation_that_is_written_as_it_was_read_changes_no_byte(name):
    before = (SPANISH / name).read_text(encoding="utf-8")
    rows = beside(name, (KNOWLEDGE / name).read_text(encoding="utf-8"), before)
    texts = {row.key: row.kept for row in rows if row.kept is not None}
    assert (
        translation_text("es", "Spanish", name, texts, before=before, today=TODAY, review_by=LATER).encode()
        == (SPANISH / name).read_bytes()
    )


def test_a_new_translation_says_what_it_is_of_and_can_be_read_again_whatever_signs_are_in_its_words():
    said = {"title": Translation(of=mark_of("Cough"), text='Tos: "seca" \\ # no', says=("tos",))}
    text = written(said)
    assert text.startswith("# protocols/cough.yml in Spanish.")
    assert "language: es\nreview: {review_by: 2026-07-04, effective_from: 2026-01-05}\n" in text
    assert kept_in(text) == said


def test_a_sentence_stands_beside_its_translation_and_says_whether_it_was_changed_since():
    of_old = Translation(of=mark_of("An old title"), text="Tos")
    now = Translation(of=mark_of("Most coughs get better."), text="Casi todas mejoran.")
    rows = {
        row.key: row for row in beside("protocols/cough.yml", COUGH, written({"title": of_old, "baseline_reason": now}))
    }
    assert rows["title"].state == "stale"
    assert rows["baseline_reason"].state == "current"
    assert rows["q_blood.some.title"].state == "missing"
    assert rows["q_blood.some.title"].text == "Yes"


def test_all_words_can_be_taken_out_and_what_stands_above_them_stays():
    head = "# Ours.\nlanguage: es\nreview: {review_by: 2027-05-21, effective_from: 2026-11-29}\n"
    before = f'{head}texts:\n  "title": {{of: "{mark_of("Cough")}", text: "Tos"}}\n'
    assert written({}, before=before) == f"{head}texts: {{}}\n"
    assert written(kept_in(before), before=written({}, before=before)) == before


@pytest.mark.parametrize(
    "path", ["lexicon/cough.yml", "sources.yml", "articles/cough.md", "protocols/a/cough.yml", "x"]
)
def test_what_holds_no_sentences_of_its_own_is_not_translated(path):
    assert not is_translatable(path)
    assert translates(translation_path("es", path)) is None
    with pytest.raises(ContentError, match="holds no sentences"):
        beside(path, "a: 1\n", None)


def test_a_path_of_a_translation_leads_to_what_it_is_of():
    assert translates("translations/es/protocols/cough.yml") == ("es", "protocols/cough.yml")
    assert translates("protocols/cough.yml") is None


@pytest.mark.parametrize(("text", "translation"), [("title: 1\n", None), (COUGH, "texts: 5\n"), (COUGH, "\t")])
def test_a_file_that_cannot_be_read_is_an_error_that_names_it(text, translation):
    with pytest.raises(ContentError, match=r"protocols/cough\.yml|translation"):
        beside("protocols/cough.yml", text, translation)
