"""Words of a text, as the search by words and the guards compare them."""

from __future__ import annotations

import re
import threading
import unicodedata

import Stemmer

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’‘`´](?=\w)")  # noqa: RUF001 - what keyboards make of an apostrophe
_stemmer = Stemmer.Stemmer("english")
_stemmer_lock = threading.Lock()  # a stemmer keeps state while it works

# Words that say nothing about a topic. Negations and times are kept: guards read them.
_EMPTY = frozenset(
    "a about all also am an and any are as at be been being but by can could did do does for from get gets getting got "
    "had has have having he her him his how i if im in is it its ive just like me my of on or our she should so some "
    "than that the their them then there these they this to too up us very was we were what when where which who why "
    "will with would you your".split()
)


def plain_words(text: str) -> list[str]:
    """Return a text's words: small letters, no apostrophes, compatibility forms undone.

    >>> plain_words("I CAN\u2019T sleep - help!")
    ['i', 'cant', 'sleep', 'help']
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    return _WORD.findall(_APOSTROPHE.sub("", text))


def topic_stems(text: str) -> list[str]:
    """Return the stems of the words that say something about a topic, in order.

    >>> topic_stems("How can I treat my headaches?")
    ['treat', 'headach']
    """
    words = [word for word in plain_words(text) if word not in _EMPTY]
    with _stemmer_lock:
        stems: list[str] = _stemmer.stemWords(words)
    return stems
