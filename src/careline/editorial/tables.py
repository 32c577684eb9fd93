"""Tables of the editorial room. The texts are for patients to read, so they are not sealed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from careline.storage.columns import UtcDateTime
from careline.storage.database import Base


class ItemRow(Base):
    """One file of `knowledge/`."""

    __tablename__ = "content_items"

    path: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    served: Mapped[int | None]  # number of the revision that releases hold
    seed_hash: Mapped[str | None] = mapped_column(String(64))  # of the text that came with the program last


class RevisionRow(Base):
    """One text of an item."""

    __tablename__ = "content_revisions"
    __table_args__ = (
        UniqueConstraint("path", "number", name="uq_content_revisions_path"),
        Index("ix_content_revisions_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    path: Mapped[str] = mapped_column(ForeignKey("content_items.path"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text())
    text_hash: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(60))
    base: Mapped[int | None]
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    state: Mapped[str] = mapped_column(String(12))
    publish_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    review_by: Mapped[dt.date | None] = mapped_column(Date())


class SignOffRow(Base):
    """That a clinician has checked one exact text."""

    __tablename__ = "content_sign_offs"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("content_revisions.id"), index=True)
    account_id: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(80))
    role_title: Mapped[str] = mapped_column(String(80))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    text_hash: Mapped[str] = mapped_column(String(64))
    taken_back_at: Mapped[dt.datetime | None] = mapped_column(
        UtcDateTime()
    )  # the text was sent back: it counts no more


class CommentRow(Base):
    """What somebody said about an item, at one of its revisions."""

    __tablename__ = "content_comments"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    path: Mapped[str] = mapped_column(ForeignKey("content_items.path"), index=True)
    number: Mapped[int]
    author: Mapped[str] = mapped_column(String(60))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    text: Mapped[str] = mapped_column(Text())


class ReleaseRow(Base):
    """What was put before patients, in order; the last is in force."""

    __tablename__ = "content_releases"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    release_id: Mapped[str] = mapped_column(String(40), index=True)
    occasion: Mapped[str] = mapped_column(String(12))
    by: Mapped[str] = mapped_column(String(60))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    items: Mapped[str] = mapped_column(Text())  # JSON: path to number and state of the revision it holds
    difference: Mapped[str] = mapped_column(Text())  # JSON: what changed for patients against the one before


class NoticeRow(Base):
    """A warning of a review date that was given, so that each is given once."""

    __tablename__ = "content_notices"

    path: Mapped[str] = mapped_column(String(80), primary_key=True)
    review_by: Mapped[dt.date] = mapped_column(Date(), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class PreparationRow(Base):
    """A release that was, or is being, prepared: checked, built, and compared with the one in force."""

    __tablename__ = "content_preparations"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    checksum: Mapped[str] = mapped_column(String(64), index=True)  # of what was checked, by what, on which day
    by: Mapped[str] = mapped_column(String(60))
    items: Mapped[str] = mapped_column(Text())  # JSON: paths that were chosen
    against: Mapped[str | None] = mapped_column(String(40))  # the release in force, with which it was compared
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())  # when whoever prepares it last said how far it is
    state: Mapped[str] = mapped_column(String(12))  # running, ready, refused
    step: Mapped[str] = mapped_column(String(80))
    done: Mapped[int]
    total: Mapped[int]
    made: Mapped[str] = mapped_column(Text())  # JSON: what came of it
    difference: Mapped[str] = mapped_column(Text())  # JSON: what would change for patients


class ReviewMailRow(Base):
    """A mail about review dates to one recipient; its id is the mail's own, the same at every attempt."""

    __tablename__ = "content_review_mails"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    recipient: Mapped[str] = mapped_column(String(16))  # a fingerprint: the address stands in the operator's file
    days: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    next_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())  # not before this is it tried (again)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    error: Mapped[str | None] = mapped_column(String(40))


class ReviewMailItemRow(Base):
    """That a recipient is told of an item at one stage: once."""

    __tablename__ = "content_review_mail_items"

    path: Mapped[str] = mapped_column(String(80), primary_key=True)
    review_by: Mapped[dt.date] = mapped_column(Date(), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recipient: Mapped[str] = mapped_column(String(16), primary_key=True)
    mail_id: Mapped[str] = mapped_column(ForeignKey("content_review_mails.id"), index=True)
