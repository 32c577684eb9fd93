"""What the pages work with that show how content does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from careline.consultation.insight.figures import InsightFigures
from careline.consultation.insight.gaps import KnowledgeGaps
from careline.consultation.insight.message_bench import MessageBench
from careline.consultation.insight.protocol_trial import Answer, Trial
from careline.escalation.verdict_review import VerdictReviews


class DraftRefusedError(Exception):
    """A draft cannot be used as it is.

    Attributes:
        problems: A line for each: file, key, remedy.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        """Take the problems."""
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(frozen=True)
class InsightServices:
    """The services behind these pages.

    Attributes:
        bench: Reads a message as a patient's is read.
        bench_of_prepared: Likewise by the release that was prepared last; None where there is none, or it is in force.
        try_live: Runs the interview of a protocol of the release in force.
        try_text: Likewise of a text that is being edited: protocol, path, text, answers. Raises `DraftRefusedError`.
        gaps: What patients asked and no article answered.
        verdicts: What clinicians called too high or too low.
        figures: Counts over a span of days.
        redact: Takes out of somebody's words what may tell who a patient is.
        record_view: Puts on record that an account was shown something: id, action, object, number of things.
        languages: In which a consultation can be held: code and name.
        countries: That have telephone numbers of their own: code and name.
    """

    bench: MessageBench
    bench_of_prepared: Callable[[], MessageBench | None]
    try_live: Callable[[str, Sequence[Answer]], Trial | None]
    try_text: Callable[[str, str, str, Sequence[Answer]], Trial | None]
    gaps: KnowledgeGaps
    verdicts: VerdictReviews
    figures: InsightFigures
    redact: Callable[[str], str]
    record_view: Callable[[str, str, str, int], None]
    languages: Callable[[], Mapping[str, str]]
    countries: Callable[[], Mapping[str, str]]
    now: Callable[[], dt.datetime]


def insight_services(request: Request) -> InsightServices:
    """Return what the pages work with."""
    services: InsightServices = request.app.state.insight
    return services


Insight = Annotated[InsightServices, Depends(insight_services)]
