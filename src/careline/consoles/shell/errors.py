"""What can go wrong at the staff's door.

ShellError
├── NotSignedInError   nobody is signed in, or no longer; says where they wanted to go
├── WrongRoleError     who is signed in may not do this
└── ForeignFormError   the request does not come from a page of ours
"""

from __future__ import annotations


class ShellError(Exception):
    """Base of this room's errors."""


class NotSignedInError(ShellError):
    """Nobody is signed in, or no longer."""


class WrongRoleError(ShellError):
    """Who is signed in may not do this."""


class ForeignFormError(ShellError):
    """The request does not come from a page of ours."""
