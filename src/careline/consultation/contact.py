"""How the patient can be reached: asked, never demanded; first whether it is safe, where somebody may be watched."""

from __future__ import annotations

from careline.clinical.content import Question
from careline.clinical.finding import Presence
from careline.clinical.understanding.answers import read_answer
from careline.clinical.understanding.contact_words import (
    declines_contact,
    holds_contact,
    holds_number,
    holds_phone,
    may_hold_name,
)
from careline.consultation.answering import chosen_option, read
from careline.consultation.asking import ask_again
from careline.consultation.cards import call_line
from careline.consultation.consultation import Consultation, Incoming
from careline.consultation.explaining import explain
from careline.consultation.handoff import ask_for_contact
from careline.consultation.memory import Awaiting
from careline.consultation.questions import answer_question
from careline.consultation.typed_reply import asks_why, reply_words
from careline.consultation.unread import hand_over_unread

_SAFE = Question(
    id="safe_to_call", text="Is it safe to call you?", why="So that nobody is put at risk.", finding="safe"
)
_REPORTS_BEFORE_KEPT = 2  # "my husband, he is diabetic" holds a report, and may be whom to reach
_OF_WHOM = frozenset({"for_whom", "sex"})


def take_contact(c: Consultation, incoming: Incoming) -> None:
    """Keep how to reach the patient, or that they leave it."""
    if incoming.value == "skip":
        _after_contact(c, "contact-skipped")
        return
    _keep(c, str(incoming.value))
    _after_contact(c, "contact-kept")


def take_contact_unread(c: Consultation, number: int, text: str, language: str) -> None:
    """Keep words that are not read as they are: a clinician reads them. Nobody is asked for them twice.

    They were not screened, and may say how the patient is: the patient hears so, and whom to call. A way to reach the
    patient that was left before is not written over by words that may be none ("I gave it already"): they are kept as
    the message that they are.
    """
    hand_over_unread(c, number, language)
    _keep_unread(c, text, is_kept=not c.has_contact or holds_number(text))


def _keep_unread(c: Consultation, text: str, *, is_kept: bool = True) -> None:
    """Say that the words are kept and were not read: "me desmayo" is as short as a name."""
    if is_kept:
        _keep(c, text)
    c.send("notice", "\n".join([c.wording("contact-kept-unread"), call_line(c)]))
    _go_on(c)


def keep_number_amid(c: Consultation, incoming: Incoming) -> bool:
    """Keep words that hold a telephone number, whatever else they raise: who is in need is not asked for it again.

    The figures of "I took 40 of 500 mg at 10:30" are none: how to reach such a patient is still to be asked.
    """
    if c.memory.awaiting is not Awaiting.CONTACT or incoming.text is None or not holds_phone(incoming.text):
        return False
    _keep(c, incoming.text)
    c.memory.awaiting, c.memory.awaiting_question = _after(c)
    c.say("notice", "contact-kept")
    return True


def doubt_whether_safe(c: Consultation) -> None:
    """Say with a number that was just kept that nobody knows whether it is safe, where the patient may be watched."""
    if c.effects.contact is not None and c.is_quiet and c.memory.safe_to_call is None:
        c.effects.contact = {"safe_to_call": "unsure", **c.effects.contact}


def take_contact_words(c: Consultation, incoming: Incoming, text: str) -> bool:
    """Keep the words as contact details, unless they decline to leave any, or are something else.

    A question is answered, and what tells neither number nor name nor place is not kept the first time: the patient
    hears so. Who then writes such words again is taken to mean them.
    """
    skipped = chosen_option(incoming, {"skip": ("no", "no thanks", "rather not", "nope", "skip")})
    if skipped is None and not holds_contact(text):
        if asks_why(c, text):
            explain(c)
            ask_again(c)
            return True
        if declines_contact(text, c.release.lexicon):
            skipped = "skip"
        elif not may_hold_name(text, c.release.lexicon) and _is_something_else(c, text):
            return True
    c.memory.misunderstood = 0
    if skipped is None and reply_words(c) is not None and any(ch.isalpha() for ch in text):
        _keep_unread(c, text)
    else:
        take_contact(c, Incoming(incoming.number, incoming.asked, value=skipped or text))
    return True


def _is_something_else(c: Consultation, text: str) -> bool:
    """Answer words that are a question, tell how the patient is, or are no way to reach them, the first time."""
    if read(c, text).is_question:
        answer_question(c, text)
        return True
    tells = _tells_something(c, text)
    if c.memory.misunderstood >= (_REPORTS_BEFORE_KEPT if tells else 1):
        return False
    c.memory.misunderstood += 1
    c.say("notice", "report-noted" if tells else "contact-not-found")
    ask_again(c)
    return True


def _tells_something(c: Consultation, text: str) -> bool:
    """Return whether the words report how the patient is: the case has it already.

    Of whom they speak is no such report: "my mum" may be whom to call.
    """
    reading = read(c, text)
    found = (finding for finding in reading.findings if finding.id not in _OF_WHOM)
    return bool(reading.complaints) or any(finding.presence is Presence.PRESENT for finding in found)


def take_safe_to_call(c: Consultation, incoming: Incoming) -> None:
    """Record whether it is safe to call; only a yes leads on to the question for a number."""
    answer = incoming.value if incoming.value in ("yes", "no") else "unsure"
    c.memory.safe_to_call = answer
    c.effects.contact = {"safe_to_call": answer}
    c.log("safe_to_call", answer=answer)
    if answer == "yes":
        ask_for_contact(c)
    else:
        _after_contact(c, "contact-not-safe")


def take_safe_to_call_words(c: Consultation, incoming: Incoming, text: str) -> bool:
    """Take a plain yes or no, with the number where a yes brings one.

    A number that is left without either is kept, and that nobody knows whether it is safe.
    """
    answer = read_answer(text, _SAFE, {}, c.release.lexicon)
    if answer is not None and answer.value == "yes" and holds_phone(text):
        c.memory.safe_to_call = "yes"
        c.log("safe_to_call", answer="yes")
        _keep(c, text, safe_to_call="yes")
        _after_contact(c, "contact-kept")
        return True
    if answer is not None and answer.value in ("yes", "no", "unsure"):
        take_safe_to_call(c, Incoming(incoming.number, incoming.asked, value=answer.value))
        return True
    if not holds_number(text):
        return False
    c.memory.safe_to_call = "unsure"
    _keep(c, text, safe_to_call="unsure")
    _after_contact(c, "contact-kept-not-known-safe")
    return True


def _keep(c: Consultation, text: str, **more: str) -> None:
    c.effects.contact = {"text": text, **more}
    c.has_contact = True


def _after_contact(c: Consultation, sentence: str) -> None:
    c.say("notice", sentence)
    _go_on(c)


def _go_on(c: Consultation) -> None:
    c.memory.awaiting, c.memory.awaiting_question = _after(c)
    ask_again(c)


def _after(c: Consultation) -> tuple[Awaiting, str | None]:
    """Return what is awaited once the question for contact is over."""
    resume, c.memory.resume = c.memory.resume, None
    if c.final and c.acuity is not None and c.acuity.is_emergency:
        return Awaiting.EMERGENCY_REPLY, None
    return resume or (Awaiting.NOTHING, None)
