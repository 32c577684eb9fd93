"""Careline's commands. Exit codes: 0 done, 1 something is amiss and was said, 2 the command's words are off."""

from careline.cli.commands import app, main

__all__ = ["app", "main"]
