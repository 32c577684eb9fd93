"""What can go wrong in starting an installation.

OperationsError
├── StartError
└── NotSetUpError
"""


class OperationsError(Exception):
    """Anything that keeps an installation from being started or checked."""


class StartError(OperationsError):
    """The installation cannot start as it stands; the message names the setting or command that mends it."""


class NotSetUpError(OperationsError):
    """Something that an operator may set up is not; the installation runs without it."""
