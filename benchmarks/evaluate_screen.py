"""How well the screen finds red flags in free wording, and how often it alarms without one: `make evaluate-screen`.

Measured on messages that nothing was trained or tuned on. `--by-author` also trains one recogniser for each author
without that author's red flags, and measures it on them: flags whose words were never seen.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.known_patients import of_known_patients
from benchmarks.proportions import Proportion
from careline.clinical.doubted import doubted_flags
from careline.clinical.finding import Case
from careline.clinical.phrases import Phrase, load_phrases
from careline.clinical.recognition.model import load_model
from careline.clinical.recognition.recogniser import Band, Recogniser
from careline.clinical.red_flag_check import EXPRESSIONS_AUTHOR, expressions_of
from careline.clinical.red_flags import emergency_flags, has_card, raised_red_flags
from careline.clinical.rulebook import RuleBook, load_rule_book
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.message import read_message
from careline.consultation.sentence_reader import load_reader

_TIMED = 400  # messages whose screening is timed
_POSTS = 100
_SENTENCES = 10
_NEWER = "own"  # their author in the corpus; more of them are hurried, and from the worrying end


@dataclass(frozen=True)
class Screened:
    """What lexicon and recogniser make of one message.

    Attributes:
        by_lexicon: Whether its phrases, or the rules over what they say, raise a card.
        is_doubted: Whether they would, and what surrounds them has it asked about first.
    """

    by_lexicon: bool
    band: Band
    names_right_flag: bool
    is_doubted: bool = False

    @property
    def is_carded(self) -> bool:
        """Whether it is answered by a card."""
        return self.by_lexicon or self.band is Band.CARD

    @property
    def is_asked(self) -> bool:
        """Whether it is answered by a safety question."""
        return not self.is_carded and (self.is_doubted or self.band is Band.QUESTION)


class Screen:
    """The screen as the app runs it: lexicon and rules first, then the recogniser."""

    def __init__(self, book: RuleBook, lexicon: Lexicon, recogniser: Recogniser) -> None:
        """Take the rules, their phrases, and a trained recogniser."""
        self._book = book
        self.flags = frozenset(flag for flag, compiled in book.red_flags.items() if has_card(compiled.flag))
        self._lexicon = lexicon
        self.recogniser = recogniser

    def answers(self, flag: str | None) -> bool:
        """Return whether the flag has a card."""
        return flag in self.flags

    def of(self, text: str, about: str | None = None) -> Screened:
        """Return what the screen makes of a message that is about a red flag, or about none."""
        reading = read_message(text, self._lexicon)
        doubted = doubted_flags(reading, Case(), self._book)
        believed = reading.without_doubtful() if doubted else reading
        raised = emergency_flags(raised_red_flags(Case().merged(believed.findings), self._book))
        flags = tuple(item.flag.id for item in raised)
        recognition = self.recogniser.recognise(text, self.flags)
        named = flags or (*doubted, *recognition.flags)
        return Screened(bool(flags), recognition.band, about in named, is_doubted=bool(doubted))

    def seconds(self, texts: Iterable[str]) -> Iterator[tuple[float, float]]:
        """Yield how long the lexicon and the recogniser take for each message."""
        for text in texts:
            begun = time.perf_counter()
            read_message(text, self._lexicon)
            read = time.perf_counter()
            self.recogniser.recognise(text, self.flags)
            yield read - begun, time.perf_counter() - read


WAYS: dict[str, Callable[[Screened], bool]] = {
    "lexicon and rules: card": lambda found: found.by_lexicon,
    "recogniser: card": lambda found: found.band is Band.CARD,
    "recogniser: card or question": lambda found: found.band is not Band.NONE,
    "lexicon and rules: doubted": lambda found: found.is_doubted,
    "together: card": lambda found: found.is_carded,
    "together: question only": lambda found: found.is_asked,
    "together: card or question": lambda found: found.is_carded or found.is_asked,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit status."""
    options = _options(arguments)
    book = load_rule_book(options.knowledge)
    lexicon = Lexicon.of(book)
    phrases = load_phrases(options.knowledge)
    model = load_model(options.recogniser)
    reader = None if options.without_reader else load_reader(options.reader, model.manifest, most_seconds=math.inf)
    screen = Screen(book, lexicon, Recogniser(model, reader))
    part = [phrase for phrase in phrases if phrase.part == options.part]
    test = [phrase for phrase in part if phrase.author != _NEWER]
    expressions = expressions_of(book, phrases)
    groups = {
        f"{options.part}, by wording": of_kinds(screen, test),
        f"{options.part}, newer and harder": of_kinds(screen, [each for each in part if each.author == _NEWER]),
        "long posts": of_posts(screen, test),
        "expressions of the base": {"present": [screen.of(p.text, p.about) for p in expressions]},
    }
    if options.by_author:
        groups["by author: flags never seen"] = by_author(options.knowledge, book, lexicon, phrases)
    if options.real is not None:
        lines = options.real.read_text(encoding="utf-8").splitlines()
        groups["real questions"] = {"unlabelled": [screen.of(json.loads(line)["text"]) for line in lines if line]}
    ordinary = [phrase for phrase in test if phrase.kind == "ordinary"]
    complaints = of_complaints(screen.recogniser, ordinary)
    heard = [phrase for phrase in test if phrase.kind != "present" or screen.answers(phrase.about)]
    known = of_known_patients(heard, book, lexicon, screen.recogniser, screen.flags)
    times = list(screen.seconds([phrase.text for phrase in test[:: max(1, len(test) // _TIMED)]]))
    milliseconds = percentiles(times)
    if options.json:
        figures = {name: _figure(share) for name, share in complaints.items()}
        of_known = {name: _figure(share) for name, share in known.items()}
        everything = {"groups": shares(groups), "complaints": figures, "known": of_known, "milliseconds": milliseconds}
        print(json.dumps(everything, indent=2))
    else:
        print(table(groups, complaints, known, milliseconds))
    return 0


def of_kinds(screen: Screen, phrases: Iterable[Phrase]) -> dict[str, list[Screened]]:
    """Return what the screen makes of messages, by what they report."""
    kinds: dict[str, list[Screened]] = defaultdict(list)
    for phrase in phrases:
        is_same_day = phrase.kind == "present" and not screen.answers(phrase.about)
        kind = "present, left to the interview" if is_same_day else phrase.kind
        kinds[kind].append(screen.of(phrase.text, phrase.about))
    return {
        **kinds,
        "nothing to report": [each for kind in kinds if not kind.startswith("present") for each in kinds[kind]],
    }


def of_posts(screen: Screen, phrases: Sequence[Phrase]) -> dict[str, list[Screened]]:
    """Return what the screen makes of posts of ten sentences, and of the same with one red flag in them."""
    chance = random.Random(0)  # noqa: S311 - always the same posts
    plain = [phrase.text for phrase in phrases if phrase.kind in ("ordinary", "other")]
    flagged = [phrase for phrase in phrases if phrase.kind == "present" and screen.answers(phrase.about)]
    posts, buried = [], []
    for _ in range(_POSTS):
        messages = chance.sample(plain, _SENTENCES)
        post: list[str] = []
        for message in messages:
            post.append(message.rstrip(" .!?,") + ".")
            if " ".join(post).count(". ") + 1 >= _SENTENCES:
                break
        posts.append(screen.of(" ".join(post)))
        flag = chance.choice(flagged)
        post.insert(chance.randrange(len(post) + 1), flag.text.rstrip(" .!?,") + ".")
        buried.append(screen.of(" ".join(post), flag.about))
    return {"ordinary": posts, "present, buried": buried}


def by_author(
    knowledge: Path, book: RuleBook, lexicon: Lexicon, phrases: Sequence[Phrase]
) -> dict[str, list[Screened]]:
    """Return what recognisers make of red flags they were trained without; each ordinary message once."""
    kinds: dict[str, list[Screened]] = defaultdict(list)
    own = {EXPRESSIONS_AUTHOR, "author_5"}  # wrote about all red flags, and about none
    authors = sorted({phrase.author for phrase in phrases if phrase.author.startswith("author_")} - own)
    ordinary = [phrase for phrase in phrases if phrase.kind in ("ordinary", "other") and phrase.part == "test"]
    for index, author in enumerate(authors):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "tools.train_recogniser", "--leave-out", author, "--out", folder]
            subprocess.run([*command, "--knowledge", str(knowledge)], check=True, stdout=sys.stderr)
            screen = Screen(book, lexicon, Recogniser(load_model(Path(folder))))
        theirs = [phrase for phrase in phrases if phrase.author == author]
        for kind, found in of_kinds(screen, [*theirs, *ordinary[index :: len(authors)]]).items():
            kinds[kind] += found
    return kinds


def of_complaints(recogniser: Recogniser, phrases: Sequence[Phrase]) -> dict[str, Proportion]:
    """Return how often a complaint is proposed, and how often rightly; all complaints of the corpus may be."""
    names = recogniser.model.manifest.complaints
    proposals = [(recogniser.propose(phrase.text, names), phrase.about) for phrase in phrases]
    sure = [(proposal.sure, about) for proposal, about in proposals if proposal.sure is not None]
    return {
        "taken at once": Proportion(len(sure), len(proposals)),
        "of these right": Proportion(sum(name == about for name, about in sure), len(sure)),
        "right one taken or among the first offered": Proportion(
            sum(about == proposal.sure or about in proposal.likely for proposal, about in proposals), len(proposals)
        ),
    }


def shares(groups: dict[str, dict[str, list[Screened]]]) -> dict[str, Any]:
    """Return counts and intervals, for programs."""
    return {
        group: {
            kind: {way: _figure(Proportion(sum(map(test, found)), len(found))) for way, test in WAYS.items()}
            for kind, found in kinds.items()
        }
        for group, kinds in groups.items()
    }


def _figure(share: Proportion) -> dict[str, Any]:
    return {"part": share.part, "whole": share.whole, "interval": [round(end, 4) for end in share.interval]}


def percentiles(times: Sequence[tuple[float, float]]) -> dict[str, dict[str, float]]:
    """Return median and 95th percentile in milliseconds."""
    columns = {"lexicon": [t[0] for t in times], "recogniser": [t[1] for t in times], "screen": [sum(t) for t in times]}
    return {
        name: {"p50": _quantile(column, 0.5), "p95": _quantile(column, 0.95)} for name, column in columns.items()
    }  # fmt: skip


def _quantile(values: Sequence[float], share: float) -> float:
    return round(1000 * sorted(values)[min(len(values) - 1, int(share * len(values)))], 2)


def table(
    groups: dict[str, dict[str, list[Screened]]],
    complaints: dict[str, Proportion],
    known: dict[str, Proportion],
    times: dict[str, dict[str, float]],
) -> str:
    """Return the figures as lines."""
    lines = []
    for group, kinds in groups.items():
        for kind, found in kinds.items():
            lines.append(f"{group}: {kind} ({len(found)})")
            lines += [f"  {way:30} {Proportion(sum(map(test, found)), len(found))}" for way, test in WAYS.items()]
            if kind.startswith("present"):
                named = [each for each in found if each.is_carded or each.is_asked]
                right = Proportion(sum(each.names_right_flag for each in named), len(named))
                lines.append(f"  {'the right flag among the named':30} {right}")
    lines += [f"complaints: {name}: {share}" for name, share in complaints.items()]
    lines += [f"patients who are known: {name}: {share}" for name, share in known.items()]
    lines += [f"{name}: p50 {each['p50']} ms, p95 {each['p95']} ms" for name, each in times.items()]
    return "\n".join(lines)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    data = Path(os.environ.get("CARELINE_DATA_DIR") or "var")
    parser = argparse.ArgumentParser(description="Measure the screen on messages that were set aside.")
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    parser.add_argument("--recogniser", type=Path, default=data / "models" / "recogniser")
    parser.add_argument("--reader", type=Path, default=data / "models" / "reader")
    parser.add_argument("--without-reader", action="store_true", help="the words alone")
    parser.add_argument("--part", choices=("test", "calibration"), default="test")
    parser.add_argument("--by-author", action="store_true", help="train four more recognisers; takes minutes")
    parser.add_argument("--real", type=Path, metavar="FILE", help="questions of real people, one JSON object a line")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
