"""The screen: every message is looked at for red flags before anything else; needs no dialogue engine or index."""

from __future__ import annotations

import contextlib
import dataclasses
import enum
from collections.abc import Callable, Iterator, Sequence

from careline.clinical.assessment import evidence_acuity
from careline.clinical.finding import Case, Finding, Presence
from careline.clinical.recognition.recogniser import Band
from careline.clinical.red_flags import RaisedFlag, emergency_flags, raised_red_flags
from careline.clinical.understanding.message import MessageReading, read_message
from careline.consultation.advising import assess_and_advise
from careline.consultation.answering import merge_reading, settle_question
from careline.consultation.asking import proceed
from careline.consultation.calls import only_calls, say_here
from careline.consultation.cards import show_cards
from careline.consultation.complaints import take_up
from careline.consultation.consultation import Consultation, Effects, Incoming, Stage
from careline.consultation.contact import doubt_whether_safe, keep_number_amid, take_contact_unread
from careline.consultation.doubting import as_answered, asked_first, with_doubted
from careline.consultation.memory import Awaiting, memory_from, stored
from careline.consultation.recognising import doubts_kept, findings_recognised, quoted, raised_by, recognised
from careline.consultation.release import ContentRelease
from careline.consultation.requests import note_wish_amid_safety
from careline.consultation.safety_answer import is_safety_answer, leave_open, note_whether_watched, safety_answer
from careline.consultation.safety_question import ask_safety, flags_asked, ids_asked
from careline.consultation.typed_reply import asks_for_person
from careline.consultation.unread import (
    answer_unread,
    is_known_to_report_nothing,
    language_not_read,
    note_unread,
    only_red_flags,
    say_in_their_language,
    with_red_flags,
)

_NO_SCORE = -1e6  # below any of the recogniser's
_SHORT_ANSWER_WORDS = 4  # of an answer that was understood: there is nothing more in it
_NOTHING = MessageReading(findings=(), complaints=(), red_flags=(), is_question=False, said_nothing=True)


class Screened(enum.StrEnum):
    """How the screen itself answered a message."""

    CARD = "card"
    SAFETY = "safety"  # a closed question
    UNREAD = "unread"  # in a language that is not read


def screen(c: Consultation, incoming: Incoming, newest: ContentRelease) -> Screened | None:
    """Answer an emergency, or words that may be one, or that cannot be read, at once; return how.

    None when it is none of these; `c` is then thrown away. The newest release screens, whatever release the
    consultation keeps.

    Raises:
        RefusedError: A button's value does not fit its question.
    """
    newest = newest.in_language(c.language)
    language = language_not_read(c, incoming, newest.lexicon) if c.stage is not Stage.WITH_CLINICIAN else None
    if language is not None:
        return _screen_unread(c, incoming, newest, language)
    before, reported = c.memory.case, list(c.memory.reported)
    reading = _reading_of(incoming, newest)
    if c.language not in newest.book.languages.read:  # names of medicines, a place: what else they say is looked at too
        reading = with_red_flags(reading, incoming, newest)
    doubted = () if is_safety_answer(incoming) else asked_first(c, reading, newest.book)
    told = as_answered(c, incoming, reading, newest)
    reading = told.without_doubtful() if doubted else told
    merge_reading(c, reading, incoming.number)
    answered = settle_question(c, incoming)
    if answered and doubted:  # what stands beside an answer is not doubted: no card may hide it
        doubted, reading = (), told
        merge_reading(c, reading, incoming.number)
    raised = (*_confirmed_flags(c, incoming, newest), *_fresh_flags(c, before, reading, newest))
    if raised:
        _answer_by_card(c, incoming, tuple({item.flag.id: item for item in raised}.values()), newest)
        return Screened.CARD
    if answered and c.memory.complaints:
        evidence = evidence_acuity(c.memory.case, c.release.book)
        if evidence.is_emergency and (c.acuity is None or evidence > c.acuity):
            assess_and_advise(c)
            return Screened.CARD if c.memory.awaiting is Awaiting.EMERGENCY_REPLY else None
    is_settled = is_safety_answer(incoming) or (answered and _is_short(incoming))
    if not doubted and (is_settled or is_known_to_report_nothing(c, incoming)):
        return None
    tells = bool(reading.findings or reading.complaints) or c.memory.awaiting is Awaiting.COMPLAINT
    return _look_again(c, incoming, newest, doubted, lambda: _keep_words(c, incoming, before, reported, tells=tells))


