"""The patients' sentences of the content in another language, laid over the rules as they are.

A translation is text alone. Where one is missing or stale (the sentence it translates was changed since), the sentence
itself is shown: never an old one.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from careline.clinical.content import (
    Country,
    Disposition,
    DispositionsFile,
    FindingEntry,
    FindingsFile,
    IntakeFile,
    NumbersFile,
    Option,
    PhoneNumber,
    Protocol,
    Question,
    RedFlag,
    RedFlagsFile,
    Rule,
    RulesFile,
    WithoutProtocol,
)
from careline.clinical.medicine_content import Medicine, MedicineRule, MedicinesFile
from careline.clinical.translation_content import Translation

if TYPE_CHECKING:
    from careline.clinical.rulebook import ContentFiles

Part = TypeVar("Part", bound=msgspec.Struct)
State = Literal["current", "stale", "missing"]
Say = Callable[[str, str], str]
"""Given a sentence's key and the sentence, returns what is said."""

# Which fields are sentences that patients read, and which hold parts that have some.
_SENTENCES: Mapping[type, tuple[str, ...]] = {
    Country: ("name", "services"),
    Disposition: ("title", "where", "within", "if_worse", "by_service"),
    FindingEntry: ("title",),
    Medicine: ("title",),
    MedicineRule: ("text",),
    Option: ("title",),
    PhoneNumber: ("label", "hours"),
    Protocol: ("title", "baseline_reason", "self_care", "safety_net"),
    Question: ("text", "why"),
    RedFlag: ("title", "question", "advice", "advice_for_another"),
    Rule: ("reason",),
    WithoutProtocol: ("reason",),
}
_PARTS: Mapping[type, tuple[str, ...]] = {
    Country: ("numbers",),
    DispositionsFile: ("dispositions",),
    FindingsFile: ("findings",),
    IntakeFile: ("questions", "without_protocol"),
    MedicinesFile: ("medicines", "rules"),
    NumbersFile: ("international", "countries"),
    Protocol: ("questions", "rules"),
    Question: ("options",),
    RedFlagsFile: ("red_flags",),
    RulesFile: ("rules",),
}
_NAMED_BY: Mapping[type, str] = {Country: "code", Disposition: "acuity", Option: "value", PhoneNumber: "tel"}


@dataclass(frozen=True)
class TranslatedSentence:
    """A sentence of the content, and how it stands in another language."""

    file: str
    key: str
    text: str
    translation: str | None
    state: State


def mark_of(text: str) -> str:
    """Return what a translation keeps of the sentence it translates."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def said(part: Part, say: Say, at: str = "") -> Part:
    """Return the part with every sentence that patients read replaced by what `say` returns for it."""
    changed: dict[str, object] = {}
    for field in _SENTENCES.get(type(part), ()):
        changed[field] = _said_field(getattr(part, field), say, f"{at}{field}")
    for field in _PARTS.get(type(part), ()):
        inside = getattr(part, field)
        if isinstance(inside, tuple):
            changed[field] = tuple(said(each, say, f"{at}{_name(each)}.") for each in inside)
        else:
            changed[field] = said(inside, say, f"{at}{field}.")
    return msgspec.structs.replace(part, **changed)


def _said_field(value: object, say: Say, key: str) -> object:
    if isinstance(value, str):
        return say(key, value)
    if isinstance(value, tuple):
        return tuple(say(f"{key}.{number}", text) for number, text in enumerate(value, 1))
    if isinstance(value, dict):
        return {name: say(f"{key}.{name}", text) for name, text in value.items()}
    return value  # None: there is no sentence


def _name(part: msgspec.Struct) -> str:
    name = getattr(part, _NAMED_BY.get(type(part), "id"))
    return str(getattr(name, "value", name))


def sentences_in(part: msgspec.Struct) -> dict[str, str]:
    """Return the sentences of a file that patients read, by key."""
    found: dict[str, str] = {}

    def note(key: str, text: str) -> str:
        found[key] = text
        return text

    said(part, note)
    return found


def translated(part: Part, texts: Mapping[str, Translation]) -> Part:
    """Return the file in another language; what has no current translation stays as it is."""

    def say(key: str, text: str) -> str:
        kept = texts.get(key)
        return kept.text if kept is not None and kept.of == mark_of(text) else text

    return _with_words_for_options(said(part, say), texts)


def _with_words_for_options(part: Part, texts: Mapping[str, Translation]) -> Part:
    if not isinstance(part, (Protocol, IntakeFile)) or not any(kept.says for kept in texts.values()):
        return part
    questions = tuple(
        msgspec.structs.replace(
            question,
            options=tuple(
                msgspec.structs.replace(option, says=(*option.says, *kept.says))
                if (kept := texts.get(f"{question.id}.{option.value}.title")) is not None
                else option
                for option in question.options
            ),
        )
        for question in part.questions
    )
    return msgspec.structs.replace(part, questions=questions)


def state_of(text: str, kept: Translation | None) -> State:
    """Return whether there is a translation of the sentence as it stands now."""
    if kept is None:
        return "missing"
    return "current" if kept.of == mark_of(text) else "stale"


def can_be_asked(protocol: Protocol, texts: Mapping[str, Translation]) -> bool:
    """Return whether a protocol can be served in another language.

    Everything in it is translated; and of what has to be understood to answer, nothing is stale.
    """
    asked = {"title", *(key for key in sentences_in(protocol) if key.startswith(_questions(protocol)))}
    states = {key: state_of(text, texts.get(key)) for key, text in sentences_in(protocol).items()}
    return all(state == "current" or (state == "stale" and key not in asked) for key, state in states.items())


def _questions(protocol: Protocol) -> tuple[str, ...]:
    return tuple(f"{question.id}." for question in protocol.questions)


def translatable_files(files: ContentFiles) -> dict[str, msgspec.Struct]:
    """Return the files that hold patients' sentences, by their path below `knowledge/`."""
    found: dict[str, msgspec.Struct] = {
        "intake.yml": files.intake,
        "modifiers.yml": files.modifiers,
        "vitals.yml": files.vitals,
        "dispositions.yml": files.dispositions,
        "emergency_numbers.yml": files.numbers,
        "medicines.yml": files.medicines,
    }
    for folder in (files.red_flags, files.protocols, files.findings):
        found |= {path.relative_to(files.root).as_posix(): part for path, part in folder.items()}
    return found


