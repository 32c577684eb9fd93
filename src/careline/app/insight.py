"""Wiring what editors see of how their content does."""

from __future__ import annotations

import threading

from careline.app.content_checks import TextChecks
from careline.app.services import Careline
from careline.clinical.errors import ContentError
from careline.clinical.rulebook import RuleBook
from careline.clinical.understanding.redaction import redacted
from careline.consoles.editor.insight_services import DraftRefusedError, InsightServices
from careline.consultation.insight.figures import InsightFigures
from careline.consultation.insight.gaps import KnowledgeGaps
from careline.consultation.insight.message_bench import MessageBench
from careline.consultation.insight.protocol_trial import run_trial
from careline.consultation.release import ContentReleases
from careline.consultation.wording import DEFAULT_LANGUAGE
from careline.escalation.verdict_review import VerdictReviews
from careline.staff.services import Staff


def build_insight(careline: Careline) -> InsightServices:
    """Return the services behind the pages that show how content does."""
    staff = careline.staff
    house = careline.house
    checks = TextChecks(careline.editorial.editing, house.wording, careline.settings.knowledge_dir, house.now)
    drafts = _DraftBooks(checks)
    return InsightServices(
        bench=MessageBench(careline.house, careline.releases),
        bench_of_prepared=_PreparedBench(careline).bench,
        try_live=lambda protocol, answers: run_trial(careline.releases.newest.book, protocol, answers),
        try_text=lambda protocol, path, text, answers: run_trial(drafts.book(path, text), protocol, answers),
        gaps=KnowledgeGaps(
            careline.database, careline.releases, careline.content.encoder, staff.audit.record, careline.house.now
        ),
        verdicts=VerdictReviews(careline.database, staff.audit.record, careline.house.now),
        figures=InsightFigures(careline.database),
        redact=lambda text: redacted(text, careline.releases.newest.lexicon.speller),
        record_view=lambda who, action, what, count: _record_view(staff, who, action, what, count),
        languages=lambda: languages_of(careline),
        countries=lambda: {code: one.name for code, one in careline.releases.newest.book.countries.items()},
        now=careline.house.now,
    )


class _PreparedBench:
    """A bench that reads by the release that was prepared last; that one is kept until it is in force, or gone."""

    def __init__(self, careline: Careline) -> None:
        self._careline = careline
        self._last: tuple[str, MessageBench] | None = None
        self._lock = threading.Lock()

    def bench(self) -> MessageBench | None:
        """Return it; None where nothing was prepared that is not in force."""
        newest = self._careline.editorial.publishing.preparations.newest()
        prepared = newest.made.release_id if newest is not None and newest.state == "ready" else None
        with self._lock:
            if prepared is None or prepared == self._careline.releases.newest.id:
                self._last = None  # a whole release is not held for nobody
                return None
            if self._last is None or self._last[0] != prepared:
                content = self._careline.content
                release = content.files.load(prepared, content.encoder)
                if release is None:
                    return None
                releases = ContentReleases(release, lambda _id: None)
                self._last = prepared, MessageBench(self._careline.house, releases)
            return self._last[1]


class _DraftBooks:
    """The rules with one text in place, the last kept: an interview asks for the same again with each answer."""

    def __init__(self, checks: TextChecks) -> None:
        self._checks = checks
        self._last: tuple[str, str, RuleBook] | None = None
        self._lock = threading.Lock()

    def book(self, path: str, text: str) -> RuleBook:
        """Return the rules.

        Raises:
            DraftRefusedError: They cannot be loaded.
        """
        with self._lock:
            last = self._last
            if last is None or last[:2] != (path, text):
                try:
                    last = path, text, self._checks.book_with(path, text)
                except ContentError as error:
                    raise DraftRefusedError(str(error).splitlines()) from None
                self._last = last
            return last[2]


def _record_view(staff: Staff, who: str, action: str, what: str, count: int) -> None:
    with staff.database.write() as session:
        staff.audit.record(session, who, action, what, {"shown": count})


def languages_of(careline: Careline) -> dict[str, str]:
    """Return the languages in which a consultation can be held: code and name."""
    book = careline.releases.newest.book
    held = (*book.languages.read, *book.in_languages)
    return {code: "English" if code == DEFAULT_LANGUAGE else book.languages.names.get(code, code) for code in held}
