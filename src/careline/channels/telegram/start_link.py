"""What a link to the bot says: `https://t.me/<bot>?start=<payload>`.

Parts are separated by two underscores, each a word, a hyphen and a value: `lang-es__country-GB__site-north_clinic`.
Telegram allows letters, digits, hyphen and underscore, 64 in all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
_VALUES = {
    "lang": re.compile(r"[A-Za-z]{2,3}"),
    "country": re.compile(r"[A-Za-z]{2}"),
    "site": re.compile(r"[A-Za-z0-9_-]{1,40}"),
    "article": re.compile(r"[a-z0-9_-]{1,60}"),
    "code": re.compile(r"[A-Za-z0-9]{6,20}"),
}
_WRITTEN = {"lang": str.lower, "country": str.upper, "code": str.upper}  # typed by hand, they come in any case


@dataclass(frozen=True)
class StartLink:
    """What a link asks for; None where it says nothing of it, or what cannot be read."""

    lang: str | None = None
    country: str | None = None
    site: str | None = None
    article: str | None = None
    code: str | None = None


def is_payload(text: str) -> bool:
    """Return whether what stands after `/start` is of a link; else a patient wrote it: it may be an emergency.

    A part of a link that is not as it should be ("country-gb2", "site-") is no words of a patient's. A word that tells
    nothing of a link ("overdose") is, and so are words that only begin like one ("code-blue-he-is-not-breathing").
    """
    if not text:
        return True
    return _PAYLOAD.fullmatch(text) is not None and all(_is_part(part) for part in text.split("__"))


def _is_part(part: str) -> bool:
    word, hyphen, value = part.partition("-")
    return (
        bool(hyphen)
        and word in _VALUES
        and (_VALUES[word].fullmatch(value) is not None or value.isalnum() or not value)
    )


def start_link(payload: str) -> StartLink:
    """Read a link's payload; parts that are not understood are left out."""
    found: dict[str, str] = {}
    for part in payload.strip().split("__"):
        word, _, value = part.partition("-")
        if word in _VALUES and _VALUES[word].fullmatch(value):
            found[word] = _WRITTEN.get(word, str)(value)
    return StartLink(**found)
