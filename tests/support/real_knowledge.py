"""The repository's own rules, loaded once for all tests of a process; runs on Python 3.10 too."""

from __future__ import annotations

import functools
from pathlib import Path

from careline.clinical.rulebook import RuleBook, load_rule_book

KNOWLEDGE = Path("knowledge")


@functools.cache
def real_book() -> RuleBook:
    """The repository's rule book."""
    return load_rule_book(KNOWLEDGE)
