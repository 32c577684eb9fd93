"""Knowledge gaps on both databases: put together, decided, opened again, gone when the words are erased."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import delete, select

from careline.app.migrations import migrate
from careline.consultation.insight.errors import DecisionError, UnknownGapError
from careline.consultation.insight.gaps import Decision, KnowledgeGaps
from careline.consultation.insight.tables import GapDecisionRow, GapQuestionRow
from careline.consultation.release import ContentRelease, ContentReleases
from careline.consultation.tables import UnansweredQuestionRow
from tests.support.guidance import WordEncoder
from tests.support.house import START, lexicon, rule_book

pytestmark = pytest.mark.slow

WHO = {"account_id": "sta_eddie", "name": "Eddie Example"}
QUESTIONS = ("how is eczema treated", "eczema treated how?", "my name is Zeb Quill what is gout", "treated eczema")


class Trail:
    """Remembers what was put on record."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, str]] = []

    def __call__(self, session, actor, action, object, detail):
        self.lines.append((actor, action, object))


@pytest.fixture
def trail():
    return Trail()


@pytest.fixture
def database(empty):
    migrate(empty)
    return empty


@pytest.fixture(params=["encoder", "words"])
def gaps(request, database, trail):
    for minute, question in enumerate(QUESTIONS):
        ask(database, question, minute)
    releases = ContentReleases(ContentRelease("r1", rule_book(), lexicon()), lambda _: None)
    encoder = WordEncoder() if request.param == "encoder" else None
    return KnowledgeGaps(database, releases, encoder, trail, lambda: START)


def ask(database, question, minute=59):
    with database.write() as session:
        at = START + dt.timedelta(minutes=minute)
        session.add(UnansweredQuestionRow(at=at, release="r1", language="en", question=question))


def test_like_questions_stand_together_the_most_asked_first_and_redacted(gaps):
    eczema, gout = gaps.gaps()
    assert (eczema.asked, gout.asked) == (3, 1)
    assert eczema.first_at == START
    assert eczema.last_at == START + dt.timedelta(minutes=3)
    assert gout.examples == ("my name is [name] what is gout",)


def test_what_is_decided_stays_with_who_and_when_and_what_is_asked_since_is_open(gaps, database, trail):
    eczema = gaps.gaps()[0]
    gaps.decide(eczema.id, Decision.COVERED, "articles/eczema.md", seen_up_to=eczema.newest_id, **WHO)
    again = gaps.gap(eczema.id)
    assert not again.is_open
    assert (again.decided.name, again.decided.at, again.decided.note) == ("Eddie Example", START, "articles/eczema.md")
    ask(database, "eczema treated")
    again = gaps.gap(eczema.id)
    assert (again.is_open, again.undecided, again.decided.decision) == (True, 1, Decision.COVERED)
    assert trail.lines == [("sta_eddie", "gap_decided", str(eczema.id))]


def test_a_question_that_was_not_on_the_screen_is_not_decided(gaps, database):
    eczema = gaps.gaps()[0]
    ask(database, "eczema treated")
    gaps.decide(eczema.id, Decision.COVERED, "", seen_up_to=eczema.newest_id, **WHO)
    assert gaps.gap(eczema.id).undecided == 1


def test_a_decision_is_taken_back(gaps, trail):
    eczema = gaps.gaps()[0]
    gaps.decide(eczema.id, Decision.NOT_FOR_US, "hospitals do", seen_up_to=eczema.newest_id, **WHO)
    gaps.open_again(eczema.id, account_id="sta_eddie")
    again = gaps.gap(eczema.id)
    assert (again.undecided, again.decided) == (3, None)
    assert trail.lines[-1] == ("sta_eddie", "gap_opened_again", str(eczema.id))


def test_not_for_us_needs_a_reason_and_changes_nothing_without(gaps):
    eczema = gaps.gaps()[0]
    with pytest.raises(DecisionError, match="Say why"):
        gaps.decide(eczema.id, Decision.NOT_FOR_US, " ", seen_up_to=eczema.newest_id, **WHO)
    assert gaps.gap(eczema.id).is_open


def test_erased_words_take_the_gap_along_and_leave_the_decision_of_record(gaps, database):
    eczema = gaps.gaps()[0]
    gaps.decide(eczema.id, Decision.COVERED, "", seen_up_to=eczema.newest_id, **WHO)
    with database.write() as session:
        session.execute(delete(UnansweredQuestionRow))
    assert gaps.gaps() == []
    with pytest.raises(UnknownGapError):
        gaps.gap(eczema.id)
    with database.read() as session:
        assert session.scalars(select(GapQuestionRow)).all() == []
        assert [one.questions for one in session.scalars(select(GapDecisionRow))] == [3]


def test_a_word_of_one_question_and_a_guess_at_one_are_no_keywords_of_the_gap(gaps, database):
    ask(database, "how is eczema treated they said", 5)
    ask(database, "how is eczema treated tretaed", 6)
    gap = gaps.gaps()[0]
    assert gap.asked == 5
    assert "how is eczema treated [treated?]" in gap.examples
    assert gaps.article_start(gap.id).keywords == ("eczema", "treated")


def test_an_article_begins_with_the_words_that_the_questions_share(gaps):
    start = gaps.article_start(gaps.gaps()[0].id)
    assert start.keywords[:2] == ("eczema", "treated")
    assert start.title == "Eczema"
