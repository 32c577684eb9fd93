"""Whether words say how to reach somebody: a number, an address, a name, a place; or that they would rather not."""

from __future__ import annotations

import re

from careline.clinical.understanding.familiar import familiarity
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.normalise import words_of
from careline.clinical.understanding.patterns import any_of, row_of

_DIGITS_OF_A_NUMBER = 6  # so many: the words hold a telephone number
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
    (no|none) .. (thanks|thank|number|phone|contact|way|need|please)
    (nah|forget it|not now|maybe later|never mind|leave it|keep it|none of your business|leave me alone)
    """)


def holds_number(text: str) -> bool:
    """Return whether the words hold what may be a telephone number."""
    return sum(ch.isdigit() for ch in text) >= _DIGITS_OF_A_NUMBER


def holds_contact(text: str, lexicon: Lexicon) -> bool:
    """Return whether the words may say how to reach somebody; a word that is nobody's may be a name.

    To be asked before `declines_contact`: "don't tell my husband, call me at work" is kept whole.
    """
    if holds_number(text) or _MAIL.search(text) or _HOUSE.search(text) or _NAME.search(text):
        return True
    row = row_of([word.text for word in words_of(text) if not word.is_mark])
    is_told = _PLACE.search(row) or _SPOKEN_NUMBER.search(row)
    return bool(is_told) or familiarity(text, lexicon).unknown > 0


def declines_contact(text: str) -> bool:
    """Return whether the words say that somebody would rather not leave it."""
    return _DECLINES.search(row_of([word.text for word in words_of(text) if not word.is_mark])) is not None
