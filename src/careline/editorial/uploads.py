"""Texts from somebody's files: drafts of whoever brings them, to be reviewed and signed like any other.

They may come from another installation, so nothing that stands in them of reviewers counts here. What somebody is
working on is left alone, and what is not among the files stays as it is.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from careline.editorial.item import Kind, kind_of, require_text, text_hash
from careline.editorial.life_cycle import Actor, State, Step, require_allowed
from careline.editorial.review_block import review_by
from careline.editorial.served import holdings_in_force, served_texts
from careline.editorial.store import LOCK, newest_number, open_row
from careline.editorial.tables import ItemRow, RevisionRow
from careline.staff.audit import AuditTrail, Entry
from careline.storage.database import Database
from careline.storage.locks import hold_lock

_BEGUN = frozenset(
    {Kind.ARTICLE, Kind.PROTOCOL, Kind.RED_FLAGS, Kind.FINDINGS, Kind.LEXICON, Kind.TRANSLATIONS, Kind.VIGNETTES}
)

_LOOKS = 2  # before others have to wait while it is looked at


class Left(enum.StrEnum):
    """Why a file is not taken in.

    Attributes:
        BUSY: Somebody is working on it.
        FROM_PROGRAM: It was fitted or trained on, and comes with the program.
        NAMELESS: There is no item of this path, and the program would read none: rules and sentences have their files.
    """

    BUSY = "busy"
    FROM_PROGRAM = "from_program"
    NAMELESS = "nameless"


@dataclass
class Upload:
    """What becomes of the files that somebody brings.

    Attributes:
        new: Paths of items that were not there before.
        changed: Paths whose text is another than what patients see.
        same: How many files are as they are here.
        left: Paths that are not taken in, and why.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0
    left: dict[str, Left] = field(default_factory=dict)

    @property
    def taken(self) -> list[str]:
        """Paths that become drafts."""
        return sorted([*self.new, *self.changed])


class Uploads:
    """Looks at files, and takes them in."""

    def __init__(self, database: Database, audit: AuditTrail, now: Callable[[], dt.datetime]) -> None:
        """Work on these."""
        self._database = database
        self._audit = audit
        self._now = now

    def looked_at(self, actor: Actor, texts: Mapping[str, str]) -> Upload:
        """Return what would become of these texts; nothing is taken in.

        Raises:
            NotAllowedError: The person may not write.
            PathError, TextError: A path or a text cannot be kept; names it.
        """
        _require_usable(actor, texts)
        with self._database.read() as session:
            return _sorted_out(_standing(session), texts)

    def take(self, actor: Actor, texts: Mapping[str, str]) -> Upload:
        """Make drafts of the texts that are new here, all in one step or none, and return what became of them.

        Whatever takes long is done before anybody has to wait: the transaction only writes. If somebody changes an item
        meanwhile, it is looked at once more, at last inside the transaction.

        Raises:
            NotAllowedError, PathError, TextError: As above; nothing was taken in.
        """
        _require_usable(actor, texts)
        for _ in range(_LOOKS):
            with self._database.read() as session:
                seen = _standing(session)
                found = _sorted_out(seen, texts)
            rows = self._rows(actor, texts, found, seen)
            with self._database.write() as session:
                hold_lock(session, LOCK)
                if _marks(session) == seen.marks:
                    return self._write(session, actor, rows, found)
        with self._database.write() as session:
            hold_lock(session, LOCK)
            seen = _standing(session)
            found = _sorted_out(seen, texts)
            return self._write(session, actor, self._rows(actor, texts, found, seen), found)

    def _rows(self, actor: Actor, texts: Mapping[str, str], found: Upload, seen: _Standing) -> list[RevisionRow]:
        now, rows = self._now(), []
        for path in found.taken:
            text, last = texts[path], seen.last(path)
            rows.append(
                RevisionRow(
                    path=path, number=last + 1, text=text, text_hash=text_hash(text), author=actor.id,
                    base=seen.newest(path), created_at=now, state=State.DRAFT, publish_at=None,
                    review_by=review_by(path, kind_of(path), text),
                )
            )  # fmt: skip
        return rows

    def _write(self, session: Session, actor: Actor, rows: Sequence[RevisionRow], found: Upload) -> Upload:
        session.add_all(
            ItemRow(path=path, kind=kind_of(path), served=None, seed_hash=None) for path in sorted(found.new)
        )
        session.flush()
        session.add_all(rows)
        session.flush()
        saved: list[Entry] = [
            (
                "content_saved",
                row.path,
                {"revision": row.number, "text_hash": row.text_hash, "base": row.base, "from_file": True},
            )
            for row in rows
        ]
        counts = {"new": len(found.new), "changed": len(found.changed), "same": found.same, "left": len(found.left)}
        self._audit.record_all(session, actor.id, [*saved, ("content_uploaded", "content", counts)])
        return found


