"""The content as releases hold it: which revision of each item, and its text with the sign-off written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from careline.editorial.errors import NotSignedError
from careline.editorial.item import APP, Kind, SignOff, text_hash
from careline.editorial.life_cycle import State
from careline.editorial.review_block import served_text
from careline.editorial.store import sign_offs
from careline.editorial.tables import ItemRow, RevisionRow


@dataclass(frozen=True)
class Held:
    """That a release holds a revision of an item, and in which state."""

    number: int
    state: State


Holdings = Mapping[str, Held]


def holdings_in_force(session: Session) -> dict[str, Held]:
    """Return what a release of the items as they are would hold, by path."""
    found = session.execute(
        select(ItemRow.path, RevisionRow.number, RevisionRow.state)
        .join(RevisionRow, (RevisionRow.path == ItemRow.path) & (RevisionRow.number == ItemRow.served))
        .order_by(ItemRow.path)
    )
    return {path: Held(number, State(state)) for path, number, state in found}


def served_texts(session: Session, holdings: Holdings) -> dict[str, str]:
    """Return the text of each item as releases hold it, by path.

    Raises:
        NotSignedError: A text was never signed, or is not the one that was signed.
        TextError: A sign-off cannot be written into its text.
    """
    kinds = {path: Kind(kind) for path, kind in session.execute(select(ItemRow.path, ItemRow.kind))}
    numbers = {held.number for held in holdings.values()}
    rows = [
        row
        for row in session.scalars(select(RevisionRow).where(RevisionRow.number.in_(numbers)))
        if row.path in holdings and holdings[row.path].number == row.number
    ]
    signed = sign_offs(session, [row.id for row in rows])
    return {
        row.path: served_text(
            row.path, kinds[row.path], row.text, _checked(row, signed.get(row.id)), holdings[row.path].state
        )
        for row in sorted(rows, key=lambda row: row.path)
    }


def write_texts(texts: Mapping[str, str], folder: Path) -> list[str]:
    """Write texts to their paths below a folder, byte for byte; return the paths whose file was not so already."""
    written = []
    for path, text in texts.items():
        target = folder / path
        data = text.encode()
        if target.is_file() and target.read_bytes() == data:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        written.append(path)
    return written


def holdings_as_text(holdings: Holdings) -> str:
    """Return holdings as a release's row keeps them."""
    return msgspec.json.encode({path: [held.number, held.state] for path, held in holdings.items()}).decode()


def holdings_from(text: str) -> dict[str, Held]:
    """Return holdings from how they are kept."""
    kept = msgspec.json.decode(text, type=dict[str, tuple[int, str]])
    return {path: Held(number, State(state)) for path, (number, state) in kept.items()}


def _checked(row: RevisionRow, sign_off: SignOff | None) -> SignOff | None:
    """Return the sign-off of exactly this text; None for what came with the program."""
    if sign_off is None and row.author != APP:
        raise NotSignedError(f"{row.path}: revision {row.number} is not signed. Have a clinician sign it.")
    signed = row.text_hash if sign_off is None else sign_off.text_hash
    if not signed == row.text_hash == text_hash(row.text):
        raise NotSignedError(
            f"{row.path}: revision {row.number} is not the text that was signed. Save it anew, and have it signed."
        )
    return sign_off
