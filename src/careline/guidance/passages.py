"""Cutting articles into passages: the parts that are found and cited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from careline.guidance.article import Article, Shape

_MARKDOWN = MarkdownIt("commonmark")
CHUNKER_VERSION = 1  # raise it with every change that alters what is embedded
MAX_WORDS = 170  # with its title; such a passage stays below the encoder's limit of tokens


class Passage(Shape, frozen=True, kw_only=True):
    """What the index holds: a part of an article, a question that it answers, or one that no article answers.

    Attributes:
        id: `<article id>.<section>.<part>`, `<article id>.q<number>` (the title is number 0), `not_covered.<number>` or
            `out_of_scope.<number>`.
        article_id: None for a question that no article answers.
        kind: Only a `section` is ever shown; the others are found, and lead to an article or away from all.
        section: The heading that it stands under; empty for questions.
        text: What it holds, plain text, one line per paragraph or list item; empty for questions. Of a long section it
            is a part: shown is the whole.
        encoded: What is embedded: `title > heading` and the text, or the question.
    """

    id: str
    article_id: str | None
    kind: Literal["section", "question", "not_covered", "out_of_scope"]
    section: str
    text: str
    encoded: str


def article_passages(article: Article) -> Iterator[Passage]:
    """Yield the parts of an article, section by section, then the questions it answers."""
    for section_number, section in enumerate(article.sections):
        prefix = f"{article.title} > {section.heading}"
        room = MAX_WORDS - len(prefix.split())
        for part, text in enumerate(_parts(plain_lines(section.markdown), room)):
            yield Passage(
                id=f"{article.id}.{section_number}.{part}",
                article_id=article.id,
                kind="section",
                section=section.heading,
                text=text,
                encoded=f"{prefix}\n{text}",
            )
    lay_words = [article.title, *article.questions]
    for number, question in enumerate(lay_words):
        yield Passage(
            id=f"{article.id}.q{number}",
            article_id=article.id,
            kind="question",
            section="",
            text="",
            encoded=question,
        )


def unanswered_passages(kind: Literal["not_covered", "out_of_scope"], questions: Iterable[str]) -> Iterator[Passage]:
    """Yield questions that no article answers, so that a search can recognise their like."""
    for number, question in enumerate(questions):
        yield Passage(id=f"{kind}.{number}", article_id=None, kind=kind, section="", text="", encoded=question)


def plain_lines(markdown: str) -> list[str]:
    """Return Markdown as plain text, one line per paragraph or list item; items start with a bullet or number."""
    tree = SyntaxTreeNode(_MARKDOWN.parse(markdown))
    return list(_lines(tree))


@lru_cache(maxsize=4096)  # more than the sections of all articles in two releases: searches show the same ones
def plain_text(markdown: str) -> str:
    """Return Markdown as plain text, as `plain_lines` does."""
    return "\n".join(plain_lines(markdown))


def _lines(node: SyntaxTreeNode) -> Iterator[str]:
    for child in node.children:
        if child.type == "list_item":
            bullet = f"{child.info}. " if child.info else "• "
            first, *more = list(_lines(child)) or [""]
            yield bullet + first
            yield from more
        elif child.type == "inline":
            yield _inline_text(child)
        else:
            yield from _lines(child)


def _inline_text(node: SyntaxTreeNode) -> str:
    if node.type in ("softbreak", "hardbreak"):
        return " "
    if not node.children:
        return node.content
    return "".join(_inline_text(child) for child in node.children)


def _parts(lines: list[str], room: int) -> Iterator[str]:
    part: list[str] = []
    words = 0
    for line in _split_long(lines, room):
        count = len(line.split())
        if part and words + count > room:
            yield "\n".join(part)
            part, words = [], 0
        part.append(line)
        words += count
    if part:
        yield "\n".join(part)


def _split_long(lines: list[str], room: int) -> Iterator[str]:
    for line in lines:
        words = line.split()
        for start in range(0, len(words), room):
            yield " ".join(words[start : start + room])
