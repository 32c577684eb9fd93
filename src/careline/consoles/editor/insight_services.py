"""What the pages work with that show how content does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from careline.consultation.insight.gaps import KnowledgeGaps
from careline.consultation.insight.message_bench import MessageBench


@dataclass(frozen=True)
class InsightServices:
    """The services behind these pages.

    Attributes:
        bench: Reads a message as a patient's is read.
        gaps: What patients asked and no article answered.
        record_view: Puts on record that an account was shown something: id, action, object, number of things.
        languages: In which a consultation can be held: code and name.
        countries: That have telephone numbers of their own: code and name.
    """

    bench: MessageBench
    gaps: KnowledgeGaps
    record_view: Callable[[str, str, str, int], None]
    languages: Callable[[], Mapping[str, str]]
    countries: Callable[[], Mapping[str, str]]
    now: Callable[[], dt.datetime]


def insight_services(request: Request) -> InsightServices:
    """Return what the pages work with."""
    services: InsightServices = request.app.state.insight
    return services


Insight = Annotated[InsightServices, Depends(insight_services)]
