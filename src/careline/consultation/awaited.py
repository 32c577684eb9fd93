"""Answers to what is awaited besides the content's questions: consent, the complaint, a card, contact, an offer."""

from __future__ import annotations

from collections.abc import Callable

from careline.clinical.content import FALLBACK_PROTOCOL, Question
from careline.clinical.finding import Finding, Presence
from careline.clinical.understanding.answers import read_answer
from careline.consultation.advising import offer_next_steps
from careline.consultation.answering import chosen_option, merge_reading, read
from careline.consultation.asking import ask_again, ask_complaint_choice, ask_consent, proceed
from careline.consultation.calls import answer_call, only_calls
from careline.consultation.cards import call_line, is_in_crisis, of_whom, remind_of_emergency
from careline.consultation.complaints import begin_complaint
from careline.consultation.consultation import Consultation, Incoming, Stage
from careline.consultation.contact import (
    take_contact,
    take_contact_words,
    take_safe_to_call,
    take_safe_to_call_words,
)
from careline.consultation.doubting import as_settled
from careline.consultation.handoff import alternatives, ask_for_contact, duty_sentence, hand_over
from careline.consultation.memory import Awaiting
from careline.consultation.phone_numbers import country_in
from careline.consultation.questions import answer_question
from careline.consultation.requests import request_human, start_over, summarise_on_request
from careline.consultation.typed_reply import asks_for_person
from careline.consultation.unread import answer_few_unread
from careline.escalation.escalation import Event

_GREETING_WORDS = 4  # shorter words that tell nothing are a greeting, not the problem
_CONSENT_WORDS = 4  # a longer message is a story: it is kept, never taken for a yes or a no
_CONSENT = Question(id="consent", text="Do you agree?", why="Only with consent.", finding="consent")
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


def after_answer(c: Consultation) -> None:
    """Go on after an answer that was understood."""
    c.memory.misunderstood = 0
    proceed(c)


def _take_consent(c: Consultation, incoming: Incoming) -> None:
    if incoming.value == "agree":
        _agree(c, incoming)
    else:
        _decline(c)


def _agree(c: Consultation, incoming: Incoming) -> None:
    memory = c.memory
    if memory.consented:
        ask_again(c)
        return
    memory.consented = True
    c.log("consented")
    asked: list[str] = []
    wants_person = False
    unread = {message.number for message in memory.unread}
    for number in memory.held:
        text = c.text_of(number)
        if text is not None and number not in unread:
            reading = read(c, text)
            merge_reading(c, as_settled(c, reading, c.release.book), number)
            wants_person = wants_person or asks_for_person(c, text)
            if only_calls(c, text) or asks_for_person(c, text):
                continue
            if reading.is_question and not reading.complaints:
                asked.append(text)
            elif reading.findings or reading.complaints or len(text.split()) > _GREETING_WORDS:
                memory.words = memory.words or text
    memory.held = []
    c.say("notice", "consent-thanks-known" if memory.reported else "consent-thanks")
    if wants_person:
        memory.awaiting = Awaiting.NOTHING  # the questions begin when it is known how they can be reached
        request_human(c, incoming)
        return
    answer_question(c, asked[-1]) if asked else proceed(c)


def _decline(c: Consultation) -> None:
    c.effects.erase_messages.extend(c.memory.held)
    c.memory.held = []
    c.stage, c.final = Stage.CLOSED, True
    c.memory.awaiting = Awaiting.NOTHING
    c.send("notice", "\n".join([c.wording("declined"), call_line(c)]))


def take_consent_words(c: Consultation, incoming: Incoming, text: str) -> None:
    """Take a plain yes or no; keep anything else until the patient agrees."""
    answer = _consent_in(c, text)
    if answer == "yes":
        _agree(c, incoming)
    elif answer == "no":
        _decline(c)
    else:
        if answer_few_unread(c, incoming):
            return
        # Kept only until they agree; screened already. Nothing is said of what the screen found or did not find.
        c.memory.held.append(incoming.number)
        if only_calls(c, text):
            answer_call(c)
            return
        if asks_for_person(c, text):
            lines = [
                f"{c.wording('person-after-consent')} {duty_sentence(c, c.duty())}",
                *alternatives(c),
                call_line(c),
            ]
            c.send("notice", "\n".join(lines))
        else:
            c.say("notice", "held-until-consent")
        ask_consent(c)


def _consent_in(c: Consultation, text: str) -> str | None:
    """Return yes or no when the words are no more than that; words that report something are neither."""
    words = text.lower().replace("'", "").strip(" .!")
    if words.endswith("decline") or words in ("i dont agree", "i do not agree", "disagree"):
        return "no"
    reading = read(c, text)
    if len(words.split()) > _CONSENT_WORDS or reading.findings or reading.complaints:
        return None
    if words.removeprefix("yes ").removeprefix("ok ") in ("i agree", "agree", "agreed"):
        return "yes"
    answer = read_answer(text, _CONSENT, {}, c.release.lexicon)
    return answer.value if answer is not None and isinstance(answer.value, str) else None


