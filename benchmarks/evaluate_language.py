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
from careline.clinical.rulebook import load_rule_book
from careline.clinical.understanding.lexicon import Lexicon
from careline.consultation.language import unread_language

KNOWLEDGE = Path("knowledge")
SENTENCES = Path(__file__).with_name("foreign_sentences.yml")


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--show", action="store_true", help="print what went wrong")
    show = arguments.parse_args().show
    book = load_rule_book(KNOWLEDGE)
    lexicon = Lexicon.of(book)
    for part, sentences in yaml.safe_load(SENTENCES.read_text(encoding="utf-8")).items():
        found = [unread_language(each["text"], lexicon, book.languages) for each in sentences]
        missed = [each["text"] for each, language in zip(sentences, found, strict=True) if language is None]
        named = sum(language == each["language"] for each, language in zip(sentences, found, strict=True))
        languages = len({each["language"] for each in sentences})
        print(f"{part}: {len(sentences) - len(missed)} of {len(sentences)} known as unread, {named} named rightly, "
              f"{languages} languages")  # fmt: skip
        if show:
            print(*(f"  missed: {text}" for text in missed), sep="\n")
    wrong, seconds = [], []
    for text in (phrase.text for phrase in load_phrases(KNOWLEDGE)):
        began = time.perf_counter()
        language = unread_language(text, lexicon, book.languages)
        seconds.append(time.perf_counter() - began)
        wrong += [(language, text)] if language is not None else []
    print(f"English: {len(wrong)} of {len(seconds)} called unread")
    if show:
        print(*(f"  {language}: {text}" for language, text in wrong), sep="\n")
    print(f"time: median {statistics.median(seconds) * 1e6:.0f} microseconds a message")


if __name__ == "__main__":
    main()
