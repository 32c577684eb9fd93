"""What a link to the bot says: `https://t.me/<bot>?start=<payload>`.

Parts are separated by two underscores, each a word, a hyphen and a value: `lang-es__country-GB__site-north_clinic`.
Telegram allows letters, digits, hyphen and underscore, 64 in all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
_VALUES = {
    "lang": re.compile(r"[a-z]{2,3}"),
    "country": re.compile(r"[A-Z]{2}"),
    "site": re.compile(r"[A-Za-z0-9_-]{1,40}"),
    "article": re.compile(r"[a-z0-9_-]{1,60}"),
    "code": re.compile(r"[A-Z0-9]{6,20}"),
}


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

    A word that tells nothing of a link ("overdose") is a patient's, too.
    """
    return not text or (_PAYLOAD.fullmatch(text) is not None and start_link(text) != StartLink())


def start_link(payload: str) -> StartLink:
    """Read a link's payload; parts that are not understood are left out."""
    found: dict[str, str] = {}
    for part in payload.strip().split("__"):
        word, _, value = part.partition("-")
        if word in _VALUES and _VALUES[word].fullmatch(value):
            found[word] = value
    return StartLink(**found)
