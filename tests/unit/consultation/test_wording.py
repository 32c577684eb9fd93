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