def _require_usable(actor: Actor, texts: Mapping[str, str]) -> None:
    require_allowed(Step.SAVE, actor)
    for path, text in texts.items():
        if kind_of(path).is_edited:
            require_text(path, text)


@dataclass(frozen=True)
class _Standing:
    """What stood in the database when it was looked at.

    Attributes:
        marks: By which it is known whether anything has changed since.
        served: Texts that patients see, by path.
        items: By path.
        revisions: Of each item, oldest first; their texts are not loaded.
    """

    marks: tuple[object, ...]
    served: Mapping[str, str]
    items: Mapping[str, ItemRow]
    revisions: Mapping[str, Sequence[RevisionRow]]

    def last(self, path: str) -> int:
        rows = self.revisions.get(path, ())
        return rows[-1].number if rows else 0

    def newest(self, path: str) -> int | None:
        rows = self.revisions.get(path, ())
        return newest_number(self.items[path], rows) if rows else None


def _standing(session: Session) -> _Standing:
    marks = _marks(session)  # first: on PostgreSQL each statement may see more than the one before
    revisions: dict[str, list[RevisionRow]] = {}
    # Without the texts, of which all but the served ones are past: a draft is told from a file by its hash.
    rows = select(RevisionRow).options(defer(RevisionRow.text)).order_by(RevisionRow.path, RevisionRow.number)
    for row in session.scalars(rows):
        revisions.setdefault(row.path, []).append(row)
    return _Standing(
        marks,
        served_texts(session, holdings_in_force(session)),
        {row.path: row for row in session.scalars(select(ItemRow))},
        revisions,
    )


def _marks(session: Session) -> tuple[object, ...]:
    """Return every item's and revision's number and state: they differ once anybody has changed an item."""
    items = session.execute(select(ItemRow.path, ItemRow.served).order_by(ItemRow.path)).all()
    revisions = session.execute(select(RevisionRow.id, RevisionRow.state).order_by(RevisionRow.id)).all()
    return (*map(tuple, items), *map(tuple, revisions))


def _sorted_out(seen: _Standing, texts: Mapping[str, str]) -> Upload:
    found = Upload()
    for path, text in texts.items():
        is_served = text == seen.served.get(path)
        being_edited = None if is_served else open_row(seen.revisions.get(path, ()))
        if is_served or (being_edited is not None and being_edited.text_hash == text_hash(text)):
            found.same += 1
        elif (left := _left(path, is_known=path in seen.items, is_busy=being_edited is not None)) is not None:
            found.left[path] = left
        else:
            (found.changed if path in seen.items else found.new).append(path)
    return found


def _left(path: str, *, is_known: bool, is_busy: bool) -> Left | None:
    kind = kind_of(path)
    if not kind.is_edited and (is_known or kind is not Kind.OTHER):
        return Left.FROM_PROGRAM
    if not is_known and kind not in _BEGUN:
        return Left.NAMELESS
    return Left.BUSY if is_busy else None
