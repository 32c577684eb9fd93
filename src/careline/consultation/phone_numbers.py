"""Telephone numbers for the patient's country; the international ones while it is unknown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Any

import msgspec

from careline.clinical.content import PhoneNumber
from careline.clinical.rulebook import RuleBook
from careline.consultation.wording import DEFAULT_LANGUAGE, Wording

_WORDS = re.compile(r"[a-z]+")


def phone_numbers(book: RuleBook, country: str | None, kinds: Collection[str] = ("emergency",)) -> list[PhoneNumber]:
    """Return the country's numbers of these kinds, in the file's order; unknown country: the international ones."""
    known = book.countries.get(country or "")
    if known is None:
        return list(book.international_numbers)
    return [number for number in known.numbers if number.kind in kinds]


def contract_numbers(numbers: Collection[PhoneNumber]) -> list[dict[str, Any]]:
    """Return numbers as the HTTP contract has them."""
    return [
        {
            key: value
            for key, value in msgspec.to_builtins(number).items()
            if key not in ("verified_on", "for_young") and value is not None
        }
        for number in numbers
    ]


def emergency_text(wording: Wording, book: RuleBook, country: str | None, language: str = DEFAULT_LANGUAGE) -> str:
    """Return which number to call in an emergency: the country's, or all the international ones."""
    numbers = phone_numbers(book, country)
    if country is None or country not in book.countries:
        named = "; ".join(f"{number.tel} ({number.label})" for number in numbers)
        return wording.say("call-unknown-country", language, numbers=named)
    return wording.say("call-known-country", language, number=numbers[0].tel)


def country_in(text: str, book: RuleBook) -> str | None:
    """Return the code of the country that a patient's words name; None when they name none or several."""
    if text.strip().upper() in book.countries and len(text.strip()) == 2:
        return text.strip().upper()
    words = f" {_plain(text)} "
    named = {
        country.code: max((name for name in _names(country.names, country.name) if f" {name} " in words), key=len)
        for country in book.countries.values()
        if any(f" {name} " in words for name in _names(country.names, country.name))
    }
    # "northern ireland" names "ireland" too: a name within another's does not count.
    within = {
        name
        for name in named.values()
        if any(f" {name} " in f" {other} " and other != name for other in named.values())
    }
    codes = [code for code, name in named.items() if name not in within]
    return codes[0] if len(codes) == 1 else None


def _names(names: tuple[str, ...], name: str) -> list[str]:
    return [_plain(each) for each in (*names, name)]


def _plain(text: str) -> str:
    """Return the words in lower case, letters without their accents: "España" and "Espana" alike."""
    return " ".join(_WORDS.findall(unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()))
