"""Writing values into the front matter of an article: what did not change keeps its lines, letter by letter.

So the difference between two revisions shows what an editor changed, and nothing that a program laid out anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WIDTH = 120


class _Dumper(yaml.SafeDumper):
    """Writes lists as our files have them: indented below their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists too."""
        super().increase_indent(flow, False)


def written(name: str, value: object) -> str:
    """Return the lines of one key."""
    lines: str = yaml.dump({name: value}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return lines


def with_values(front: str, values: Mapping[str, object]) -> str:
    """Return a front matter in which these keys have other values; a key that was not there comes last.

    Args:
        front: YAML, a mapping in block style, ending with a line's end.
        values: By key; plain data.
    """
    node = yaml.compose(front, Loader=_SafeLoader)
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        return "".join(written(name, value) for name, value in values.items())
    starts = [key.start_mark.index for key, _ in node.value] + [len(front)]
    parts = [front[: starts[0]]]
    for (key, _), start, end in zip(node.value, starts, starts[1:], strict=False):
        parts.append(written(key.value, values[key.value]) if key.value in values else front[start:end])
    known = {key.value for key, _ in node.value}
    parts += [written(name, value) for name, value in values.items() if name not in known]
    return "".join(parts)
