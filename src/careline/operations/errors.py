"""What can go wrong in starting an installation.

OperationsError
└── StartError
"""


class OperationsError(Exception):
    """Anything that keeps an installation from being started or checked."""


class StartError(OperationsError):
    """The installation cannot start as it stands; the message names the setting or command that mends it."""
