"""The sentences of the code and those of the catalogue are the same; the whole code is read for it."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from careline.consultation.wording import Wording
from tests.support.house import KNOWLEDGE, rule_book

pytestmark = pytest.mark.slow

CODE = Path("src/careline")

WORDING = Wording(KNOWLEDGE / "wording")


@functools.cache
def nodes_of_the_code() -> list[tuple[str, ast.AST]]:
    """Every call, constant and f-string of the code, with the name of its file."""
    kinds = (ast.Call, ast.Constant, ast.JoinedStr)
    return [
        (path.name, node)
        for path in CODE.rglob("*.py")
        for node in nodes_below(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, kinds)
    ]


def nodes_below(tree: ast.AST) -> Iterator[ast.AST]:
    """The tree's nodes in any order; `ast.walk` takes three times as long for half a million."""
    left = [tree]
    while left:
        node = left.pop()
        yield node
        for value in vars(node).values():
            if isinstance(value, ast.AST):
                left.append(value)
            elif type(value) is list:
                left.extend([each for each in value if isinstance(each, ast.AST)])


def literals_and_patterns() -> tuple[set[str], set[re.Pattern[str]]]:
    """All string constants of the code, and f-strings as patterns of ids."""
    literals: set[str] = set()
    patterns: set[re.Pattern[str]] = set()
    for _, node in nodes_of_the_code():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            literals.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [str(part.value) if isinstance(part, ast.Constant) else None for part in node.values]
            fixed = "".join(part or "" for part in parts)
            if re.fullmatch(r"(?:[a-z]+-)+|-[a-z]+", fixed):
                patterns.add(re.compile("".join("(.+)" if part is None else re.escape(part) for part in parts)))
    return literals, patterns


def said_by_templates() -> set[str]:
    """Ids of the sentences that the pages of patients say."""
    pages = CODE.joinpath("channels", "web", "templates", "chat").rglob("*.html")
    return {
        sentence for page in pages for sentence in re.findall(r"""say\(["']([a-z-]+)["']""", page.read_text("utf-8"))
    }


def test_every_sentence_that_a_page_says_is_in_the_catalogue():
    said = said_by_templates()
    assert len(said) > 40  # the scan still finds them
    assert said - WORDING.ids == set()


def sentences_said() -> Iterator[tuple[str, str]]:
    """File and id of every sentence that the code names outright."""
    place_of_id = {"say": 1, "wording": 0}
    for name, node in nodes_of_the_code():
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "c"):
            continue
        place = place_of_id.get(node.func.attr, 0)
        first = node.args[place] if len(node.args) > place else None
        if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            continue
        if node.func.attr in place_of_id:
            yield name, first.value
        elif node.func.attr == "choice":
            yield name, f"option-{first.value.replace('_', '-')}"


def test_every_sentence_that_the_code_says_is_in_the_catalogue():
    said = list(sentences_said())
    assert len(said) > 40  # the scan still finds them
    assert [(path, sentence) for path, sentence in said if sentence not in WORDING.ids] == []


def test_every_sentence_of_the_catalogue_is_said_somewhere():
    literals, patterns = literals_and_patterns()
    literals |= said_by_templates()
    book = rule_book()
    questions = (*book.intake.questions, *(each for protocol in book.protocols.values() for each in protocol.questions))
    units = {unit for each in questions if (asked := each.question.number) is not None for unit in asked.units}
    literals |= units
    dashed = {literal.replace("_", "-") for literal in literals} | set(book.languages.names)

    def is_said(sentence: str) -> bool:
        if sentence.startswith("glossary-"):  # said wherever one of its words stands
            return True
        made = (pattern.fullmatch(sentence) for pattern in patterns)
        within = [match[1] for match in made if match is not None]
        return sentence in literals or any(part in dashed or is_said(part) for part in within)

    assert [sentence for sentence in sorted(WORDING.ids) if not is_said(sentence)] == []
