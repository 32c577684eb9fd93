"""Tables of what editors see and decide: no patient's words; only the question itself leads to a conversation."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from careline.storage.columns import SealedText, UtcDateTime
from careline.storage.database import Base


class GuidanceSearchRow(Base):
    """One search of the guidance in a conversation: the day alone, and nothing of who asked what.

    Attributes:
        verdict: `answer`, `ask` or `none`.
        article_id: The first that was shown or asked about.
    """

    __tablename__ = "guidance_searches"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    day: Mapped[dt.date] = mapped_column(Date(), index=True)
    verdict: Mapped[str] = mapped_column(String(8))
    article_id: Mapped[str | None] = mapped_column(String(80))


class GapDecisionRow(Base):
    """What an editor has decided about a gap. It stays when the questions are erased.

    Attributes:
        questions: How many it was about then.
        undone_at: It was taken back then.
    """

    __tablename__ = "gap_decisions"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime(), index=True)
    decision: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(SealedText("gap_decisions.note"))
    questions: Mapped[int]
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())


class GapQuestionRow(Base):
    """That a decision was about a question; goes with the question."""

    __tablename__ = "gap_questions"

    question_id: Mapped[int] = mapped_column(
        ForeignKey("unanswered_questions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    decision_id: Mapped[int] = mapped_column(ForeignKey("gap_decisions.id"), index=True)
