"""What can go wrong at the clinicians' door.

ClinicianConsoleError
├── ServiceKeyError           the service key is missing or wrong
├── UnknownConversationError  an escalation names a conversation that there is not
└── ActsForAnotherError       somebody who is signed in names somebody else as the one who acts
"""

from __future__ import annotations


class ClinicianConsoleError(Exception):
    """Base of this room's errors."""


class ServiceKeyError(ClinicianConsoleError):
    """The service key is missing or wrong."""


class UnknownConversationError(ClinicianConsoleError):
    """An escalation names a conversation that there is not."""


class ActsForAnotherError(ClinicianConsoleError):
    """Somebody who is signed in names somebody else as the one who acts."""
