"""The shape of an article: what its front matter must say, and its sections."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
Keyword = Annotated[str, Meta(min_length=2, max_length=60)]
Line = Annotated[str, Meta(min_length=3, max_length=300)]
Years = Annotated[float, Meta(ge=0, le=120)]
AcuityName = Literal["emergency_now", "ed_now", "same_day", "gp_soon", "routine", "self_care"]

# Most urgent first, as in the clinical room, which this room does not import; a test holds the two together.
ACUITY_NAMES: tuple[AcuityName, ...] = ("emergency_now", "ed_now", "same_day", "gp_soon", "routine", "self_care")

SECTION_HEADINGS = (
    "What it is",
    "What you can do",
    "What to avoid",
    "Ask a pharmacist",
    "Get help today if",
    "Call an ambulance if",
)


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all shapes: immutable, and no key that is not known."""


class Source(Shape, frozen=True, kw_only=True):
    """Where a statement comes from.

    Attributes:
        accessed: The day on which the text was really read; None when it was not.
        read_as: How it was read; `not read` means that the link is for the reader only.
    """

    title: Line
    organisation: Line
    url: Annotated[str, Meta(pattern=r"^https?://")] | None = None
    accessed: dt.date | None = None
    read_as: Literal["live page", "copy", "not read"] = "not read"


class Audience(Shape, frozen=True, kw_only=True):
    """For whom an article is meant; an age that is left out sets no limit, both ends belong to it."""

    min_age_years: Years | None = None
    max_age_years: Years | None = None
    pregnancy: Literal["any", "not_pregnant", "pregnant_only"] = "any"


class FrontMatter(Shape, frozen=True, kw_only=True):
    """What stands between the `---` lines of an article.

    Attributes:
        complaints: Presenting complaints that it is about; none: of use with any.
        acuity_ceiling: The most urgent acuity at which a patient may still be shown it.
        questions: Questions of lay people that it answers; found by search, never shown.
        reviewer: Who has checked it; `unreviewed` until a clinician signs.
        review_by: The last day on which it may be shown.
    """

    id: Id
    title: Line
    summary: Line
    language: Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
    complaints: tuple[Id, ...]
    audience: Audience
    acuity_ceiling: AcuityName
    keywords: tuple[Keyword, ...]
    questions: Annotated[tuple[Line, ...], Meta(min_length=6, max_length=60)]
    sources: Annotated[tuple[Source, ...], Meta(min_length=1)]
    author: Line
    reviewer: Line
    reviewed_on: dt.date | None
    review_by: dt.date
    status: Literal["draft", "published", "withdrawn"]


class Section(Shape, frozen=True, kw_only=True):
    """One part of an article: its heading and its text in Markdown."""

    heading: str
    markdown: str


class Article(FrontMatter, frozen=True, kw_only=True):
    """A whole article, checked."""

    sections: tuple[Section, ...]

    @property
    def is_signed(self) -> bool:
        """Whether a clinician has signed it."""
        return self.reviewer != "unreviewed" and self.reviewed_on is not None

    @property
    def url(self) -> str:
        """The path of its page."""
        return f"/guidance/{self.id}"

    def is_in_date(self, today: dt.date) -> bool:
        """Return whether it may be shown on that day: published, and its review not overdue."""
        return self.status == "published" and today <= self.review_by
