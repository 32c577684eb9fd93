"""Commands that the documents name can be typed."""

import re

import typer.main

from careline.cli.commands import app
from tests.docs.documents import ROOT, code, documents, text_of

MADE = set(re.findall(r"^([a-z][a-z-]*):", text_of("Makefile"), re.MULTILINE))


def commands():
    """Commands of `careline`, with the commands below each; empty where it has none."""
    group = typer.main.get_group(app)
    return {name: set(getattr(command, "commands", {})) for name, command in group.commands.items()}


def test_every_make_target_that_a_document_names_exists():
    unknown = [
        (str(document), target)
        for document in documents()
        for line in code(document)
        for target in re.findall(r"\bmake ([a-z][a-z-]*)", line)
        if target not in MADE
    ]
    assert unknown == []


def test_every_careline_command_that_a_document_names_exists():
    known = commands()

    def exists(words):
        first, *rest = words.split()
        return first in known and (not known[first] or not rest or rest[0] in known[first])

    unknown = [
        (str(document), line)
        for document in documents()
        for line in code(document)
        for words in re.findall(r"(?:^|[\s/])careline((?: [a-z]+)+)", line)
        if not exists(words)
    ]
    assert unknown == []


def test_the_readme_shows_the_two_commands():
    shown = set(code("README.md"))
    assert {"make run", "make test"} <= shown


def test_every_target_explains_itself():
    """`make help` prints what stands behind two hashes."""
    explained = set(re.findall(r"^([a-z][a-z-]*):.*## ", text_of("Makefile"), re.MULTILINE))
    assert {"run", "test", "test-fast", "check", "train", "index", "bench", "evaluate", "demo", "spec"} <= explained


def test_the_build_server_runs_only_what_the_makefile_has():
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    called = re.findall(r"^make ([a-z-]+)$", run, re.MULTILINE)
    assert "test" in called
    assert set(called) <= MADE
