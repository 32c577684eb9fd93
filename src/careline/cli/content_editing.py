"""`careline content import|export|publish|rollback|history|due`: content that is edited in the database.

What alters something needs the database for itself on SQLite: stop the app first, or use PostgreSQL.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import sqlalchemy
import typer
from rich.table import Column, Table

from careline.app.migrations import require_newest
from careline.app.release_folder import release_files
from careline.app.services import editorial_room, open_database, utc_now
from careline.cli.output import AsJson, errors, print_json, tables
from careline.editorial.life_cycle import TERMINAL
from careline.editorial.publisher import Change
from careline.editorial.services import Editorial
from careline.editorial.tables import ItemRow
from careline.settings import Settings
from careline.staff.services import build_staff

Folder = Annotated[Path | None, typer.Argument(help="The folder of the content; CARELINE_KNOWLEDGE_DIR if left out.")]


def add_commands(content: typer.Typer) -> None:
    """Add these commands to `careline content`."""
    content.command(name="import")(import_content)
    content.command(name="export")(export_content)
    for command in (publish, rollback, history, due):
        content.command()(command)


def import_content(folder: Folder = None, as_json: AsJson = False) -> None:
    """Take files into the database, where they are edited from then on; never over local edits."""
    settings = Settings()
    with opened_room(settings) as room:
        found = room.folder.import_from(TERMINAL, folder or settings.knowledge_dir)
        room.publishing.adopt()
    if as_json:
        print_json(found)
        return
    waiting = [] if found.begun else [*found.new, *found.taken]
    print(f"{len(found.new)} new, {len(found.taken)} changed, {len(found.offered)} changed beside local edits")
    if waiting:
        print(
            f"{len(waiting)} wait as drafts. Look at what they change, and publish them: in the console, or with "
            "`careline content publish --from-program --preview`, then without --preview."
        )
    for path in found.offered:
        errors.print(f"{path}: edited here; the new text waits as a draft", style="yellow", markup=False)
    for path in found.missing:
        errors.print(f"{path}: not in the folder; it stays", style="yellow", markup=False)


def export_content(folder: Folder = None, as_json: AsJson = False) -> None:
    """Write what is published as files, each with who signed it; says which files were altered."""
    settings = Settings()
    with opened_room(settings, writes=False) as room:
        written = room.folder.export_to(folder or settings.knowledge_dir)
    if as_json:
        print_json({"written": written})
        return
    for path in written:
        print(path)
    print(f"{len(written)} files altered")


def publish(
    paths: Annotated[list[str] | None, typer.Argument(help="Items, such as articles/earwax.md.")] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Check, and show what would change; publish nothing.")
    ] = False,
    from_program: Annotated[
        bool, typer.Option("--from-program", help="Also what came with a newer program, where nobody has edited.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check and publish the signed texts of these items, and whatever is due, as one release."""
    with opened_room(Settings(), writes=not preview) as room:
        chosen = {*(paths or ()), *(room.editing.from_program() if from_program else ())}
        if preview:
            seen = room.publishing.preview(chosen)
            if as_json:
                print_json(seen)
            else:
                for problem in seen.problems:
                    errors.print(problem, style="red", markup=False)
                _show_changes(seen.changes)
            sys.exit(1 if seen.problems else 0)
        done = room.publishing.publish(TERMINAL, chosen)
    if as_json:
        print_json(done)
    elif done is None:
        print("up to date: patients see all of it already")
    else:
        print(f"content release {done.release_id}: published as number {done.number}")
        _show_changes(done.changes)


def rollback(
    number: Annotated[int | None, typer.Argument(help="Of the release; the one before if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Go back to an earlier release: rules, texts and index together, in one step."""
    with opened_room(Settings()) as room:
        done = room.publishing.roll_back(TERMINAL, number)
    if as_json:
        print_json(done)
    else:
        print(f"content release {done.release_id}: in force again, as number {done.number}")
        _show_changes(done.changes)


def history(
    path: Annotated[str | None, typer.Argument(help="An item; the releases if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the releases that were in force, or the revisions of an item, the newest first."""
    with opened_room(Settings(), writes=False) as room:
        if path is None:
            _show_releases(room, as_json=as_json)
        else:
            _show_revisions(room, path, as_json=as_json)


def due(as_json: AsJson = False) -> None:
    """Show what has to be reviewed within 60 days. Exit code 1 when rules are in force past their review date."""
    with opened_room(Settings(), writes=False) as room:
        found = room.expiry.due()
    if as_json:
        print_json([{"path": one.path, "kind": one.kind, "review_by": one.review_by, "days": one.days,
                     "effect": one.effect, "alarm": one.is_alarm} for one in found])  # fmt: skip
    else:
        table = Table("review by", "days", "item", "what happens", box=None)
        effects = {"none": "", "hidden": "patients are shown it no more", "stays": "STAYS IN FORCE: review it now"}
        for one in found:
            table.add_row(str(one.review_by), str(one.days), one.path, effects[one.effect])
        tables.print(table)
    sys.exit(1 if any(one.is_alarm for one in found) else 0)


@contextlib.contextmanager
def opened_room(settings: Settings, *, writes: bool = True) -> Iterator[Editorial]:
    """Open the editorial room; on SQLite nobody else may write meanwhile."""
    database, _ = open_database(settings)
    try:
        if writes:
            database.claim_writer()
        require_newest(database)
        people = build_staff(database, settings.data_dir, utc_now)
        yield editorial_room(settings, people, release_files(settings))
    finally:
        database.close()


def newest_edited_release(settings: Settings) -> str | None:
    """Return the id of the release that the database says is in force; None when content is not edited there.

    An empty string where items were imported and nothing has been published since.
    """
    if settings.database_url is None and not (settings.data_dir / "careline.db").is_file():
        return None
    database, _ = open_database(settings)
    try:
        if not sqlalchemy.inspect(database.engine).has_table(ItemRow.__tablename__):
            return None
        room = editorial_room(settings, build_staff(database, settings.data_dir, utc_now), release_files(settings))
        if not room.folder.is_in_use():
            return None
        return next((line.release_id for line in room.publishing.history(1)), "")
    finally:
        database.close()


def _show_changes(changes: tuple[Change, ...]) -> None:
    for change in changes:
        inside = f": {', '.join(change.parts)}" if change.parts else ""
        tables.print(f"  {change.state:8} {change.path}{inside}", markup=False)


def _show_releases(room: Editorial, *, as_json: bool) -> None:
    lines = room.publishing.history()
    if as_json:
        print_json(lines)
        return
    release = Column("release", no_wrap=True, min_width=20)
    table = Table("number", release, "at", "by", "occasion", "files changed", box=None)
    for line in lines:
        at = f"{line.at:%Y-%m-%d %H:%M}Z"
        table.add_row(str(line.number), line.release_id, at, line.by, line.occasion, str(len(line.changes)))
    tables.print(table)


def _show_revisions(room: Editorial, path: str, *, as_json: bool) -> None:
    revisions = room.editing.item(path).revisions[::-1]
    if as_json:
        print_json(revisions)
        return
    table = Table("revision", "state", "at", "author", "signed by", box=None)
    for one in revisions:
        signed = f"{one.sign_off.reviewer}, {one.sign_off.at.date()}" if one.sign_off else ""
        at = f"{one.created_at:%Y-%m-%d %H:%M}Z"
        table.add_row(str(one.number), one.state, at, one.author, signed)
    tables.print(table)
