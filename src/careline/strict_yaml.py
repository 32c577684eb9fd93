"""YAML without silent traps, read fast, and fitted into its shape; for every file that people write.

Knows nothing of ours and no path: rooms raise errors of their own, which name the file.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, TypeVar

import msgspec
import yaml

T = TypeVar("T")

# The parser in C reads the same YAML, eight times as fast; start-up and every test run wait for it.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(Exception):
    """It is not YAML, or does not fit its shape; says where in the file, and what to do."""


class _StrictLoader(_SafeLoader):  # type: ignore[misc]  # either of two classes
    """YAML without silent traps: a key that stands twice is refused."""


def _mapping_without_duplicates(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            raise yaml.MarkedYAMLError(problem="a key is no word", problem_mark=key_node.start_mark)
        if key in keys:
            raise yaml.MarkedYAMLError(problem=f"the key {key!r} stands twice", problem_mark=key_node.start_mark)
        keys.add(key)
    mapping: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return mapping


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_duplicates)


_COLLECTION_EVENTS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)


class _UnusualError(Exception):
    """The file holds more than plain scalars, lists and mappings: the strict loader says what becomes of it."""


class _PlainReader:
    """Reads a file of plain YAML, as nearly all of ours are, straight from the parser's events.

    No tree of nodes is made, and a word that stands many times is looked at once: a third of the time.
    """

    def __init__(self, loader: _StrictLoader) -> None:
        self._loader = loader
        self._known: dict[str, object] = {}  # unquoted scalars, and what they stand for

    def content(self) -> object:
        """Return the content of the only document.

        Raises:
            _UnusualError: A tag, an anchor, a key that stands twice or is no scalar, no document or several.
            yaml.YAMLError: It is not YAML.
        """
        next_event = self._loader.get_event
        next_event()  # the stream's start
        if type(next_event()) is not yaml.DocumentStartEvent:
            raise _UnusualError
        value = self._value(next_event())
        next_event()  # the document's end
        if type(next_event()) is not yaml.StreamEndEvent:
            raise _UnusualError
        return value

    def _value(self, event: yaml.Event) -> object:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if not isinstance(event, _COLLECTION_EVENTS) or event.anchor is not None or event.tag is not None:
            raise _UnusualError
        return self._mapping() if isinstance(event, yaml.MappingStartEvent) else self._sequence()

    def _scalar(self, event: yaml.ScalarEvent) -> object:
        if event.anchor is not None or event.tag is not None:
            raise _UnusualError
        text = event.value
        if not event.implicit[0]:  # in quotes, or a block
            return text
        if text not in self._known:
            tag = self._loader.resolve(yaml.ScalarNode, text, event.implicit)
            self._known[text] = self._loader.construct_object(yaml.ScalarNode(tag, text))
        return self._known[text]

    def _sequence(self) -> list[object]:
        values: list[object] = []
        next_event, ending = self._loader.get_event, yaml.SequenceEndEvent
        while type(event := next_event()) is not ending:
            values.append(self._value(event))
        return values

    def _mapping(self) -> dict[object, object]:
        values: dict[object, object] = {}
        next_event, ending = self._loader.get_event, yaml.MappingEndEvent
        while type(event := next_event()) is not ending:
            if type(event) is not yaml.ScalarEvent:
                raise _UnusualError
            key = self._value(event)
            if key in values:
                raise _UnusualError
            values[key] = self._value(next_event())
        return values


def content_of_yaml(data: bytes) -> object:
    """Return what the YAML says.

    Raises:
        yaml.YAMLError: It is not YAML, or a key stands twice.
    """
    loader = _StrictLoader(data)
    try:
        return _PlainReader(loader).content()
    except (_UnusualError, yaml.YAMLError):
        return yaml.load(data, Loader=_StrictLoader)  # noqa: S506 - a subclass of SafeLoader
    finally:
        loader.dispose()


def shaped(data: bytes, shape: type[T]) -> T:
    """Return what the YAML says, in its shape.

    Raises:
        YamlError: It is not YAML, or does not fit.
    """
    try:
        return msgspec.convert(content_of_yaml(data), shape)
    except yaml.YAMLError as error:
        raise YamlError(f"is not valid YAML: {' '.join(str(error).split())}. Mend that line.") from error
    except msgspec.ValidationError as error:
        raise YamlError(f"{error}. {_remedy(str(error))}") from error


def _remedy(message: str) -> str:
    if "unknown field" in message:
        return "Remove it or mend its spelling."
    if "missing required field" in message:
        return "Add it."
    if "got `bool`" in message:
        return "Put yes, no, on and off in quotes."
    return "Mend the value."
