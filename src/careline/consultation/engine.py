"""The interview engine: carries out what the dialogue engine understood the patient to want."""

from __future__ import annotations

from collections.abc import Callable

from careline.clinical.assessment import FALLBACK_PROTOCOL
from careline.clinical.finding import Finding, Presence
from careline.consultation.advising import offer_next_steps
from careline.consultation.answering import chosen_option, merge_reading, read, settle_question
from careline.consultation.asking import (
    ask,
    ask_again,
    ask_complaint_choice,
    ask_consent,
    begin_complaint,
    proceed,
    question_by_id,
    say_not_understood,
)
from careline.consultation.cards import call_line, remind_of_emergency
from careline.consultation.consultation import Asked, Consultation, Incoming, Stage
from careline.consultation.explaining import explain, summarise
from careline.consultation.handoff import ask_for_contact, hand_over
from careline.consultation.memory import Awaiting, Memory
from careline.consultation.phone_numbers import country_in
from careline.consultation.ports import Intention
from careline.consultation.questions import answer_question
from careline.escalation.escalation import Event

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
_AGREE = (
    "i agree",
    "yes",
    "yes i agree",
    "agree",
    "ok",
    "okay",
    "yep",
    "yeah",
    "sure",
    "fine",
    "go ahead",
    "y",
    "yes please",
)
_DECLINE = ("i decline", "no", "nope", "no thanks", "i dont agree", "i do not agree", "disagree", "n")
_EMERGENCY_SAYS = {
    "called": ("i called", "i have called", "ive called", "calling now", "called them", "yes i called", "yes"),
    "cannot_call": ("i cant call", "i cannot call", "cant call", "no phone", "i have no phone", "i cant phone"),
    "not_meant": ("thats not what i meant", "not what i meant", "i didnt mean that", "thats wrong", "no thats wrong"),
    "continue": ("carry on", "go on", "keep going"),
}
_OFFER_SAYS = {
    "talk_to_clinician": ("human", "talk to someone", "clinician", "doctor", "nurse"),
    "see_summary": ("summary", "see summary", "show summary"),
    "start_over": ("start again", "restart"),
}


def respond(intention: Intention, c: Consultation, incoming: Incoming) -> None:
    """Carry out one intention for one message; what to say and do is left in `c`.

    Raises:
        RefusedError: A button's value does not fit what it answers.
    """
    if c.stage is Stage.CLOSED:
        c.send("notice", "\n".join([c.wording("closed-already"), call_line(c)]))
    elif incoming.text is None:
        _take_button(c, incoming)
    elif not c.memory.consented and c.memory.awaiting is Awaiting.CONSENT:
        _take_consent_words(c, incoming, incoming.text)
    elif _is_plain_answer(intention, c, incoming, incoming.text):
        _after_answer(c)
    elif c.memory.awaiting is Awaiting.CONTACT and intention not in _COMMANDS:
        _take_contact_words(c, incoming, incoming.text)
    else:
        _BY_INTENTION[intention](c, incoming, incoming.text)


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
    return settle_question(c, incoming)


def _take_button(c: Consultation, incoming: Incoming) -> None:
    asked = incoming.asked
    if asked is not None and asked.awaiting is Awaiting.QUESTION:
        settle_question(c, incoming)
        _after_answer(c)
    elif asked is not None:
        _BY_AWAITED[asked.awaiting](c, incoming)


def _after_answer(c: Consultation) -> None:
    c.memory.misunderstood = 0
    proceed(c)


# Words: what is awaited decides first, then what was understood.
def _take_words(c: Consultation, incoming: Incoming, text: str) -> None:
    """Read words against what is awaited; then as a report; then as a question; else say so."""
    if incoming.asked is not None and incoming.asked.awaiting in _BY_WORDS:
        if not _BY_WORDS[incoming.asked.awaiting](c, incoming, text):
            _take_report_or_question(c, incoming, text)
    else:
        _take_report_or_question(c, incoming, text)


def _take_report_or_question(c: Consultation, incoming: Incoming, text: str) -> None:
    reading = read(c, text)
    if reading.is_question:
        answer_question(c, text)
    elif reading.complaints or any(finding.presence is Presence.PRESENT for finding in reading.findings):
        _take_report(c, incoming, text)
    else:
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
        c.say("notice", "report-noted") if memory.awaiting is Awaiting.QUESTION else None
        proceed(c)


def _take_unrecognised(c: Consultation, incoming: Incoming, text: str) -> None:
    awaited = incoming.asked.awaiting if incoming.asked is not None else None
    if awaited in _BY_WORDS and _BY_WORDS[awaited](c, incoming, text):
        return
    if awaited is Awaiting.QUESTION or c.final:
        say_not_understood(c)
    else:
        ask_complaint_choice(c)


def _answer_question(c: Consultation, _incoming: Incoming, text: str) -> None:
    answer_question(c, text)


