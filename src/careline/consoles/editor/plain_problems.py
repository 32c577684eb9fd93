"""What a check says, in words of somebody who writes and does not program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SENTENCES = (
    (r"Expected `str` of length >= (\d+)", r"It is too short: write at least \1 characters."),
    (r"Expected `str` of length <= (\d+)", r"It is too long: write at most \1 characters."),
    (r"Expected `array` of length >= (\d+)", r"There are too few: write at least \1, one a line."),
    (r"Expected `array` of length <= (\d+)", r"There are too many: leave at most \1."),
    (r"Expected `(?:int|float)` >= ([\d.]+)", r"The number is too small: the least is \1."),
    (r"Expected `(?:int|float)` <= ([\d.]+)", r"The number is too large: the most is \1."),
    (r"Expected `str` matching regex '\^https\?://'", "An address begins with https:// or http://."),
    (
        r"Expected `str` matching regex '\^\[a-z\]\[a-z0-9_\]\*\$'",
        "Use small letters, digits and underscores alone, and begin with a letter.",
    ),
    (r"Expected `str` matching regex", "It is not written as it has to be. Compare it with the same key elsewhere."),
    (r"Expected `date`|Invalid RFC3339|Invalid .*date", "Give a day as year-month-day, such as 2027-05-21."),
    (r"Object missing required field `(\w+)`", r"The key '\1' is missing. Add a line '\1: …'."),
    (r"Object contains unknown field `(\w+)`", r"There is no key '\1' here. Mend its spelling, or take the line out."),
    (r"Invalid enum value '?([^'\n]*)'?", r"'\1' is none of the words that can stand here. Mend its spelling."),
    (r"Expected `(\w+)(?: \| \w+)*`, got `bool`", 'Put yes, no, on and off in quotes: "yes".'),
    (r"Expected `array[^`]*`, got `\w+`", "A list is wanted here: begin each line below the key with '- '."),
    (r"Expected `object[^`]*`, got `\w+`", "Keys with values are wanted here, such as 'id: …', each on a line."),
    (r"Expected `str[^`]*`, got `\w+`", 'Words are wanted here. Put them in quotes: "…".'),
    (r"Expected `(?:int|float)[^`]*`, got `\w+`", "A number is wanted here, without quotes."),
)
_AT = re.compile(r"\s*-? ?at `\$([^`]*)`")
_KEY = re.compile(r"`\$\.([^`]+)`")
_STEPS = re.compile(r"\.?([A-Za-z_]\w*)|\[(\d+)\]|\[\.\.\.\]")
_YAML_LINE = re.compile(r"line (\d+), column (\d+)")
_FILE = re.compile(r"^(?P<file>[\w./-]+\.(?:yml|md|ftl)): (?P<rest>.*)$", re.DOTALL)


@dataclass(frozen=True)
class PlainProblem:
    """A problem as an editor reads it.

    Attributes:
        file: Path of the item; empty if the check named none.
        place: Where in it, such as `questions`, number 2, `text`; empty if the check did not say.
        field: The outermost key of the place.
        text: What is wrong, and what to do.
        line: In the file, from 1; None if it is not known.
        steps: The place as names and numbers (from 0).
    """

    text: str
    file: str = ""
    place: str = ""
    field: str = ""
    line: int | None = None
    steps: tuple[str | int, ...] = ()


def in_plain_words(said: str) -> PlainProblem:
    """Return what a check said in plain words; what is not known stays as it was said."""
    found = _FILE.match(said.strip())
    file, rest = (found["file"], found["rest"]) if found else ("", said.strip())
    if "is not valid YAML" in rest:
        return PlainProblem(_of_yaml(rest), file, line=_last_line(rest))
    at = _AT.search(rest)
    steps = _STEPS.findall(at[1]) if at else []
    place = ", ".join(f"'{name}'" if name else f"number {int(number) + 1}" if number else "one of them"
                      for name, number in steps)  # fmt: skip
    field = next((name for name, _ in steps if name), "")
    way = tuple(name or int(number) for name, number in steps if name or number)
    for pattern, plain in _SENTENCES:
        match = re.search(pattern, rest)
        if match:
            return PlainProblem(match.expand(plain), file, place, field, steps=way)
    return PlainProblem(_KEY.sub(r"'\1'", rest), file, place, field, steps=way)


def line_of(text: str, steps: tuple[str | int, ...]) -> int | None:
    """Return the line, from 1, on which a place stands in YAML, or the nearest that is there; None without a place."""
    try:
        node = yaml.compose(text, Loader=_SafeLoader)
    except yaml.YAMLError:
        return None
    line = None
    for step in steps:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = node.value[step], node.value[step]
        else:
            found = None
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line


def _last_line(rest: str) -> int | None:
    lines = _YAML_LINE.findall(rest)
    return int(lines[-1][0]) if lines else None


def _of_yaml(rest: str) -> str:
    twice = re.search(r"the key '([^']*)' stands twice", rest)
    if twice:
        return f"The key '{twice[1]}' stands twice. Take one of them out."
    if "a tab character" in rest:
        return "There is a tab at the beginning of the line. Use spaces alone to move lines in."
    if "mapping values are not allowed" in rest:
        return (
            "A colon stands where none can be. Put the words after the first colon in quotes, "
            "or move the line in like its neighbours."
        )
    if "cannot start any token" in rest or "alias" in rest or "anchor" in rest or "the tag" in rest:
        return "The value begins with a sign that means something else here, such as @, *, & or !. Put it in quotes."
    if "is no word" in rest:
        return "A key has to be a word. Put a word before the colon."
    if "while scanning a quoted scalar" in rest or "found unexpected end of stream" in rest:
        return "A quotation mark is opened and not closed. Close it."
    if "could not find expected ':'" in rest:
        return "After a key there has to be a colon and a space. Add them, or put the words in quotes."
    if "expected <block end>" in rest or "did not find expected" in rest:
        return (
            "The line does not fit those above it: it is moved in too far or too little, or a quotation mark or "
            "bracket before it is not closed."
        )
    return (
        "The file cannot be read from this line on. Compare the line with those above it: indents, colons and quotes."
    )
