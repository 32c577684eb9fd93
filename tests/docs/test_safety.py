"""SAFETY.md and the safety case name files and tests that exist, and each other's properties."""

import ast
import functools
import re

import pytest

from tests.docs.documents import ROOT, rows, spans, text_of

PROPERTIES = {row[0]: row for row in rows(text_of("SAFETY.md")) if re.fullmatch(r"P\d+", row[0])}


@functools.cache
def names_of_tests(file):
    """Names of the tests in a file as pytest gives them, those of a class with its name."""
    body = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
    names = {f"{of.name}::{node.name}" for of in body if isinstance(of, ast.ClassDef) for node in _functions(of.body)}
    return names | {node.name for node in _functions(body)}


def _functions(body):
    return [node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_properties_are_numbered_without_gap():
    assert list(PROPERTIES) == [f"P{number}" for number in range(1, len(PROPERTIES) + 1)]
    assert len(PROPERTIES) >= 20


def test_the_files_that_hold_each_property_exist():
    held_by = {number: spans(row[2]) for number, row in PROPERTIES.items()}
    assert [number for number, files in held_by.items() if not files] == []
    assert [(number, file) for number, files in held_by.items() for file in files if not (ROOT / file).exists()] == []


@pytest.mark.slow  # parses every test
def test_a_test_guards_each_property():
    guards = {number: spans(row[3]) for number, row in PROPERTIES.items()}
    assert [number for number, tests in guards.items() if not tests] == []
    assert [(number, guard) for number, tests in guards.items() for guard in tests if not is_a_test(guard)] == []


def is_a_test(guard):
    """Whether `file::name` is a test that exists."""
    file, _, name = guard.partition("::")
    return (ROOT / file).is_file() and name in names_of_tests(file)


def test_the_safety_case_uses_every_property_and_no_other():
    cited = set(re.findall(r"\bP\d+\b", text_of("docs/safety-case.md")))
    assert cited == set(PROPERTIES)
