"""What can go wrong in the guidance room.

GuidanceError
├── ArticleError          an article or another file of guidance cannot be used: names file, key and remedy
├── EncoderError          the encoder's weights or its exported model are missing or not the ones expected
├── IndexBuildError       a snapshot cannot be built from these articles
└── IndexUnusableError    a snapshot is missing, incomplete or altered
    └── IndexMismatchError    it was built with another encoder than the one that would search it
"""

from __future__ import annotations


class GuidanceError(Exception):
    """Base of this room's errors. Never carries a patient's question."""


class ArticleError(GuidanceError):
    """A file of guidance cannot be used.

    Attributes:
        problems: One line each: file, key, what is wrong, what to do.
    """

    def __init__(self, *problems: str) -> None:
        """Keep all problems, so that one run shows them all."""
        super().__init__("\n".join(problems))
        self.problems = problems


class EncoderError(GuidanceError):
    """The encoder cannot be built or used; says which file and what to do."""


class IndexBuildError(GuidanceError):
    """A snapshot cannot be built; says which passage and what to do."""


class IndexUnusableError(GuidanceError):
    """A snapshot is missing, incomplete or altered, so nothing is answered from it."""


class IndexMismatchError(IndexUnusableError):
    """A snapshot holds the vectors of another encoder; its similarities would mean nothing."""
