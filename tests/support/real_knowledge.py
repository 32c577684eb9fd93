"""The repository's own rules and lexicon, loaded once for all tests of a process; runs on Python 3.10 too."""

from __future__ import annotations

import functools
from pathlib import Path

from careline.clinical.rulebook import RuleBook, load_rule_book
from careline.clinical.understanding.lexicon import Lexicon

KNOWLEDGE = Path("knowledge")


@functools.cache
def real_book() -> RuleBook:
    """The repository's rule book."""
    return load_rule_book(KNOWLEDGE)


@functools.cache
def real_lexicon() -> Lexicon:
    """Its lexicon."""
    return Lexicon.of(real_book())
