"""The catalogue of sentences: a patient never sees a raw id or a gap."""

import pytest

from careline.consultation.errors import WordingError
from careline.consultation.wording import Wording


@pytest.fixture
def catalogue(tmp_path):
    """Writes catalogues, such as en="hello = Hello."; returns their folder."""

    def write(**languages):
        for language, source in languages.items():
            (tmp_path / language).mkdir()
            (tmp_path / language / "some.ftl").write_text(source, encoding="utf-8")
        return tmp_path

    return write


def test_says_a_sentence_in_the_language_with_its_values(catalogue):
    wording = Wording(catalogue(en="call = Call { $number }.", de="call = Rufen Sie { $number }."))
    assert wording.say("call", "de", number="112") == "Rufen Sie 112."
    assert wording.languages == {"en", "de"}


def test_a_sentence_that_a_language_lacks_is_said_in_the_default_language(catalogue):
    wording = Wording(catalogue(en="call = Call.\nhello = Hello.", de="call = Rufen Sie an."))
    assert wording.say("hello", "de") == "Hello."
    assert wording.ids == {"call", "hello"}


def test_words_that_a_sentence_explains_are_known_by_language(catalogue):
    folder = catalogue(en="womb = Where a baby grows.\n    .words = womb, Uterus\nother = Other.", de="womb = Dort.")
    assert Wording(folder).explained == {
        "en": {"womb": "Where a baby grows.", "uterus": "Where a baby grows."},
        "de": {},
    }


def test_an_edited_explanation_is_taken(catalogue, tmp_path):
    wording = Wording(catalogue(en="womb = Where a baby grows.\n    .words = womb"))
    wording.take(edited(tmp_path, "womb = It holds a baby.\n    .words = womb"))
    assert wording.explained == {"en": {"womb": "It holds a baby."}}


def edited(tmp_path, source):
    """A catalogue as an editor wrote it."""
    (tmp_path / "edited" / "en").mkdir(parents=True)
    (tmp_path / "edited" / "en" / "some.ftl").write_text(source, "utf-8")
    return tmp_path / "edited"


WOMB = "womb = Where a baby grows.\n    .words = womb\n"


def test_an_editor_may_add_words_that_are_explained_to_patients(catalogue, tmp_path):
    wording = Wording(catalogue(en=WOMB))
    folder = edited(tmp_path, f"{WOMB}spleen = It cleans the blood.\n    .words = spleen, spleens")
    assert wording.problems_of(folder) == wording.never_said_in(folder) == []
    wording.take(folder)
    assert wording.explained["en"]["spleens"] == "It cleans the blood."
    assert wording.explained["en"]["womb"] == "Where a baby grows."
    assert wording.ids == {"womb"}


def test_an_added_explanation_that_needs_a_value_is_not_taken(catalogue, tmp_path):
    wording = Wording(catalogue(en=WOMB))
    folder = edited(tmp_path, f"{WOMB}spleen = It cleans {{ $what }}.\n    .words = spleen")
    wording.take(folder)
    assert wording.explained == {"en": {"womb": "Where a baby grows."}}
    assert "nobody says 'spleen'" in wording.never_said_in(folder)[0]


def test_a_sentence_whose_name_the_program_does_not_know_is_named_to_whoever_writes_it(catalogue, tmp_path):
    wording = Wording(catalogue(en="hello = Hello."))
    folder = edited(tmp_path, "hello = Hello.\nhelo = Hello there.")
    (problem,) = wording.never_said_in(folder)
    assert problem.startswith("wording/en: nobody says 'helo'")
    assert wording.problems_of(folder) == []  # it does no harm, and may be left from an older program


@pytest.mark.parametrize(("locale", "language"), [("de-AT", "de"), ("DE", "de"), ("en-GB", "en"), ("fr", "en")])
def test_the_language_is_that_of_the_locale_where_there_is_one(catalogue, locale, language):
    assert Wording(catalogue(en="a = A.", de="a = A.")).language_for(locale) == language


@pytest.mark.parametrize(
    ("say", "told"),
    [
        ("nothing", r"no sentence 'nothing'\. Add it to en/"),
        ("call", r"'call' lacks a value"),
        ("empty", r"'empty' has no text"),
    ],
)
def test_what_cannot_be_said_is_an_error_that_names_it(catalogue, say, told):
    wording = Wording(catalogue(en="call = Call { $number }.\nempty =\n    .title = x"))
    with pytest.raises(WordingError, match=told):
        wording.say(say)


def test_no_start_without_the_default_language(catalogue):
    with pytest.raises(WordingError, match="no sentences in 'en'"):
        Wording(catalogue(de="a = A."))


def test_a_line_that_cannot_be_read_is_named(catalogue):
    with pytest.raises(WordingError, match=r"some\.ftl: line 2 cannot be read"):
        Wording(catalogue(en="a = A.\nthis is no sentence\n"))


class TestEdited:
    """Sentences that are edited in an installation take the place of the program's, where they fit."""

    def test_a_sentence_that_fits_is_said_and_the_others_stay(self, catalogue, tmp_path):
        wording = Wording(catalogue(en="call = Call { $number }.\nhello = Hello."))
        wording.take(edited(tmp_path, "call = Please ring { $number }.\nnew = Nobody says this."))
        assert wording.say("call", number="999") == "Please ring 999."
        assert wording.say("hello") == "Hello."
        assert wording.ids == {"call", "hello"}

    def test_one_that_needs_a_value_which_nobody_gives_is_not_said(self, catalogue, tmp_path):
        wording = Wording(catalogue(en="call = Call { $number }."))
        folder = edited(tmp_path, "call = Call { $name }.")
        wording.take(folder)
        assert wording.say("call", number="999") == "Call 999."
        assert wording.problems_of(folder) == ["wording/en: 'call' needs $name, which nobody gives. Take it out."]

    def test_one_that_is_missing_is_a_problem_before_it_is_published(self, catalogue, tmp_path):
        wording = Wording(catalogue(en="call = Call.\nhello = Hello."))
        assert wording.problems_of(edited(tmp_path, "call = Call.")) == [
            "wording/en: no sentence 'hello'. Put it back."
        ]

    def test_a_catalogue_that_cannot_be_read_changes_nothing(self, catalogue, tmp_path):
        wording = Wording(catalogue(en="call = Call."))
        folder = edited(tmp_path, "call = Ring.\nthis is no sentence\n")
        with pytest.raises(WordingError, match="line 2 cannot be read"):
            wording.take(folder)
        assert wording.say("call") == "Call."
        assert "line 2 cannot be read" in wording.problems_of(folder)[0]
