"""One file of `translations/` by itself, for whoever translates it: sentence beside sentence, and as a text."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeVar

import msgspec

from careline.clinical.content import (
    DispositionsFile,
    FindingsFile,
    IntakeFile,
    NumbersFile,
    Protocol,
    RedFlagsFile,
    RulesFile,
)
from careline.clinical.errors import ContentError
from careline.clinical.medicine_content import MedicinesFile
from careline.clinical.translation import State, sentences_in, state_of
from careline.clinical.translation_content import Translation, TranslationsFile
from careline.strict_yaml import YamlError, shaped

Part = TypeVar("Part", bound=msgspec.Struct)

_FILES: Mapping[str, type[msgspec.Struct]] = {
    "intake.yml": IntakeFile,
    "modifiers.yml": RulesFile,
    "vitals.yml": RulesFile,
    "dispositions.yml": DispositionsFile,
    "emergency_numbers.yml": NumbersFile,
    "medicines.yml": MedicinesFile,
}
_FOLDERS: Mapping[str, type[msgspec.Struct]] = {
    "protocols": Protocol,
    "red_flags": RedFlagsFile,
    "findings": FindingsFile,
}
_PATH = re.compile(r"translations/(?P<language>[^/]+)/(?P<of>.+)")
_BEFORE_TEXTS = re.compile(r"\A.*?^texts:[^\n]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Beside:
    """A sentence that patients read, and what stands for it in the other language.

    Attributes:
        kept: None where nothing was written for it yet.
    """

    key: str
    text: str
    kept: Translation | None

    @property
    def state(self) -> State:
        """Whether there is a translation of the sentence as it stands now."""
        return state_of(self.text, self.kept)


def is_translatable(path: str) -> bool:
    """Return whether the file at this path below `knowledge/` can hold patients' sentences."""
    return _shape(path) is not None


def translation_path(language: str, path: str) -> str:
    """Return where the translation of a file stands."""
    return f"translations/{language}/{path}"


def translates(path: str) -> tuple[str, str] | None:
    """Return the language and the file that a path of `translations/` is about; None for any other path."""
    found = _PATH.fullmatch(path)
    return (found["language"], found["of"]) if found and is_translatable(found["of"]) else None


def beside(path: str, text: str, translation: str | None) -> list[Beside]:
    """Return the patients' sentences of a file, each with its translation, in the order of the file.

    Args:
        path: Of the file that is translated, below `knowledge/`.
        text: Of that file.
        translation: Text of the file in `translations/`; None where there is none.

    Raises:
        ContentError: One of the two does not fit its shape, or no such file holds sentences.
    """
    shape = _shape(path)
    if shape is None:
        raise ContentError(f"{path}: holds no sentences that are translated by themselves. Choose another file.")
    kept = kept_in(translation) if translation is not None else {}
    return [Beside(key, said, kept.get(key)) for key, said in sentences_in(_read(path, text, shape)).items()]


def kept_in(translation: str) -> Mapping[str, Translation]:
    """Return what the text of a file in `translations/` says, by key.

    Raises:
        ContentError: It does not fit its shape.
    """
    return _read("translation", translation, TranslationsFile).texts


def translation_text(
    language: str,
    name: str,
    path: str,
    texts: Mapping[str, Translation],
    *,
    before: str | None,
    today: dt.date,
    review_by: dt.date,
) -> str:
    """Return the text of a file in `translations/`.

    Args:
        language: Its code.
        name: Of the language, for whoever reads the file.
        path: Of the file that is translated, below `knowledge/`.
        texts: What is said, by key, in the order in which it is written.
        before: The text that it takes the place of: what stands above the sentences stays as it is.
        today: From when a new one holds.
        review_by: Of a new one.
    """
    head = _BEFORE_TEXTS.match(before) if before is not None else None
    if head is not None:
        beginning = head[0][: head[0].rindex("texts:")]
    else:
        beginning = (
            f"# {path} in {name}. `of` marks the English sentence: see docs/guides/editor.md.\n"
            f"language: {language}\nreview: {{review_by: {review_by}, effective_from: {today}}}\n"
        )
    return f"{beginning}texts:\n{''.join(_lines(texts))}" if texts else f"{beginning}texts: {{}}\n"


def _lines(texts: Mapping[str, Translation]) -> Iterator[str]:
    for key, one in texts.items():
        says = f", says: {_quoted(list(one.says))}" if one.says else ""
        yield f"  {_quoted(key)}: {{of: {_quoted(one.of)}, text: {_quoted(one.text)}{says}}}\n"


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)  # which is YAML too


def _shape(path: str) -> type[msgspec.Struct] | None:
    place = PurePosixPath(path)
    return _FILES.get(path) or (_FOLDERS.get(str(place.parent)) if place.suffix == ".yml" else None)


def _read(path: str, text: str, shape: type[Part]) -> Part:
    try:
        return shaped(text.encode(), shape)
    except YamlError as error:
        raise ContentError(f"{path}: {error}") from error
