"""Words that sound like danger of any kind: beside them a harmless reading of other words is not believed."""

from __future__ import annotations

import re

from careline.clinical.understanding.patterns import any_of

# Whoever writes one of these beside a figure of speech may mean its words as they stand.
_ALARM = any_of("""
    (cant|couldnt|cannot|wont|unable|struggl*|emergency|ambulance|urgent*|999|911|worse|worsening|spreading)
    (breath|breathe|breathes|breathing|breathless|gasp*|wheez*|chok*|throat|swallow*|stuck|airway|suffocat*)
    (drows*|sleepy|limp|floppy|unconscious|unresponsive|collaps*|slump*|faint*|blackout|dead|die|died|dying)
    (not|isnt|hard to) .. (wake|waking)
    help (me|us|him|her|please|pls|asap|now)
    (please|pls|need|get|send) help
    (swell*|swollen|allerg*|hives|epipen|mottled|blotchy|clammy|fever|feverish|temperature|burning|hot|shiver*|sepsis)
    (is|are|s|gone|went|going|turning|turned|looks|lips|face) [so|all|bit|very|really] (blue|grey|gray|purple|pale)
    (weak|weakness|slur*|droop*|dropped|paralys*|numb|numbness|speech|speak|stroke|confused|muddled)
    (delirious|seizure*|fitting|convuls*|shak*|jerk*|twitch*|stares|staring|rigid|stiff|eyes rolled)
    (bleed*|bloody|hanging|severed|mower|saw|blade|knife)
    (pill|pills|tablet|tablets|paracetamol|ibuprofen|codeine|aspirin|vodka|medicine|meds|drugs|thc|poison*|overdos*)
    (scared|frightened|afraid|terrified|threat*|hits|hit me|beat|beats|punch*|strangl*|kill|kills|killed|stab*|leave)
    (suicid*|rope|end it|want to die|wee|pee|poo|urinate|incontinent|wet (myself|himself|herself)|soiled)
    (labour|waters|contractions|pregnant|baby isnt|so (has|is|does) my)
    (vomit*|cough*|spit*|lots of|losing|wiping|pooing|weeing|and) .. blood
    blood (everywhere|coming|pouring|in)
    in (my|his|her) (arm|jaw|neck)
    chest (pain|hurts|tight)
    (yesterday|last week|days ago|week ago|weeks ago)
    """)
# Denied in so many words; "no breathing" is no such denial.
_ABSENT = re.compile(r" no (?:fever|temp|temperature|rash|swelling|bleeding|weakness|numbness)(?= |$)")


def is_alarming(row: str) -> bool:
    """Return whether the words hold one that sounds like danger."""
    return _ALARM.search(_ABSENT.sub(" #", row)) is not None
