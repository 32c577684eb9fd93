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


@pytest.mark.parametrize("number", PROPERTIES)
def test_the_files_that_hold_a_property_exist(number):
    held_by = spans(PROPERTIES[number][2])
    assert held_by
    assert [file for file in held_by if not (ROOT / file).exists()] == []


@pytest.mark.parametrize("number", PROPERTIES)
def test_a_test_guards_each_property(number):
    guards = spans(PROPERTIES[number][3])
    assert guards, f"{number}: {PROPERTIES[number][1]}"
    for guard in guards:
        file, _, name = guard.partition("::")
        assert (ROOT / file).is_file(), guard
        assert name in names_of_tests(file), guard


def test_the_safety_case_uses_every_property_and_no_other():
    cited = set(re.findall(r"\bP\d+\b", text_of("docs/safety-case.md")))
    assert cited == set(PROPERTIES)
