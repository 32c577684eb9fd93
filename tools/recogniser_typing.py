"""Messages as they are typed in a hurry: small letters, no full stops, short forms, slips. The same each time."""

from __future__ import annotations

import hashlib
import re

_SHORT_FORMS = {
    "and": "n", "you": "u", "your": "ur", "because": "cos", "with": "w", "are": "r", "have": "hav", "please": "pls",
    "about": "abt", "before": "b4", "going": "goin", "really": "rly", "something": "sumthing", "when": "wen",
    "what": "wat", "just": "jus", "that": "dat", "the": "the", "been": "bin", "this": "dis", "though": "tho",
    "through": "thru", "yesterday": "yday", "weeks": "wks", "hours": "hrs", "minutes": "mins", "years": "yrs",
}  # fmt: skip
_SHORTEST = 5  # letters of a word in which slips are made
_WORD = re.compile(r"[a-z']+")


def typed_in_a_hurry(text: str) -> str:
    """Return a message as a hurried person would type it; which words get a slip depends on the text alone."""
    told = re.sub(r"[.,;:!]+", " ", text.lower())
    return " ".join(_WORD.sub(lambda match: _typed(match, text), told).split())


def _typed(match: re.Match[str], text: str) -> str:
    word = match.group().replace("'", "")
    chance = hashlib.sha256(f"{text}\0{match.start()}".encode()).digest()
    if word in _SHORT_FORMS and chance[0] % 2:
        return _SHORT_FORMS[word]
    if len(word) < _SHORTEST or chance[1] % 4:
        return word
    place = 1 + chance[2] % (len(word) - 2)
    slips = (
        word[:place] + word[place + 1 :],  # a letter left out
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],  # two changed places
        word[:place] + word[place] + word[place:],  # one typed twice
    )
    return slips[chance[3] % len(slips)]