def translation_problems(files: ContentFiles) -> Iterator[str]:
    """Yield what is wrong in `translations/`: files, languages and keys that fit nothing. Stale text is no error."""
    sources = translatable_files(files)
    for language, of_language in files.translations.items():
        for name, file in of_language.items():
            where = f"translations/{language}/{name}"
            if name not in sources:
                yield f"{where}: there is no {name} with sentences to translate. Remove the file or mend its name."
                continue
            if file.language != language:
                yield f"{where}: language: is {file.language!r}. Write {language!r}, as the folder is named."
            sentences = sentences_in(sources[name])
            for key, kept in file.texts.items():
                if key not in sentences:
                    yield f"{where}: texts: {key!r} is no sentence of {name}. Mend the key or remove it."
                elif kept.says and not key.endswith(".title"):
                    yield f"{where}: texts: {key!r} has 'says', which only the title of an option has. Remove it."


def translated_sentences(files: ContentFiles, language: str) -> Iterator[TranslatedSentence]:
    """Yield every sentence that patients read, with its translation as it stands."""
    of_language = files.translations.get(language, {})
    for name, part in translatable_files(files).items():
        texts = of_language[name].texts if name in of_language else {}
        for key, text in sentences_in(part).items():
            kept = texts.get(key)
            yield TranslatedSentence(name, key, text, kept.text if kept else None, state_of(text, kept))


def files_in(files: ContentFiles, language: str) -> ContentFiles:
    """Return all files in another language; protocols that cannot be asked in it are left out."""
    of_language = files.translations.get(language, {})

    def of(path: str) -> Mapping[str, Translation]:
        return of_language[path].texts if path in of_language else {}

    def of_part(path: Path) -> Mapping[str, Translation]:
        return of(path.relative_to(files.root).as_posix())

    return dataclasses.replace(
        files,
        intake=translated(files.intake, of("intake.yml")),
        modifiers=translated(files.modifiers, of("modifiers.yml")),
        vitals=translated(files.vitals, of("vitals.yml")),
        dispositions=translated(files.dispositions, of("dispositions.yml")),
        numbers=translated(files.numbers, of("emergency_numbers.yml")),
        medicines=translated(files.medicines, of("medicines.yml")),
        red_flags={path: translated(part, of_part(path)) for path, part in files.red_flags.items()},
        findings={path: translated(part, of_part(path)) for path, part in files.findings.items()},
        protocols={
            path: translated(protocol, of_part(path))
            for path, protocol in files.protocols.items()
            if can_be_asked(protocol, of_part(path))
        },
    )