def _screen_unread(c: Consultation, incoming: Incoming, newest: ContentRelease, language: str) -> Screened:
    """Answer a message that is not in a language we read: by a card where words of ours in it raise a flag."""
    before = c.memory.case
    reading = with_red_flags(only_red_flags(_reading_of(incoming, newest)), incoming, newest)
    merge_reading(c, reading, incoming.number)
    raised = _fresh_flags(c, before, reading, newest)
    if not raised:
        if c.memory.awaiting is Awaiting.CONTACT and incoming.text is not None:
            take_contact_unread(c, incoming.number, incoming.text, language)
        else:
            answer_unread(c, incoming, language)
        return Screened.UNREAD
    note_unread(c, incoming.number, language)  # the rest of it was not read either
    say_in_their_language(c, language)
    _answer_by_card(c, incoming, raised, newest)
    return Screened.CARD


def _answer_by_card(
    c: Consultation,
    incoming: Incoming,
    raised: Sequence[RaisedFlag],
    newest: ContentRelease,
    quote: str | None = None,
) -> None:
    if not keep_number_amid(c, incoming):
        c.memory.words = c.memory.words or incoming.text
    if incoming.asked is not None and is_safety_answer(incoming):
        answer = safety_answer(incoming, newest)
        note_whether_watched(c, incoming, answer)
        if answer == "unsure":  # words that raise another card leave open what was asked
            shown = {item.flag.id for item in raised}
            asked = (flag for flag in ids_asked(incoming.asked.question_id) if flag not in shown)
            leave_open(c, incoming, tuple(asked))
    with _screened_by(c, newest):
        evidence = evidence_acuity(c.memory.case, c.release.book) if c.memory.complaints else None
        show_cards(c, raised, evidence, quote=quote)
    doubt_whether_safe(c)
    if not c.final and c.stage is not Stage.WITH_CLINICIAN:  # a card that leaves time: the questions go on
        take_up(c, [item.flag.protocol for item in raised if item.flag.protocol is not None])
        proceed(c)


@contextlib.contextmanager
def _screened_by(c: Consultation, newest: ContentRelease) -> Iterator[None]:
    """Lend the consultation the newest release's rules."""
    kept = c.release
    c.release = dataclasses.replace(c.release, book=newest.book) if c.release is not newest else newest
    yield
    c.release = kept


def _confirmed_flags(c: Consultation, incoming: Incoming, newest: ContentRelease) -> tuple[RaisedFlag, ...]:
    """Return the flags that a yes to a safety question raises: as their own words would have."""
    if incoming.asked is None or not is_safety_answer(incoming) or safety_answer(incoming, newest) != "yes":
        return ()
    flags = [flag.id for flag in flags_asked(incoming.asked.question_id, newest.book)]
    c.memory.keep(c.memory.case.merged(Finding(flag, message_id=incoming.number) for flag in flags))
    c.memory.unsure_flags = [flag for flag in c.memory.unsure_flags if flag not in flags]
    c.log("safety_answered", red_flags=flags, answer="yes")
    return raised_by(flags, newest.book)


def _keep_words(c: Consultation, incoming: Incoming, before: Case, reported: list[str], *, tells: bool) -> None:
    """Keep what a message told besides; before consent it is only screened, and kept until the patient agrees."""
    memory = c.memory
    if not memory.consented:
        memory.keep(before)
        memory.reported = reported
        memory.held.append(incoming.number)
    elif tells:
        memory.words = memory.words or incoming.text


