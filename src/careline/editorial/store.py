"""Reading and moving rows of the editorial room inside a unit of work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from careline.editorial.errors import UnknownItemError
from careline.editorial.item import APP, Comment, Item, Kind, Revision, SignOff, kind_of, text_hash
from careline.editorial.life_cycle import OPEN, State, Step, after
from careline.editorial.review_block import review_by
from careline.editorial.tables import CommentRow, ItemRow, ReleaseRow, RevisionRow, SignOffRow

LOCK = "content"  # held by whatever changes an item


def item_row(session: Session, path: str) -> ItemRow:
    """Return an item's row.

    Raises:
        UnknownItemError: There is none.
    """
    row = session.get(ItemRow, path)
    if row is None:
        raise UnknownItemError(f"{path}: there is no such content item.")
    return row


def revision_row(session: Session, path: str, number: int) -> RevisionRow:
    """Return a revision's row.

    Raises:
        UnknownItemError: There is none.
    """
    row = session.scalar(select(RevisionRow).where(RevisionRow.path == path, RevisionRow.number == number))
    if row is None:
        raise UnknownItemError(f"{path}: there is no revision {number}.")
    return row


def revision_rows(session: Session, path: str) -> Sequence[RevisionRow]:
    """Return all revisions of an item, oldest first."""
    return session.scalars(select(RevisionRow).where(RevisionRow.path == path).order_by(RevisionRow.number)).all()


def add_revision(
    session: Session, path: str, text: str, *, author: str, base: int | None, state: State, now: dt.datetime
) -> RevisionRow:
    """Write a new revision, numbered after the last."""
    last = session.scalar(
        select(RevisionRow.number).where(RevisionRow.path == path).order_by(RevisionRow.number.desc()).limit(1)
    )
    row = RevisionRow(
        path=path,
        number=(last or 0) + 1,
        text=text,
        text_hash=text_hash(text),
        author=author,
        base=base,
        created_at=now,
        state=state,
        publish_at=now if state is State.SCHEDULED else None,
        review_by=review_by(path, Kind(item_row(session, path).kind), text),
    )
    session.add(row)
    session.flush()
    return row


def add_item(
    session: Session, path: str, text: str, *, is_served: bool, review_by: dt.date | None, now: dt.datetime
) -> None:
    """Write a new item with the program's text; the many of an import go to the database together, at the end."""
    hashed = text_hash(text)
    session.add(ItemRow(path=path, kind=kind_of(path), served=1 if is_served else None, seed_hash=hashed))
    state = State.PUBLISHED if is_served else State.DRAFT
    session.add(
        RevisionRow(
            path=path, number=1, text=text, text_hash=hashed, author=APP, base=None, created_at=now, state=state,
            publish_at=None, review_by=review_by,
        )
    )  # fmt: skip


def move(row: RevisionRow, step: Step) -> None:
    """Take a step with a revision.

    Raises:
        WrongStateError: Its state does not allow it.
    """
    row.state = after(step, State(row.state))
    if step is not Step.SCHEDULE:
        row.publish_at = None


def is_offered(row: RevisionRow) -> bool:
    """Return whether it is a newer program's text that waits beside local edits."""
    return row.author == APP and row.state == State.DRAFT


def newest_from_program(item: ItemRow, rows: Sequence[RevisionRow]) -> RevisionRow | None:
    """Return the newer program's text that may go out as it came: nobody here has edited the item."""
    if has_edits(item, rows) or open_row(rows) is not None:
        return None
    return next(filter(is_offered, reversed(rows)), None)


def has_edits(item: ItemRow, rows: Sequence[RevisionRow]) -> bool:
    """Return whether what is worked on, or what releases hold, was written here."""
    served = next((row for row in rows if row.number == item.served), None)
    return any(row is not None and row.author != APP for row in (open_row(rows), served))


def open_row(rows: Iterable[RevisionRow]) -> RevisionRow | None:
    """Return the revision that is being worked on, if there is one."""
    return next((row for row in reversed([*rows]) if row.state in OPEN and not is_offered(row)), None)


def newest_number(item: ItemRow, rows: Sequence[RevisionRow]) -> int:
    """Return the number of the revision that work goes on from: the open one, else the one served."""
    being_edited = open_row(rows)
    return being_edited.number if being_edited is not None else item.served or rows[-1].number


def sign_offs(session: Session, revision_ids: Collection[int]) -> dict[int, SignOff]:
    """Return the sign-off of each of these revisions that has one, and was not sent back since."""
    wanted = SignOffRow.revision_id.in_(revision_ids), SignOffRow.taken_back_at.is_(None)
    rows = session.scalars(select(SignOffRow).where(*wanted).order_by(SignOffRow.id)).all()
    return {row.revision_id: SignOff(row.account_id, row.name, row.role_title, row.at, row.text_hash) for row in rows}


def revision_of(row: RevisionRow, kind: Kind, sign_off: SignOff | None) -> Revision:
    """Return the revision that a row holds."""
    return Revision(
        path=row.path,
        kind=kind,
        number=row.number,
        text=row.text,
        text_hash=row.text_hash,
        author=row.author,
        base=row.base,
        created_at=row.created_at,
        state=State(row.state),
        publish_at=row.publish_at,
        review_by=row.review_by,
        sign_off=sign_off,
    )


def read_item(session: Session, path: str) -> Item:
    """Return an item with all its revisions and comments.

    Raises:
        UnknownItemError: There is none.
    """
    item = item_row(session, path)
    rows = revision_rows(session, path)
    signed = sign_offs(session, [row.id for row in rows])
    comments = session.scalars(select(CommentRow).where(CommentRow.path == path).order_by(CommentRow.id)).all()
    return Item(
        path=path,
        kind=Kind(item.kind),
        served=item.served,
        newest=newest_number(item, rows),
        offered=tuple(row.number for row in rows if is_offered(row)),
        revisions=tuple(revision_of(row, Kind(item.kind), signed.get(row.id)) for row in rows),
        comments=tuple(Comment(one.number, one.author, one.at, one.text) for one in comments),
    )


def newest_release(session: Session) -> ReleaseRow | None:
    """Return the release in force; None before the first."""
    return session.scalar(select(ReleaseRow).order_by(ReleaseRow.number.desc()).limit(1))
