"""Wiring what editors see of how their content does."""

from __future__ import annotations

from careline.app.services import Careline
from careline.consoles.editor.insight_services import InsightServices
from careline.consultation.insight.message_bench import MessageBench
from careline.consultation.wording import DEFAULT_LANGUAGE


def build_insight(careline: Careline) -> InsightServices:
    """Return the services behind the pages that show how content does."""
    return InsightServices(
        bench=MessageBench(careline.house, careline.releases),
        languages=lambda: _languages(careline),
        countries=lambda: {code: one.name for code, one in careline.releases.newest.book.countries.items()},
        now=careline.house.now,
    )


def _languages(careline: Careline) -> dict[str, str]:
    book = careline.releases.newest.book
    held = (*book.languages.read, *book.in_languages)
    return {code: "English" if code == DEFAULT_LANGUAGE else book.languages.names.get(code, code) for code in held}
