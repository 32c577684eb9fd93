"""Which red flags a case raises."""

from __future__ import annotations

from dataclasses import dataclass

from careline.clinical.conditions import present_findings
from careline.clinical.content import RedFlag
from careline.clinical.finding import Case, Presence
from careline.clinical.rulebook import RuleBook


@dataclass(frozen=True)
class RaisedFlag:
    """A red flag that the case raises, and the findings because of which."""

    flag: RedFlag
    because_of: tuple[str, ...]


def raised_red_flags(case: Case, book: RuleBook) -> tuple[RaisedFlag, ...]:
    """Return the flags the case raises, most urgent first.

    A flag is raised when one of its expressions was recognised (then the case holds a finding of the flag's own id)
    or when its condition holds. An unknown finding neither raises a flag nor rules it out.
    """
    raised = []
    for compiled_flag in book.flags_near(case.present):
        flag = compiled_flag.flag
        if case.presence(flag.id) is Presence.PRESENT:
            raised.append(RaisedFlag(flag, (flag.id,)))
        elif compiled_flag.when is not None and compiled_flag.holds_for(case):
            raised.append(RaisedFlag(flag, tuple(present_findings(compiled_flag.when, case))))
    return tuple(sorted(raised, key=lambda item: item.flag.acuity, reverse=True))


def has_card(flag: RedFlag) -> bool:
    """Return whether the flag ends the interview: answered at once, with an escalation."""
    return flag.acuity.is_emergency or flag.kind != "emergency"


def emergency_flags(raised: tuple[RaisedFlag, ...]) -> tuple[RaisedFlag, ...]:
    """Return those that end the interview: answered at once, with an escalation."""
    return tuple(item for item in raised if has_card(item.flag))
