"""What editors see of patients' words: nothing that tells who somebody is, and enough to see what is asked."""

import pytest

from careline.clinical.understanding.redaction import redacted, without_placeholders
from careline.clinical.understanding.spelling import Speller

TOPICS = "headache eczema itch itchy cream rash throat treat street road pain".split()
ORDINARY = (
    "my name is i am called call me live in at from how do you the a of and have has had for with on was is it what "
    "can take john rose brown dr said told nurse mum son since may march born works help please number phone or one "
    "two three four seven zero high hi about"
).split()
SPELLER = Speller(TOPICS, ORDINARY)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("My name is Zebediah Quill, how do I treat eczema?", "Quill"),
        ("my name is rose brown and I have a rash", "rose"),
        ("call me brown please", "brown"),
        ("John has a rash", "John"),
        ("is it john or the cream", "john"),
        ("can Rose take the cream", "Rose"),
        ("dr brown said take the cream", "brown"),
        ("i live in Ludlow and itch", "Ludlow"),
        ("i live at 12 High Street", "High"),
        ("i am from Wexford", "Wexford"),
        ("phone 07700 900123 please", "900"),
        ("phone zero seven seven zero zero one two three four", "seven"),
        ("+44 (0)20 7946 0000", "7946"),
        ("born 12/03/1981", "81"),
        ("born in may", "may"),
        ("since Tuesday the itch", "Tuesday"),
        ("since 3rd of march", "march"),
        ("zeb.quill@example.org what can I take", "quill"),
        ("my NHS number is 485 777 3456", "777"),
        ("postcode SY8 1AA", "SY8"),
        ("www.my-page.org/zeb has it", "zeb"),
        ("what can zebediah take", "zebediah"),
    ],
)
def test_what_tells_who_it_is_is_taken_out(typed, told):
    assert told.lower() not in redacted(typed, SPELLER).lower()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("How do I treat eczema?", "How do I treat eczema?"),
        ("how do you treat eczma", "how do you treat [eczema?]"),
        ("my son has had a rash since 3 March", "my son has had a rash since [number] [date]"),
        ("what can I take for zorbing", "what can I take for [\N{HORIZONTAL ELLIPSIS}]"),
        ("Dr said it may itch", "Dr said it may itch"),
        ("I had the itch since Tuesday", "I had the itch since [date]"),
        ("", ""),
    ],
)
def test_what_is_asked_can_still_be_read(typed, shown):
    assert redacted(typed, SPELLER) == shown


def test_a_word_that_we_only_guess_is_shown_as_a_guess_and_compared_as_if_it_had_been_typed():
    shown = redacted("how do you treat eczma, says Quill?", SPELLER)
    assert shown == "how do you treat [eczema?], [\N{HORIZONTAL ELLIPSIS}] [name]?"
    assert without_placeholders(shown) == "how do you treat eczema,"


@pytest.mark.parametrize("typed", ["🤒" * 50, "\x00\ud83d", "[name] [number]", "1" * 5000, "a" * 5000, "." * 3000])
def test_anything_can_be_redacted(typed):
    assert isinstance(redacted(typed, SPELLER), str)
