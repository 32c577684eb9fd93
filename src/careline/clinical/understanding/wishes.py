"""The wish for a person, in plain English words: for when no classifier can be asked.

It need not know every way to say it. Who is taken for somebody who wants a person, and does not, is put before a
clinician once too often; the screen for dangers has read the words before.
"""

from __future__ import annotations

from careline.clinical.understanding.normalise import words_of
from careline.clinical.understanding.patterns import any_of, row_of

_MOST_WORDS = 20  # whoever writes more tells something besides
_WHO = (
    "(human|humans|person|being|nurse|nurses|doctor|doctors|doc|gp|clinician|medic|"
    "operator|agent|adviser|advisor|professional)"
)
_ANYBODY = f"({_WHO[1:-1]}|someone|somebody|anyone|anybody|sumone|people|staff|colleague|supervisor)"
_WISH = any_of(f"""
    (speak|talk|chat|speaking|talking|chatting|spk|tlk) (to|with|2) .. {_ANYBODY}
    (want|need|prefer|rather|like|get|give|have|send|fetch|find|message|ask) [me|us] [to have|to see] \
        (a|an|the|any|some|real|actual|live|proper|human) [real|actual|live|proper|qualified|human] {_WHO}
    (put|connect|transfer|pass|hand|switch) (me|us) .. {_ANYBODY}
    {_ANYBODY} [i|we|who|that] (can|could|to) .. (speak|talk|chat|help)
    {_ANYBODY} [to|please] (call|ring|phone|message|contact|text) (me|us|my)
    (call|ring|phone) (me|us) back
    (is|are) there .. {_ANYBODY} (available|on duty|free)
    (is|are) (a|any|the) {_WHO} (available|on duty|free|there|around)
    (real|actual|live|proper) (person|human|nurse|doctor|agent|being)
    {_WHO} (please|pls|plz|now)
    (not|dont|cant|stop) .. (talk|talking|speak|speaking) (to|with) [a|this|some] (machine|robot|bot|computer)
    (transfer|connect|hand over|get through|put me on) [me] [on|over] to .. {_ANYBODY}
    (seen|called|phoned|rung) by [a|an|the|some] {_ANYBODY}
    {_ANYBODY} .. (talk|speak) to (me|us)
    """)
_ALONE = any_of(_WHO)


def wants_person(text: str) -> bool:
    """Return whether the words ask for a person."""
    words = [word.text for word in words_of(text) if not word.is_mark]
    if not words or len(words) > _MOST_WORDS:
        return False
    wish = _ALONE if len(words) == 1 else _WISH
    return wish.search(row_of(words)) is not None
