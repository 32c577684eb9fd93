"""The test bench: what one message would lead to, by the code that patients meet; nothing is stored or logged.

The turn runs on a consultation that is thrown away. Only the dialogue engine is not asked: a message counts as a
question when its words ask one.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterable, Iterator

from careline.clinical.assessment import assess
from careline.clinical.doubted import doubted_flags
from careline.clinical.finding import Case, Finding, Presence
from careline.clinical.interview import next_danger_question, next_question
from careline.clinical.red_flags import has_card, raised_red_flags
from careline.clinical.understanding.message import MessageReading, read_message, spelt
from careline.clinical.understanding.normalise import SENTENCE_END
from careline.consultation.advising import search_filter
from careline.consultation.complaints import choose_complaints, report_by_findings
from careline.consultation.consultation import Asked, Consultation, House, Incoming, Stage
from careline.consultation.engine import respond
from careline.consultation.insight.bench_reading import (
    AskedNext,
    Asker,
    BenchReading,
    FlagInWords,
    RecognisedInWords,
    SeenInWords,
)
from careline.consultation.memory import Awaiting, Memory, memory_from, stored
from careline.consultation.ports import Intention
from careline.consultation.release import ContentRelease, ContentReleases
from careline.consultation.screening import Screened, screen, take_in
from careline.consultation.unread import language_not_read, only_red_flags, with_red_flags
from careline.guidance.search import SearchFilter
from careline.guidance.search_trace import SearchTrace

log = logging.getLogger(__name__)

MOST_CHARACTERS = 4000
_ASKED, _TYPED = 1, 2  # numbers of the message that asks what the matter is, and of the words


class MessageBench:
    """Reads messages as patients' are read."""

    def __init__(self, house: House, releases: ContentReleases) -> None:
        """Read with the release in force."""
        self._house = house
        self._releases = releases

    def read(self, text: str, asker: Asker) -> BenchReading:
        """Return what the words lead to; they are kept nowhere."""
        text = text[:MOST_CHARACTERS]
        release = self._releases.newest.in_language(asker.language)
        incoming = Incoming(_TYPED, Asked(_ASKED, Awaiting.COMPLAINT), text=text)
        fresh = self._consultation(text, asker, release)
        unread = language_not_read(fresh, incoming, release.lexicon)
        reading = _reading(incoming, release, is_unread=unread is not None)
        after, screened = _turn(fresh, incoming)
        told = _told(fresh, reading)
        book = release.book
        assessment = assess(told.memory.case, book)
        first = next_danger_question(told.memory.case, book, ()) or next_question(told.memory.case, book, ())
        protocols = [book.protocols[each].protocol for each in told.memory.complaints if each in book.protocols]
        return BenchReading(
            release=release.id,
            normalised=" ".join(word.text for word in spelt(text, release.lexicon) if word.text != SENTENCE_END),
            mended=tuple(_mended(text, release)),
            unread_language=unread,
            is_question=reading.is_question,
            declines=book.medicines.request_in(text),
            findings=tuple(_seen(text, reading, release)),
            flags=tuple(_flags(text, told, reading)),
            recognised=_recognised(text, release),
            screened=screened,
            protocols=tuple((protocol.id, protocol.title) for protocol in protocols),
            acuity=assessment.acuity if protocols else assessment.evidence,
            rules=tuple((reason.rule_id, reason.text) for reason in assessment.reasons),
            asked_next=_asked_next(after),
            first_of_protocol=AskedNext(
                first.question.id,
                first.question.text,
                first.question.why,
                tuple(option.title for option in first.question.options),
            )
            if first is not None and protocols
            else None,
            replies=tuple(draft.text for draft in after.drafts),
            search=_searched(text, search_filter(after, after.acuity, named=reading.complaints), release),
        )

    def _consultation(self, text: str, asker: Asker, release: ContentRelease) -> Consultation:
        memory = Memory(consented=True, awaiting=Awaiting.COMPLAINT)
        said = read_message(text, release.lexicon).findings
        memory.keep(memory.case.merged(_of_asker(asker, {finding.id for finding in said if finding.counts})))
        return Consultation(
            "bench",
            self._house,
            release,
            Stage.INTAKE,
            memory,
            locale=asker.language,
            country=asker.country,
            text_of=lambda number: text if number == _TYPED else None,
        )


def _of_asker(asker: Asker, said: set[str]) -> Iterator[Finding]:
    """Yield what is given of the person; what the words say of them themselves counts instead."""
    given = (("age_years", asker.age_years), ("sex", asker.sex))
    for finding_id, value in given:
        if value is not None and finding_id not in said:
            yield Finding(finding_id, value=value)
    if asker.pregnant is not None and "pregnant" not in said:
        yield Finding("pregnant", Presence.PRESENT if asker.pregnant else Presence.ABSENT)
    if any(value is not None for _, value in given) and "for_whom" not in said:
        yield Finding("for_whom", value="self")


def _copy(c: Consultation) -> Consultation:
    return dataclasses.replace(c, memory=memory_from(stored(c.memory)), drafts=[], effects=type(c.effects)())


