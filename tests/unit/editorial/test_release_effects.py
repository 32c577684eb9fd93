"""What a release does to the answers of the search: shown, and refused where too many become wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from careline.app import content_preparation
from careline.app.passed_checks import PassedChecks
from careline.app.release_checks import Found
from careline.app.release_effects import NOTHING, Question, search_problems
from careline.consultation.release_files import ReleaseFiles
from careline.guidance.encoder import Embeddings

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


def test_a_release_whose_search_is_spoilt_lies_not_ready(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    told = {"inforce": RIGHT, "spoilt": dict.fromkeys(RIGHT, "flu")}
    monkeypatch.setattr(content_preparation, "questions_in", lambda _: tuple(QUESTIONS))
    monkeypatch.setattr(content_preparation, "answers", lambda release, *_args, **_kwargs: told[release])
    monkeypatch.setattr(content_preparation, "load_vignettes", lambda _: ())
    files = ReleaseFiles(tmp_path / "releases", tmp_path)
    monkeypatch.setattr(files, "newest_id", lambda: "inforce")
    made = {
        release: content_preparation._with_effects(
            files, release, tmp_path, AskedNothing(), Found(), PassedChecks(tmp_path), lambda *_: None,
            dt.date(2026, 11, 30), tmp_path,
        )
        for release in ("spoilt", "inforce")
    }  # fmt: skip
    assert made["spoilt"].problems
    assert made["spoilt"].release_id is None
    assert len(made["spoilt"].answers) == len(QUESTIONS)
    assert made["inforce"].release_id == "inforce"
