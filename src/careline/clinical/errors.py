"""What can go wrong in the clinical room.

ClinicalError
├── ContentError       a file in knowledge/ cannot be used: names file, key and remedy
├── AnswerError        an answer does not fit its question
└── RecogniserError    the trained recogniser cannot be used: the screen goes on without it
"""

from __future__ import annotations


class ClinicalError(Exception):
    """Base of this room's errors."""


class ContentError(ClinicalError):
    """Clinical content cannot be used. Careline does not start with it.

    Attributes:
        problems: One line each: file, key, what is wrong, what to do.
    """

    def __init__(self, *problems: str) -> None:
        """Keep all problems, so that one run shows them all."""
        super().__init__("\n".join(problems))
        self.problems = problems


class AnswerError(ClinicalError):
    """An answer does not fit its question.

    Attributes:
        code: The problem code of the HTTP contract.
    """

    def __init__(self, code: str, detail: str) -> None:
        """Keep the code and the remedy; never the patient's words."""
        super().__init__(detail)
        self.code = code
        self.detail = detail


class RecogniserError(ClinicalError):
    """A trained recogniser cannot be used; names file and remedy. The screen goes on without it."""
