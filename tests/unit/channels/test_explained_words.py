"""Words that patients may not know: marked once, their meaning beside them, and nothing else changed."""

import re

import pytest

from careline.channels.web.explained_words import ExplainedWords

MEANINGS = {"pus": "Thick <yellow> liquid.", "pulse oximeter": "A clip.", "oximeter": "A clip.", "útero": "Matriz."}


@pytest.fixture
def terms():
    return ExplainedWords(MEANINGS, "m7")


def read(html):
    """What a reader sees before anything is pressed."""
    return re.sub(r"<span popover.*?</span>|<[^>]*>", "", html)


def test_a_word_is_a_button_and_its_meaning_opens_at_a_press(terms):
    assert terms.marked("Is there pus?") == (
        'Is there <button type="button" class="term" popovertarget="m7-1">pus</button>'
        '<span popover id="m7-1">Thick &lt;yellow&gt; liquid.</span>?'
    )


def test_it_is_marked_once_in_all_that_is_read_together(terms):
    assert terms.marked("Pus, PUS.").count("<button") == 1
    assert terms.marked("pus") == "pus"


def test_the_longest_words_count_and_those_of_one_meaning_are_one(terms):
    found = terms.marked("A pulse oximeter. Any oximeter.")
    assert ">pulse oximeter</button>" in found
    assert found.count("<button") == 1


@pytest.mark.parametrize("text", ["pushed", "campus", "pus-filled", "non-pus", "corpus"])
def test_a_part_of_a_word_is_not_marked(terms, text):
    assert terms.marked(text) == text


def test_what_stands_around_is_escaped_and_reads_as_before(terms):
    found = terms.marked("<b>útero</b> & pus")
    assert "<b>" not in found
    assert read(found) == "&lt;b&gt;útero&lt;/b&gt; &amp; pus"


def test_in_html_tags_links_and_entities_stay_as_they_are(terms):
    html = '<p>Salt &amp; <em>pus</em> <a href="/guidance/pus">of pus</a> &lt;i&gt;</p>'
    found = terms.marked_html(html)
    assert read(found) == read(html)
    assert '<a href="/guidance/pus">of pus</a>' in found
    assert found.count("<button") == 1


def test_a_language_without_such_words_is_left_alone():
    assert ExplainedWords({}, "m1").marked("pus & pus") == "pus &amp; pus"
