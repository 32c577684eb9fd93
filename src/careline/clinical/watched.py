"""Whether somebody may be watched by whoever harms them, as far as the case lets it be known."""

from __future__ import annotations

from careline.clinical.finding import Case
from careline.clinical.red_flags import raised_red_flags
from careline.clinical.rulebook import RuleBook


def may_be_watched(case: Case, book: RuleBook) -> bool:
    """Return whether a finding or red flag of the case says so (`may_be_watched` in `knowledge/`).

    A red flag that was asked about and left open says so too: who is watched may not dare to say yes.
    """
    findings = (book.findings[finding] for finding in case.present if finding in book.findings)
    unsure = (book.red_flags[flag].flag for flag in case.unsure_flags if flag in book.red_flags)
    return (
        any(entry.may_be_watched for entry in findings)
        or any(flag.may_be_watched for flag in unsure)
        or any(raised.flag.may_be_watched for raised in raised_red_flags(case, book))
    )
