"""What a patient gets when the dialogue engine does not answer: never silence, always the emergency number."""

from __future__ import annotations

from careline.consultation.answering import read
from careline.consultation.asking import ask_again
from careline.consultation.calls import only_calls
from careline.consultation.cards import call_line
from careline.consultation.consultation import Consultation, Incoming
from careline.consultation.engine import respond
from careline.consultation.ports import Intention
from careline.consultation.questions import refuse_question
from careline.consultation.typed_reply import asks_for_person, only_thanks


def answer_without_dialogue(c: Consultation, incoming: Incoming) -> None:
    """Go on without the dialogue engine, as far as buttons and plain answers carry; the first time say so.

    From here on the assessment is marked as made with part of the system down.
    """
    is_first = not c.degraded
    c.degraded = True
    if is_first:
        c.send("error", "\n".join([c.wording("safe-reply-going-on"), call_line(c)]))
    if incoming.text is not None and asks_for_person(c, incoming.text):
        respond(Intention.REQUEST_HUMAN, c, incoming)
    elif incoming.text is not None and only_thanks(incoming.text):
        respond(Intention.ACKNOWLEDGE_THANKS, c, incoming)
    elif incoming.text is not None and read(c, incoming.text).is_question and not only_calls(c, incoming.text):
        refuse_question(c)
    else:
        respond(Intention.TURN, c, incoming)


def safe_reply(c: Consultation) -> None:
    """Give the standing safe reply, and ask again what was asked."""
    c.degraded = True
    c.drafts.clear()
    c.send("error", "\n".join([c.wording("safe-reply"), call_line(c)]))
    ask_again(c)
