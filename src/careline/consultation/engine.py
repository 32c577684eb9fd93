"""The interview engine: carries out what the dialogue engine understood the patient to want."""

from __future__ import annotations

from collections.abc import Callable

from careline.clinical.finding import Presence
from careline.clinical.understanding.courtesies import may_be_courtesy
from careline.consultation.answering import read, settle_question
from careline.consultation.asking import (
    COUNTRY_QUESTION,
    ask,
    ask_again,
    ask_complaint_choice,
    proceed,
    question_by_id,
    say_not_understood,
)
from careline.consultation.awaited import BY_AWAITED, BY_WORDS, after_answer, take_consent_words
from careline.consultation.calls import answer_call, answer_call_amid_safety, only_calls, say_here
from careline.consultation.cards import call_line, crisis_lines, is_in_crisis_alone, of_whom, remind_of_emergency
from careline.consultation.complaints import begin_complaint
from careline.consultation.consultation import Asked, Consultation, Incoming, Stage
from careline.consultation.contact import take_contact_words
from careline.consultation.memory import Awaiting
from careline.consultation.phone_numbers import country_in
from careline.consultation.ports import Intention
from careline.consultation.questions import answer_question
from careline.consultation.requests import (
    acknowledge_thanks,
    explain_on_request,
    greet_again,
    note_wish_amid_safety,
    request_human,
    start_over,
    stop,
    summarise_on_request,
    take_feedback,
)
from careline.consultation.safety_answer import is_no_answer, is_safety_answer, take_safety_answer
from careline.consultation.typed_reply import asks_for_person, asks_why, request_in
from careline.consultation.unread import answer_few_unread, is_few_foreign

_SHORT_ANSWER_WORDS = 3
_COMMANDS = frozenset(
    {
        Intention.REQUEST_HUMAN,
        Intention.START_OVER,
        Intention.STOP,
        Intention.EXPLAIN,
        Intention.SUMMARISE,
        Intention.CORRECT_ANSWER,
        Intention.ANSWER_QUESTION,
    }
)
_REQUESTS_AT_SAFETY = frozenset(
    {Intention.REQUEST_HUMAN, Intention.START_OVER, Intention.STOP, Intention.EXPLAIN, Intention.SUMMARISE}
)
_SAYS_LITTLE = frozenset({Intention.ACKNOWLEDGE_THANKS, Intention.GREET, Intention.REDIRECT, Intention.TAKE_FEEDBACK})
_COURTESIES = frozenset({Intention.ACKNOWLEDGE_THANKS, Intention.GREET})
_ANSWERS = frozenset({Intention.RECORD_ANSWER, Intention.TURN})


def respond(intention: Intention, c: Consultation, incoming: Incoming) -> None:
    """Carry out one intention for one message; what to say and do is left in `c`.

    Raises:
        RefusedError: A button's value does not fit what it answers.
    """
    intention = request_in(c, incoming) or intention
    if intention in _COURTESIES and incoming.text is not None and not may_be_courtesy(incoming.text):
        intention = Intention.TURN  # words that the classifier does not know: they may report something
    if intention in _SAYS_LITTLE and incoming.text is not None and is_few_foreign(c, incoming.text):
        intention = Intention.TURN
    if intention is Intention.ANSWER_QUESTION and _may_tell_complaint(c, incoming):
        intention = Intention.TURN  # else who tells their problem is given articles, and asked for it for ever
    was_awaited = (c.memory.awaiting, c.memory.awaiting_question)
    if c.stage is Stage.CLOSED:
        c.send("notice", "\n".join([c.wording("closed-already"), call_line(c)]))
    elif is_safety_answer(incoming):
        _take_at_safety(intention, c, incoming)
    elif incoming.text is None:
        _take_button(c, incoming)
        _return_to_safety(c, was_awaited)
    elif not c.memory.consented and c.memory.awaiting is Awaiting.CONSENT:
        take_consent_words(c, incoming, incoming.text)
    elif _answers_earlier_question(c, incoming):
        after_answer(c)
    elif only_calls(c, incoming.text):
        _take_call(intention, c, incoming)
    elif intention not in _COMMANDS - {Intention.ANSWER_QUESTION} and _asks_only_for_a_medicine(c, incoming.text):
        answer_question(c, incoming.text)
    elif _is_plain_answer(intention, c, incoming, incoming.text):
        after_answer(c)
    elif c.memory.awaiting is Awaiting.CONTACT and intention not in _COMMANDS:
        take_contact_words(c, incoming, incoming.text)
    else:
        _BY_INTENTION[intention](c, incoming, incoming.text)


