"""How the content does, in counts: searches, what found no answer, votes, gaps that were closed."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from careline.consultation.insight.tables import GapDecisionRow, GuidanceSearchRow
from careline.consultation.tables import FeedbackRow, MessageRow
from careline.storage.database import Database

ByDay = Mapping[dt.date, int]
VOTES = ("yes", "partly", "no")


@dataclass(frozen=True)
class ArticleVotes:
    """What patients said of consultations in which an article was shown; the vote is on the consultation as a whole."""

    article_id: str
    title: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many votes there are."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class ContentFigures:
    """Counts over a span of days; every day of it is in each mapping.

    Attributes:
        answered: Searches in the chat that were answered from an article.
        asked_back: That came to "is this about …?".
        abstained: That came to "I do not know".
        closed: Decisions about gaps that stand.
        votes: By article, the most votes first. Of conversations that are still kept.
    """

    answered: ByDay
    asked_back: ByDay
    abstained: ByDay
    closed: ByDay
    votes: tuple[ArticleVotes, ...]


class InsightFigures:
    """Counts over spans of time."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._database = database

    def over(self, *, since: dt.datetime, until: dt.datetime) -> ContentFigures:
        """Return the figures from `since` until `until` (its whole day included for searches)."""
        first, last = since.date(), until.date()
        days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
        with self._database.read() as session:
            searches = Counter(
                (verdict, day)
                for verdict, day in session.execute(
                    select(GuidanceSearchRow.verdict, GuidanceSearchRow.day).where(
                        GuidanceSearchRow.day >= first, GuidanceSearchRow.day <= last
                    )
                )
            )
            closed = Counter(
                at.date()
                for at in session.scalars(
                    select(GapDecisionRow.at).where(
                        GapDecisionRow.at >= since, GapDecisionRow.at <= until, GapDecisionRow.undone_at.is_(None)
                    )
                )
            )
            votes = _votes(session, since, until)
        return ContentFigures(
            answered={day: searches["answer", day] for day in days},
            asked_back={day: searches["ask", day] for day in days},
            abstained={day: searches["none", day] for day in days},
            closed={day: closed[day] for day in days},
            votes=tuple(sorted(votes, key=lambda one: (-one.total, one.title))),
        )


def _votes(session: Session, since: dt.datetime, until: dt.datetime) -> Iterable[ArticleVotes]:
    """Yield the votes of each article: one for each conversation in which it was shown, the last one given there."""
    given = select(FeedbackRow.conversation_id, FeedbackRow.helpful).where(
        FeedbackRow.at >= since, FeedbackRow.at <= until, FeedbackRow.helpful.is_not(None)
    )
    by_conversation = {
        conversation: helpful for conversation, helpful in session.execute(given.order_by(FeedbackRow.id))
    }
    shown = session.scalars(
        select(MessageRow)
        .join(FeedbackRow, FeedbackRow.conversation_id == MessageRow.conversation_id)
        .where(
            MessageRow.kind == "guidance",
            FeedbackRow.at >= since,
            FeedbackRow.at <= until,
            FeedbackRow.helpful.is_not(None),
        )
    ).unique()
    titles: dict[str, str] = {}
    seen: dict[str, set[str]] = defaultdict(set)
    for message in shown:
        for hit in (message.body.get("data") or {}).get("hits", ()):
            titles[hit["article_id"]] = hit["title"]
            seen[hit["article_id"]].add(message.conversation_id)
    for article_id, conversations in seen.items():
        counts = Counter(by_conversation[each] for each in conversations)
        yield ArticleVotes(article_id, titles[article_id], {vote: counts[vote] for vote in VOTES})
