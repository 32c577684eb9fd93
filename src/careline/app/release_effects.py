"""What a release would change for patients: questions that get another answer, invented patients that end elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from careline.app.passed_checks import PassedChecks, key_of
from careline.app.release_checks import recorded_endings
from careline.clinical.vignette_content import Vignette
from careline.consultation.rehearsal.vignettes import Ending, vignette_hash
from careline.editorial.publisher import AnswerEffect, VignetteEffect
from careline.guidance.article import Shape
from careline.guidance.content_files import parse_yaml, read_text
from careline.guidance.embedding_cache import EmbeddingCache
from careline.guidance.encoder import Embeddings, Encoder
from careline.guidance.progress import Progress
from careline.guidance.search import GuidanceSearch, SearchFilter

_QUESTIONS = "answers"
NOTHING = "no answer"
_ASKED_FIRST = "? "  # before an article that the patient is asked about before it is shown
# Of the questions: how many more may be answered wrongly than in force. A new article takes some that it is nearly
# about, and the right answers are written down by hand, later; what spoils the search takes far more.
_MAY_WORSEN = 0.01
_EXAMPLES = 5


class Question(Shape, frozen=True, kw_only=True):
    """A question that the search is measured with, and the articles of which any answers it; none: it has no answer."""

    text: str
    kind: str
    right: tuple[str, ...]

    def is_answered_wrongly(self, answer: str) -> bool:
        """Return whether an answer, as `answers` gives it, shows a patient an article that is no right one."""
        return answer != NOTHING and not answer.startswith(_ASKED_FIRST) and answer not in self.right


class _Questions(Shape, frozen=True, kw_only=True):
    language: str
    queries: tuple[Question, ...]


class RememberingEncoder:
    """An encoder that keeps the vectors of what it was asked: the questions are the same every time."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        """Keep vectors in this folder."""
        self._encoder = encoder
        self._cache = EmbeddingCache(folder, encoder)
        self._asked: dict[str, None] = {}
        self._learned = False
        self.dimension, self.model_hash = encoder.dimension, encoder.model_hash

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return the vectors."""
        self._asked |= dict.fromkeys(texts)
        missing = self._cache.missing(texts)
        if missing:
            self._cache.encode(missing)
            self._learned = True
        return self._cache.vectors(texts)

    def token_count(self, text: str) -> int:
        """Return how many tokens a text has."""
        return self._encoder.token_count(text)

    def knows_word(self, word: str) -> bool:
        """Return whether a word is one of the model's own."""
        return self._encoder.knows_word(word)

    def save(self) -> None:
        """Write the vectors, if there are new ones."""
        if self._learned:
            self._cache.save(list(self._asked))


def answers(
    release: str,
    questions: Sequence[str],
    passed: PassedChecks,
    search: Callable[[], GuidanceSearch],
    progress: Callable[[int], None],
    *,
    knowledge: Path,
    today: dt.date,
) -> dict[str, str]:
    """Return which article answers each question in a release, by question; from the record where there is one.

    "?" before an article says that the patient is first asked whether it is about that.
    """
    key = key_of(_QUESTIONS, knowledge, [], release, today.isoformat())
    known = passed.find(_QUESTIONS, key, dict[str, str]) or {}
    missing = [question for question in questions if question not in known]
    if missing:
        asked, filters = search(), SearchFilter(today=today)
        for number, question in enumerate(missing):
            if number % 20 == 0:
                progress(number)
            found = asked.search(question, filters, limit=1)
            known[question] = found.hits[0].article_id if found.hits else (
                f"{_ASKED_FIRST}{found.suggest.article_id}" if found.suggest else NOTHING
            )  # fmt: skip
        passed.keep(_QUESTIONS, key, known)
    return {question: known[question] for question in questions}


def questions_in(knowledge: Path) -> tuple[Question, ...]:
    """Return the questions that the search is measured with; none where there is no such file."""
    path = knowledge / "retrieval" / "queries.yml"
    if not path.is_file():
        return ()
    return parse_yaml(read_text(path), _Questions, path=path).queries


def search_problems(
    questions: Sequence[Question], before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[str, ...]:
    """Return why the search of a release may not go before patients: more wrong answers than the one in force gives.

    What it no longer answers is no reason: an article may be withdrawn.
    """
    asked = [each for each in questions if each.text in before and each.text in after]
    wrong_before = {each.text for each in asked if each.is_answered_wrongly(before[each.text])}
    wrong_after = {each.text for each in asked if each.is_answered_wrongly(after[each.text])}
    allowed = int(_MAY_WORSEN * len(asked))
    if len(wrong_after) <= len(wrong_before) + allowed:
        return ()
    examples = [text for text in after if text in wrong_after - wrong_before][:_EXAMPLES]
    return (
        f"The search would answer {len(wrong_after)} of {len(asked)} test questions with a wrong article; in force it "
        f"is {len(wrong_before)}, and {allowed} more are allowed. For example: "
        + "; ".join(f"\u201c{text}\u201d would be answered with {after[text]}" for text in examples)
        + ". Make the questions, keywords and headings of these articles say more closely what they are about. Where "
        "many articles are new, publish fewer of them at once.",
    )


def changed_answers(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[AnswerEffect, ...]:
    """Return the questions that get another answer."""
    return tuple(
        AnswerEffect(question, before[question], answer)
        for question, answer in after.items()
        if question in before and before[question] != answer
    )


def changed_endings(
    vignettes: Sequence[Vignette], endings: Mapping[str, Ending], live: Path | None, passed: PassedChecks
) -> tuple[VignetteEffect, ...]:
    """Return the invented patients that end at another level than with the rules in force.

    How they end in force is on record where that release was prepared here; else the level that their author asks for
    stands for it.
    """
    recorded = recorded_endings(live, passed) if live is not None else {}
    found = []
    for each in vignettes:
        known = recorded.get(vignette_hash(each))
        before = known.acuity if known is not None else each.acuity
        after = endings[each.id].acuity if each.id in endings else before
        if before is not after:
            found.append(VignetteEffect(each.id, each.opening, _name(before), _name(after)))
    return tuple(found)


def _name(acuity: object) -> str:
    return str(getattr(acuity, "value", "no level"))


def silent_part(progress: Progress, step: str, total: int) -> Callable[[int], None]:
    """Return what tells how far one step is."""
    return lambda done: progress(step, done, total)
