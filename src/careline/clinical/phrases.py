"""The phrase corpus: messages as patients write them, what each reports, and which of them are set aside."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.clinical.content import Id, Shape
from careline.clinical.content_files import content_hash, read_yaml
from careline.clinical.errors import ContentError
from careline.clinical.understanding.normalise import plain

FOLDER = "phrases"
SET_ASIDE = "set_aside.yml"

Kind = Literal["present", "not_present", "ordinary", "other", "aside"]
Part = Literal["train", "calibration", "harder", "test"]
Message = Annotated[str, Meta(min_length=2, max_length=4000)]
PhraseId = Annotated[str, Meta(pattern=r"^[0-9a-f]{10}$")]


class FlagPhrases(Shape, frozen=True, kw_only=True):
    """Messages about one red flag.

    Attributes:
        present: It is happening now, or within the time in which the flag counts.
        not_present: Messages with its words that do not report it: denied, past, of somebody else, a figure of speech,
            a question for information, something mild.
    """

    present: tuple[Message, ...] = ()
    not_present: tuple[Message, ...] = ()


class PhrasesFile(Shape, frozen=True, kw_only=True):
    """`phrases/*.yml`.

    Attributes:
        author: Who wrote them; flags of one author are measured with the words of the others.
        split: `drawn`: the part of each message is in `set_aside.yml`; `train`: all are for training.
        complaints: Ordinary first messages by complaint, with a protocol or without.
        other: Messages that report no symptom.
        asides: Sentences that stand beside a story and say nothing of anybody's health: who writes, an apology, what
            somebody thinks of it. The sentence reader learns that a story stays what it is with them.
    """

    language: str
    author: Id
    split: Literal["drawn", "train"]
    flags: dict[Id, FlagPhrases] = msgspec.field(default_factory=dict)
    complaints: dict[Id, tuple[Message, ...]] = msgspec.field(default_factory=dict)
    other: tuple[Message, ...] = ()
    asides: tuple[Message, ...] = ()


class SetAsideFile(Shape, frozen=True, kw_only=True):
    """`phrases/set_aside.yml`: ids of messages that are not trained on.

    Attributes:
        test: They measure, and nothing is chosen by them.
        calibration: All numbers of the models are set on them.
        harder: Of later hands; on them and on `calibration` is set from where on a card is raised.
    """

    test: tuple[PhraseId, ...]
    calibration: tuple[PhraseId, ...]
    harder: tuple[PhraseId, ...] = ()


@dataclass(frozen=True)
class Phrase:
    """One message of the corpus.

    Attributes:
        about: The red flag or complaint; None for `other` and asides.
    """

    text: str
    kind: Kind
    about: str | None
    author: str
    part: Part


def phrase_id(text: str) -> str:
    """Return the id by which a message is set aside: equal for messages of the same plain words."""
    return hashlib.sha256(plain(text).encode()).hexdigest()[:10]


def corpus_files(knowledge: Path) -> list[Path]:
    """Return the files that the corpus is made of."""
    return sorted((knowledge / FOLDER).glob("*.yml"))


def corpus_hash(knowledge: Path) -> str:
    """Return a SHA-256 (hex) of the corpus."""
    return content_hash(corpus_files(knowledge), knowledge)


def load_phrases(knowledge: Path) -> tuple[Phrase, ...]:
    """Return all messages of the corpus.

    Raises:
        ContentError: A file is missing or has not its shape.
    """
    set_aside = read_yaml(knowledge / FOLDER / SET_ASIDE, SetAsideFile)
    parts: dict[str, Part] = dict.fromkeys(set_aside.calibration, "calibration")
    parts |= dict.fromkeys(set_aside.harder, "harder")
    parts |= dict.fromkeys(set_aside.test, "test")
    return tuple(
        phrase
        for path in corpus_files(knowledge)
        if path.name != SET_ASIDE
        for phrase in _phrases(read_yaml(path, PhrasesFile), parts)
    )


def check_phrases(knowledge: Path, flags: Collection[str]) -> None:
    """Check the corpus against the red flags and the list of what is set aside.

    Raises:
        ContentError: With one line for each problem: file, key, remedy.
    """
    phrases = load_phrases(knowledge)
    problems = [*_unknown_flags(knowledge, flags), *_contradictions(phrases)]
    set_aside = read_yaml(knowledge / FOLDER / SET_ASIDE, SetAsideFile)
    there = {phrase_id(phrase.text) for phrase in phrases}
    problems += [
        f"{knowledge / FOLDER / SET_ASIDE}: {each!r} is the id of no message. Remove it."
        for each in (*set_aside.test, *set_aside.calibration, *set_aside.harder)
        if each not in there
    ]
    if problems:
        raise ContentError(*problems)


def _phrases(file: PhrasesFile, parts: dict[str, Part]) -> Iterator[Phrase]:
    def each(texts: Iterable[str], kind: Kind, about: str | None) -> Iterator[Phrase]:
        for text in texts:
            # What is set aside in one file is not trained on from another.
            yield Phrase(text, kind, about, file.author, parts.get(phrase_id(text), "train"))

    for flag, messages in file.flags.items():
        yield from each(messages.present, "present", flag)
        yield from each(messages.not_present, "not_present", flag)
    for complaint, texts in file.complaints.items():
        yield from each(texts, "ordinary", complaint)
    yield from each(file.other, "other", None)
    yield from each(file.asides, "aside", None)


def _unknown_flags(knowledge: Path, flags: Collection[str]) -> Iterator[str]:
    for path in corpus_files(knowledge):
        if path.name != SET_ASIDE:
            for flag in read_yaml(path, PhrasesFile).flags:
                if flag not in flags:
                    yield f"{path}: {flag!r} is no red flag. Mend the id or add it to red_flags/."


def _contradictions(phrases: Iterable[Phrase]) -> Iterator[str]:
    said: dict[tuple[str, str | None], Kind] = {}
    for phrase in phrases:
        before = said.setdefault((plain(phrase.text), phrase.about), phrase.kind)
        if before != phrase.kind:
            yield (
                f"{FOLDER}/: {phrase.about}: message {phrase_id(phrase.text)} is both {before} and {phrase.kind}. "
                "Remove one."
            )
