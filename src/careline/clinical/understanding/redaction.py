"""A patient's words without what may tell who they are, for those who see how content does.

Only words that stand in our own lists are let through, so an unknown name or place is taken out because it is unknown.
Taken out besides: every figure, day and month, address of mail or web, names after "my name is" and the like, names
beside a title, words written with a capital inside a sentence, and the names that our lists hold as ordinary words.
What is left may still tell something to somebody who knows the patient: show it only to those who need it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from careline.clinical.understanding.spelling import Speller

NAME, NUMBER, DATE, ADDRESS, WORD = "[name]", "[number]", "[date]", "[address]", "[\N{HORIZONTAL ELLIPSIS}]"
_GUESS = "[{}?]"  # a word of ours that is near the one that was typed: not what somebody wrote
_GUESSED = re.compile(r"\[([^\[\]?]+)\?\]")

_ADDRESS = re.compile(
    r"\S+@\S+|(?:https?://|www\.)\S+|@\w+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|co|uk|io|info)\b\S*", re.I
)
_PIECE = re.compile(
    r"(?P<taken>\[(?:name|number|date|address)\])"
    r"|(?P<number>[+(]*\w*\d\w*(?:[\s.,:/()+-]*\w*\d\w*)*%?)"
    r"|(?P<word>[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\W\d_]+)*)"
    r"|(?P<mark>[.,;:!?])"
)
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday mon tues wed thurs fri".split())
_MONTHS = frozenset(
    "january february april june july august september october november december jan feb apr jun jul aug sept oct nov "
    "dec easter christmas ramadan diwali eid".split()
)
_MAY_BE_MONTHS = frozenset({"may", "march"})
_BEFORE_A_MONTH = frozenset("in since of last next until till by late early mid".split())
_TITLES = frozenset("mr mrs ms miss mx dr prof professor sister nurse aunt auntie uncle sir lord lady father".split())
_NOT_A_NAME = frozenset(
    "said says told gave thinks thought who and or about for to if has is was will at the a i my on in but because "
    "can could should would did does not advised prescribed put wants wanted today yesterday again what how why when "
    "where which do am im ive me you it he she they are please".split()
)
_INTRODUCE = (
    ("my", "name", "is"), ("my", "names"), ("name", "is"), ("called",), ("call", "me"), ("named",), ("surname",),
    ("live", "in"), ("live", "at"), ("from",), ("born", "in"), ("address", "is"), ("work", "at"), ("works", "at"),
)  # fmt: skip
_ALWAYS_NAMES = frozenset({("my", "name", "is"), ("my", "names"), ("call", "me"), ("surname",), ("address", "is")})
_STREETS = frozenset("street road avenue lane close drive crescent terrace gardens square court st rd ave".split())
_DIGIT_WORDS = frozenset("oh zero nought one two three four five six seven eight nine double triple".split())
_AT_MOST_NAMES, _SPOKEN_DIGITS, _LONGEST_SHORT_FORM = 3, 5, 4
# Of a few thousand names, those that the list of ordinary words or our phrases hold, and that are no words besides.
_NAMES = frozenset(
    "africa alex alice america anna asia australia ben billy brian britain canada charlie clare david ella emma "
    "england europe france frances germany harris harry india ireland italy jack james john johnson larry london lucy "
    "mary michael molly nick paul peter sam sarah scotland sophie spain stevens tom wales".split()
)


def redacted(text: str, speller: Speller) -> str:
    """Return the words of `text` that tell of no person, time or place; placeholders in brackets for the others.

    `[throat?]` stands for a word that we do not know and that is near one of ours.
    """
    pieces = list(_pieces(_ADDRESS.sub(f" {ADDRESS} ", text)))
    kinds = [kind for kind, _ in pieces]
    words = [written for _, written in pieces]
    plain = [_plain(written) if kind == "word" else "" for kind, written in pieces]
    shown = [_own(kind, written, speller) for kind, written in pieces]
    for place in range(len(pieces)):
        if kinds[place] == "word" and shown[place] != DATE:  # "Tuesday" has a capital, and is no name
            shown[place] = _by_place(place, kinds, words, plain) or shown[place]
    for place in [*_introduced(kinds, words, plain), *_of_streets(plain)]:
        shown[place] = NAME if shown[place] not in (NUMBER, DATE, ADDRESS) else shown[place]
    for place in _spoken_numbers(plain):
        shown[place] = NUMBER
    return _joined(shown)


def without_placeholders(words: str, *, with_guesses: bool = True) -> str:
    """Return redacted words without placeholders: for comparing, with our guesses as if they had been typed."""
    said = _GUESSED.sub(r"\1", words) if with_guesses else words
    return " ".join(word for word in said.split() if not word.startswith("["))


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    for found in _PIECE.finditer(text):
        yield str(found.lastgroup), found.group()


def _plain(word: str) -> str:
    return word.lower().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")


def _own(kind: str, written: str, speller: Speller) -> str:
    """Return what is shown of a piece by itself."""
    if kind == "number":
        return NUMBER
    if kind in ("mark", "taken"):
        return written
    plain = _plain(written)
    if plain in _NAMES or plain.removesuffix("s") in _NAMES:
        return NAME
    if plain in _DAYS or plain in _MONTHS:
        return DATE
    if speller.knows(plain):
        return written
    mended = speller.corrected(plain)
    return _GUESS.format(mended) if mended != plain else WORD


def _by_place(place: int, kinds: list[str], words: list[str], plain: list[str]) -> str | None:
    """Return what a word is for where it stands; None: that does not matter."""
    before = plain[place - 1] if place else ""
    if plain[place] in _MAY_BE_MONTHS and (
        before in _BEFORE_A_MONTH or "number" in kinds[max(0, place - 1) : place + 2] or words[place][0].isupper()
    ):
        return DATE
    if before in _TITLES and plain[place] not in _NOT_A_NAME:
        return NAME
    is_first = place == 0 or words[place - 1] in (".", "!", "?", ":") or kinds[place - 1] == "taken"
    is_short_form = words[place].isupper() and len(words[place]) <= _LONGEST_SHORT_FORM
    is_capital = words[place][0].isupper() and not words[place].isupper()
    if is_capital and not is_first and not is_short_form and not plain[place].startswith(("im", "ive", "ill", "id")):
        return NAME
    return None


def _introduced(kinds: list[str], words: list[str], plain: list[str]) -> Iterator[int]:
    """Yield the places of names after words that introduce one."""
    for first in range(len(plain)):
        for phrase in _INTRODUCE:
            last = first + len(phrase)
            if tuple(plain[first:last]) != phrase:
                continue
            for place in range(last, min(last + _AT_MOST_NAMES, len(plain))):
                is_name = phrase in _ALWAYS_NAMES or words[place][:1].isupper()
                if kinds[place] != "word" or not is_name or plain[place] in _NOT_A_NAME:
                    break
                yield place


def _of_streets(plain: list[str]) -> Iterator[int]:
    for place, word in enumerate(plain[1:], start=1):
        if word in _STREETS and place > 1 and plain[place - 2] == "" and plain[place - 1]:
            yield from (place - 1, place)  # "[number] High Street"


def _spoken_numbers(plain: list[str]) -> Iterator[int]:
    """Yield the places of a number that was spelt out figure by figure."""
    run: list[int] = []
    for place, word in enumerate([*plain, ""]):
        if word in _DIGIT_WORDS:
            run.append(place)
            continue
        if len(run) >= _SPOKEN_DIGITS:
            yield from run
        run = []


def _joined(shown: list[str]) -> str:
    """Return the pieces as one line, the same placeholder not twice in a row."""
    line: list[str] = []
    for piece in shown:
        if piece in (".", ",", ";", ":", "!", "?") and line:
            line[-1] += piece
        elif not (line and piece.startswith("[") and line[-1] == piece):
            line.append(piece)
    return " ".join(line)