def _correct(c: Consultation, incoming: Incoming, text: str) -> None:
    """Correct the last answer when the words say how; else ask which answer."""
    for answered in reversed(c.memory.answered[-1:]):
        compiled = question_by_id(c, answered.question_id)
        if compiled is None or compiled.question.input == "text":
            continue
        asked = Asked(answered.question_number, Awaiting.QUESTION, answered.question_id, is_current=False)
        if settle_question(c, Incoming(incoming.number, asked, text)):
            c.say("notice", "answer-changed")
            proceed(c)
            return
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


def _request_human(c: Consultation, _incoming: Incoming, _text: str = "") -> None:
    hand_over(c)
    if c.memory.awaiting is not Awaiting.CONTACT:
        c.memory.resume = (c.memory.awaiting, c.memory.awaiting_question)
    ask_for_contact(c)


def _explain(c: Consultation, _incoming: Incoming, _text: str = "") -> None:
    explain(c)
    ask_again(c)


def _summarise(c: Consultation, _incoming: Incoming, _text: str = "") -> None:
    summarise(c)
    ask_again(c)


def _start_over(c: Consultation, _incoming: Incoming, _text: str = "") -> None:
    """Begin again: what was found is dropped (the log keeps it), an open escalation stays open."""
    c.log("started_over", complaints=list(c.memory.complaints))
    c.memory = Memory(consented=True, wants_human=c.memory.wants_human)
    c.acuity, c.final, c.degraded = None, False, False
    c.say("notice", "started-over")
    proceed(c)


def _stop(c: Consultation, _incoming: Incoming, _text: str = "") -> None:
    c.stage, c.final = Stage.CLOSED, True
    c.memory.awaiting = Awaiting.NOTHING
    c.send("notice", "\n".join([c.wording("stopped"), call_line(c)]))


def _acknowledge(c: Consultation, _incoming: Incoming, _text: str = "") -> None:
    c.say("notice", "thanks")
    ask_again(c)


def _greet(c: Consultation, _incoming: Incoming, _text: str = "") -> None:
    c.say("notice", "hello-again")
    ask_again(c)


def _take_feedback(c: Consultation, _incoming: Incoming, text: str) -> None:
    c.effects.feedback = text
    c.say("notice", "feedback-taken")
    ask_again(c)


def _redirect(c: Consultation, incoming: Incoming, text: str) -> None:
    reading = read(c, text)
    if reading.findings or reading.complaints:
        _take_words(c, incoming, text)
        return
    c.say("notice", "out-of-scope")
    ask_again(c)


# Awaited things that are not questions of the content.
def _take_consent(c: Consultation, incoming: Incoming) -> None:
    if incoming.value == "agree":
        _agree(c)
    else:
        _decline(c)


def _agree(c: Consultation) -> None:
    memory = c.memory
    if memory.consented:
        ask_again(c)
        return
    memory.consented = True
    c.log("consented")
    for number in memory.held:
        text = c.text_of(number)
        if text is not None:
            merge_reading(c, read(c, text), number)
            memory.words = memory.words or text
    memory.held = []
    c.say("notice", "consent-thanks-known" if memory.reported else "consent-thanks")
    proceed(c)


def _decline(c: Consultation) -> None:
    c.effects.erase_messages.extend(c.memory.held)
    c.memory.held = []
    c.stage, c.final = Stage.CLOSED, True
    c.memory.awaiting = Awaiting.NOTHING
    c.send("notice", "\n".join([c.wording("declined"), call_line(c)]))


def _take_consent_words(c: Consultation, incoming: Incoming, text: str) -> None:
    chosen = chosen_option(incoming, {"agree": _AGREE, "decline": _DECLINE})
    if chosen == "agree":
        _agree(c)
    elif chosen == "decline":
        _decline(c)
    else:
        # Kept only until they agree; screened already. Nothing is said of what the screen found or did not find.
        c.memory.held.append(incoming.number)
        c.say("notice", "held-until-consent")
        ask_consent(c)


def _take_complaint_choice(c: Consultation, incoming: Incoming) -> None:
    chosen = incoming.value if isinstance(incoming.value, str) else ""
    begin_complaint(c, FALLBACK_PROTOCOL if chosen == "something_else" else chosen)
    _after_answer(c)


def _take_complaint_choice_words(c: Consultation, incoming: Incoming, text: str) -> bool:
    chosen = chosen_option(incoming, {"something_else": ("something else", "other", "none of these", "none")})
    titles = {p.protocol.title.lower(): p.protocol.id for p in c.release.book.protocols.values()}
    named = titles.get(text.strip().lower(), FALLBACK_PROTOCOL if chosen else None)
    if named is None and not read(c, text).complaints:
        # Said twice in words that we do not know: ask the general questions rather than the same again.
        named = FALLBACK_PROTOCOL
    if named is None:
        return False
    begin_complaint(c, named)
    _after_answer(c)
    return True


def _take_complaint_words(c: Consultation, incoming: Incoming, text: str) -> bool:
    memory = c.memory
    reading = read(c, text)
    memory.words = text
    if reading.is_question and not reading.complaints:
        return False
    _after_answer(c) if memory.reported else ask_complaint_choice(c)
    return True


