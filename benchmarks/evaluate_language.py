"""How many messages in other languages are known as such, and how many English ones are called foreign.

Run with `python -m benchmarks.evaluate_language`; `--show` prints what went wrong. Figures: docs/evaluation.md.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import yaml

from careline.clinical.phrases import load_phrases
from careline.clinical.rulebook import RuleBook, load_rule_book
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.message import read_message
from careline.consultation.language import Few, few_words_not_read, unread_language

KNOWLEDGE = Path("knowledge")
SENTENCES = Path(__file__).with_name("foreign_sentences.yml")

FEW = 3


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--show", action="store_true", help="print what went wrong")
    show = arguments.parse_args().show
    book = load_rule_book(KNOWLEDGE)
    lexicon = Lexicon.of(book)
    parts = yaml.safe_load(SENTENCES.read_text(encoding="utf-8"))
    few = {part: parts.pop(part) for part in ("short", "ours")}
    for part, sentences in parts.items():
        found = [unread_language(each["text"], lexicon, book.languages) for each in sentences]
        missed = [each["text"] for each, language in zip(sentences, found, strict=True) if language is None]
        named = sum(language == each["language"] for each, language in zip(sentences, found, strict=True))
        languages = len({each["language"] for each in sentences})
        print(f"{part}: {len(sentences) - len(missed)} of {len(sentences)} known as unread, {named} named rightly, "
              f"{languages} languages")  # fmt: skip
        if show:
            print(*(f"  missed: {text}" for text in missed), sep="\n")
    for part, sentences in few.items():
        tell_few(part, [each["text"] for each in sentences], book, lexicon, show=show)
    wrong, seconds = [], []
    for text in (phrase.text for phrase in load_phrases(KNOWLEDGE)):
        began = time.perf_counter()
        language = unread_language(text, lexicon, book.languages)
        seconds.append(time.perf_counter() - began)
        wrong += [(language, text)] if language is not None else []
    tell_few("English of one to three words", short_phrases(), book, lexicon, show=show)
    print(f"English: {len(wrong)} of {len(seconds)} called unread")
    if show:
        print(*(f"  {language}: {text}" for language, text in wrong), sep="\n")
    print(f"time: median {statistics.median(seconds) * 1e6:.0f} microseconds a message")


def short_phrases() -> list[str]:
    """Return our own phrases that are short."""
    return [phrase.text for phrase in load_phrases(KNOWLEDGE) if len(phrase.text.split()) <= FEW]


def tell_few(part: str, texts: list[str], book: RuleBook, lexicon: Lexicon, *, show: bool) -> None:
    """Print how short messages are answered, as the screen does: what tells something is never asked about."""
    answered: dict[str, list[str]] = {"unread": [], "asked about": [], "taken as ours": []}
    for text in texts:
        reading = read_message(text, lexicon)
        few = None if reading.findings or reading.complaints else few_words_not_read(text, lexicon, book.languages)
        is_unread = unread_language(text, lexicon, book.languages) is not None or (few and few[0] is Few.FOREIGN)
        answered["unread" if is_unread else "asked about" if few else "taken as ours"].append(text)
    print(f"{part}: {len(texts)} short messages: " + ", ".join(f"{len(each)} {how}" for how, each in answered.items()))
    if show:
        print(*(f"  {how}: {each}" for how, each in answered.items()), sep="\n")


if __name__ == "__main__":
    main()