def _look_again(
    c: Consultation,
    incoming: Incoming,
    newest: ContentRelease,
    doubted: tuple[str, ...],
    keep_words: Callable[[], None],
) -> Screened | None:
    """Answer by card or safety question what is doubted, and what only the recogniser sees; None without either."""
    found = with_doubted(recognised(c, incoming, newest), doubted)
    if found.band is Band.NONE or incoming.text is None:
        return None
    if doubted:
        c.log("doubted", red_flags=list(doubted))
    c.log("recognised", red_flags=list(found.flags), band=found.band.value, score=round(found.score, 2))
    if found.band is Band.CARD:
        c.memory.keep(c.memory.case.merged(findings_recognised(found, incoming.number)))
        quote = quoted(incoming.text, found.quotes)
        _answer_by_card(c, incoming, raised_by(found.flags, newest.book), newest, quote)
        return Screened.CARD
    if c.stage is Stage.WITH_CLINICIAN:
        return None  # a person reads it; the assistant asks nothing between
    keep_words()
    keep_number_amid(c, incoming)
    doubts_kept(c, incoming, newest)
    memory = c.memory
    if memory.awaiting is not Awaiting.SAFETY:
        memory.before_safety = (memory.awaiting, memory.awaiting_question)
    memory.safety_asked |= {flag: found.score for flag in found.flags if flag not in doubted}
    for flag in doubted:  # open until it is answered; a score it has none
        memory.safety_asked.setdefault(flag, _NO_SCORE)
        memory.unsure_flags += [flag] if flag not in memory.unsure_flags else []
    memory.safety_questions += 1
    if memory.consented and not memory.wants_human and asks_for_person(c, incoming.text):
        note_wish_amid_safety(c)  # else it would be lost behind the question
    if only_calls(c, incoming.text):
        say_here(c, has_number=True)  # the question has it
    with _screened_by(c, newest):
        ask_safety(c, [newest.book.red_flags[flag].flag for flag in found.flags])
    return Screened.SAFETY


def take_in(c: Consultation, incoming: Incoming, newest: ContentRelease) -> None:
    """Merge what free words said into the case, once the patient has consented; keep what is to be asked later."""
    # Where a clinician reads on, the screen has left such a message to them.
    language = language_not_read(c, incoming, c.release.lexicon) if c.stage is Stage.WITH_CLINICIAN else None
    if language is not None:
        note_unread(c, incoming.number, language)
        return
    if incoming.text is None:
        return
    if c.memory.consented:
        reading = as_answered(c, incoming, _reading_of(incoming, c.release), c.release)
        merge_reading(c, reading, incoming.number)
    if c.stage is not Stage.WITH_CLINICIAN and not is_safety_answer(incoming) and not _only_answers(c, incoming):
        doubts_kept(c, incoming, newest.in_language(c.language))


def _only_answers(c: Consultation, incoming: Incoming) -> bool:
    """Return whether the words are no more than the answer to what was asked; `c` stays as it is."""
    if not _is_short(incoming):
        return False
    tried = dataclasses.replace(c, memory=memory_from(stored(c.memory)), drafts=[], effects=Effects())
    return settle_question(tried, incoming)


def _reading_of(incoming: Incoming, release: ContentRelease) -> MessageReading:
    if incoming.text is None:
        return _NOTHING
    return incoming.reading if incoming.reading is not None else read_message(incoming.text, release.lexicon)


def _fresh_flags(
    c: Consultation, before: Case, reading: MessageReading, newest: ContentRelease
) -> Sequence[RaisedFlag]:
    """Return emergency flags that this message raises, or names again."""
    after = c.memory.case
    named = {found.id for found in reading.findings if found.counts and found.presence is Presence.PRESENT}
    return [
        item
        for item in emergency_flags(raised_red_flags(after, newest.book))
        if item.flag.id not in c.memory.shown_flags
        or item.flag.id in reading.red_flags
        or any(finding_id in named or _is_new(finding_id, before, after) for finding_id in item.because_of)
    ]


def _is_short(incoming: Incoming) -> bool:
    return incoming.text is None or len(incoming.text.split()) <= _SHORT_ANSWER_WORDS


def _is_new(finding_id: str, before: Case, after: Case) -> bool:
    return (
        after.presence(finding_id) is Presence.PRESENT and before.presence(finding_id) is not Presence.PRESENT
    )  # fmt: skip
