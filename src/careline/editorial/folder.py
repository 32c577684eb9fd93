"""Taking items in from a folder such as `knowledge/`, and writing them out again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from careline.editorial.errors import TextError
from careline.editorial.item import APP, kind_of, text_hash
from careline.editorial.life_cycle import Actor, State, Step, require_allowed
from careline.editorial.review_block import review_by
from careline.editorial.served import holdings_in_force, served_texts, write_texts
from careline.editorial.store import LOCK, add_item, add_revision, has_edits, is_offered, move, open_row, revision_rows
from careline.editorial.tables import ItemRow
from careline.staff.audit import AuditTrail
from careline.storage.database import Database
from careline.storage.locks import hold_lock


@dataclass
class Import:
    """What became of a folder's files.

    Attributes:
        begun: Whether there was no item before: everything counts as published.
        new: Paths that were not there before.
        taken: Paths without local edits: the new text waits as a draft, and goes out as it came once an admin lets it.
        offered: Paths with local edits: the new text waits beside them as a draft.
        missing: Paths that the folder has no more. They stay: nothing disappears because a file is not there.
    """

    begun: bool = False
    new: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


class ContentFolder:
    """Imports and exports items as files."""

    def __init__(self, database: Database, audit: AuditTrail, now: Callable[[], dt.datetime]) -> None:
        """Work on these."""
        self._database = database
        self._audit = audit
        self._now = now

    def is_in_use(self) -> bool:
        """Return whether content is edited here: items have been imported."""
        with self._database.read() as session:
            return session.scalar(select(ItemRow.path).limit(1)) is not None

    def import_from(self, actor: Actor, folder: Path) -> Import:
        """Take in the files of a folder, never over local edits.

        The first time they count as published, as they are what patients see. Later, a file that is new, or differs
        from the one that came last, arrives as a draft.

        Raises:
            NotAllowedError: The person may not publish.
            PathError, TextError: A file has a name or bytes that cannot be kept; nothing was taken in.
        """
        require_allowed(Step.PUBLISH, actor)
        texts = texts_in(folder)
        dates = self._dates_of_new(texts)  # reading them all takes seconds: before anybody has to wait for us
        with self._database.write() as session:
            hold_lock(session, LOCK)
            items = {row.path: row for row in session.scalars(select(ItemRow))}
            found = Import(begun=not items, missing=sorted(items.keys() - texts.keys()))
            served = served_texts(session, holdings_in_force(session)) if items else {}
            for path, text in texts.items():
                if path not in items:
                    day = dates[path] if path in dates else review_by(path, kind_of(path), text)
                    add_item(session, path, text, is_served=found.begun, review_by=day, now=self._now())
                    found.new.append(path)
                elif items[path].seed_hash != text_hash(text):
                    self._change(session, items[path], text, served.get(path), found)
            counts = {name: len(getattr(found, name)) for name in ("new", "taken", "offered", "missing")}
            self._audit.record(session, actor.id, "content_imported", "content", counts)
        return found

    def published(self) -> Mapping[str, str]:
        """Return the texts that releases hold, sign-offs written in, by path."""
        with self._database.read() as session:
            return served_texts(session, holdings_in_force(session))

    def export_to(self, folder: Path) -> list[str]:
        """Write what is published as files, and return the paths that were altered."""
        return write_texts(self.published(), folder)

    def _dates_of_new(self, texts: Mapping[str, str]) -> Mapping[str, dt.date | None]:
        with self._database.read() as session:
            known = {*session.scalars(select(ItemRow.path))}
        return {path: review_by(path, kind_of(path), text) for path, text in texts.items() if path not in known}

    def _change(self, session: Session, item: ItemRow, text: str, served: str | None, found: Import) -> None:
        item.seed_hash = text_hash(text)
        rows = revision_rows(session, item.path)
        for row in filter(is_offered, rows):
            move(row, Step.REPLACE)  # an older offer that nobody took
        if text == served:
            return  # our own edit has come back with the program
        being_edited = open_row(rows)
        is_edited = has_edits(item, rows)
        if not is_edited and being_edited is not None:
            move(being_edited, Step.REPLACE)  # the program's text before this one
        add_revision(session, item.path, text, author=APP, base=item.served, state=State.DRAFT, now=self._now())
        (found.offered if is_edited else found.taken).append(item.path)


def texts_in(folder: Path) -> Mapping[str, str]:
    """Return the texts of all files below a folder, by their path in it.

    Raises:
        PathError, TextError: A file has a name or bytes that cannot be kept; names it.
    """
    texts = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        kind_of(name)
        try:
            texts[name] = path.read_bytes().decode()
        except UnicodeDecodeError as error:
            raise TextError(f"{path}: byte {error.start} is not UTF-8. Save it as UTF-8, or take it out.") from error
        if "\0" in texts[name]:
            raise TextError(f"{path}: has a zero byte. Save it as text, or take it out.")
    if not texts:
        raise TextError(f"{folder}: holds no file. Name the folder with the content, such as knowledge.")
    return texts