def _turn(fresh: Consultation, incoming: Incoming) -> tuple[Consultation, Screened | None]:
    """Return the consultation after the message, and how the screen answered."""
    c = _copy(fresh)
    screened = screen(c, incoming, c.release)
    if screened is None:
        c = _copy(fresh)
        take_in(c, incoming, c.release)
        respond(Intention.TURN, c, incoming)
    return c, screened


def _reading(incoming: Incoming, release: ContentRelease, *, is_unread: bool) -> MessageReading:
    reading = read_message(incoming.text or "", release.lexicon)
    if is_unread:
        reading = only_red_flags(reading)
    is_read = release.language in release.book.languages.read and not is_unread
    return reading if is_read else with_red_flags(reading, incoming, release)


def _told(fresh: Consultation, reading: MessageReading) -> Consultation:
    """Return the consultation once all that the words say is known, and the protocols are chosen."""
    c = _copy(fresh)
    c.memory.keep(c.memory.case.merged(finding.in_message(_TYPED) for finding in reading.findings))
    c.memory.reported = list(reading.complaints)
    c.memory.words = c.text_of(_TYPED)
    if report_by_findings(c):
        choose_complaints(c)
    return c


def _mended(text: str, release: ContentRelease) -> Iterator[tuple[str, str]]:
    for word in spelt(text, release.lexicon):
        typed = text[word.start : word.end]
        plain = "".join(ch for ch in typed.lower() if ch.isalpha())
        if word.text.isalpha() and plain and plain != word.text and not word.is_mark:
            yield typed, word.text


def _words_at(text: str, start: int | None, end: int | None) -> str:
    return " ".join(text[start:end].split()) if start is not None and end is not None else ""


def _title(finding_id: str, release: ContentRelease) -> str:
    book = (release.original or release).book  # those who write content read it as its rules were written
    if finding_id in book.findings:
        return book.findings[finding_id].title
    return book.red_flags[finding_id].flag.title if finding_id in book.red_flags else finding_id


def _seen(text: str, reading: MessageReading, release: ContentRelease) -> Iterator[SeenInWords]:
    for finding in reading.findings:
        is_placed = finding.start is not None and finding.end is not None
        yield SeenInWords(
            id=finding.id,
            title=_title(finding.id, release),
            presence=finding.presence,
            subject=finding.subject,
            timing=finding.timing,
            value=finding.value,
            words=_words_at(text, finding.start, finding.end),
            place=(finding.start or 0, finding.end or 0) if is_placed else None,
            counts=finding.counts,
        )


def _flags(text: str, told: Consultation, reading: MessageReading) -> Iterator[FlagInWords]:
    doubted = doubted_flags(reading, Case(), told.release.book)
    for raised in raised_red_flags(told.memory.case, told.release.book):
        behind = [one for one in reading.findings if one.id in raised.because_of and one.counts]
        yield FlagInWords(
            id=raised.flag.id,
            title=raised.flag.title,
            acuity=raised.flag.acuity,
            by_own_words=raised.flag.id in raised.because_of,
            because_of=tuple(_title(each, told.release) for each in raised.because_of if each != raised.flag.id),
            words=_distinct(_words_at(text, one.start, one.end) for one in behind),
            has_card=has_card(raised.flag),
            is_doubted=raised.flag.id in doubted,
        )


def _recognised(text: str, release: ContentRelease) -> RecognisedInWords | None:
    """Return what the recogniser says by itself; None where there is none."""
    recogniser, book = release.recogniser, release.book
    if recogniser is None:
        return None
    try:
        found = recogniser.recognise(text, {flag for flag, one in book.red_flags.items() if has_card(one.flag)})
    except Exception:  # noqa: BLE001 - as above
        log.warning("recogniser failed at the test bench")
        return None
    calibration = recogniser.model.manifest.calibration
    bands = calibration.flag_bands.get(found.flags[0], calibration.bands) if found.flags else calibration.bands
    return RecognisedInWords(
        score=found.score,
        band=found.band,
        flags=tuple((flag, _title(flag, release)) for flag in found.flags),
        card_from=bands.card,
        question_from=bands.question,
        words=_distinct(_words_at(text, start, end) for start, end in found.quotes),
    )


def _searched(text: str, filters: SearchFilter, release: ContentRelease) -> SearchTrace | None:
    """Return what a search comes to; None where guidance cannot be used. Its errors might quote the words."""
    if release.guidance is None:
        return None
    try:
        return release.guidance.trace(text, filters)
    except Exception:  # noqa: BLE001 - whatever is wrong with guidance, the rest can be seen
        log.warning("guidance failed at the test bench")
        return None


def _asked_next(c: Consultation) -> AskedNext | None:
    asking = [draft for draft in c.drafts if draft.awaiting is not None]
    if not asking:
        return None
    last = asking[-1]
    data = last.data or {}
    return AskedNext(
        str(data.get("question_id", last.question_id or "")),
        last.text,
        str(data.get("why", "")),
        tuple(option.title for option in last.options),
    )


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in words if each))
