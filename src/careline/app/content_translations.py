"""Translations for the editors' pages, by the rules that the content is read with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from careline.clinical.errors import ContentError
from careline.clinical.translation import mark_of
from careline.clinical.translation_content import Translation
from careline.clinical.translation_file import (
    beside,
    is_translatable,
    kept_in,
    translates,
    translation_path,
    translation_text,
)
from careline.consoles.editor.translating import Pair, Said

_UNTIL_REVIEW = dt.timedelta(days=180)


class ContentTranslations:
    """The files of `translations/` as the editors' pages work with them."""

    def __init__(self, languages: Callable[[], Mapping[str, str]], now: Callable[[], dt.datetime]) -> None:
        """Translate into these languages, by code and name."""
        self.languages = languages
        self._now = now

    def is_translatable(self, path: str) -> bool:
        """Return whether a file can hold sentences that are translated by themselves."""
        return is_translatable(path)

    def target(self, language: str, path: str) -> str:
        """Return where the translation of a file stands."""
        return translation_path(language, path)

    def source(self, path: str) -> tuple[str, str] | None:
        """Return the language and the file that a translation is of; None for what is no translation."""
        return translates(path)

    def pairs(self, path: str, text: str, translation: str | None) -> Sequence[Pair]:
        """Return the sentences of a file in its order; none where a text of the two cannot be read."""
        try:
            found = beside(path, text, translation)
        except ContentError:
            return ()
        return [
            Pair(each.key, each.text, mark_of(each.text), *((each.kept.text, each.kept.of) if each.kept else ()))
            for each in found
        ]

    def text(self, language: str, path: str, said: Mapping[str, Said], before: str | None) -> str:
        """Return the text of the translation's file; what stood in it besides the sentences stays."""
        kept = kept_in(before) if before is not None else {}
        texts = {
            key: Translation(of=one.of, text=one.text, says=kept[key].says if key in kept else ())
            for key, one in said.items()
        }
        today = self._now().astimezone(dt.UTC).date()
        name = self.languages().get(language, language)
        return translation_text(
            language, name, path, texts, before=before, today=today, review_by=today + _UNTIL_REVIEW
        )
