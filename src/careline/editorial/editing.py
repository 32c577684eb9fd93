"""What editors and clinicians do with items; each step is in the audit trail, in the same transaction."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from careline.editorial.errors import NotAllowedError, StaleRevisionError, TextError, WrongStateError
from careline.editorial.item import Item, Kind, Revision, kind_of, require_text, text_hash
from careline.editorial.life_cycle import Actor, State, Step, require_allowed, require_other_than_authors
from careline.editorial.review_block import require_signable
from careline.editorial.store import (
    LOCK,
    add_revision,
    is_offered,
    item_row,
    move,
    newest_from_program,
    newest_number,
    open_row,
    read_item,
    revision_row,
    revision_rows,
)
from careline.editorial.tables import CommentRow, ItemRow, RevisionRow, SignOffRow
from careline.editorial.text_difference import TextDifference, text_difference
from careline.staff.audit import AuditTrail
from careline.storage.database import Database
from careline.storage.locks import hold_lock

_MOST_COMMENT = 4_000
_AT_ONCE = 200  # paths that one question to the database names


@dataclass(frozen=True)
class ItemLine:
    """An item in a list: without its texts.

    Attributes:
        state: Of the revision that work goes on from.
        served_state: Of the revision that releases hold; None for an item that was never published.
        offered: How many texts of a newer program wait.
        is_from_program: Whether one of them may go out as it came: nobody here has edited the item.
    """

    path: str
    kind: Kind
    served: int | None
    newest: int
    state: State
    served_state: State | None
    author: str
    review_by: dt.date | None
    offered: int
    is_from_program: bool


class Editing:
    """Drafts, review, sign-off, schedule and comments."""

    def __init__(self, database: Database, audit: AuditTrail, now: Callable[[], dt.datetime]) -> None:
        """Work on these."""
        self._database = database
        self._audit = audit
        self._now = now

    def items(self) -> list[ItemLine]:
        """Return all items, by path."""
        columns = (
            *(RevisionRow.path, RevisionRow.number, RevisionRow.state, RevisionRow.author, RevisionRow.review_by),
        )
        with self._database.read() as session:
            items = {row.path: row for row in session.scalars(select(ItemRow).order_by(ItemRow.path))}
            found: dict[str, list[RevisionRow]] = {path: [] for path in items}
            for path, number, state, author, review_by in session.execute(
                select(*columns).order_by(RevisionRow.path, RevisionRow.number)
            ):
                light = RevisionRow(path=path, number=number, state=state, author=author, review_by=review_by)
                found[path].append(light)
        return [_line(items[path], rows) for path, rows in found.items()]

    def from_program(self) -> list[str]:
        """Return the paths of a newer program's texts that may go out as they came: nobody here has edited them."""
        return [line.path for line in self.items() if line.is_from_program]

    def texts(self, numbers: Mapping[str, int]) -> dict[str, str]:
        """Return the text of one revision of each of these items, by path; what is not there is left out."""
        found: dict[str, str] = {}
        with self._database.read() as session:
            paths = [*numbers]
            for some in (paths[start : start + _AT_ONCE] for start in range(0, len(paths), _AT_ONCE)):
                columns = RevisionRow.path, RevisionRow.number, RevisionRow.text
                wanted = RevisionRow.path.in_(some), RevisionRow.number.in_({numbers[path] for path in some})
                for path, number, text in session.execute(select(*columns).where(*wanted)):
                    if numbers[path] == number:
                        found[path] = text
        return found

    def item(self, path: str) -> Item:
        """Return one item with all its revisions.

        Raises:
            UnknownItemError: There is none.
        """
        with self._database.read() as session:
            return read_item(session, path)

    def difference(self, path: str, old: int, new: int) -> TextDifference:
        """Return how one revision differs from another.

        Raises:
            UnknownItemError: There is no such revision.
        """
        with self._database.read() as session:
            before, after = revision_row(session, path, old), revision_row(session, path, new)
            return _difference(path, before.text, f"revision {old}", after.text, f"revision {new}")

    def save(self, actor: Actor, path: str, text: str, *, base: int | None, takes: int | None = None) -> Revision:
        """Keep a new text as a draft; it takes the place of the one that was being worked on.

        Args:
            actor: Who wrote it.
            path: Of the item; a path that does not exist begins one.
            text: The whole file.
            base: Number of the revision that the text was begun from; None for a new item.
            takes: Number of an offered text of a newer program that this text has taken in.

        Raises:
            NotAllowedError: The person may not write, or the item comes with the program.
            StaleRevisionError: Another revision stands now; nothing was saved.
            PathError, TextError, UnknownItemError: The path, the text or the number cannot be used.
        """
        require_allowed(Step.SAVE, actor)
        kind = kind_of(path)
        if not kind.is_edited:
            raise NotAllowedError(
                f"{path}: was fitted or trained on, and comes with the program. It is not edited here."
            )
        require_text(path, text)
        with self._database.write() as session:
            hold_lock(session, LOCK)
            item = session.get(ItemRow, path)
            if item is None:
                if base is not None:
                    item_row(session, path)
                session.add(ItemRow(path=path, kind=kind, served=None, seed_hash=None))
                session.flush()
                rows: list[RevisionRow] = []
            else:
                rows = [*revision_rows(session, path)]
                newest = newest_number(item, rows)
                if base != newest:
                    raise _stale(path, base or 0, revision_row(session, path, newest), text)
            before = open_row(rows)
            if before is not None:
                move(before, Step.REPLACE)
            if takes is not None:
                taken = revision_row(session, path, takes)
                if not is_offered(taken):
                    raise WrongStateError(f"{path}: revision {takes} is not offered by a newer program.")
                move(taken, Step.REPLACE)
            row = add_revision(session, path, text, author=actor.id, base=base, state=State.DRAFT, now=self._now())
            self._record(session, actor, "content_saved", row, base=base, takes=takes)
            return read_item(session, path).revision(row.number)

    def submit(self, actor: Actor, path: str, number: int) -> None:
        """Ask for review.

        Raises:
            NotAllowedError, WrongStateError, UnknownItemError: It cannot be done.
        """
        require_allowed(Step.SUBMIT, actor)
        with self._held(path, number) as (session, row):
            being_edited = open_row(revision_rows(session, path))
            if is_offered(row) and being_edited is not None:
                raise WrongStateError(
                    f"{path}: revision {being_edited.number} is open. Take {number} into it, or discard it."
                )
            move(row, Step.SUBMIT)
            self._record(session, actor, "content_submitted", row)

    def send_back(self, actor: Actor, path: str, number: int, *, why: str) -> None:
        """Make a revision a draft again, with a comment that says why; a sign-off counts no more.

        Raises:
            NotAllowedError, WrongStateError, TextError, UnknownItemError: It cannot be done.
        """
        require_allowed(Step.SEND_BACK, actor)
        with self._held(path, number) as (session, row):
            move(row, Step.SEND_BACK)
            session.execute(
                update(SignOffRow)
                .where(SignOffRow.revision_id == row.id, SignOffRow.taken_back_at.is_(None))
                .values(taken_back_at=self._now())
            )
            self._say(session, actor, row, why)
            self._record(session, actor, "content_sent_back", row)

    def discard(self, actor: Actor, path: str, number: int) -> None:
        """Give a revision up.

        Raises:
            NotAllowedError, WrongStateError, UnknownItemError: It cannot be done.
        """
        require_allowed(Step.DISCARD, actor)
        with self._held(path, number) as (session, row):
            move(row, Step.DISCARD)
            self._record(session, actor, "content_discarded", row)

    def sign(self, actor: Actor, path: str, number: int, *, read: str) -> None:
        """Sign a text off as a clinician.

        Args:
            actor: A clinician who wrote no part of it since it was signed last.
            path: Of the item.
            number: Of the revision.
            read: Hash of the text that was read: what is signed is what was seen.

        Raises:
            NotAllowedError, WrongStateError, TextError, UnknownItemError: It cannot be done.
        """
        require_allowed(Step.SIGN, actor)
        with self._held(path, number) as (session, row):
            require_other_than_authors(actor, read_item(session, path).authors_since_signed(number))
            if not read == row.text_hash == text_hash(row.text):
                raise WrongStateError(f"{path}: revision {number} is not the text that was read. Read it again.")
            kind = Kind(item_row(session, path).kind)
            require_signable(path, kind, row.text, today=self._now().astimezone(dt.UTC).date())
            move(row, Step.SIGN)
            session.add(
                SignOffRow(
                    revision_id=row.id,
                    account_id=actor.id,
                    name=actor.name,
                    role_title=actor.role_title,
                    at=self._now(),
                    text_hash=row.text_hash,
                )
            )
            self._record(session, actor, "content_signed", row)

    def schedule(self, actor: Actor, path: str, number: int, *, at: dt.datetime) -> None:
        """Have a signed revision published at a time.

        Raises:
            NotAllowedError, WrongStateError, UnknownItemError: It cannot be done.
        """
        require_allowed(Step.SCHEDULE, actor)
        with self._held(path, number) as (session, row):
            move(row, Step.SCHEDULE)
            row.publish_at = at
            self._record(session, actor, "content_scheduled", row, publish_at=at.astimezone(dt.UTC).isoformat())

    def comment(self, actor: Actor, path: str, number: int, text: str) -> None:
        """Say something about a revision.

        Raises:
            NotAllowedError, TextError, UnknownItemError: It cannot be done.
        """
        require_allowed(Step.COMMENT, actor)
        with self._held(path, number) as (session, row):
            self._say(session, actor, row, text)
            self._record(session, actor, "content_commented", row)

    @contextlib.contextmanager
    def _held(self, path: str, number: int) -> Iterator[tuple[Session, RevisionRow]]:
        """A revision that nobody else changes until the end of the block, which is one transaction."""
        with self._database.write() as session:
            hold_lock(session, LOCK)
            yield session, revision_row(session, path, number)

    def _say(self, session: Session, actor: Actor, row: RevisionRow, text: str) -> None:
        if not text.strip() or len(text) > _MOST_COMMENT or "\0" in text:
            raise TextError(f"{row.path}: a comment has 1 to {_MOST_COMMENT} characters.")
        session.add(CommentRow(path=row.path, number=row.number, author=actor.id, at=self._now(), text=text.strip()))

    def _record(self, session: Session, actor: Actor, action: str, row: RevisionRow, **more: str | int | None) -> None:
        self._audit.record(
            session, actor.id, action, row.path, {"revision": row.number, "text_hash": row.text_hash, **more}
        )


def _line(item: ItemRow, rows: list[RevisionRow]) -> ItemLine:
    newest = next(row for row in rows if row.number == newest_number(item, rows))
    return ItemLine(
        path=item.path,
        kind=Kind(item.kind),
        served=item.served,
        newest=newest.number,
        state=State(newest.state),
        served_state=next((State(row.state) for row in rows if row.number == item.served), None),
        author=newest.author,
        review_by=newest.review_by,
        offered=sum(map(is_offered, rows)),
        is_from_program=newest_from_program(item, rows) is not None,
    )


def _stale(path: str, base: int, newest: RevisionRow, text: str) -> StaleRevisionError:
    difference = _difference(path, newest.text, f"revision {newest.number}", text, "yours")
    return StaleRevisionError(path, base, newest.number, difference)


def _difference(path: str, old: str, old_name: str, new: str, new_name: str) -> TextDifference:
    return text_difference(old, new, old_name=f"{path} ({old_name})", new_name=f"{path} ({new_name})")