def _may_tell_complaint(c: Consultation, incoming: Incoming) -> bool:
    """Whether the problem was asked for, and the words are no question as we read them, whatever a classifier says."""
    if c.memory.awaiting not in (Awaiting.COMPLAINT, Awaiting.COMPLAINT_CHOICE) or incoming.text is None:
        return False
    return not read(c, incoming.text).is_question


def _take_at_safety(intention: Intention, c: Consultation, incoming: Incoming) -> None:
    """Take what comes while a safety question stands: its answer, a call, or a request, which answers nothing.

    No classifier is asked then, so a request is a command, or words that are known to be one. Of an earlier answer
    that was edited one may have been asked: whatever it made of the words, they change the answer.
    """
    stands = incoming.asked is not None and incoming.asked.is_current
    if incoming.text is None:
        take_safety_answer(c, incoming)
    elif stands and intention in _REQUESTS_AT_SAFETY:
        _BY_INTENTION[intention](c, incoming, incoming.text)
    elif stands and _wants_person_too(c, incoming.text):
        _take_wish_for_person(c, incoming)
    elif stands and c.memory.consented and asks_why(c, incoming.text):
        explain_on_request(c, incoming)
    elif not (only_calls(c, incoming.text) and answer_call_amid_safety(c)):
        take_safety_answer(c, incoming)


def _take_wish_for_person(c: Consultation, incoming: Incoming) -> None:
    """Hear the wish for a person, and the answer to the safety question that stands beside it, if there is one."""
    if is_no_answer(incoming, c.release):
        request_human(c, incoming)
    else:
        note_wish_amid_safety(c)
        take_safety_answer(c, incoming)


def _wants_person_too(c: Consultation, text: str) -> bool:
    """Return whether the words at a safety question ask for a person: heard once, so that it ends."""
    return c.memory.consented and not c.memory.wants_human and asks_for_person(c, text)


def _take_call(intention: Intention, c: Consultation, incoming: Incoming) -> None:
    """Answer a call, whatever a classifier made of it; a human that it may have asked for is asked for."""
    if intention is Intention.REQUEST_HUMAN:
        say_here(c)
        request_human(c, incoming)
    else:
        answer_call(c)


def _is_plain_answer(intention: Intention, c: Consultation, incoming: Incoming, text: str) -> bool:
    """Settle the pending question when the words answer it, whatever a classifier made of them.

    A command is obeyed unless the words are as short as an answer; a question of the patient's is not an answer.
    """
    is_short = len(text.split()) <= _SHORT_ANSWER_WORDS
    compiled = question_by_id(c, c.memory.awaiting_question) if c.memory.awaiting_question else None
    if compiled is None or (intention in _COMMANDS and not is_short):
        return False
    if compiled.question.input == "text" and (intention in _COMMANDS or read(c, text).is_question):
        return False
    if compiled.question.id == COUNTRY_QUESTION and intention not in _ANSWERS:
        return country_in(text, c.release.book) is not None and settle_question(c, incoming)
    return settle_question(c, incoming)


def _answers_earlier_question(c: Consultation, incoming: Incoming) -> bool:
    """Settle an earlier question anew by words that are known to belong to it (a message was edited): a correction."""
    return incoming.asked is not None and not incoming.asked.is_current and settle_question(c, incoming)


def _asks_only_for_a_medicine(c: Consultation, text: str) -> bool:
    """Whether the words ask for an amount or a prescription and name no complaint, whatever a classifier made of them.

    What else they tell (of whom, what else is taken) the screen has kept. Where free words are awaited ("Which
    medicines do you take?"), they are the answer.
    """
    compiled = question_by_id(c, c.memory.awaiting_question) if c.memory.awaiting_question else None
    if c.memory.awaiting in (Awaiting.CONTACT, Awaiting.SAFE_TO_CALL) or (
        compiled is not None and compiled.question.input == "text"
    ):
        return False
    return c.release.book.medicines.request_in(text) is not None and not read(c, text).complaints


def _take_button(c: Consultation, incoming: Incoming) -> None:
    asked = incoming.asked
    if asked is not None and asked.awaiting is Awaiting.QUESTION:
        settle_question(c, incoming)
        after_answer(c)
    elif asked is not None:
        BY_AWAITED[asked.awaiting](c, incoming)


def _return_to_safety(c: Consultation, was_awaited: tuple[Awaiting, str | None]) -> None:
    """Ask a safety question again that an older button came before."""
    awaiting, question_id = was_awaited
    if awaiting is Awaiting.SAFETY and c.stage is not Stage.CLOSED and c.memory.awaiting is not Awaiting.SAFETY:
        c.memory.before_safety = (c.memory.awaiting, c.memory.awaiting_question)
        c.memory.awaiting, c.memory.awaiting_question = awaiting, question_id
        ask_again(c)


