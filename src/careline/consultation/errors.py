"""What can go wrong in a consultation.

ConsultationError
├── DialogueUnavailableError   the dialogue engine did not answer this turn
├── StaleTurnError             the turn's fencing token is no longer current
├── ErasedError                the patient had the conversation erased
├── ReplayError                a past consultation cannot be run again; says why
├── ReleaseError               a content release is not there
├── RefusedError               the request cannot be done as asked (has a code for the HTTP contract)
└── WordingError               a catalogued sentence is missing or lacks a value
"""

from __future__ import annotations


class ConsultationError(Exception):
    """Base of this room's errors. Never carries a patient's words."""


class DialogueUnavailableError(ConsultationError):
    """The dialogue engine was down, late, or answered without this turn's mark."""


class StaleTurnError(ConsultationError):
    """A turn was given up, answered or overtaken; what came late changed nothing."""


class ErasedError(ConsultationError):
    """The patient had the conversation erased."""


class ReplayError(ConsultationError):
    """A past consultation cannot be run again; says why, and what to do."""


class ReleaseError(ConsultationError):
    """A content release is not on disk; says which, and what to do."""


class WordingError(ConsultationError):
    """A catalogued sentence is missing, or lacks a value it needs."""


class RefusedError(ConsultationError):
    """A request that cannot be done as asked.

    Attributes:
        code: The problem code of the HTTP contract, such as `empty_text`.
        detail: What to do instead, in plain words; no patient's words.
        field: The field of the request that is at fault, where there is one.
    """

    def __init__(self, code: str, detail: str, *, field: str | None = None) -> None:
        """Keep the code, the remedy and the field."""
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.field = field
