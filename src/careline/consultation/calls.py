"""A call or a cry: answered kindly, that Careline is here, and what stands; never looked up, never an answer."""

from __future__ import annotations

from careline.clinical.understanding.answers import options_of
from careline.clinical.understanding.calls import is_call
from careline.clinical.understanding.normalise import plain
from careline.consultation.advising import where_to_go
from careline.consultation.asking import TRIES_BEFORE_HUMAN, ask_again, ask_consent, question_by_id
from careline.consultation.cards import call_line
from careline.consultation.consultation import Consultation
from careline.consultation.handoff import hand_over
from careline.consultation.memory import Awaiting


def only_calls(c: Consultation, text: str) -> bool:
    """Return whether the words do nothing but call; not so where they are one of the choices that are offered."""
    return is_call(text, c.language) and not _is_offered(c, text)


def answer_call(c: Consultation) -> None:
    """Say that Careline is here, what advice stands and whom to call; then ask again what was asked.

    Who calls time and again cannot go on alone: a human is asked for.
    """
    say_here(c)
    if not c.memory.consented and c.memory.awaiting is Awaiting.CONSENT:
        ask_consent(c)
        return
    c.memory.misunderstood += 1
    if c.memory.misunderstood >= TRIES_BEFORE_HUMAN:
        c.memory.misunderstood = 0
        if not c.memory.wants_human:
            hand_over(c)
    ask_again(c)


def answer_call_amid_safety(c: Consultation) -> bool:
    """Ask a safety question once more after a call; return False when it was asked again before, so that it ends.

    Words that leave it open count as not sure, and that is not said of somebody who only asks whether we are there.
    """
    say_here(c, has_number=True)
    if c.memory.misunderstood > 0:
        return False
    c.memory.misunderstood += 1
    ask_again(c)
    return True


def say_here(c: Consultation, *, has_number: bool = False) -> None:
    """Say that Careline is here, with the advice that stands and the emergency number.

    Args:
        c: The consultation.
        has_number: Whether what is said next says the number.
    """
    c.log("called")
    lines = [c.wording("call-heard")]
    if c.escalation_state == "open":
        lines.append(c.wording("escalation-recorded"))
    if c.memory.awaiting is not Awaiting.EMERGENCY_REPLY:  # below a card, both are said when it is asked again
        if c.final and c.acuity is not None:
            title = c.release.book.dispositions[c.acuity].title
            lines.append(c.wording("call-advice", title=title, where=where_to_go(c, c.acuity)))
        lines += [] if has_number else [call_line(c)]
    c.send("notice", "\n".join(lines))


def _is_offered(c: Consultation, text: str) -> bool:
    compiled = question_by_id(c, c.memory.awaiting_question) if c.memory.awaiting_question is not None else None
    if compiled is None:
        return False
    options = options_of(compiled.question)
    return plain(text) in {plain(name) for option in options for name in (option.title, option.value, *option.says)}