def _take_complaint_choice(c: Consultation, incoming: Incoming) -> None:
    chosen = incoming.value if isinstance(incoming.value, str) else ""
    begin_complaint(c, FALLBACK_PROTOCOL if chosen == "something_else" else chosen)
    after_answer(c)


def _take_complaint_choice_words(c: Consultation, incoming: Incoming, text: str) -> bool:
    chosen = chosen_option(incoming, {"something_else": ("something else", "other", "none of these", "none")})
    titles = {p.protocol.title.lower(): p.protocol.id for p in c.release.book.protocols.values()}
    named = titles.get(text.strip().lower(), FALLBACK_PROTOCOL if chosen else None)
    if named is None and not read(c, text).complaints:
        if not read(c, text).findings and answer_few_unread(c, incoming):
            return True
        # Said twice in words that we do not know: ask the general questions rather than the same again.
        named = FALLBACK_PROTOCOL
    if named is None:
        return False
    begin_complaint(c, named)
    after_answer(c)
    return True


def _take_complaint_words(c: Consultation, incoming: Incoming, text: str) -> bool:
    memory = c.memory
    reading = read(c, text)
    tells = reading.findings or reading.complaints or reading.is_question
    if not tells and answer_few_unread(c, incoming):
        return True
    memory.words = text
    if reading.is_question and not reading.complaints:
        answer_question(c, text)  # then asks again, now by a list
        return True
    after_answer(c) if memory.reported else ask_complaint_choice(c)
    return True


def _take_emergency_reply(c: Consultation, incoming: Incoming) -> None:
    chosen = incoming.value
    if chosen in ("called", "cannot_call"):
        c.send("notice", "\n".join([c.wording(_after_card(c, str(chosen))), call_line(c)]))
        ask_again(c) if c.has_contact and not _is_safety_of_calls_open(c) else ask_for_contact(c)
    elif chosen == "not_meant":
        _take_back(c)
    else:
        c.say("notice", "emergency-continue")
        c.memory.awaiting = Awaiting.NOTHING
        proceed(c)


def _is_safety_of_calls_open(c: Consultation) -> bool:
    """Return whether somebody may be watched, and left a number before anybody asked whether a call is safe."""
    return c.is_quiet and c.memory.safe_to_call is None


def _after_card(c: Consultation, chosen: str) -> str:
    """Return what to say to who has called or cannot: nobody who wants to die is told to have medicines at hand.

    Nor is anybody told to open a door or to shout who may be watched by the one they fear.
    """
    if chosen != "called":
        return "emergency-cannot-call-watched" if c.is_quiet else "emergency-cannot-call"
    if c.is_quiet:
        return "emergency-called-watched"
    return of_whom(c, "emergency-called-crisis") if is_in_crisis(c) else "emergency-called"


def _take_emergency_words(c: Consultation, incoming: Incoming, text: str) -> bool:
    if c.country is None and (country := country_in(text, c.release.book)) is not None:
        c.country = country
        remind_of_emergency(c)
        return True
    chosen = chosen_option(incoming, _EMERGENCY_SAYS)
    if chosen is None and not c.memory.consented and asks_for_person(c, text):  # no classifier is asked before consent
        hand_over(c)
        remind_of_emergency(c)
        return True
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


def _take_offer(c: Consultation, incoming: Incoming) -> None:
    if incoming.value == "talk_to_clinician":
        request_human(c, incoming)
    elif incoming.value == "see_summary":
        summarise_on_request(c, incoming)
    elif incoming.value == "start_over":
        start_over(c, incoming)
    else:
        offer_next_steps(c)


def _take_offer_words(c: Consultation, incoming: Incoming, _text: str) -> bool:
    chosen = chosen_option(incoming, _OFFER_SAYS)
    if chosen is None:
        return False
    _take_offer(c, Incoming(incoming.number, incoming.asked, value=chosen))
    return True


BY_AWAITED: dict[Awaiting, Callable[[Consultation, Incoming], None]] = {
    Awaiting.CONSENT: _take_consent,
    Awaiting.COMPLAINT_CHOICE: _take_complaint_choice,
    Awaiting.EMERGENCY_REPLY: _take_emergency_reply,
    Awaiting.CONTACT: take_contact,
    Awaiting.SAFE_TO_CALL: take_safe_to_call,
    Awaiting.OFFER: _take_offer,
}
BY_WORDS: dict[Awaiting, Callable[[Consultation, Incoming, str], bool]] = {
    Awaiting.COMPLAINT: _take_complaint_words,
    Awaiting.COMPLAINT_CHOICE: _take_complaint_choice_words,
    Awaiting.EMERGENCY_REPLY: _take_emergency_words,
    Awaiting.CONTACT: take_contact_words,
    Awaiting.SAFE_TO_CALL: take_safe_to_call_words,
    Awaiting.OFFER: _take_offer_words,
}
