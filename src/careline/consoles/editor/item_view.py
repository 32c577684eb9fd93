"""One item as its page shows it: what patients see, what is being worked on, and who may do what with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from careline.consoles.editor import words
from careline.consoles.editor.catalogue import card_of
from careline.consoles.editor.shown_text import ShownPiece, ShownText, shown_pieces, shown_text
from careline.editorial.item import APP, Comment, Item, Kind, Revision
from careline.editorial.life_cycle import OPEN, Actor, State, Step, is_open_to
from careline.editorial.text_difference import text_difference


@dataclass(frozen=True)
class RevisionLine:
    """A revision in the history."""

    number: int
    state: tuple[str, str]
    author: str
    at: dt.datetime
    base: int | None
    signed: str


@dataclass(frozen=True)
class Remark:
    """A comment with the name of who made it."""

    number: int
    author: str
    at: dt.datetime
    text: str


@dataclass(frozen=True)
class Work:
    """The revision that is being worked on.

    Attributes:
        difference: From what patients see; empty where they see nothing of it.
        steps: What the person may do with it now.
        why_not_sign: Why the person, who might think of signing it, cannot; empty if they can, or need not.
    """

    revision: Revision
    line: RevisionLine
    text: ShownText
    difference: tuple[ShownPiece, ...]
    steps: frozenset[str]
    why_not_sign: str


@dataclass(frozen=True)
class ItemView:
    """An item as its page shows it.

    Attributes:
        served: What patients see, or saw before it was hidden; None for an item that was never published.
        is_hidden: Whether patients are shown it no more: an article that was withdrawn, or is past its review date.
        can_edit: Whether the person may write a new text.
        why_not_edit: Why nobody may; empty if somebody may.
        is_edited_here: Whether what is worked on, or what patients see, was written here.
    """

    path: str
    title: str
    kind: str
    is_article: bool
    served: RevisionLine | None
    served_text: ShownText | None
    is_hidden: bool
    review_by: str
    work: Work | None
    offered: tuple[RevisionLine, ...]
    history: tuple[RevisionLine, ...]
    comments: tuple[Remark, ...]
    can_edit: bool
    can_withdraw: bool
    can_comment: bool
    why_not_edit: str
    newest: int
    is_edited_here: bool


def item_view(item: Item, actor: Actor, names: Mapping[str, str]) -> ItemView:
    """Return an item as its page shows it to somebody."""
    newest = item.revision(item.newest)
    served = item.revision(item.served) if item.served is not None else None
    is_edited = item.kind.is_edited
    return ItemView(
        path=item.path,
        title=card_of(item.path, item.kind, newest.text).title,
        kind=words.KINDS[item.kind],
        is_article=item.kind is Kind.ARTICLE,
        served=_line(served, names) if served else None,
        served_text=shown_text(item.path, item.kind, served.text) if served else None,
        is_hidden=served is not None and served.state in (State.EXPIRED, State.WITHDRAWN),
        review_by=words.day(newest.review_by),
        work=_work(item, newest, served, actor, names)
        if newest.state in OPEN and newest.number not in item.offered
        else None,
        offered=tuple(_line(item.revision(number), names) for number in item.offered),
        history=tuple(_line(one, names) for one in reversed(item.revisions)),
        comments=tuple(_remark(one, names) for one in reversed(item.comments)),
        can_edit=is_edited and is_open_to(Step.SAVE, actor, newest.state),
        can_withdraw=(
            item.kind is Kind.ARTICLE and served is not None and is_open_to(Step.WITHDRAW, actor, served.state)
        ),
        can_comment=is_open_to(Step.COMMENT, actor, newest.state),
        why_not_edit=""
        if is_edited
        else "It was fitted or trained on, comes with the program, and is not edited here.",
        newest=item.newest,
        is_edited_here=any(one.author != APP for one in item.revisions if one.number == item.served or one is newest),
    )


def _work(item: Item, newest: Revision, served: Revision | None, actor: Actor, names: Mapping[str, str]) -> Work:
    why_not = _why_not_sign(item, newest, actor, names)
    steps = {step for step in Step if is_open_to(step, actor, newest.state)}
    if why_not:
        steps.discard(Step.SIGN)
    difference = (
        text_difference(served.text, newest.text, old_name="published", new_name="new") if served is not None else None
    )
    return Work(
        revision=newest,
        line=_line(newest, names),
        text=shown_text(item.path, item.kind, newest.text),
        difference=tuple(shown_pieces(difference)) if difference is not None else (),
        steps=frozenset(steps),
        why_not_sign=why_not,
    )


def _why_not_sign(item: Item, newest: Revision, actor: Actor, names: Mapping[str, str]) -> str:
    if newest.state not in (State.DRAFT, State.IN_REVIEW):
        return ""
    authors = item.authors_since_signed(newest.number)
    if actor.id in authors:
        return (
            "You cannot sign this text: you wrote it, or a part of it, since it was signed last. "
            "Whoever wrote a text does not sign it. Ask a clinician who wrote no part of it."
        )
    if newest.state is State.IN_REVIEW and not is_open_to(Step.SIGN, actor, newest.state):
        written = ", ".join(sorted(words.name(one, names) for one in authors))
        return f"A clinician has to sign it, who wrote no part of it. It was written by: {written}."
    return ""


def _line(one: Revision, names: Mapping[str, str]) -> RevisionLine:
    signed = f"{one.sign_off.reviewer}, {words.day(one.sign_off.at.date())}" if one.sign_off else ""
    state = words.STATES[one.state]
    if one.publish_at is not None and one.state is State.SCHEDULED:
        state = f"Goes out on {one.publish_at.astimezone(dt.UTC):%-d %B %Y, %H:%M} UTC"
    colour = words.COLOURS.get(one.state, "grey")
    return RevisionLine(one.number, (state, colour), words.name(one.author, names), one.created_at, one.base, signed)


def _remark(one: Comment, names: Mapping[str, str]) -> Remark:
    return Remark(one.number, words.name(one.author, names), one.at, one.text)
