"""How the patient can be reached: asked, never demanded; first whether it is safe, where somebody may be watched."""

from __future__ import annotations

from careline.clinical.content import Question
from careline.clinical.understanding.answers import read_answer
from careline.consultation.answering import chosen_option
from careline.consultation.asking import ask_again
from careline.consultation.consultation import Consultation, Incoming
from careline.consultation.handoff import ask_for_contact
from careline.consultation.memory import Awaiting

_SAFE = Question(
    id="safe_to_call", text="Is it safe to call you?", why="So that nobody is put at risk.", finding="safe"
)
DIGITS_OF_A_NUMBER = 6  # so many: the words hold a telephone number


def take_contact(c: Consultation, incoming: Incoming) -> None:
    """Keep how to reach the patient, or that they leave it."""
    if incoming.value == "skip":
        _after_contact(c, "contact-skipped")
        return
    c.effects.contact = {"text": str(incoming.value)}
    _after_contact(c, "contact-kept")


def take_contact_words(c: Consultation, incoming: Incoming, text: str) -> bool:
    """Keep the words as contact details, unless they decline to leave any."""
    skipped = chosen_option(incoming, {"skip": ("no", "no thanks", "rather not", "nope", "skip")})
    take_contact(c, Incoming(incoming.number, incoming.asked, value=skipped or text))
    return True


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
    """Take a plain yes or no. A number that is left all the same is kept, and that nobody knows whether it is safe."""
    answer = read_answer(text, _SAFE, {}, c.release.lexicon)
    if answer is not None and answer.value in ("yes", "no", "unsure"):
        take_safe_to_call(c, Incoming(incoming.number, incoming.asked, value=answer.value))
        return True
    if sum(ch.isdigit() for ch in text) < DIGITS_OF_A_NUMBER:
        return False
    c.memory.safe_to_call = "unsure"
    c.effects.contact = {"text": text, "safe_to_call": "unsure"}
    _after_contact(c, "contact-kept-not-known-safe")
    return True


def _after_contact(c: Consultation, sentence: str) -> None:
    c.say("notice", sentence)
    resume, c.memory.resume = c.memory.resume, None
    if c.final and c.acuity is not None and c.acuity.is_emergency:
        c.memory.awaiting = Awaiting.EMERGENCY_REPLY
    else:
        c.memory.awaiting, c.memory.awaiting_question = resume or (Awaiting.NOTHING, None)
    ask_again(c)
