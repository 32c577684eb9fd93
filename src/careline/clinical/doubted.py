"""Red flags that a message raises by doubtful words alone: these are asked about before a card is given."""

from __future__ import annotations

from careline.clinical.finding import Case
from careline.clinical.red_flags import emergency_flags, raised_red_flags
from careline.clinical.rulebook import RuleBook
from careline.clinical.understanding.message import MessageReading


def doubted_flags(reading: MessageReading, case: Case, book: RuleBook) -> tuple[str, ...]:
    """Return the flags answered by a card that only doubtful words of a message raise, most urgent first.

    None where the case, or anything else in the message, raises a card as well: then nothing is gained by asking.
    """
    if not reading.doubtful:
        return ()
    others = case.merged(reading.without_doubtful().findings)
    if emergency_flags(raised_red_flags(others, book)):
        return ()
    all_told = case.merged(reading.findings)
    return tuple(item.flag.id for item in emergency_flags(raised_red_flags(all_told, book)))
