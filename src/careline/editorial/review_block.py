"""What a file says of its review: reading it, and writing a sign-off or a withdrawal into it.

An author cannot sign by typing a name: whatever a text says of its reviewer, what is served says what is recorded
beside it. Writing is a function of text, sign-off and state alone, and alters nothing else in the file.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from careline.editorial.errors import TextError
from careline.editorial.item import Kind, SignOff
from careline.editorial.life_cycle import State

_FRONT_MATTER = re.compile(r"\A(?P<start>---\r?\n)(?P<front>.*?\r?\n)---\r?\n", re.DOTALL)
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAY_HAVE_REVIEW = frozenset({Kind.RULES, Kind.LEXICON})
_WITH_REVIEW = frozenset({Kind.PROTOCOL, Kind.RED_FLAGS, Kind.TRANSLATIONS}) | _MAY_HAVE_REVIEW


def review_by(path: str, kind: Kind, text: str) -> dt.date | None:
    """Return the day of the next review that a text names; None where it names none that can be read."""
    try:
        block = _block(path, kind, text)
        day = block.value("review_by") if block is not None else None
        return dt.date.fromisoformat(day.value) if isinstance(day, yaml.ScalarNode) else None
    except (TextError, ValueError):
        return None


def require_signable(path: str, kind: Kind, text: str, *, today: dt.date) -> None:
    """Check that a sign-off can be written into a text, and that its next review lies ahead.

    Raises:
        TextError: It cannot; says what to do.
    """
    if _block(path, kind, text) is None:
        return
    day = review_by(path, kind, text)
    if day is None or day <= today:
        raise TextError(f"{path}: `review_by` is {day or 'missing'}. Set the day of the next review, after today.")
    anybody = SignOff("", "Anybody", "", dt.datetime.combine(today, dt.time(), dt.UTC), "")
    served_text(path, kind, text, anybody, State.PUBLISHED)


def served_text(path: str, kind: Kind, text: str, sign_off: SignOff | None, state: State) -> str:
    """Return a text as patients' releases hold it.

    Args:
        path: Of the item, to name it.
        kind: Of the item.
        text: As it was written.
        sign_off: None for what came with the program: it is served as it came.
        state: Whether an article is withdrawn.

    Raises:
        TextError: The text has no place for it.
    """
    values: dict[str, str] = {}
    if sign_off is not None:
        values = {"reviewer": sign_off.reviewer, "reviewed_on": sign_off.at.astimezone(dt.UTC).date().isoformat()}
    if kind is Kind.ARTICLE and (sign_off is not None or state is State.WITHDRAWN):
        values["status"] = "withdrawn" if state is State.WITHDRAWN else "published"
    block = _block(path, kind, text) if values else None
    if block is None:
        return text
    written = text
    from_the_end = reversed([*_alterations(path, kind, text, block, values)])
    for start, end, value in sorted(from_the_end, key=lambda one: one[0], reverse=True):
        written = f"{written[:start]}{value}{written[end:]}"
    if _said(path, kind, written) != _with(_said(path, kind, text), kind, values):
        raise TextError(f"{path}: reviewer and day cannot be written into it. Put each key of the review on a line.")
    return written


@dataclass(frozen=True)
class _Block:
    """The mapping that says who reviewed a file; `offset` is where the YAML that holds it begins in the text."""

    offset: int
    mapping: yaml.MappingNode

    def value(self, name: str) -> yaml.Node | None:
        return next((value for key, value in self.mapping.value if key.value == name), None)


def _block(path: str, kind: Kind, text: str) -> _Block | None:
    """Return None for a file that says nothing of its review, and need not."""
    if kind is not Kind.ARTICLE and kind not in _WITH_REVIEW:
        return None
    offset, source = _yaml(path, kind, text)
    try:
        node = yaml.compose(source, Loader=_SafeLoader)
    except yaml.YAMLError as error:
        raise TextError(f"{path}: is not valid YAML: {' '.join(str(error).split())}. Mend that line.") from error
    if isinstance(node, yaml.MappingNode):
        if kind is Kind.ARTICLE:
            return _Block(offset, node)
        review = _Block(offset, node).value("review")
        if review is None and kind in _MAY_HAVE_REVIEW:
            return None
        if isinstance(review, yaml.MappingNode):
            return _Block(offset, review)
    raise TextError(f"{path}: has no `review` with `review_by`. Add it.")


def _alterations(
    path: str, kind: Kind, text: str, block: _Block, values: dict[str, str]
) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and what takes the place of what is between them."""
    for name, value in values.items():
        written = json.dumps(value, ensure_ascii=False) if name == "reviewer" else value
        node = block.value(name)
        if node is not None:
            start, end = block.offset + node.start_mark.index, block.offset + node.end_mark.index
            yield start, end, written if start < end else f" {written}"
        elif kind is Kind.ARTICLE or not block.mapping.value:
            raise TextError(f"{path}: `{name}` is missing. Add it.")
        else:
            first = block.mapping.value[0][0].start_mark
            between = ", " if block.mapping.flow_style else f"\n{' ' * first.column}"
            yield block.offset + first.index, block.offset + first.index, f"{name}: {written}{between}"


def _yaml(path: str, kind: Kind, text: str) -> tuple[int, str]:
    if kind is not Kind.ARTICLE:
        return 0, text
    match = _FRONT_MATTER.match(text)
    if match is None:
        raise TextError(f"{path}: has no front matter. Start the file with '---', its keys, and '---'.")
    return match.start("front"), match["front"]


def _said(path: str, kind: Kind, text: str) -> Any:  # noqa: ANN401 - whatever the file says
    """Return all that a text says: data before anything else, then the rest of an article word for word."""
    offset, source = _yaml(path, kind, text)
    try:
        return yaml.load(source, Loader=_SafeLoader), text[offset + len(source) :]  # noqa: S506 - a SafeLoader
    except yaml.YAMLError:
        return None


def _with(said: Any, kind: Kind, values: dict[str, str]) -> Any:  # noqa: ANN401 - as `_said`
    data, rest = said
    typed = {name: dt.date.fromisoformat(one) if name == "reviewed_on" else one for name, one in values.items()}
    return (data | typed, rest) if kind is Kind.ARTICLE else (data | {"review": data["review"] | typed}, rest)
