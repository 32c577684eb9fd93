"""Whether words say how to reach somebody: a number, an address, a name, a place; or that they would rather not."""

from __future__ import annotations

import re

from rapidfuzz import process
from rapidfuzz.distance import OSA

from careline.clinical.understanding.familiar import familiarity
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.normalise import words_of
from careline.clinical.understanding.patterns import any_of, row_of
from careline.clinical.understanding.short_replies import without_accents

_DIGITS_OF_A_NUMBER = 6  # so many: the words hold a telephone number
# As many in one piece: "40 tablets of 500 at 10:30", "180/110, pulse 140" are no telephone number.
_PHONE = re.compile(r"(?<![\d/:])[+(]{0,2}\d(?:[ ().\-]{0,3}\d){5,}(?![\d/:%])")
_MAIL = re.compile(r"\S@\S")
_HOUSE = re.compile(r"\b\d+[a-z]?,?\s+[A-Z][a-z]")  # "12 Mill Lane", "3b High Street"
_NAME = re.compile(r"(?<=[a-z,]\s)[A-Z][a-z]+")  # a capital that does not begin the sentence
_KIN = "mum|mother|mam|dad|father|nan|gran|grandma|sister|brother|wife|husband|partner|son|daughter|carer|neighbour"
_PLACE = any_of(f"""
    (street|road|lane|avenue|close|drive|square|terrace|court|flat|apartment|postcode|village|hostel|hotel|campsite)
    (house|caravan|shelter|station|bus stop|park|ward|room|floor|extension|school|office)
    (live|living|staying) (at|in|near|by|on)
    (am|im) (at|by|outside|near)
    (next to|opposite|behind|beside|across from|round the corner from)
    (my|our|the) (name|number|address) (is|are)
    (has|have|got) .. (my|our) (number|address|details)
    ask for
    (whatsapp|facebook|instagram|telegram)
    (call|ring|phone|text|reach|find|knock|email|message|write) .. (at|on|instead|after|before|door|{_KIN})
    (leave|with|through|via) .. (my|our|a) ({_KIN}|friend)
    """)
_DIGIT = "zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|hundred"
_SPOKEN_NUMBER = re.compile(rf"(?:\b(?:{_DIGIT}|\d)\b ?){{6,}}")
_DECLINES = any_of("""
    (dont|not|wont|cant) .. (want|wanna|give|giving|leave|leaving|tell|telling|say|saying|share|sharing|comfortable)
    (rather|prefer|better) not
    (no|none) .. (thanks|thank|thx|thanx|tnx|number|phone|contact|way|need|please|pls)
    (nah|forget it|not now|maybe later|never mind|leave it|keep it|none of your business|leave me alone)
    """)
# In Spanish the whole reply must be of these words, one of the first at least: what else "no quiero" begins ("no quiero
# vivir") is no answer to this.
_NOT_IN_SPANISH = frozenset("no nada ninguno ninguna tampoco".split())
_DECLINES_IN_SPANISH = _NOT_IN_SPANISH | frozenset(
    """
    quiero kiero queremos deseo prefiero preferiria mejor gracias puedo quisiera doy dar dare darlo decir decirlo dejar
    dejarlo mi my mis el lo un que de eso numero telefono nombre contacto direccion datos yo
    """.split()
)
_MEANT = sorted(
    "dont wont cant want wanna give giving leave leaving tell telling share sharing comfortable rather prefer better "
    "none thanks thank number phone contact please never quiero prefiero gracias".split()
)
_SHORTEST_SLIP = 3  # letters: of a shorter word one slip leaves too little


def holds_number(text: str) -> bool:
    """Return whether the words hold what may be a telephone number."""
    return sum(ch.isdigit() for ch in text) >= _DIGITS_OF_A_NUMBER


def holds_phone(text: str) -> bool:
    """Return whether the words hold a telephone number in one piece: for words that tell of much else besides.

    >>> holds_phone("07700 900123, I cant breathe"), holds_phone("took 40 paracetamol 500mg at 10:30")
    (True, False)
    """
    return _PHONE.search(text) is not None


def holds_contact(text: str) -> bool:
    """Return whether the words say how to reach somebody: a number, an address, a person or a place.

    To be asked before `declines_contact`: "don't tell my husband, call me at work" is kept whole.
    """
    if holds_number(text) or _MAIL.search(text) or _HOUSE.search(text):
        return True
    row = row_of(_plain(text))
    return bool(_PLACE.search(row) or _SPOKEN_NUMBER.search(row))


def may_hold_name(text: str, lexicon: Lexicon) -> bool:
    """Return whether a word is nobody's, or begins with a capital: it may be a name.

    To be asked after `declines_contact`: "no thank You" has a capital too.
    """
    return _NAME.search(text) is not None or familiarity(text, lexicon).unknown > 0


def declines_contact(text: str, lexicon: Lexicon) -> bool:
    """Return whether the words say that somebody would rather not leave it, also with a slip of the keys."""
    words = [_meant(word, lexicon) for word in _plain(text)]
    return _DECLINES.search(row_of(words)) is not None or declines_in_spanish(text, lexicon)


def declines_in_spanish(text: str, lexicon: Lexicon) -> bool:
    """Return whether the reply is a refusal in Spanish, and nothing besides."""
    words = {_meant(word, lexicon) for word in _plain(text)}
    return words <= _DECLINES_IN_SPANISH and not words.isdisjoint(_NOT_IN_SPANISH)


def _plain(text: str) -> list[str]:
    return [word.text for word in words_of(without_accents(text)) if not word.is_mark]


def _meant(word: str, lexicon: Lexicon) -> str:
    """Return the word of a refusal that a word of nobody's was probably meant to be; else the word itself."""
    if len(word) < _SHORTEST_SLIP or word in _DECLINES_IN_SPANISH or lexicon.speller.knows(word):
        return word
    nearest = process.extractOne(word, _MEANT, scorer=OSA.distance, score_cutoff=1)
    return word if nearest is None else nearest[0]
