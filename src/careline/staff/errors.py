"""What can go wrong with staff accounts.

StaffError
├── AccountError            an account cannot be made or changed so; names the field and the remedy
├── UnknownAccountError     there is no such account
├── SignInRefusedError      name, password or code is wrong, or the account is disabled: never said which
├── TooManyGuessesError     too many wrong guesses; says when to try again
├── SessionEndedError       there is no such session, or it is over
├── WrongStepError          something else has to be done first, such as giving the code
├── AuditDetailError        something that the audit trail does not keep was given to it
└── AuditUnreadableError    the audit trail cannot be checked at all
"""

from __future__ import annotations


class StaffError(Exception):
    """Base of this room's errors."""


class AccountError(StaffError):
    """An account cannot be made or changed so.

    Attributes:
        field: What is wrong: `user_name`, `password`, `name`, `role_title`, `roles`, `code` or `account`.
    """

    def __init__(self, field: str, message: str) -> None:
        """Keep which field it is about."""
        super().__init__(message)
        self.field = field


class UnknownAccountError(StaffError):
    """There is no such account."""


class SignInRefusedError(StaffError):
    """Name, password or code is wrong, or the account is disabled."""


class TooManyGuessesError(StaffError):
    """Too many wrong guesses.

    Attributes:
        retry_after_seconds: After which it may be tried again.
    """

    def __init__(self, retry_after_seconds: int) -> None:
        """Keep when to try again."""
        super().__init__("too many guesses")
        self.retry_after_seconds = retry_after_seconds


class SessionEndedError(StaffError):
    """There is no such session, or it is over."""


class WrongStepError(StaffError):
    """Something else has to be done first, or this is done already."""


class AuditDetailError(StaffError):
    """Something that the audit trail does not keep was given to it."""


class AuditUnreadableError(StaffError):
    """The audit trail cannot be checked at all; says why."""
