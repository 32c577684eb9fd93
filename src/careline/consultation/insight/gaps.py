"""Knowledge gaps: what patients asked and guidance had no answer to, put together, with what editors decided.

Words leave this module redacted. A gap is named by the oldest question in it, which is no patient's name for anything.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from careline.clinical.understanding.redaction import redacted, without_placeholders
from careline.consultation.insight.clusters import (
    NEAR_BY_MEANING,
    NEAR_BY_WORDS,
    Vectors,
    clustered,
    word_vectors,
)
from careline.consultation.insight.errors import DecisionError, UnknownGapError
from careline.consultation.insight.tables import GapDecisionRow, GapQuestionRow
from careline.consultation.release import ContentReleases
from careline.consultation.tables import UnansweredQuestionRow
from careline.guidance.encoder import Encoder
from careline.guidance.words import plain_words, topic_stems
from careline.storage.database import Database

_MOST_QUESTIONS = 2_000  # the newest: older ones have been looked at, or never will be
_MOST_EXAMPLES = 8
_MOST_KEYWORDS = 6
_MOST_NOTE = 1_000
_SHORTEST_KEYWORD = 4

Record = Callable[[Session, str, str, str, Mapping[str, str | int]], None]


class Decision(enum.StrEnum):
    """What an editor says of a gap."""

    COVERED = "covered"  # an article answers it now
    NOT_FOR_US = "not_for_us"


@dataclass(frozen=True)
class Decided:
    """A decision: who, when, why."""

    decision: Decision
    name: str
    at: dt.datetime
    note: str


@dataclass(frozen=True)
class Gap:
    """Questions that mean nearly the same.

    Attributes:
        id: Of the oldest question.
        newest_id: Of the newest: who decides has seen the questions up to it.
        asked: How many there are.
        undecided: How many of them no decision is about.
        examples: Some of them, redacted, the newest first, no two alike.
        languages: Of the conversations, as they were opened.
        decided: The last decision about any of them.
    """

    id: int
    newest_id: int
    asked: int
    undecided: int
    examples: tuple[str, ...]
    languages: tuple[str, ...]
    first_at: dt.datetime
    last_at: dt.datetime
    decided: Decided | None

    @property
    def is_open(self) -> bool:
        """Whether it is to be looked at: never decided, or asked again since."""
        return self.undecided > 0


@dataclass(frozen=True)
class ArticleStart:
    """What a new article about a gap begins with; redacted words alone."""

    title: str
    keywords: tuple[str, ...]
    questions: tuple[str, ...]


class KnowledgeGaps:
    """Shows gaps, and keeps what is decided about them."""

    def __init__(
        self,
        database: Database,
        releases: ContentReleases,
        encoder: Encoder | None,
        record: Record,
        now: Callable[[], dt.datetime],
    ) -> None:
        """Take the parts.

        Args:
            database: Where the questions are.
            releases: The newest says which words are ordinary, so that they may be shown.
            encoder: The search's; without it questions are put together by their words.
            record: Writes a line into the audit trail, in the same transaction.
            now: The clock.
        """
        self._database = database
        self._releases = releases
        self._encoder = encoder
        self._record = record
        self._now = now
        self._vectors: dict[int, Vectors] = {}

    def gaps(self) -> list[Gap]:
        """Return all gaps, what was asked most since the last decision first."""
        with self._database.read() as session:
            groups, decisions = self._groups(session)
        found = [self._gap(group, decisions) for group in groups]
        return sorted(found, key=lambda gap: (-gap.undecided, -gap.newest_id))

    def gap(self, gap_id: int) -> Gap:
        """Return one gap.

        Raises:
            UnknownGapError: There is none.
        """
        with self._database.read() as session:
            groups, decisions = self._groups(session)
        return self._gap(_group(groups, gap_id), decisions)

    def article_start(self, gap_id: int) -> ArticleStart:
        """Return what an article about a gap may begin with.

        Raises:
            UnknownGapError: There is none.
        """
        gap = self.gap(gap_id)
        keywords = _keywords(gap.examples)
        whole = tuple(
            example for example in gap.examples if "[" not in example
        )  # a placeholder, or a guess, is nobody's question
        return ArticleStart(keywords[0].capitalize() if keywords else "", keywords, whole)

    def decide(
        self, gap_id: int, decision: Decision, note: str, *, account_id: str, name: str, seen_up_to: int
    ) -> None:
        """Keep a decision about the questions of a gap that were on the screen.

        Args:
            gap_id: Which.
            decision: What.
            note: Why; needed for `not_for_us`.
            account_id: Whose.
            name: Of the person, as it stays beside the decision.
            seen_up_to: Id of the newest question that was shown: what came since stays open.

        Raises:
            UnknownGapError: There is none.
            DecisionError: A reason is needed, or it is too long.
        """
        note = " ".join(note.split())
        if decision is Decision.NOT_FOR_US and not note:
            raise DecisionError("Say why this is not for us, so that nobody has to ask again.")
        if len(note) > _MOST_NOTE:
            raise DecisionError(f"Use at most {_MOST_NOTE} characters.")
        with self._database.write() as session:
            groups, _ = self._groups(session)
            about = [row.id for row in _group(groups, gap_id) if row.id <= seen_up_to]
            if not about:
                raise UnknownGapError
            session.execute(delete(GapQuestionRow).where(GapQuestionRow.question_id.in_(about)))
            kept = GapDecisionRow(
                at=self._now(),
                decision=decision.value,
                account_id=account_id,
                name=name,
                note=note,
                questions=len(about),
                undone_at=None,
            )
            session.add(kept)
            session.flush()
            session.add_all(GapQuestionRow(question_id=question, decision_id=kept.id) for question in about)
            self._record(
                session, account_id, "gap_decided", str(gap_id), {"decision": decision.value, "questions": len(about)}
            )

    def open_again(self, gap_id: int, *, account_id: str) -> None:
        """Take back what was decided about a gap.

        Raises:
            UnknownGapError: There is none.
        """
        with self._database.write() as session:
            groups, decisions = self._groups(session)
            about = [row.id for row in _group(groups, gap_id)]
            taken_back = {decisions[question].id for question in about if question in decisions}
            session.execute(delete(GapQuestionRow).where(GapQuestionRow.question_id.in_(about)))
            session.execute(
                update(GapDecisionRow).where(GapDecisionRow.id.in_(taken_back)).values(undone_at=self._now())
            )
            self._record(session, account_id, "gap_opened_again", str(gap_id), {"questions": len(about)})

    def _groups(self, session: Session) -> tuple[list[list[UnansweredQuestionRow]], dict[int, GapDecisionRow]]:
        """Return the questions put together, the oldest of each first, and the decision about each by its id."""
        newest = select(UnansweredQuestionRow).order_by(UnansweredQuestionRow.id.desc()).limit(_MOST_QUESTIONS)
        rows = [*reversed(session.scalars(newest).all())]
        vectors, least = self._vectors_of(rows)
        groups: dict[int, list[UnansweredQuestionRow]] = defaultdict(list)
        for row, leader in zip(rows, clustered(vectors, least), strict=True):
            groups[leader].append(row)
        decided = session.execute(
            select(GapQuestionRow.question_id, GapDecisionRow).join(
                GapDecisionRow, GapDecisionRow.id == GapQuestionRow.decision_id
            )
        )
        return [*groups.values()], {question: decision for question, decision in decided}

    def _vectors_of(self, rows: Sequence[UnansweredQuestionRow]) -> tuple[Vectors, float]:
        if self._encoder is None or not rows:
            return word_vectors([self._comparable(row.question) for row in rows]), NEAR_BY_WORDS
        fresh = [row for row in rows if row.id not in self._vectors]
        encoded = self._encoder.encode([self._comparable(row.question) for row in fresh])
        made = dict(zip((row.id for row in fresh), encoded, strict=True))
        # What was erased is forgotten here too.
        self._vectors = {row.id: made[row.id] if row.id in made else self._vectors[row.id] for row in rows}
        return np.stack([self._vectors[row.id] for row in rows]), NEAR_BY_MEANING

    def _comparable(self, question: str) -> str:
        """Return the words by which a question is compared: a name is no topic."""
        return without_placeholders(redacted(question, self._releases.newest.lexicon.speller))

    def _gap(self, rows: Sequence[UnansweredQuestionRow], decisions: Mapping[int, GapDecisionRow]) -> Gap:
        made = [decisions[row.id] for row in rows if row.id in decisions]
        last = max(made, key=lambda one: one.id, default=None)
        return Gap(
            id=rows[0].id,
            newest_id=rows[-1].id,
            asked=len(rows),
            undecided=len(rows) - len(made),
            examples=self._examples(row.question for row in reversed(rows)),
            languages=tuple(sorted({row.language for row in rows})),
            first_at=rows[0].at,
            last_at=rows[-1].at,
            decided=Decided(Decision(last.decision), last.name, last.at, last.note) if last is not None else None,
        )

    def _examples(self, questions: Iterable[str]) -> tuple[str, ...]:
        speller = self._releases.newest.lexicon.speller
        shown: dict[str, str] = {}
        for question in questions:
            words = redacted(question, speller)
            shown.setdefault(words.lower(), words)
            if len(shown) == _MOST_EXAMPLES:
                break
        return tuple(shown.values())


def _group(groups: Iterable[list[UnansweredQuestionRow]], gap_id: int) -> list[UnansweredQuestionRow]:
    for rows in groups:
        if any(row.id == gap_id for row in rows):
            return rows
    raise UnknownGapError


def _keywords(questions: Sequence[str]) -> tuple[str, ...]:
    """Return the words that questions share, what most of them have first; those of a single one, all it has.

    A guess at a misspelt word is none of them.
    """
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for question in questions:
        typed = plain_words(without_placeholders(question, with_guesses=False))
        words = {word: stems[0] for word in typed if len(word) >= _SHORTEST_KEYWORD and (stems := topic_stems(word))}
        for stem, word in {stem: word for word, stem in words.items()}.items():  # once for each question
            forms[stem][word] += 1
    ranked = sorted(forms.values(), key=lambda each: (-each.total(), each.most_common(1)[0][0]))
    shared = [each for each in ranked if each.total() > 1] or ranked
    return tuple(each.most_common(1)[0][0] for each in shared[:_MOST_KEYWORDS])
