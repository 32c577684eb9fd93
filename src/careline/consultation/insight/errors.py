"""What cannot be done with what editors see.

InsightError
├── UnknownGapError
└── DecisionError
"""

from __future__ import annotations


class InsightError(Exception):
    """Something cannot be shown or decided."""


class UnknownGapError(InsightError):
    """There is no such gap, or its questions have been erased."""


class DecisionError(InsightError):
    """A decision lacks something; the text says what."""
