"""An article as safe HTML for its page."""

from __future__ import annotations

from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt

from careline.guidance.article import Article

_ALLOWED_TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "br"}


@dataclass(frozen=True)
class PageSection:
    """A section of the page.

    Attributes:
        anchor: Its id in the page, such as `what_you_can_do`.
        html: Its text; safe to insert as it is.
    """

    anchor: str
    heading: str
    html: str


def page_sections(article: Article) -> list[PageSection]:
    """Return the article's sections as HTML.

    Whatever the Markdown holds, only paragraphs, lists, emphasis and links come out; a link to elsewhere opens apart
    and does not say where the reader came from.
    """
    return [
        PageSection(anchor=section_anchor(section.heading), heading=section.heading, html=safe_html(section.markdown))
        for section in article.sections
    ]


def safe_html(markdown: str) -> str:
    """Return Markdown as HTML that cannot do harm."""
    html = MarkdownIt("commonmark", {"html": False}).render(markdown)
    return nh3.clean(
        html,
        tags=_ALLOWED_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https"},
        link_rel="noopener noreferrer nofollow",
    )


def section_anchor(heading: str) -> str:
    """Return the id of a section in its page.

    >>> section_anchor("What you can do")
    'what_you_can_do'
    """
    return "_".join(heading.lower().split())
