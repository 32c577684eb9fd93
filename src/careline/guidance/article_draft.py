"""Beginning a new article: a draft with every key and heading, that says what belongs where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import msgspec

from careline.guidance.article import SECTION_HEADINGS, Article, Audience, Section, Source
from careline.guidance.article_files import article_markdown
from careline.guidance.errors import ArticleError

_REVIEW_AFTER = dt.timedelta(days=180)
_TO_WRITE = {
    "What it is": "In two or three short sentences: what it feels like, how common it is, how long it lasts.",
    "What you can do": "- One thing a line, the most useful first.",
    "What to avoid": "- One thing a line.",
    "Ask a pharmacist": "What a pharmacist can help with, and what to tell them first.",
    "Get help today if": "Ask for medical advice today if:\n\n- One sign a line.",
    "Call an ambulance if": "Call the emergency number now if:\n\n- One sign a line.",
}


def write_draft(folder: Path, article_id: str, title: str, complaints: Sequence[str], *, today: dt.date) -> Path:
    """Write the draft of an article into a new file and return its path.

    Raises:
        ArticleError: The id or title does not fit, or the file is there already; nothing is written.
    """
    path = folder / f"{article_id}.md"
    draft = Article(
        id=article_id,
        title=title,
        summary="One sentence: what the reader can learn here.",
        language="en",
        complaints=tuple(complaints),
        audience=Audience(),
        acuity_ceiling="gp_soon",
        keywords=("words that patients use for it",),
        questions=tuple(f"Question {number}, as a patient would type it" for number in range(1, 7)),
        sources=(Source(title="Title of the page that was read", organisation="Who publishes it"),),
        author="Careline contributors",
        reviewer="unreviewed",
        reviewed_on=None,
        review_by=today + _REVIEW_AFTER,
        status="draft",
        sections=tuple(Section(heading=heading, markdown=_TO_WRITE[heading]) for heading in SECTION_HEADINGS),
    )
    try:
        msgspec.convert(msgspec.to_builtins(draft), Article)
    except msgspec.ValidationError as error:
        raise ArticleError(
            f"{path}: {error}. An id is small letters, digits and underscores; a title is a line."
        ) from error
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(article_markdown(draft))
    except FileExistsError as error:
        raise ArticleError(f"{path}: is there already. Choose another id, or edit that file.") from error
    return path