# Words: what is awaited decides first, then what was understood.
def _take_words(c: Consultation, incoming: Incoming, text: str) -> None:
    """Read words against what is awaited; then as a report; then as a question; else say so."""
    if incoming.asked is not None and incoming.asked.awaiting in BY_WORDS:
        if not BY_WORDS[incoming.asked.awaiting](c, incoming, text):
            _take_report_or_question(c, incoming, text)
    else:
        _take_report_or_question(c, incoming, text)


def _take_report_or_question(c: Consultation, incoming: Incoming, text: str) -> None:
    reading = read(c, text)
    if reading.is_question:
        answer_question(c, text)
    elif reading.complaints or any(finding.presence is Presence.PRESENT for finding in reading.findings):
        _take_report(c, incoming, text)
    elif not answer_few_unread(c, incoming):
        say_not_understood(c)


def _take_report(c: Consultation, incoming: Incoming, text: str) -> None:
    """Take what the patient reports, at any point; go on with the interview."""
    memory = c.memory
    reading = read(c, text)
    new = [complaint for complaint in reading.complaints if complaint not in memory.complaints]
    memory.words = memory.words or text
    if not reading.findings and not reading.complaints:
        _take_unrecognised(c, incoming, text)
        return
    memory.misunderstood = 0
    if memory.complaints and new and c.final:
        begin_complaint(c, new[0])
    if c.final and memory.awaiting is Awaiting.EMERGENCY_REPLY:
        remind_of_emergency(c)
    else:
        _say_noted(c) if memory.awaiting is Awaiting.QUESTION else None
        proceed(c)


def _say_noted(c: Consultation) -> None:
    """Say that a report was noted; to who spoke of dying, kindly, with the numbers."""
    if is_in_crisis_alone(c):
        c.send("notice", "\n".join([c.wording(of_whom(c, "report-noted-crisis")), crisis_lines(c)]))
    else:
        c.say("notice", "report-noted")


def _take_unrecognised(c: Consultation, incoming: Incoming, text: str) -> None:
    awaited = incoming.asked.awaiting if incoming.asked is not None else None
    if awaited in BY_WORDS and BY_WORDS[awaited](c, incoming, text):
        return
    if answer_few_unread(c, incoming):
        return
    if awaited is Awaiting.QUESTION or c.final:
        say_not_understood(c)
    else:
        ask_complaint_choice(c)


def _answer_question(c: Consultation, _incoming: Incoming, text: str) -> None:
    answer_question(c, text)


def _correct(c: Consultation, incoming: Incoming, text: str) -> None:
    """Correct the last answer when the words say how; take them as a report when they are one; else ask again."""
    for answered in reversed(c.memory.answered[-1:]):
        compiled = question_by_id(c, answered.question_id)
        if compiled is None or compiled.question.input == "text":
            continue
        asked = Asked(answered.question_number, Awaiting.QUESTION, answered.question_id, is_current=False)
        if settle_question(c, Incoming(incoming.number, asked, text)):
            c.say("notice", "answer-changed")
            proceed(c)
            return
    if read(c, text).complaints:
        _take_report(c, incoming, text)
    else:
        _ask_which_answer(c)


def _ask_which_answer(c: Consultation) -> None:
    if not c.memory.answered:
        c.say("notice", "nothing-to-change")
        ask_again(c)
        return
    c.send("notice", c.wording("change-which"))
    last = c.memory.answered[-1]
    compiled = question_by_id(c, last.question_id)
    if compiled is not None:
        ask(c, compiled)


def _redirect(c: Consultation, incoming: Incoming, text: str) -> None:
    reading = read(c, text)
    if reading.findings or reading.complaints:
        _take_words(c, incoming, text)
        return
    c.say("notice", "out-of-scope")
    ask_again(c)


_BY_INTENTION: dict[Intention, Callable[[Consultation, Incoming, str], None]] = {
    Intention.TAKE_REPORT: _take_report,
    Intention.RECORD_ANSWER: _take_words,
    Intention.ANSWER_QUESTION: _answer_question,
    Intention.CORRECT_ANSWER: _correct,
    Intention.EXPLAIN: explain_on_request,
    Intention.REQUEST_HUMAN: request_human,
    Intention.SUMMARISE: summarise_on_request,
    Intention.START_OVER: start_over,
    Intention.STOP: stop,
    Intention.ACKNOWLEDGE_THANKS: acknowledge_thanks,
    Intention.GREET: greet_again,
    Intention.TAKE_FEEDBACK: take_feedback,
    Intention.REDIRECT: _redirect,
    Intention.TURN: _take_words,
}
