"""How the pages that show how content does say what the program found; in one language, as all texts of staff."""

from __future__ import annotations

from careline.consoles.editor.words import LEVELS

PRESENCES = {"present": "There", "absent": "Denied", "unknown": "Not known"}
SCREENED = {
    "card": "The screen answers with a card at once; the interview does not begin with it.",
    "safety": "The screen asks one closed safety question first.",
    "unread": "The words are not in a language that is read: the emergency number and a clinician.",
}
BANDS = {
    "card": "high enough for a card",
    "question": "high enough for a safety question",
    "none": "too low to do anything",
}
VERDICTS = {
    "answer": "It would answer from an article",
    "ask": "It would ask: is this about …?",
    "none": "It would say that it does not know",
}
WHY = {
    "nothing_asked": "There are no words.",
    "nobody_like_this": "No article is for such a reader: language, age or pregnancy rule all out.",
    "not_sure": "Even the best article is too unlikely to answer this.",
    "half_sure": "The best article may be meant; it is not likely enough to be shown unasked.",
    "sure": "The best article is likely to answer this.",
    "other_topic": "The words name a topic that the best article does not speak of.",
    "denied_or_amount": "The words deny what the best article is about, or ask for an amount that it does not name.",
    "other_complaint": "The best article is about another complaint than the consultation.",
    "withheld": "What comes near may not be shown; the table says why.",
}
WITHHELD = {
    "out_of_date": "Past its review date",
    "not_signed": "Not signed, and only signed articles are shown here",
    "too_calm": "Too calm for how urgent this is",
}
DECLINES = {
    "dose": "An amount of a medicine is asked for. It is never given: the patient is told who can say.",
    "prescription": "A prescription is asked for. The patient is told who can give one.",
}
UNLIKELY_BY = 1000.0  # a score from which on something happens that no message reaches


def level(name: str | None) -> str:
    """Return a level in words."""
    return LEVELS.get(name or "", "No level")
