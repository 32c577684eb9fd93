"""How the content stands in other languages: for the page of a file, and for that of its translation."""

from __future__ import annotations

from collections.abc import Sequence

from careline.consoles.editor.services import EditorServices
from careline.consoles.editor.translating import Pair, TranslationLine
from careline.editorial.errors import PathError, UnknownItemError
from careline.editorial.item import Item
from careline.editorial.life_cycle import OPEN, SERVED


def standing_text(services: EditorServices, path: str) -> str | None:
    """Return the text of an item that work goes on from; None where there is none, or it was given up unpublished."""
    item = item_if_any(services, path)
    newest = item.revision(item.newest) if item is not None else None
    return newest.text if newest is not None and newest.state in OPEN | SERVED else None


def item_if_any(services: EditorServices, path: str) -> Item | None:
    """Return an item, or None where there is none."""
    try:
        return services.editorial.editing.item(path)
    except (UnknownItemError, PathError):
        return None


def lines_of(services: EditorServices, path: str, text: str) -> Sequence[TranslationLine]:
    """Return how a file stands in each language; none for a file that has no sentences."""
    translating = services.translating
    if not translating.is_translatable(path):
        return ()
    lines = []
    for language, name in translating.languages().items():
        target = translating.target(language, path)
        translation = standing_text(services, target)
        pairs = translating.pairs(path, text, translation)
        states = [pair.state for pair in pairs]
        if pairs:
            counts = states.count("current"), states.count("stale"), len(pairs)
            lines.append(TranslationLine(language, name, target, translation is not None, *counts))
    return lines


def pairs_of(services: EditorServices, path: str, translation: str) -> Sequence[Pair]:
    """Return the sentences that a translation is of, each beside it; none for what is no translation."""
    source = services.translating.source(path)
    text = standing_text(services, source[1]) if source is not None else None
    return services.translating.pairs(source[1], text, translation) if source is not None and text is not None else ()
