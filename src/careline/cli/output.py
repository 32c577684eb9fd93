"""How commands talk: to people in words and tables, to programs in JSON, while they work with a bar."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

AsJson = Annotated[bool, typer.Option("--json", help="Print for programs.")]

errors = Console(stderr=True, highlight=False, soft_wrap=True)
tables = Console(highlight=False)


def print_json(value: Any) -> None:  # noqa: ANN401 - anything that JSON can say
    """Print a value for programs."""
    print(json.dumps(msgspec.to_builtins(value), indent=2, ensure_ascii=False))


def show_progress(step: str, done: int, total: int) -> None:
    """Show how far long work is."""
    width = 30
    bar = "#" * (width * done // max(total, 1))
    if sys.stdout.isatty():
        print(f"\r  {step:<45} [{bar:<{width}}] {done}/{total}", end="\n" if done == total else "", flush=True)
    elif done in (0, total):
        print(f"  {step} {done}/{total}", flush=True)  # a log wants to know when it began and ended
