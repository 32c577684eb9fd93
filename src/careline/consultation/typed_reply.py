"""Typed replies in a consultation that is held by buttons: what is short enough to be one counts as the button."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from careline.clinical.understanding.short_replies import (
    REPLY_WORDS,
    ReplyWords,
    answer_value,
    complaint_named,
    folded,
    named_value,
    plain_choice,
    rows_of,
)
from careline.clinical.understanding.wishes import wants_person
from careline.consultation.asking import COUNTRY_QUESTION, question_by_id
from careline.consultation.consultation import Asked, Consultation, Incoming
from careline.consultation.memory import Awaiting
from careline.consultation.phone_numbers import country_in
from careline.consultation.ports import Intention

# What a plain yes or no presses, where the buttons are called something else.
_PLAIN: Mapping[Awaiting, Mapping[str, str]] = {
    Awaiting.CONSENT: {"yes": "agree", "no": "decline"},
    Awaiting.EMERGENCY_REPLY: {"yes": "called"},
    Awaiting.CONTACT: {"no": "skip", "none": "skip"},
    Awaiting.COMPLAINT_CHOICE: {"none": "something_else", "unsure": "something_else"},
}
_ALSO: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "es": {
        "called": ("he llamado", "ya llamé", "llamé", "estoy llamando", "ya llamo", "sí he llamado", "sí llamé"),
        "cannot_call": ("no tengo teléfono", "no puedo", "no tengo saldo", "no puedo llamar ahora"),
        "not_meant": ("no era eso", "no es eso", "no quería decir eso", "me equivoqué", "está mal"),
        "continue": ("seguir", "continuar", "sigue", "siga", "sigamos"),
        "skip": ("saltar", "prefiero no", "prefiero no decirlo", "no quiero"),
        "talk_to_clinician": ("hablar con una persona", "una persona", "quiero hablar con alguien", "un médico"),
        "see_summary": ("resumen", "el resumen", "ver resumen"),
        "start_over": ("otra vez", "de nuevo", "volver a empezar"),
        "something_else": ("otro", "otra", "otro problema", "ninguno de estos"),
    }
}


_REQUESTS: Mapping[str, Mapping[Intention, frozenset[str]]] = {
    "es": {
        Intention.REQUEST_HUMAN: rows_of("""
            quisiera hablar con un profesional, quiero hablar con un profesional, quiero hablar con una persona,
            quisiera hablar con una persona, hablar con una persona, hablar con alguien, quiero hablar con alguien,
            quiero hablar con un medico, quiero hablar con un doctor, quiero hablar con una enfermera, un humano,
            hablar con un medico, necesito hablar con alguien, necesito hablar con un medico, una persona, humano,
            necesito hablar con una persona
            """),
        Intention.SUMMARISE: rows_of("muestreme el resumen por favor, resumen, el resumen, ver el resumen"),
        Intention.START_OVER: rows_of("""
            borre mis respuestas y empiece de nuevo, empezar de nuevo, quiero empezar de nuevo, volver a empezar
            """),
        Intention.STOP: rows_of("""
            cierre esta conversacion ahora por favor, terminar, adios, quiero terminar, salir
            """),
        Intention.EXPLAIN: rows_of("""
            por que, por que lo pregunta, por que me pregunta eso, por que pregunta eso, para que, para que lo quiere,
            para que lo necesita, por que lo necesita, que es esto, que significa, que significa eso, que quiere decir,
            que quiere decir eso
            """),
        Intention.ACKNOWLEDGE_THANKS: rows_of("gracias, muchas gracias, mil gracias"),
    }
}

_WHY = rows_of("""
    why, but why, why this, why that, why do you ask, why do you ask that, why do you ask this, why are you asking,
    why are you asking that, why are you asking this, why are you asking me that, why are you asking me this,
    why do you want to know, why do you want to know that, why do you need to know, why do you need to know that,
    what for, why is that important, why does that matter, how come, why do you need it, why do you need that,
    why do you need this, why do you need my number, why do you need my name, why do you want it, why do you want that,
    why do you want my number, what do you need it for, what is it for
    """)

_THANKS = rows_of("""
    thanks, thank you, thank u, thx, thanx, ta, cheers, many thanks, thanks a lot, thanks so much, thank you so much,
    thank you very much, ok thanks, ok thank you, okay thanks, okay thank you, thanks for your help,
    thank you for your help, great thanks, great thank you
    """)


def request_in(c: Consultation, incoming: Incoming) -> Intention | None:
    """Return what the words ask for, where they are one of a few requests that are known in the language."""
    if incoming.text is None or reply_words(c) is None or not c.memory.consented:
        return None
    row = folded(incoming.text)
    return next((each for each, rows in _REQUESTS.get(c.language, {}).items() if row in rows), None)


def asks_for_person(c: Consultation, text: str) -> bool:
    """Return whether plain words ask for a person: for messages that no classifier is asked about."""
    rows = _REQUESTS.get(c.language, {}).get(Intention.REQUEST_HUMAN, frozenset())
    return folded(text) in rows or wants_person(text)


def asks_why(c: Consultation, text: str) -> bool:
    """Return whether words are no more than the question why: for messages that no classifier is asked about."""
    return folded(text) in (_WHY | _REQUESTS.get(c.language, {}).get(Intention.EXPLAIN, frozenset()))


def only_thanks(text: str) -> bool:
    """Return whether words are thanks and nothing else: for messages that no classifier is asked about."""
    return folded(text) in _THANKS


def reply_words(c: Consultation) -> ReplyWords | None:
    """Return how short replies are said in the consultation's language; None where all words are read anyway."""
    return None if c.language in c.release.book.languages.read else REPLY_WORDS.get(c.language)


