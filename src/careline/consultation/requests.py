"""What a patient may ask for at any point: a human, the reason, the summary, a new start, the end."""

from __future__ import annotations

from careline.consultation.asking import ask_again, proceed
from careline.consultation.cards import call_line
from careline.consultation.consultation import Consultation, Incoming, Stage
from careline.consultation.explaining import explain, summarise
from careline.consultation.handoff import ask_for_contact, hand_over
from careline.consultation.memory import Awaiting, Memory
from careline.consultation.safety_question import ids_asked


def request_human(c: Consultation, _incoming: Incoming, _text: str = "") -> None:
    """Put the wish for a human on record, and ask how the patient can be reached.

    A safety question that stands is asked again first, and contact once it is answered.
    """
    if c.memory.awaiting is Awaiting.SAFETY:
        note_wish_amid_safety(c)
        ask_again(c)
        return
    hand_over(c)
    _return_after_contact(c, (c.memory.awaiting, c.memory.awaiting_question))
    ask_for_contact(c)


def note_wish_amid_safety(c: Consultation) -> None:
    """Put the wish for a human on record; contact is asked for once the safety question that stands is answered."""
    hand_over(c)
    _return_after_contact(c, c.memory.before_safety or (Awaiting.NOTHING, None))
    c.memory.before_safety = (Awaiting.CONTACT, None)


def _return_after_contact(c: Consultation, awaited: tuple[Awaiting, str | None]) -> None:
    if awaited[0] not in (Awaiting.CONTACT, Awaiting.SAFE_TO_CALL):
        c.memory.resume = awaited


def explain_on_request(c: Consultation, _incoming: Incoming, _text: str = "") -> None:
    """Say why, then return to what was asked."""
    explain(c)
    ask_again(c)


def summarise_on_request(c: Consultation, _incoming: Incoming, _text: str = "") -> None:
    """Show what is known, then return to what was asked."""
    summarise(c)
    ask_again(c)


def start_over(c: Consultation, _incoming: Incoming, _text: str = "") -> None:
    """Begin again: what was found is dropped (the log keeps it), an open escalation stays open.

    That somebody may watch, and that a message was not read, stays; so does it that this was asked and left open.
    """
    c.log("started_over", complaints=list(c.memory.complaints))
    c.memory = Memory(
        consented=True,
        wants_human=c.memory.wants_human,
        may_be_watched=c.is_quiet,
        way_out=c.shows_way_out,
        safe_to_call=c.memory.safe_to_call,
        met_as_young=c.memory.met_as_young,
        unread=c.memory.unread,
        at_least=c.memory.at_least,
        unsure_flags=_open_flags(c),
    )
    c.acuity, c.final, c.degraded = None, False, False
    c.say("notice", "started-over")
    proceed(c)


def _open_flags(c: Consultation) -> list[str]:
    """Return the flags of a safety question that stands unanswered, where words of the lexicon were doubted."""
    asked = ids_asked(c.memory.awaiting_question) if c.memory.awaiting is Awaiting.SAFETY else ()
    return [flag for flag in c.memory.unsure_flags if flag in asked]


def stop(c: Consultation, _incoming: Incoming, _text: str = "") -> None:
    """End the conversation, with the emergency number; whether somebody may watch, if that was asked, is left open."""
    c.memory.may_be_watched = c.is_quiet
    c.stage, c.final = Stage.CLOSED, True
    c.memory.awaiting = Awaiting.NOTHING
    c.send("notice", "\n".join([c.wording("stopped"), call_line(c)]))


def acknowledge_thanks(c: Consultation, _incoming: Incoming, _text: str = "") -> None:
    """Return thanks, and return to what was asked."""
    c.say("notice", "thanks")
    ask_again(c)


def greet_again(c: Consultation, _incoming: Incoming, _text: str = "") -> None:
    """Return a greeting, and return to what was asked."""
    c.say("notice", "hello-again")
    ask_again(c)


def take_feedback(c: Consultation, _incoming: Incoming, text: str) -> None:
    """Keep what the patient says of the service."""
    c.effects.feedback = text
    c.say("notice", "feedback-taken")
    ask_again(c)
