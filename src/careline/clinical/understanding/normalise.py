"""A message as a row of plain words, each with its place in the original text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import NamedTuple

SENTENCE_END = "#"  # stands in the row of words where a sentence ends; no word contains it
COMMA, COLON, QUESTION = ",", ":", "?"

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bc\u00b4`\uff07\u2032", "'"))
_PIECE = re.compile(
    # A reference, a link's tail: letters and figures in turn. What looks like an age or a year in it is neither.
    r"(?P<code>(?<![^\W_])(?=[a-z\d]{16,64}(?![^\W_]))(?:[a-z]+\d+|\d+[a-z]+){4,}[a-z\d]*)"
    r"|(?P<number>\d+(?:[.,]\d+)?)"
    r"|(?P<word>[a-z]/[a-z](?![a-z])|[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|(?P<stop>[.!?;\n\r]+|\N{HORIZONTAL ELLIPSIS})"
    r"|(?P<comma>,|\s-{1,2}\s|\s[\u2013\u2014]\s|[()\[\]])"
    r"|(?P<colon>:)"
    r"|(?P<unit>[%°<>&]|/(?=\s?\d))"
)
_RUN = re.compile(r"(.)\1{2,}")

# Two words that are one; with the apostrophe gone, what people type for them.
_JOINED = {
    ("can", "not"): "cant", ("can", "t"): "cant", ("could", "not"): "couldnt", ("couldn", "t"): "couldnt",
    ("do", "not"): "dont", ("don", "t"): "dont", ("does", "not"): "doesnt", ("doesn", "t"): "doesnt",
    ("did", "not"): "didnt", ("didn", "t"): "didnt", ("is", "not"): "isnt", ("isn", "t"): "isnt",
    ("are", "not"): "arent", ("was", "not"): "wasnt", ("wasn", "t"): "wasnt", ("were", "not"): "werent",
    ("has", "not"): "hasnt", ("hasn", "t"): "hasnt", ("have", "not"): "havent", ("haven", "t"): "havent",
    ("had", "not"): "hadnt", ("will", "not"): "wont", ("won", "t"): "wont", ("would", "not"): "wouldnt",
    ("should", "not"): "shouldnt", ("wouldn", "t"): "wouldnt",
}  # fmt: skip
_JOINED_FIRST = frozenset({"wnt", *(first for first, _ in _JOINED)})
_ALIASES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("cannot", "carnt", "cnt", "cannt", "canot", "caant", "kant"), ("cant",)),
    **dict.fromkeys(("cnat", "catn", "acnt", "cantt"), ("cant",)),  # typed in a hurry
    **dict.fromkeys(("coudnt", "couldent", "culdnt", "cudnt", "coudlnt"), ("couldnt",)),
    **dict.fromkeys(("dnt", "donot", "dunt", "dotn", "dnot"), ("dont",)),
    **dict.fromkeys(("dosent", "doesent", "dozent", "dosnt"), ("doesnt",)),
    **dict.fromkeys(("dint", "didnot", "didint"), ("didnt",)),
    **dict.fromkeys(("isnot", "aint", "innit"), ("isnt",)),
    **dict.fromkeys(("arnt", "arent"), ("arent",)),
    **dict.fromkeys(("hasent", "hasnot"), ("hasnt",)),
    **dict.fromkeys(("havn", "havnt", "havent"), ("havent",)),
    **dict.fromkeys(("wnt", "wont"), ("wont",)),
    **dict.fromkeys(("tuk", "toock", "tookt"), ("took",)),
    **dict.fromkeys(("w/o", "witout", "wivout", "widout"), ("without",)),
    **dict.fromkeys(("cos", "coz", "cuz", "bcos", "bcoz", "bc", "becuase", "becoz"), ("because",)),
    **dict.fromkeys(("wiv", "wid", "wth"), ("with",)),
    **dict.fromkeys(("n", "nd", "&"), ("and",)),
    **dict.fromkeys(("u", "ya", "yu"), ("you",)),
    **dict.fromkeys(("da", "teh"), ("the",)),
    **dict.fromkeys(("pls", "plz", "plse"), ("please",)),
    **dict.fromkeys(("mom", "mam", "mummy", "mommy", "mammy", "mama", "mother", "ma"), ("mum",)),
    **dict.fromkeys(("daddy", "father", "papa", "dada"), ("dad",)),
    **dict.fromkeys(("yrs", "yr"), ("years",)),
    **dict.fromkeys(("y/o", "yo", "yro", "yrold"), ("years", "old")),
    **dict.fromkeys(("wk", "wks"), ("weeks",)),
    **dict.fromkeys(("mth", "mths", "mnths", "mo", "mos"), ("months",)),
    **dict.fromkeys(("hr", "hrs"), ("hours",)),
    **dict.fromkeys(("min", "mins"), ("minutes",)),
    **dict.fromkeys(("tonite", "tnight"), ("tonight",)),
    **dict.fromkeys(("yday", "ystrday", "yest"), ("yesterday",)),
    **dict.fromkeys(("sth", "smth", "sumthing", "sumthin", "somethin", "summat"), ("something",)),
    **dict.fromkeys(("nothin", "nuffin"), ("nothing",)),
    **dict.fromkeys(("chst", "chets", "cest", "chesst"), ("chest",)),
    "goin": ("going",), "doin": ("doing",),
    **dict.fromkeys(("dunno",), ("dont", "know")),
    "r": ("are",), "ur": ("your",), "mi": ("my",), "ive": ("i", "have"), "im": ("i", "am"), "id": ("i", "would"),
    "hes": ("he", "s"), "shes": ("she", "s"), "its": ("it", "s"), "theyre": ("they", "are"), "weve": ("we", "have"),
    "theyve": ("they", "have"), "youre": ("you", "are"), "whats": ("what", "s"), "whos": ("who", "s"),
    "theres": ("there", "s"), "thats": ("that", "s"), "gonna": ("going", "to"), "tryna": ("trying", "to"),
    "gotta": ("got", "to"), "wanna": ("want", "to"), "wana": ("want", "to"), "idk": ("i", "dont", "know"),
    "tmrw": ("tomorrow",),
}  # fmt: skip
_TAILS = {"s": "s", "ll": "will", "ve": "have", "re": "are", "m": "am", "d": "d"}
_OWNERS = frozenset(
    "mum dad baby son daughter wife husband partner nan gran grandad granny grandma grandpa brother sister uncle aunt "
    "auntie toddler child kid friend mate boyfriend girlfriend neighbour boy girl lad hubby missus fella".split()
)


class Word(NamedTuple):
    """One word of a message, or a mark that divides it.

    Attributes:
        text: Plain form: lower case, without apostrophes; `SENTENCE_END`, `COMMA`, `COLON` or `QUESTION` for a mark.
        start: Where it begins in the original text.
        end: Where it ends.
    """

    text: str
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        """Whether it is punctuation, not a word."""
        return self.text in MARKS


MARKS = frozenset({SENTENCE_END, COMMA, COLON, QUESTION})


def words_of(text: str) -> list[Word]:
    """Return the words and marks of `text`, in order.

    >>> [word.text for word in words_of("He can\u2019t breathe!! Sats 88%")]
    ['he', 'cant', 'breathe', '#', 'sats', '88', '%']
    """
    if text.isascii() and text.isalpha():  # one word: so it is with nearly all that phrases are made of
        return [Word(form, 0, len(text)) for form in plain_forms(_without_runs(text.lower()))]
    return _expanded(_joined(list(_pieces(text))))


def plain(text: str) -> str:
    """Return the words of `text` with one blank between them, without marks: how phrases are compared."""
    return " ".join(word.text for word in words_of(text) if not word.is_mark)


def _pieces(text: str) -> Iterator[Word]:
    folded, places = _folded(text)
    has_runs = _RUN.search(folded) is not None
    for match in _PIECE.finditer(folded):
        start, end = match.span()
        if places is not None:
            start, end = places[start], places[end - 1] + 1
        kind, piece = match.lastgroup, match.group()
        if kind == "word":
            yield Word(_without_runs(piece) if has_runs else piece, start, end)
        elif kind == "number":
            yield Word(_number(piece), start, end)
        elif kind == "stop":
            yield from _stop(piece, start, end)
        elif kind == "comma":
            yield Word(COMMA, start, end)
        else:
            yield Word(piece, start, end)


def _folded(text: str) -> tuple[str, list[int] | None]:
    """Return compatibility-folded lower-case text, and for each of its characters the place it comes from.

    None for the places when each character is in its own.
    """
    if text.isascii():
        return text.lower(), None
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in unicodedata.normalize("NFKC", character.translate(_APOSTROPHES)).lower():
            if unicodedata.combining(part) == 0:
                folded.append(part)
                places.append(place)
    return "".join(folded), places


def _without_runs(word: str) -> str:
    """Shorten letters typed three times or more ("heeelp"); two stay, spelling decides between one and two."""
    return _RUN.sub(r"\1\1", word)


def _number(piece: str) -> str:
    whole, comma, part = piece.partition(",")
    return whole + part if comma and len(part) == 3 else piece.replace(",", ".")


def _stop(piece: str, start: int, end: int) -> Iterator[Word]:
    if "?" in piece:
        yield Word(QUESTION, start, end)
    elif piece == "\N{HORIZONTAL ELLIPSIS}" or (len(piece) > 1 and set(piece) == {"."}):
        yield Word(COMMA, start, end)  # "can't... breathe": a pause, not an end
        return
    yield Word(SENTENCE_END, start, end)


def _joined(words: list[Word]) -> Iterator[Word]:
    pairs = zip_longest(words, words[1:])
    for word, following in pairs:
        if word.text not in _JOINED_FIRST or following is None:
            yield word
            continue
        one = _JOINED.get((word.text, following.text))
        if one is not None:
            yield Word(one, word.start, following.end)
            next(pairs)
        elif (word.text, following.text) == ("wnt", "to"):  # elsewhere "wnt" is "won't"
            yield Word("want", word.start, word.end)
        else:
            yield word


def _expanded(words: Iterable[Word]) -> list[Word]:
    expanded: list[Word] = []
    for word in words:
        text = word.text
        if text in _ALIASES or "'" in text or text[-1] == "s":  # else it stands for itself
            expanded.extend([Word(form, word.start, word.end) for form in plain_forms(text)])
        else:
            expanded.append(word)
    return expanded


def plain_forms(word: str) -> tuple[str, ...]:
    """Return the plain word or words that one typed word stands for; "he's" and "hes" alike are "he", "s".

    The "s" may be "is", "has" or an owner's; patterns read it as any of them.
    """
    bare = word
    if "'" in word:
        stem, _, tail = word.rpartition("'")
        if stem and tail in _TAILS:
            return (*plain_forms(stem), _TAILS[tail])
        bare = word.replace("'", "")
    if bare in _ALIASES:
        return _ALIASES[bare]
    if bare.endswith("s") and bare[:-1] in _OWNERS:
        return (*plain_forms(bare[:-1]), "s")
    return (bare,)
