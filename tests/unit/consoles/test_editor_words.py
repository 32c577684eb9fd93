"""What a check says, in an editor's words, and where in the file."""

from __future__ import annotations

import pytest

from careline.consoles.editor.plain_problems import in_plain_words, line_of


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (
            "Expected `str` of length >= 3 - at `$.title`. Mend the value.",
            "It is too short: write at least 3 characters.",
        ),
        ("Expected `array` of length >= 6 - at `$.questions`", "There are too few: write at least 6, one a line."),
        ("Object missing required field `title`. Add it.", "The key 'title' is missing. Add a line 'title: …'."),
        (
            "Object contains unknown field `titel` - at `$.a`. Remove it or mend its spelling.",
            "There is no key 'titel' here. Mend its spelling, or take the line out.",
        ),
        ("Expected `str`, got `bool` - at `$.a[0]`.", 'Put yes, no, on and off in quotes: "yes".'),
        ("Expected `int`, got `str` - at `$.a`.", "A number is wanted here, without quotes."),
        (
            "Invalid enum value 'soon' - at `$.a`.",
            "'soon' is none of the words that can stand here. Mend its spelling.",
        ),
        ('is not valid YAML: mapping values are not allowed in this context in "<x>", line 2, column 9.', "A colon"),
        ("something that nobody foresaw", "something that nobody foresaw"),
    ],
)
def test_what_a_check_says_is_said_plainly(said: str, plain: str):
    assert in_plain_words(f"protocols/cough.yml: {said}").text.startswith(plain)
    assert in_plain_words(f"protocols/cough.yml: {said}").file == "protocols/cough.yml"


def test_the_place_is_counted_from_one():
    problem = in_plain_words("a.yml: Expected `str`, got `int` - at `$.questions[1].options[0].title`.")
    assert problem.place == "'questions', number 2, 'options', number 1, 'title'"
    assert problem.field == "questions"


def test_the_line_of_a_place_is_that_of_its_key_or_of_what_holds_it():
    text = "id: a\nquestions:\n  - id: one\n  - id: two\n    text: words\n"
    assert line_of(text, ("questions", 1, "text")) == 5
    assert line_of(text, ("questions", 1, "missing")) == 4
    assert line_of(text, ("questions", 7)) == 2
    assert line_of(text, ()) is None
    assert line_of("a: [", ("a",)) is None


def test_of_yaml_that_is_broken_the_last_line_is_named():
    said = (
        'x.yml: is not valid YAML: while scanning in "<x>", line 2, column 1 could not find in "<x>", line 3, column 1.'
    )
    assert in_plain_words(said).line == 3
