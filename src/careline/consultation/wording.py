"""The catalogue of patient-facing sentences: Fluent files in `knowledge/wording/<language>/`."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Junk, Message, MessageReference, Resource, TermReference, VariableReference
from fluent.syntax.visitor import Visitor

from careline.consultation.errors import WordingError

DEFAULT_LANGUAGE = "en"
_WORDS = "words"  # the attribute of a sentence that explains these words


class Wording:
    """Sentences by id and language.

    Attributes:
        languages: Languages that have a catalogue.
        ids: Ids of the default language's sentences.
        explained: By language, the words that a sentence of it explains, each with its meaning.
    """

    def __init__(self, folder: Path) -> None:
        """Load all catalogues below `folder`.

        Raises:
            WordingError: There is none in the default language, or one has a line that cannot be read.
        """
        self._resources = dict(_resources(folder))
        self._use(self._resources)
        english = self._resources.get(DEFAULT_LANGUAGE, ())
        self.ids = frozenset(sentence.id.name for part in english for sentence in _sentences(part))
        if not self.ids:
            raise WordingError(f"{folder}: no sentences in {DEFAULT_LANGUAGE!r}. Put its .ftl files back.")
        self.languages = frozenset(self._bundles)

    def take(self, folder: Path) -> None:
        """Say sentences as the catalogues below `folder` have them, where they fit; the others stay as they are.

        One fits if there is a sentence of that id in that language here, and it needs no value that this one does not:
        whoever says it would not give it. Words that are explained may be added. In one step, also while sentences are
        being said.

        Raises:
            WordingError: A catalogue has a line that cannot be read; nothing was taken.
        """
        edited = dict(_resources(folder))
        self._use(
            {
                language: [*(_fitting(part, parts) for part in edited.get(language, ())), *parts]
                for language, parts in self._resources.items()
            }
        )

    def _use(self, catalogues: Mapping[str, list[Resource]]) -> None:
        bundles = {language: _bundle(language, parts) for language, parts in catalogues.items()}
        self.explained: Mapping[str, Mapping[str, str]] = {
            language: dict(_explained(bundle, catalogues[language])) for language, bundle in bundles.items()
        }
        self._bundles: Mapping[str, FluentBundle] = bundles

    def problems_of(self, folder: Path) -> list[str]:
        """Return which sentences of the catalogues below `folder` are missing or would not be said, and why."""
        try:
            edited = dict(_resources(folder))
        except WordingError as error:
            return [str(error)]
        return [
            problem
            for language, parts in self._resources.items()
            for problem in _problems(language, parts, edited.get(language, []))
        ]

    def never_said_in(self, folder: Path) -> list[str]:
        """Return which sentences of the catalogues below `folder` the program knows no name of, and what to do.

        They do no harm: nobody is told them. An editor who writes one thinks that somebody is.

        Raises:
            WordingError: A catalogue has a line that cannot be read.
        """
        return [
            f"wording/{language}: nobody says {name!r}: the program does not know this name. Mend it, or take the "
            "sentence out. One that explains words to patients needs a line '.words = …' below it."
            for language, edited in _resources(folder)
            for name in sorted(_never_said(edited, self._resources.get(language, [])))
        ]

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


def _explained(bundle: FluentBundle, parts: list[Resource]) -> Iterator[tuple[str, str]]:
    for name in (sentence.id.name for part in parts for sentence in _sentences(part)):
        message = bundle.get_message(name)
        if _WORDS in message.attributes and message.value is not None:
            words, meaning = (str(bundle.format_pattern(one)[0]) for one in (message.attributes[_WORDS], message.value))
            yield from ((word.strip().casefold(), meaning) for word in words.split(",") if word.strip())


def _formatted(bundle: FluentBundle, sentence_id: str, values: Mapping[str, str | int | float]) -> str:
    pattern = bundle.get_message(sentence_id).value
    if pattern is None:
        raise WordingError(f"knowledge/wording: {sentence_id!r} has no text.")
    text, errors = bundle.format_pattern(pattern, dict(values))
    if errors:
        kinds = ", ".join(type(error).__name__ for error in errors)
        raise WordingError(f"knowledge/wording: {sentence_id!r} lacks a value ({kinds}).")
    return str(text)


def _resources(folder: Path) -> Iterator[tuple[str, list[Resource]]]:
    for language_folder in sorted(path for path in folder.iterdir() if path.is_dir()):
        yield language_folder.name, [_resource(path) for path in sorted(language_folder.glob("*.ftl"))]


def _resource(path: Path) -> Resource:
    source = path.read_text(encoding="utf-8")
    resource = _parsed(source)
    for entry in resource.body:
        if isinstance(entry, Junk):
            line = source[: entry.span.start].count("\n") + 1 if entry.span else "?"
            raise WordingError(f"{path}: line {line} cannot be read. Mend it (Fluent syntax).")
    return resource


@functools.lru_cache(maxsize=64)
def _parsed(source: str) -> Resource:
    """Return the entries of a file. Kept, as several catalogues are read from the same files; nobody changes them."""
    resource: Resource = FluentResource(source)
    return resource


def _bundle(language: str, parts: list[Resource]) -> FluentBundle:
    """Return the catalogue of these parts; what stands first counts."""
    bundle = FluentBundle([language], use_isolating=False)
    for part in parts:
        bundle.add_resource(part)
    return bundle


def _sentences(part: Resource) -> list[Message]:
    return [entry for entry in part.body if isinstance(entry, Message)]


def _fitting(edited: Resource, parts: list[Resource]) -> Resource:
    needed = {sentence.id.name: _needs(sentence) for part in parts for sentence in _sentences(part)}
    return Resource(
        [
            one
            for one in _sentences(edited)
            if (_needs(one) <= needed[one.id.name] if one.id.name in needed else _only_explains(one))
        ]
    )


def _only_explains(sentence: Message) -> bool:
    """Return whether it is the meaning of some words, and needs nothing: it may be added, as no code says it."""
    return any(one.id.name == _WORDS for one in sentence.attributes) and not _needs(sentence)


def _never_said(edited: list[Resource], parts: list[Resource]) -> set[str]:
    known = {sentence.id.name for part in parts for sentence in _sentences(part)}
    return {
        sentence.id.name
        for part in edited
        for sentence in _sentences(part)
        if sentence.id.name not in known and not _only_explains(sentence)
    }


def _problems(language: str, parts: list[Resource], edited: list[Resource]) -> Iterator[str]:
    found = {sentence.id.name: _needs(sentence) for part in edited for sentence in _sentences(part)}
    for part in parts:
        for sentence in _sentences(part):
            name, needed = sentence.id.name, _needs(sentence)
            if name not in found:
                yield f"wording/{language}: no sentence {name!r}. Put it back."
            elif found[name] - needed:
                more = ", ".join(sorted(found[name] - needed))
                yield f"wording/{language}: {name!r} needs {more}, which nobody gives. Take it out."


def _needs(sentence: Message) -> frozenset[str]:
    """Return the values and other sentences that a sentence is made of."""
    needs = _Needs()
    needs.visit(sentence)
    return frozenset(needs.names)


class _Needs(Visitor):  # names of methods are the library's
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: VariableReference) -> None:
        self.names.add(f"${node.id.name}")

    def visit_MessageReference(self, node: MessageReference) -> None:
        self.names.add(node.id.name)

    def visit_TermReference(self, node: TermReference) -> None:
        self.names.add(f"-{node.id.name}")
