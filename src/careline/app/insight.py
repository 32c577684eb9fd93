"""Wiring what editors see of how their content does."""

from __future__ import annotations

from careline.app.services import Careline
from careline.consoles.editor.insight_services import InsightServices
from careline.consultation.insight.gaps import KnowledgeGaps
from careline.consultation.insight.message_bench import MessageBench
from careline.consultation.wording import DEFAULT_LANGUAGE
from careline.staff.services import Staff


def build_insight(careline: Careline) -> InsightServices:
    """Return the services behind the pages that show how content does."""
    staff = careline.staff
    return InsightServices(
        bench=MessageBench(careline.house, careline.releases),
        gaps=KnowledgeGaps(
            careline.database, careline.releases, careline.content.encoder, staff.audit.record, careline.house.now
        ),
        record_view=lambda who, action, what, count: _record_view(staff, who, action, what, count),
        languages=lambda: _languages(careline),
        countries=lambda: {code: one.name for code, one in careline.releases.newest.book.countries.items()},
        now=careline.house.now,
    )


def _record_view(staff: Staff, who: str, action: str, what: str, count: int) -> None:
    with staff.database.write() as session:
        staff.audit.record(session, who, action, what, {"shown": count})


def _languages(careline: Careline) -> dict[str, str]:
    book = careline.releases.newest.book
    held = (*book.languages.read, *book.in_languages)
    return {code: "English" if code == DEFAULT_LANGUAGE else book.languages.names.get(code, code) for code in held}
