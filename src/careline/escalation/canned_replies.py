"""Replies that clinicians may take as a beginning: reviewed data (`knowledge/canned_replies.yml`), strictly read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from careline.clinical.content import Review
from careline.clinical.content_files import read_yaml
from careline.clinical.errors import ContentError

_ID = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
_MOST_CHARACTERS = 1_000


class CannedReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reply.

    Attributes:
        title: As clinicians find it.
        text: As the patient would read it.
        language: BCP 47.
        review: Its own, where it differs from the file's.
    """

    id: str
    title: Annotated[str, Meta(min_length=1)]
    text: Annotated[str, Meta(min_length=1)]
    language: str
    review: Review | None = None


class CannedRepliesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    review: Review
    replies: tuple[CannedReply, ...]


def load_canned_replies(path: Path, *, signed_only: bool = False) -> tuple[CannedReply, ...]:
    """Return the replies in the file's order.

    Args:
        path: Of the file.
        signed_only: Leave out what no clinician has signed.

    Raises:
        ContentError: The file is missing or wrong; one line for each problem.
    """
    file = read_yaml(path, CannedRepliesFile)
    problems = list(_problems(path, file))
    if problems:
        raise ContentError(*problems)
    return tuple(reply for reply in file.replies if not signed_only or (reply.review or file.review).is_signed)


def _problems(path: Path, file: CannedRepliesFile) -> Iterator[str]:
    for reply_id, times in Counter(reply.id for reply in file.replies).items():
        if times > 1:
            yield f"{path}: the id {reply_id!r} stands {times} times. Give each reply its own."
    for reply in file.replies:
        if not _ID.fullmatch(reply.id):
            yield f"{path}: {reply.id!r} is no id. Use small letters, digits and underscores."
        if not _LANGUAGE.fullmatch(reply.language):
            yield f"{path}: {reply.id!r} has the language {reply.language!r}. Use a code such as 'en'."
        if len(reply.text) > _MOST_CHARACTERS:
            yield f"{path}: {reply.id!r} is longer than {_MOST_CHARACTERS} characters. Shorten it."
        if reply.text != reply.text.strip():
            yield f"{path}: {reply.id!r} begins or ends with a space or line break. Remove it."
