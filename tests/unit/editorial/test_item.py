"""An item is named by the path of its file."""

import pytest

from careline.editorial.errors import PathError
from careline.editorial.item import Kind, kind_of


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("articles/earwax.md", Kind.ARTICLE),
        ("protocols/cough.yml", Kind.PROTOCOL),
        ("red_flags/neuro.yml", Kind.RED_FLAGS),
        ("lexicon/mind.yml", Kind.LEXICON),
        ("lexicon/es/red_flags.yml", Kind.LEXICON),
        ("translations/es/red_flags/neuro.yml", Kind.TRANSLATIONS),
        ("wording/en/advice.ftl", Kind.WORDING),
        ("dispositions.yml", Kind.RULES),
        ("vignettes/scripted/part1.yml", Kind.VIGNETTES),
        ("phrases/base.yml", Kind.PHRASES),
        ("retrieval/thresholds.yml", Kind.RETRIEVAL),
        ("canned_replies.yml", Kind.OTHER),
        ("red_flags/notes.txt", Kind.OTHER),
    ],
)
def test_an_item_is_what_its_place_says(path, kind):
    assert kind_of(path) is kind


@pytest.mark.parametrize(
    "path", ["", "/a.yml", "../a.yml", "a/../b.yml", "a//b.yml", ".git/config", "a\\b.yml", "a b.yml"]
)
def test_a_path_that_leads_elsewhere_is_none(path):
    with pytest.raises(PathError):
        kind_of(path)


def test_only_articles_are_hidden_when_their_review_date_is_over():
    assert {kind for kind in Kind if kind.hides_when_expired} == {Kind.ARTICLE}