def _take_emergency_reply(c: Consultation, incoming: Incoming) -> None:
    chosen = incoming.value
    if chosen in ("called", "cannot_call"):
        c.send("notice", "\n".join([c.wording(f"emergency-{str(chosen).replace('_', '-')}"), call_line(c)]))
        ask_for_contact(c)
    elif chosen == "not_meant":
        _take_back(c)
    else:
        c.say("notice", "emergency-continue")
        c.memory.awaiting = Awaiting.NOTHING
        proceed(c)


def _take_emergency_words(c: Consultation, incoming: Incoming, text: str) -> bool:
    if c.country is None and (country := country_in(text, c.release.book)) is not None:
        c.country = country
        remind_of_emergency(c)
        return True
    chosen = chosen_option(incoming, _EMERGENCY_SAYS)
    if chosen is None:
        return False
    _take_emergency_reply(c, Incoming(incoming.number, incoming.asked, value=chosen))
    return True


def _take_back(c: Consultation) -> None:
    """Withdraw what the card went by: an explicit, logged correction; the escalation stays open for a clinician."""
    memory = c.memory
    flags = list(memory.shown_flags)
    numbers = {f.message_id for f in memory.findings if f.id in flags and f.message_id is not None}
    numbers |= {max((f.message_id or 0 for f in memory.findings), default=0)} if not numbers else set()
    withdrawn = [f for f in memory.findings if f.message_id in numbers and f.presence is Presence.PRESENT]
    c.log("not_meant", red_flags=flags, findings=[finding.id for finding in withdrawn])
    c.effects.escalation_events.append(Event.PATIENT_SAID_NOT_MEANT)
    memory.keep(memory.case.corrected(Finding(f.id, Presence.UNKNOWN, message_id=f.message_id) for f in withdrawn))
    memory.shown_flags = []
    c.acuity, c.final = None, False
    memory.awaiting = Awaiting.NOTHING
    c.send("notice", "\n".join([c.wording("emergency-not-meant"), call_line(c)]))
    proceed(c)


def _take_contact(c: Consultation, incoming: Incoming) -> None:
    if incoming.value == "skip":
        _after_contact(c, "contact-skipped")
        return
    c.effects.contact = {"text": str(incoming.value)}
    _after_contact(c, "contact-kept")


def _take_contact_words(c: Consultation, incoming: Incoming, text: str) -> bool:
    skipped = chosen_option(incoming, {"skip": ("no", "no thanks", "rather not", "nope", "skip")})
    _take_contact(c, Incoming(incoming.number, incoming.asked, value=skipped or text))
    return True


def _after_contact(c: Consultation, sentence: str) -> None:
    c.say("notice", sentence)
    resume, c.memory.resume = c.memory.resume, None
    if c.final and c.acuity is not None and c.acuity.is_emergency:
        c.memory.awaiting = Awaiting.EMERGENCY_REPLY
    else:
        c.memory.awaiting, c.memory.awaiting_question = resume or (Awaiting.NOTHING, None)
    ask_again(c)


def _take_offer(c: Consultation, incoming: Incoming) -> None:
    if incoming.value == "talk_to_clinician":
        _request_human(c, incoming)
    elif incoming.value == "see_summary":
        _summarise(c, incoming)
    elif incoming.value == "start_over":
        _start_over(c, incoming)
    else:
        offer_next_steps(c)


def _take_offer_words(c: Consultation, incoming: Incoming, _text: str) -> bool:
    chosen = chosen_option(incoming, _OFFER_SAYS)
    if chosen is None:
        return False
    _take_offer(c, Incoming(incoming.number, incoming.asked, value=chosen))
    return True


_BY_INTENTION: dict[Intention, Callable[[Consultation, Incoming, str], None]] = {
    Intention.TAKE_REPORT: _take_report,
    Intention.RECORD_ANSWER: _take_words,
    Intention.ANSWER_QUESTION: _answer_question,
    Intention.CORRECT_ANSWER: _correct,
    Intention.EXPLAIN: _explain,
    Intention.REQUEST_HUMAN: _request_human,
    Intention.SUMMARISE: _summarise,
    Intention.START_OVER: _start_over,
    Intention.STOP: _stop,
    Intention.ACKNOWLEDGE_THANKS: _acknowledge,
    Intention.GREET: _greet,
    Intention.TAKE_FEEDBACK: _take_feedback,
    Intention.REDIRECT: _redirect,
    Intention.TURN: _take_words,
}
_BY_AWAITED: dict[Awaiting, Callable[[Consultation, Incoming], None]] = {
    Awaiting.CONSENT: _take_consent,
    Awaiting.COMPLAINT_CHOICE: _take_complaint_choice,
    Awaiting.EMERGENCY_REPLY: _take_emergency_reply,
    Awaiting.CONTACT: _take_contact,
    Awaiting.OFFER: _take_offer,
}
_BY_WORDS: dict[Awaiting, Callable[[Consultation, Incoming, str], bool]] = {
    Awaiting.COMPLAINT: _take_complaint_words,
    Awaiting.COMPLAINT_CHOICE: _take_complaint_choice_words,
    Awaiting.EMERGENCY_REPLY: _take_emergency_words,
    Awaiting.CONTACT: _take_contact_words,
    Awaiting.OFFER: _take_offer_words,
}