def as_button(c: Consultation, incoming: Incoming) -> Incoming:
    """Return the message as the press of the button that it stands for; as it is when it stands for none."""
    words = reply_words(c)
    if words is None or incoming.text is None or incoming.asked is None:
        return incoming
    value = _value(c, incoming.text, incoming.asked, words)
    return incoming if value is None else dataclasses.replace(incoming, text=None, value=value, reading=None)


def _value(c: Consultation, text: str, asked: Asked, words: ReplyWords) -> object:
    if asked.awaiting is Awaiting.QUESTION:
        compiled = question_by_id(c, asked.question_id) if asked.question_id is not None else None
        if compiled is None:
            return None
        if compiled.question.id == COUNTRY_QUESTION and country_in(text, c.release.book) is not None:
            return text.strip()
        return answer_value(text, compiled.question, words)
    is_complaint = asked.awaiting is Awaiting.COMPLAINT_CHOICE
    named = named_value(text, _names(c, asked), parts=is_complaint)
    if named is None and is_complaint and not _has_red_flag(c, text):
        named = complaint_named(text, _names(c, asked), words, of_another=c.is_for_another)
    if named is not None:
        return named
    plain = plain_choice(text, words)
    value = _PLAIN.get(asked.awaiting, {}).get(plain, plain) if plain is not None else None
    return value if value in asked.options else None


def _has_red_flag(c: Consultation, text: str) -> bool:
    """Return whether a sentence holds words of a red flag: it is then screened as a sentence, and is no button."""
    return any(True for screen in c.release.lexicon.screens.values() for _ in screen.found_in(text))


def _names(c: Consultation, asked: Asked) -> dict[str, list[str]]:
    """Return what the buttons of one of our own questions are called."""
    names: dict[str, list[str]] = {}
    for value in asked.options:
        protocol = c.release.book.protocols.get(value)
        own = protocol.protocol.title if protocol is not None else c.choice(value).title
        names[value] = [own, *_ALSO.get(c.language, {}).get(value, ())]
    return names
