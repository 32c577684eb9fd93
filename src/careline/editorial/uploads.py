"""Texts from somebody's files: drafts of whoever brings them, to be reviewed and signed like any other.

They may come from another installation, so nothing that stands in them of reviewers counts here. What somebody is
working on is left alone, and what is not among the files stays as it is.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from careline.editorial.item import Kind, kind_of, require_text
from careline.editorial.life_cycle import Actor, State, Step, require_allowed
from careline.editorial.served import holdings_in_force, served_texts
from careline.editorial.store import LOCK, add_revision, newest_number, open_row, revision_rows
from careline.editorial.tables import ItemRow, RevisionRow
from careline.staff.audit import AuditTrail
from careline.storage.database import Database
from careline.storage.locks import hold_lock

_BEGUN = frozenset(
    {Kind.ARTICLE, Kind.PROTOCOL, Kind.RED_FLAGS, Kind.FINDINGS, Kind.LEXICON, Kind.TRANSLATIONS, Kind.VIGNETTES}
)


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
            return _sorted_out(session, texts)

    def take(self, actor: Actor, texts: Mapping[str, str]) -> Upload:
        """Make drafts of the texts that are new here, all in one step, and return what became of them.

        Raises:
            NotAllowedError, PathError, TextError: As above; nothing was taken in.
        """
        _require_usable(actor, texts)
        with self._database.write() as session:
            hold_lock(session, LOCK)
            found = _sorted_out(session, texts)
            for path in found.taken:
                row = self._add(session, actor, path, texts[path])
                self._audit.record(
                    session,
                    actor.id,
                    "content_saved",
                    path,
                    {"revision": row.number, "text_hash": row.text_hash, "base": row.base, "from_file": True},
                )
            counts = {
                "new": len(found.new), "changed": len(found.changed), "same": found.same, "left": len(found.left)
            }  # fmt: skip
            self._audit.record(session, actor.id, "content_uploaded", "content", counts)
        return found

    def _add(self, session: Session, actor: Actor, path: str, text: str) -> RevisionRow:
        item = session.get(ItemRow, path)
        if item is None:
            item = ItemRow(path=path, kind=kind_of(path), served=None, seed_hash=None)
            session.add(item)
            session.flush()
        rows = revision_rows(session, path)
        base = newest_number(item, rows) if rows else None
        return add_revision(session, path, text, author=actor.id, base=base, state=State.DRAFT, now=self._now())


def _require_usable(actor: Actor, texts: Mapping[str, str]) -> None:
    require_allowed(Step.SAVE, actor)
    for path, text in texts.items():
        if kind_of(path).is_edited:
            require_text(path, text)


def _sorted_out(session: Session, texts: Mapping[str, str]) -> Upload:
    served = served_texts(session, holdings_in_force(session))
    known = {*session.scalars(select(ItemRow.path))}
    found = Upload()
    for path, text in texts.items():
        rows = revision_rows(session, path) if path in known and text != served.get(path) else ()
        being_edited = open_row(rows)
        if text == served.get(path) or (being_edited is not None and being_edited.text == text):
            found.same += 1
        elif (left := _left(path, is_known=path in known, is_busy=being_edited is not None)) is not None:
            found.left[path] = left
        else:
            (found.changed if path in known else found.new).append(path)
    return found


def _left(path: str, *, is_known: bool, is_busy: bool) -> Left | None:
    kind = kind_of(path)
    if not kind.is_edited and (is_known or kind is not Kind.OTHER):
        return Left.FROM_PROGRAM
    if not is_known and kind not in _BEGUN:
        return Left.NAMELESS
    return Left.BUSY if is_busy else None
