"""A content item: one file of `knowledge/`, named by its path there."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import re
from dataclasses import dataclass

from careline.editorial.errors import PathError, TextError
from careline.editorial.life_cycle import State

_PATH = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}/){0,4}[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")
_MOST_CHARACTERS = 80  # the audit trail names items by their path
MOST_BYTES = 1_000_000  # of a text; the largest file of ours has a third of it

APP = "app"  # author of what came with the program: nobody of the staff


class Kind(enum.StrEnum):
    """What an item is, by where its file stands.

    Attributes:
        RULES: A file of the outermost level, such as `dispositions.yml`.
        RETRIEVAL, PHRASES: What a search or a recogniser was fitted on: it comes with the program.
        OTHER: Anything else in the folder; kept as it is.
    """

    ARTICLE = "article"
    PROTOCOL = "protocol"
    RED_FLAGS = "red_flags"
    FINDINGS = "findings"
    LEXICON = "lexicon"
    TRANSLATIONS = "translations"
    WORDING = "wording"
    RULES = "rules"
    VIGNETTES = "vignettes"
    RETRIEVAL = "retrieval"
    PHRASES = "phrases"
    OTHER = "other"

    @property
    def is_edited(self) -> bool:
        """Whether the staff may change it here; the rest was fitted or trained on, and comes with the program."""
        return self not in (Kind.RETRIEVAL, Kind.PHRASES, Kind.OTHER)

    @property
    def hides_when_expired(self) -> bool:
        """Whether it is shown no more after its review date. Rules and red flags stay: without them less is seen."""
        return self is Kind.ARTICLE


_KINDS = (
    (re.compile(r"canned_replies\.yml"), Kind.OTHER),  # clinicians' own; the console reads the program's file
    (re.compile(r"articles/[a-z][a-z0-9_]*\.md"), Kind.ARTICLE),
    (re.compile(r"protocols/[a-z][a-z0-9_]*\.yml"), Kind.PROTOCOL),
    (re.compile(r"red_flags/[a-z][a-z0-9_]*\.yml"), Kind.RED_FLAGS),
    (re.compile(r"findings/[a-z][a-z0-9_]*\.yml"), Kind.FINDINGS),
    (re.compile(r"lexicon/(?:[A-Za-z-]{2,20}/)?[a-z][a-z0-9_]*\.yml"), Kind.LEXICON),
    (re.compile(r"translations/[A-Za-z-]{2,20}/(?:[a-z_]+/)?[a-z][a-z0-9_]*\.yml"), Kind.TRANSLATIONS),
    (re.compile(r"wording/[A-Za-z0-9-]{2,20}/[a-z][a-z0-9_]*\.ftl"), Kind.WORDING),
    (re.compile(r"vignettes/(?:scripted/)?[a-z][a-z0-9_]*\.yml"), Kind.VIGNETTES),
    (re.compile(r"retrieval/.+"), Kind.RETRIEVAL),
    (re.compile(r"phrases/.+"), Kind.PHRASES),
    (re.compile(r"[a-z][a-z0-9_]*\.yml"), Kind.RULES),
)


def kind_of(path: str) -> Kind:
    """Return what the file at this path of `knowledge/` is.

    Raises:
        PathError: No item can have this path.
    """
    if len(path) > _MOST_CHARACTERS or not _PATH.fullmatch(path):
        raise PathError(
            f"{path!r}: is no path in knowledge/. Use folders and a name of letters, digits, '_', '-' and '.', "
            "such as articles/earwax.md."
        )
    return next((kind for pattern, kind in _KINDS if pattern.fullmatch(path)), Kind.OTHER)


def require_text(path: str, text: str) -> None:
    """Check that a text can be kept.

    Raises:
        TextError: It is empty, too long, or no text.
    """
    if not text.strip():
        raise TextError(f"{path}: is empty. Write it, or discard the draft.")
    if "\0" in text or len(text.encode(errors="replace")) > MOST_BYTES:
        raise TextError(f"{path}: is longer than {MOST_BYTES} bytes, or is no text.")


def text_hash(text: str) -> str:
    """Return the SHA-256 (hex) of a text as its file would hold it."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class SignOff:
    """That a clinician has checked one exact text.

    Attributes:
        account_id: Whose.
        name, role_title: As they were then; readers see them.
        text_hash: Of the text that was signed.
    """

    account_id: str
    name: str
    role_title: str
    at: dt.datetime
    text_hash: str

    @property
    def reviewer(self) -> str:
        """How readers are told of it."""
        return f"{self.name}, {self.role_title}" if self.role_title else self.name


@dataclass(frozen=True)
class Revision:
    """One text of an item.

    Attributes:
        number: From 1, within the item.
        author: Account id, or `app` for what came with the program.
        base: Number of the revision that it was written from; None for the first.
        publish_at: When it is to be published, if it is scheduled.
        review_by: What the text says of its next review; None where it says nothing.
        sign_off: None until a clinician has signed it.
    """

    path: str
    kind: Kind
    number: int
    text: str
    text_hash: str
    author: str
    base: int | None
    created_at: dt.datetime
    state: State
    publish_at: dt.datetime | None
    review_by: dt.date | None
    sign_off: SignOff | None


@dataclass(frozen=True)
class Comment:
    """What somebody said about an item."""

    number: int
    author: str
    at: dt.datetime
    text: str


@dataclass(frozen=True)
class Item:
    """An item as it stands.

    Attributes:
        served: Number of the revision that releases hold; None for an item that was never published.
        newest: Number of the revision that work goes on from: the open one, else the one served.
        offered: Numbers of texts of a newer program that wait beside local edits.
    """

    path: str
    kind: Kind
    served: int | None
    newest: int
    offered: tuple[int, ...]
    revisions: tuple[Revision, ...]
    comments: tuple[Comment, ...]

    def authors_since_signed(self, number: int) -> frozenset[str]:
        """Return who wrote revisions after the last one before this that was signed, up to this one."""
        signed = (one.number for one in self.revisions if one.sign_off is not None and one.number < number)
        last_signed = max(signed, default=0)
        return frozenset(one.author for one in self.revisions if last_signed < one.number <= number)

    def revision(self, number: int) -> Revision:
        """Return one of its revisions, which must exist."""
        return next(one for one in self.revisions if one.number == number)
