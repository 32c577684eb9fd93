"""What a release does to the answers of the search: shown, and refused where too many become wrong."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
import pytest

from careline.app import content_preparation
from careline.app.passed_checks import PassedChecks
from careline.app.release_checks import Found
from careline.app.release_effects import NOTHING, Question, search_problems
from careline.consultation.release_files import ReleaseFiles
from careline.editorial.publisher import Made
from careline.guidance.article_files import read_article
from careline.guidance.encoder import Embeddings
from careline.guidance.errors import IndexUnusableError
from tests.support.house import KNOWLEDGE

TODAY = dt.date(2030, 1, 1)  # when no article of the repository is in date any more
ANSWERABLE = [
    Question(text=f"how do i treat cough {number}", kind="complaint", right=("cough",)) for number in range(90)
]
UNANSWERABLE = [Question(text=f"how do i mend bike {number}", kind="out_of_scope", right=()) for number in range(10)]
QUESTIONS = [*ANSWERABLE, *UNANSWERABLE]
RIGHT = {each.text: each.right[0] if each.right else NOTHING for each in QUESTIONS}


def test_a_release_that_answers_as_the_one_in_force_is_not_refused():
    assert search_problems(QUESTIONS, RIGHT, RIGHT) == ()


def test_one_question_more_in_a_hundred_may_go_wrong_and_no_two():
    one = RIGHT | {ANSWERABLE[0].text: "flu"}
    assert search_problems(QUESTIONS, RIGHT, one) == ()
    (problem,) = search_problems(QUESTIONS, RIGHT, one | {ANSWERABLE[1].text: "flu"})
    assert "2 of 100" in problem
    assert f"\u201c{ANSWERABLE[0].text}\u201d would be answered with flu" in problem


def test_an_answer_to_what_no_article_answers_is_wrong():
    (problem,) = search_problems(QUESTIONS, RIGHT, RIGHT | {each.text: "cough" for each in UNANSWERABLE})
    assert "10 of 100" in problem


@pytest.mark.parametrize("answer", [NOTHING, "? flu"])
def test_what_is_no_longer_answered_or_is_asked_back_is_no_reason(answer):
    assert search_problems(QUESTIONS, RIGHT, dict.fromkeys(RIGHT, answer)) == ()


def test_what_was_wrong_already_is_no_reason_and_the_first_release_has_nothing_to_be_compared_with():
    wrong = dict.fromkeys(RIGHT, "flu")
    assert search_problems(QUESTIONS, wrong, wrong) == ()
    assert search_problems(QUESTIONS, {}, wrong) == ()


class AskedNothing:
    """An encoder that says what it is; nothing is read with it here."""

    dimension, model_hash = 384, "0" * 64

    def encode(self, texts: Sequence[str]) -> Embeddings:
        raise AssertionError

    def token_count(self, text: str) -> int:
        raise AssertionError

    def knows_word(self, word: str) -> bool:
        raise AssertionError


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Prepares a release, with what each would answer: a mapping by question, or what makes it of a day."""
    monkeypatch.setattr(content_preparation, "questions_in", lambda _: tuple(QUESTIONS))
    monkeypatch.setattr(content_preparation, "load_vignettes", lambda _: ())
    files = ReleaseFiles(tmp_path / "releases", tmp_path)
    monkeypatch.setattr(files, "newest_id", lambda: "inforce")
    monkeypatch.setattr(files, "knowledge_of", lambda _: tmp_path)

    def prepare(release: str, told: Mapping[str, Callable[[dt.date], dict[str, str]]]) -> Made:
        monkeypatch.setattr(
            content_preparation, "answers", lambda asked, *_args, today, **_kwargs: told[asked](today)
        )  # fmt: skip
        return content_preparation._with_effects(
            files, release, tmp_path, AskedNothing(), Found(), PassedChecks(tmp_path), lambda *_: None, TODAY, tmp_path
        )

    return prepare


def unusable(_day: dt.date) -> dict[str, str]:
    raise IndexUnusableError("it is altered")


def test_a_release_whose_search_is_spoilt_lies_not_ready(prepared):
    told = {"inforce": lambda _: RIGHT, "spoilt": lambda _: dict.fromkeys(RIGHT, "flu")}
    spoilt, unchanged = (prepared(release, told) for release in ("spoilt", "inforce"))
    assert spoilt.problems
    assert spoilt.release_id is None
    assert len(spoilt.answers) == len(QUESTIONS)
    assert unchanged.release_id == "inforce"


def test_a_release_that_cannot_be_searched_does_not_pass_as_one_without_wrong_answers(prepared):
    with pytest.raises(IndexUnusableError):
        prepared("broken", {"inforce": lambda _: RIGHT, "broken": unusable})


def test_why_a_release_cannot_be_made_is_said_as_a_problem_and_not_as_a_traceback(monkeypatch, capsys, tmp_path):
    def prepare(*_: object) -> Made:
        raise IndexUnusableError("the index is altered. Build it anew.")

    monkeypatch.setattr(content_preparation, "prepare", prepare)
    monkeypatch.setattr(os, "nice", lambda _: 0)
    monkeypatch.setattr(sys, "argv", ["prepare", str(tmp_path)])
    content_preparation.main()
    said = msgspec.json.decode(capsys.readouterr().out.splitlines()[-1], type=content_preparation.Line)
    assert said.made is not None
    assert said.made.problems == ("the index is altered. Build it anew.",)
    assert said.made.release_id is None


def test_where_the_one_in_force_cannot_be_searched_it_is_said_that_nothing_was_compared(prepared):
    made = prepared("new", {"inforce": unusable, "new": lambda _: RIGHT})
    assert made.release_id == "new"
    assert made.questions == 0
    assert "not compared" in made.known[0]


@pytest.mark.parametrize(("wrong_then", "is_refused"), [(5, False), (30, True)])
def test_articles_whose_review_is_overdue_are_compared_as_if_it_were_not(prepared, tmp_path, wrong_then, is_refused):
    (tmp_path / "articles").mkdir()
    article = read_article(Path(shutil.copy(KNOWLEDGE / "articles" / "cough.md", tmp_path / "articles")))
    assert article.review_by < TODAY
    some_wrong = RIGHT | {each.text: "flu" for each in ANSWERABLE[:5]}
    told = {
        "inforce": lambda day: some_wrong if day <= article.review_by else dict.fromkeys(RIGHT, NOTHING),
        "renewed": lambda _: RIGHT | {each.text: "flu" for each in ANSWERABLE[:wrong_then]},
    }
    made = prepared("renewed", told)
    assert bool(made.problems) is is_refused
    assert len(made.answers) == len(ANSWERABLE), "what changes for patients is told of the day as it is"
