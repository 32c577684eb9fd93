"""Reading articles: YAML front matter between `---` lines, then the sections in Markdown."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

from careline.guidance.article import SECTION_HEADINGS, Article, FrontMatter, Section
from careline.guidance.content_files import parse_yaml, read_text
from careline.guidance.errors import ArticleError

_FRONT_MATTER = re.compile(r"\A---\n(?P<front>.*?\n)---\n(?P<body>.*)\Z", re.DOTALL)
_MARKDOWN = MarkdownIt("commonmark")
_FORBIDDEN = {
    "html_block": "raw HTML",
    "html_inline": "raw HTML",
    "image": "an image",
    "fence": "a code block",
    "code_block": "a code block",
}


def load_articles(folder: Path) -> dict[str, Article]:
    """Return all articles of a folder by id, drafts included.

    Raises:
        ArticleError: There is none, or some cannot be used; names all problems of all files at once.
    """
    paths = sorted(folder.glob("*.md"))
    if not paths:
        raise ArticleError(f"{folder}: holds no article (*.md). Put the articles back, or name another folder.")
    articles: dict[str, Article] = {}
    problems: list[str] = []
    for path in paths:
        try:
            article = read_article(path)
        except ArticleError as error:
            problems.extend(error.problems)
        else:
            articles[article.id] = article
    if problems:
        raise ArticleError(*problems)
    return articles


def read_article(path: Path) -> Article:
    """Return the article in a file.

    Raises:
        ArticleError: It does not fit the shape; names file, key and remedy.
    """
    return article_of_text(read_text(path), path)


def article_of_text(text: str, path: Path) -> Article:
    """Return the article that a text is; the path names it and its id, and is not opened.

    Raises:
        ArticleError: As `read_article`.
    """
    match = _FRONT_MATTER.match(text.replace("\r\n", "\n"))
    if match is None:
        raise ArticleError(f"{path}: has no front matter. Start the file with '---', its keys, and '---'.")
    front = parse_yaml(match["front"], FrontMatter, path=path)
    tokens = _MARKDOWN.parse(match["body"])
    sections = list(_sections(match["body"], tokens))
    problems = [*_front_matter_problems(front, path), *_body_problems(tokens, sections, path)]
    if problems:
        raise ArticleError(*problems)
    fields = {name: getattr(front, name) for name in FrontMatter.__struct_fields__}
    return Article(**fields, sections=tuple(sections))


def article_markdown(article: Article) -> str:
    """Return the text of the file that `read_article` would read as this article."""
    front = {name: getattr(article, name) for name in FrontMatter.__struct_fields__}
    body = "\n\n".join(f"## {section.heading}\n\n{section.markdown}" for section in article.sections)
    return f"---\n{msgspec.yaml.encode(front).decode()}---\n\n{body}\n"


def _front_matter_problems(front: FrontMatter, path: Path) -> Iterator[str]:
    audience = front.audience
    if front.id != path.stem:
        yield f"{path}: `$.id` is {front.id!r}. Give the file the name {front.id}.md, or mend the id."
    if (
        audience.min_age_years is not None
        and audience.max_age_years is not None
        and audience.min_age_years > audience.max_age_years
    ):
        yield f"{path}: `$.audience.min_age_years` is above `max_age_years`. Swap them."
    if (front.reviewer == "unreviewed") != (front.reviewed_on is None):
        yield f"{path}: `$.reviewer` and `$.reviewed_on` disagree. Name the reviewer and the day, or neither."
    if front.reviewed_on is not None and front.reviewed_on > front.review_by:
        yield f"{path}: `$.review_by` is before `$.reviewed_on`. Set the day of the next review."


def section_problems(markdown: str) -> Iterator[str]:
    """Yield why Markdown cannot be the text of one section, each with its remedy."""
    tokens = _MARKDOWN.parse(markdown)
    yield from _token_problems(tokens)
    if any(token.type == "heading_open" for token in tokens):
        yield "has a heading of its own. Write it as a sentence: the headings are the same for every article."
    if not markdown.strip():
        yield "is empty. Write it."


def _token_problems(tokens: list[Token]) -> Iterator[str]:
    for token in _all(tokens):
        if token.type in _FORBIDDEN:
            yield f"line {_line(token, tokens)} of the text has {_FORBIDDEN[token.type]}. Write it as plain text."
        href = str(token.attrGet("href") or "")
        if token.type == "link_open" and not href.startswith(("https://", "/guidance/")):
            yield f"the link {href!r} leads nowhere we allow. Use https:// or /guidance/<id>."


def _body_problems(tokens: list[Token], sections: list[Section], path: Path) -> Iterator[str]:
    yield from (f"{path}: {problem}" for problem in _token_problems(tokens))
    headings = tuple(
        f"{'' if token.tag == 'h2' else token.tag + ' '}{following.content}"
        for token, following in itertools.pairwise(tokens)
        if token.type == "heading_open"
    )
    if headings != SECTION_HEADINGS:
        wanted = list(SECTION_HEADINGS)
        yield f"{path}: the headings are {list(headings)}. Use these, with '##', in this order: {wanted}."
        return
    if tokens[0].type != "heading_open":
        yield f"{path}: there is text before the first heading. Move it into a section."
    for section in sections:
        if not section.markdown:
            yield f"{path}: the section {section.heading!r} is empty. Write it."


def _sections(body: str, tokens: list[Token]) -> Iterator[Section]:
    lines = body.splitlines()
    starts = [
        (token.map[0], token.map[1], following.content)
        for token, following in itertools.pairwise(tokens)
        if token.type == "heading_open" and token.map
    ]
    ends = [start for start, _, _ in starts[1:]] + [len(lines)]
    for (_, first, heading), end in zip(starts, ends, strict=True):
        yield Section(heading=heading, markdown="\n".join(lines[first:end]).strip())


def _all(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _line(token: Token, tokens: list[Token]) -> str:
    for block in tokens:
        if (block is token or token in (block.children or ())) and block.map:
            return str(block.map[0] + 1)
    return "?"
