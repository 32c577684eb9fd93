"""The catalogue of patient-facing sentences: Fluent files in `knowledge/wording/<language>/`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Junk, Message, Resource

from careline.consultation.errors import WordingError

DEFAULT_LANGUAGE = "en"


class Wording:
    """Sentences by id and language.

    Attributes:
        languages: Languages that have a catalogue.
        ids: Ids of the default language's sentences.
    """

    def __init__(self, folder: Path) -> None:
        """Load all catalogues below `folder`.

        Raises:
            WordingError: There is none in the default language, or one has a line that cannot be read.
        """
        self._bundles: dict[str, FluentBundle] = {}
        self.ids: frozenset[str] = frozenset()
        for language_folder in sorted(path for path in folder.iterdir() if path.is_dir()):
            bundle = FluentBundle([language_folder.name], use_isolating=False)
            for path in sorted(language_folder.glob("*.ftl")):
                source = path.read_text(encoding="utf-8")
                resource = FluentResource(source)
                bundle.add_resource(resource)
                ids = _sentence_ids(path, source, resource)
                self.ids |= ids if language_folder.name == DEFAULT_LANGUAGE else frozenset()
            self._bundles[language_folder.name] = bundle
        if not self.ids:
            raise WordingError(f"{folder}: no sentences in {DEFAULT_LANGUAGE!r}. Put its .ftl files back.")
        self.languages = frozenset(self._bundles)

    def language_for(self, locale: str) -> str:
        """Return the catalogue language for a BCP 47 locale; the default where there is none."""
        language = locale.split("-")[0].lower()
        return language if language in self._bundles else DEFAULT_LANGUAGE

    def say(self, sentence_id: str, language: str = DEFAULT_LANGUAGE, **values: str | int | float) -> str:
        """Return a sentence with its values filled in.

        Raises:
            WordingError: There is no such sentence, or a value is missing. Never shows a raw id to a patient.
        """
        for candidate in (language, DEFAULT_LANGUAGE):
            bundle = self._bundles.get(candidate)
            if bundle is not None and bundle.has_message(sentence_id):
                return _formatted(bundle, sentence_id, values)
        raise WordingError(f"knowledge/wording: no sentence {sentence_id!r}. Add it to {DEFAULT_LANGUAGE}/.")


def _formatted(bundle: FluentBundle, sentence_id: str, values: Mapping[str, str | int | float]) -> str:
    pattern = bundle.get_message(sentence_id).value
    if pattern is None:
        raise WordingError(f"knowledge/wording: {sentence_id!r} has no text.")
    text, errors = bundle.format_pattern(pattern, dict(values))
    if errors:
        kinds = ", ".join(type(error).__name__ for error in errors)
        raise WordingError(f"knowledge/wording: {sentence_id!r} lacks a value ({kinds}).")
    return str(text)


def _sentence_ids(path: Path, source: str, resource: Resource) -> frozenset[str]:
    for entry in resource.body:
        if isinstance(entry, Junk):
            line = source[: entry.span.start].count("\n") + 1 if entry.span else "?"
            raise WordingError(f"{path}: line {line} cannot be read. Mend it (Fluent syntax).")
    return frozenset(entry.id.name for entry in resource.body if isinstance(entry, Message))
