"""What can go wrong in escalation.

EscalationError
└── UnknownEscalationError    there is no such escalation
"""

from __future__ import annotations


class EscalationError(Exception):
    """Base of this room's errors."""


class UnknownEscalationError(EscalationError):
    """There is no escalation of that id."""
