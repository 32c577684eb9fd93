"""Courtesies: thanks, greetings and leave. Some word of one stands in every message that is nothing else.

A classifier takes words that it has never seen ("soar thraot for days") for whatever is nearest. A message that it
calls a courtesy, and that holds no word of one, is read as what it may be: a patient's report.
"""

from __future__ import annotations

from careline.clinical.understanding.normalise import words_of
from careline.clinical.understanding.patterns import any_of, row_of

_LONGEST_UNKNOWN = 1  # words: "yo" and "sup" report nothing
_COURTESY = any_of("""
    (thank*|thanx|thnx|thx|tnx|thks|thnks|tanks|fanks|ty|tysm|tyvm|cheers|ta|tq)
    (merci|gracias|diolch|shukriya|danke|grazie)
    (appreciat*|grateful|gratitude|obliged|oblig*|bless|blessing*|lifesaver|life saver|angel|legend)
    (nice one|maith agat|mind at rest|a relief|very kind|so kind|kind of you)
    (well done|good job|a star|you rock|that helps)
    (hello*|helo|hi|hii*|hiya|heya|hey*|ello|hullo|hallo|howdy|greetings|namaste|salaam|salam|alaikum|hola|bonjour|ciao)
    (good|g) (morning|afternoon|evening|day|night)
    (morning|afternoon|evening) [all|everyone|to you|doctor|nurse]
    top of the morning
    (how are you|how do you do|how are things|how far|how is it going|you ok|hope you are well|are you well|wah gwaan)
    (the craic|wassup|alright mate|knock knock|are you there|you there|anyone there|anyone about|nice to meet you)
    (oi oi|ey up|eh up|yo yo|gday|respected|how are we|what s up|sat sri akal|kia ora|dia duit|guten tag)
    (buenos dias|good to be here|anybody there|anybody home|anyone around|you awake|alright (love|mate|duck|pal))
    (pleased to meet you|dear sir|dear madam|sir or madam|dear doctor|dear team)
    (bye*|goodbye|good bye|see you|see ya|cya|take care|ttyl|farewell|so long)
    """)


def may_be_courtesy(text: str) -> bool:
    """Return whether the text holds a word of a courtesy, or is too short to report anything."""
    words = [word.text for word in words_of(text) if not word.is_mark]
    return len(text.split()) <= _LONGEST_UNKNOWN or _COURTESY.search(row_of(words)) is not None
