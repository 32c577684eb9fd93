"""Answers to a safety question: no settles it, not sure sets a floor. A yes is a card, given by the screen."""

from __future__ import annotations

from collections.abc import Sequence

from careline.clinical.content import Question
from careline.clinical.finding import Finding, Presence
from careline.clinical.understanding.answers import read_answer
from careline.consultation.advising import assess_and_advise
from careline.consultation.asking import ask_again, ask_consent, proceed
from careline.consultation.consultation import Consultation, Incoming
from careline.consultation.handoff import ask_for_contact
from careline.consultation.memory import Awaiting
from careline.consultation.release import ContentRelease
from careline.consultation.safety_question import flags_asked, ids_asked

_ANSWER = Question(id="safety", text="Is that so?", why="Only to be safe.", finding="safety")
_GO_ON = (Awaiting.COMPLAINT, Awaiting.COMPLAINT_CHOICE, Awaiting.NOTHING)


def is_safety_answer(incoming: Incoming) -> bool:
    """Return whether the message answers a safety question."""
    return incoming.asked is not None and incoming.asked.awaiting is Awaiting.SAFETY


def safety_answer(incoming: Incoming, release: ContentRelease) -> str:
    """Return yes, no or unsure; words that are none of them leave it open."""
    if incoming.text is None:
        return incoming.value if incoming.value in ("yes", "no", "unsure") else "unsure"
    value = _said(incoming.text, release)
    return value if isinstance(value, str) and value in ("yes", "no") else "unsure"


def is_no_answer(incoming: Incoming, release: ContentRelease) -> bool:
    """Return whether words say neither yes nor no nor that it is not known."""
    return incoming.text is not None and _said(incoming.text, release) is None


def _said(text: str, release: ContentRelease) -> object:
    answer = read_answer(text, _ANSWER, {}, release.lexicon)
    return answer.value if answer is not None else None


def note_whether_watched(c: Consultation, incoming: Incoming, answer: str) -> None:
    """Take the answer to whether somebody harms the patient: who does not say no may be watched from then on.

    Who is watched may not dare to say yes; whatever else they write instead leaves the question open.
    """
    if incoming.asked is None:
        return
    asked = ids_asked(incoming.asked.question_id)
    answered = [flag for flag in c.memory.watch_asked if flag in asked]
    c.memory.watch_asked = [flag for flag in c.memory.watch_asked if flag not in asked]
    c.memory.may_be_watched = c.may_be_watched or (bool(answered) and answer != "no")


def leave_open(c: Consultation, incoming: Incoming, flags: Sequence[str]) -> bool:
    """Keep that flags that were asked about are neither there nor denied; return whether any is."""
    memory = c.memory
    open_flags = [flag for flag in flags if memory.case.presence(flag) is not Presence.PRESENT]
    memory.unsure_flags.extend(flag for flag in open_flags if flag not in memory.unsure_flags)
    denied = [flag for flag in open_flags if memory.case.presence(flag) is Presence.ABSENT]  # taken back by this
    unknown = (Finding(flag, Presence.UNKNOWN, message_id=incoming.number) for flag in denied)
    memory.keep(memory.case.corrected(unknown))
    return bool(open_flags)


def take_safety_answer(c: Consultation, incoming: Incoming) -> None:
    """Keep the answer, and return to what was asked before."""
    memory = c.memory
    asked = incoming.asked
    if asked is None:
        return
    flags = [flag.id for flag in flags_asked(asked.question_id, *c.rule_books)]
    answer = safety_answer(incoming, c.release)
    note_whether_watched(c, incoming, answer)
    is_open = False
    if answer == "no":
        memory.keep(memory.case.merged(Finding(flag, Presence.ABSENT, message_id=incoming.number) for flag in flags))
        memory.unsure_flags = [flag for flag in memory.unsure_flags if flag not in flags]
    else:
        is_open = leave_open(c, incoming, flags)
    if incoming.text is not None and not memory.consented:
        memory.held.append(incoming.number)  # as all words until they agree; what else they say is read then
    c.log("safety_answered", red_flags=flags, answer=answer)
    if not asked.is_current:
        changes_advice = is_open and _is_advice_behind(c) and memory.awaiting is Awaiting.OFFER
        assess_and_advise(c) if changes_advice else ask_again(c)
        return
    memory.awaiting, memory.awaiting_question = memory.before_safety or (Awaiting.NOTHING, None)
    memory.before_safety = None
    memory.misunderstood = 0
    c.say("notice", "safety-no" if answer == "no" else "safety-unsure")
    _go_on(c, is_open=is_open)


def _go_on(c: Consultation, *, is_open: bool) -> None:
    memory = c.memory
    if not memory.consented:
        ask_consent(c)
    elif is_open and _is_advice_behind(c):
        is_contact_asked = memory.awaiting is Awaiting.CONTACT
        assess_and_advise(c)
        if is_contact_asked and memory.awaiting is Awaiting.OFFER:
            ask_for_contact(c)  # of who asked for a person while the question stood
    elif memory.awaiting in _GO_ON or memory.awaiting_question in memory.asked:
        proceed(c)
    else:
        ask_again(c)


def _is_advice_behind(c: Consultation) -> bool:
    """Return whether advice was given without knowing what was just left open, and could be more urgent for it."""
    return c.final and not (c.acuity is not None and c.acuity.is_emergency)
