"""What can go wrong between Rasa and the app, besides what `consultation` names.

DialogueError
├── EmptyTokenError      the shared secret of the action webhook is missing
└── UnmarkedCallError    Rasa ran a turn's action without the turn's mark

The client raises `consultation.errors.DialogueUnavailableError`, as its port says.
"""

from __future__ import annotations


class DialogueError(Exception):
    """Base of this room's errors. Never carries a patient's words."""


class EmptyTokenError(DialogueError):
    """The shared secret of the action webhook is empty, so anybody on this machine could run actions."""


class UnmarkedCallError(DialogueError):
    """An action was called for a message that bears no mark of a turn of ours."""
