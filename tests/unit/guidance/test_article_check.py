"""What editors are told before an article reaches a patient: too hard, too long, a dose, a number, a dead link."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pytest

from careline.guidance.article import SECTION_HEADINGS, Section, Source
from careline.guidance.article_check import article_problems, check_articles, load_limits
from careline.guidance.article_draft import write_draft
from careline.guidance.article_files import read_article
from careline.guidance.article_statistics import article_figures, complaints_without_article
from careline.guidance.errors import ArticleError
from careline.guidance.reading_grade import hard_words, reading_grade, words_per_sentence
from tests.support.house import KNOWLEDGE

TODAY = dt.date(2026, 11, 29)
LIMITS = load_limits(KNOWLEDGE)
GOOD = read_article(KNOWLEDGE / "articles" / "sore_throat.md")


def with_text(text: str, heading: str = "What it is", **changes):
    sections = tuple(
        Section(
            heading=each.heading, markdown=f"{each.markdown}\n\n{text}" if each.heading == heading else each.markdown
        )
        for each in GOOD.sections
    )
    return msgspec.structs.replace(GOOD, sections=sections, **changes)


def problems(article) -> str:
    return "\n".join(article_problems(article, LIMITS, today=TODAY))


def test_a_good_article_has_no_problem():
    assert problems(GOOD) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Take 500 mg now.", "tells an amount, '500 mg'"),
        ("Give 5ml of it.", "tells an amount, '5ml'"),
        ("Take two tablets now.", "tells an amount, 'two tablets'"),
        ("Use 1 or 2 puffs.", "tells an amount, '1 or 2 puffs'"),
        ("Take two paracetamol tablets now.", "tells an amount, 'two paracetamol tablets'"),
        ("Take half a tablet.", "tells an amount, 'half a tablet'"),
        ("Give two spoonsful.", "tells an amount, 'two spoonsful'"),
        ("Ring 999 if it is bad.", "tells the number '999'"),
        ("Ring 02079460000.", "tells the number"),
        ("Then you have got an infection.", "diagnoses: 'you have got'"),
        ("Word. " * 400, "Write 250 to 700"),
        ("Considerable deterioration of abdominal symptomatology necessitates medical evaluation. " * 30,
         "replace: "),
        ("and then and then and then and then and then and then and then and then and then and then and then " * 14,
         "Split the longest"),
    ],
)  # fmt: skip
def test_what_may_not_be_published_is_said_with_its_remedy(text, said):
    assert said in problems(with_text(text))


@pytest.mark.parametrize(("language", "is_read"), [("en", True), ("en-GB", True), ("es", False), ("eng", False)])
def test_a_page_whose_language_these_checks_cannot_read_is_not_published(language, is_read):
    """Two tablets in Spanish would pass them."""
    said = problems(with_text("Tome dos pastillas.", language=language))
    assert ("an amount or a diagnosis in other words would pass" in said) is not is_read


@pytest.mark.parametrize("text", ["Take one packet of tablets with you.", "Some of these are tablets, three are not."])
def test_tablets_that_nobody_is_told_to_take_are_no_amount(text):
    assert problems(with_text(text)) == ""


def test_only_the_page_about_paracetamol_may_tell_an_amount():
    paracetamol = read_article(KNOWLEDGE / "articles" / "paracetamol.md")
    assert problems(paracetamol) == ""
    assert "tells an amount" in problems(msgspec.structs.replace(paracetamol, id="aspirin"))


def test_the_signs_of_an_emergency_stand_in_a_list():
    sections = (*GOOD.sections[:-1], Section(heading=SECTION_HEADINGS[-1], markdown="If it is very bad, ring."))
    assert "has no list" in problems(msgspec.structs.replace(GOOD, sections=sections))


def test_a_reading_that_did_not_happen_is_not_claimed():
    unread = Source(title="A page", organisation="A service", accessed=TODAY)
    undated = Source(title="A page", organisation="A service", url="https://example.org", read_as="live page")
    said = problems(msgspec.structs.replace(GOOD, sources=(unread, undated)))
    assert "`$.sources[0]` was not read" in said
    assert "`$.sources[1]` was read as a live page" in said


def test_the_next_review_is_within_a_year():
    assert "`$.review_by`" in problems(msgspec.structs.replace(GOOD, review_by=dt.date(2028, 1, 1)))


def all_problems(*articles) -> str:
    with pytest.raises(ArticleError) as caught:
        check_articles(
            {article.id: article for article in articles},
            msgspec.structs.replace(LIMITS, doses_allowed_in=()),
            {"sore_throat"},
            Path("articles"),
            TODAY,
        )
    return str(caught.value)


def test_links_complaints_and_questions_are_checked_against_all_other_content():
    said = all_problems(
        with_text("See [this](/guidance/not_there)."),
        msgspec.structs.replace(GOOD, id="twin", complaints=("sore_throats",)),
    )
    assert "articles/sore_throat.md: links to /guidance/not_there" in said
    assert "articles/twin.md: `$.complaints` names 'sore_throats'" in said
    assert "articles/twin.md: `$.questions` has 'What helps a sore throat?', as another article has" in said


def test_a_draft_may_lack_what_a_published_article_may_not():
    too_long = with_text("Word. " * 400)
    assert "Write 250 to 700" in all_problems(too_long)
    check_articles(
        {GOOD.id: msgspec.structs.replace(too_long, status="draft")},
        msgspec.structs.replace(LIMITS, doses_allowed_in=()),
        {"sore_throat"},
        Path("articles"),
        TODAY,
    )


class TestReadingGrade:
    def test_it_tells_plain_words_from_hard_ones(self):
        assert reading_grade("Do you feel sick? Have you had a fall?") < 2
        assert reading_grade("Have you experienced paroxysmal nocturnal dyspnoea accompanied by diaphoresis?") > 12

    def test_every_word_has_a_syllable(self):
        assert reading_grade("the the the") == reading_grade("cat cat cat")

    def test_a_known_word_does_not_make_it_harder(self):
        assert reading_grade("Take paracetamol.", known_words={"paracetamol"}) < reading_grade("Take paracetamol.")

    def test_each_item_of_a_list_is_a_sentence_and_a_link_is_its_words(self):
        assert words_per_sentence("- one two\n- three four\n\n[five six](/guidance/x)") == 2

    def test_it_names_the_hard_words_most_frequent_first(self):
        assert hard_words("An ambulance, an ambulance, a pharmacist and a cat") == ["ambulance", "pharmacist"]

    def test_text_without_words_is_refused(self):
        with pytest.raises(ValueError, match="no words"):
            reading_grade("12 34")


class TestDraft:
    def test_it_can_be_read_and_says_what_belongs_where(self, tmp_path):
        draft = read_article(write_draft(tmp_path, "earwax", "Earwax", ["ear_pain"], today=TODAY))
        assert draft.status == "draft"
        assert draft.complaints == ("ear_pain",)
        assert TODAY < draft.review_by
        assert "Write 250 to 700" in problems(draft)

    def test_a_file_that_is_there_is_left_alone(self, tmp_path):
        path = write_draft(tmp_path, "earwax", "Earwax", [], today=TODAY)
        before = path.read_bytes()
        with pytest.raises(ArticleError, match="is there already"):
            write_draft(tmp_path, "earwax", "Another", [], today=TODAY)
        assert path.read_bytes() == before

    def test_an_id_that_would_leave_the_folder_is_refused(self, tmp_path):
        with pytest.raises(ArticleError, match="small letters"):
            write_draft(tmp_path / "articles", "../earwax", "Earwax", [], today=TODAY)
        assert list(tmp_path.iterdir()) == []


class TestStatistics:
    def test_an_article_in_figures(self):
        figures = article_figures(GOOD, LIMITS, today=TODAY)
        assert (figures.id, figures.state, figures.signed) == ("sore_throat", "published", False)
        assert 250 <= figures.words <= 700
        assert figures.grade < 7

    def test_a_published_article_past_its_review_is_overdue(self):
        assert article_figures(GOOD, LIMITS, today=dt.date(2027, 5, 22)).state == "overdue"

    def test_complaints_that_no_published_article_is_about_are_listed(self):
        draft = msgspec.structs.replace(GOOD, id="cough", complaints=("cough",), status="draft")
        assert complaints_without_article([GOOD, draft], ["sore_throat", "cough"]) == ["cough"]
