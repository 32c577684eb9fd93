"""A message in a language that is not read: it was not screened, so it is never treated as if nothing were in it.

The patient gets the emergency number at once, in their language where there is a sentence for it; a clinician is asked
to look; what was asked stays asked.
"""

from __future__ import annotations

import dataclasses

from careline.clinical.finding import Presence
from careline.clinical.understanding.calls import is_call
from careline.clinical.understanding.contact_words import declines_in_spanish, holds_number
from careline.clinical.understanding.familiar import familiarity
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.message import MessageReading, read_message
from careline.clinical.understanding.short_replies import ReplyWords, is_list_of_names
from careline.consultation.asking import ask_again, ask_consent, question_by_id, say_not_understood
from careline.consultation.cards import call_line, crisis_lines, is_in_crisis_alone
from careline.consultation.consultation import Consultation, Incoming, Stage
from careline.consultation.handoff import request_escalation
from careline.consultation.language import Few, few_words_not_read, language_amid, unread_language
from careline.consultation.memory import Awaiting, UnreadMessage
from careline.consultation.phone_numbers import contract_numbers, country_in, phone_numbers
from careline.consultation.release import ContentRelease
from careline.consultation.typed_reply import reply_words, request_in
from careline.escalation.escalation import Reason

_WORDS_OF_A_PLACE = 5
_AWAIT_CONTACT = (Awaiting.CONTACT, Awaiting.SAFE_TO_CALL)


def language_not_read(c: Consultation, incoming: Incoming, lexicon: Lexicon) -> str | None:
    """Return the language of free words that are not in one that is read; None for all else.

    In a consultation that is held in another language, words are taken for ours only when all of them are, and tell
    something: whatever the verdict on so few, they are not to count as screened.
    """
    if incoming.text is None:
        return None
    if c.memory.awaiting is Awaiting.CONTACT and declines_in_spanish(incoming.text, lexicon):
        return None
    languages, is_note = c.release.book.languages, _awaits_names(c)
    words = reply_words(c)
    if words is None:
        return unread_language(incoming.text, lexicon, languages, is_note=is_note)
    if request_in(c, incoming) is not None or is_call(incoming.text, c.language) or _names_country(c, incoming.text):
        return None
    if is_note and (_leaves_number(c, incoming.text, words) or is_list_of_names(incoming.text, words)):
        return None
    if _is_ours(incoming.text, lexicon):
        return None
    # Of a few words the library's verdict is a guess; another script is none.
    is_theirs = familiarity(incoming.text, lexicon).other_script == 0
    if is_theirs:
        return language_amid(incoming.text, languages, c.language)
    return unread_language(incoming.text, lexicon, languages) or c.language


def is_known_to_report_nothing(c: Consultation, incoming: Incoming) -> bool:
    """Return whether words in a language that is not read are a request, a call or how to reach the patient.

    Their language's own words of red flags were looked for; the recogniser, which learned ours, sees things in them.
    """
    if incoming.text is None or reply_words(c) is None or _is_ours(incoming.text, c.release.lexicon):
        return False
    is_contact = c.memory.awaiting in _AWAIT_CONTACT and c.stage is not Stage.WITH_CLINICIAN
    return is_contact or request_in(c, incoming) is not None or is_call(incoming.text, c.language)


def _is_ours(text: str, lexicon: Lexicon) -> bool:
    if familiarity(text, lexicon).unknown:
        return False
    reading = read_message(text, lexicon)
    return bool(reading.complaints or any(finding.presence is Presence.PRESENT for finding in reading.findings))


def _names_country(c: Consultation, text: str) -> bool:
    """Whether the words are the answer to "Which country are you in?" below a card, and hardly more."""
    is_asked = c.country is None and c.memory.awaiting is Awaiting.EMERGENCY_REPLY
    return is_asked and len(text.split()) <= _WORDS_OF_A_PLACE and country_in(text, c.release.book) is not None


def _leaves_number(c: Consultation, text: str, words: ReplyWords) -> bool:
    """Whether the words are a telephone number, and beside it hardly more than a name: more may tell of anything."""
    if c.memory.awaiting not in _AWAIT_CONTACT or not holds_number(text):
        return False
    beside = "".join(ch for ch in text if not ch.isdigit())
    return c.memory.awaiting is Awaiting.SAFE_TO_CALL or is_list_of_names(beside, words)


def only_red_flags(reading: MessageReading) -> MessageReading:
    """Return what may be used of a reading of foreign words: red flags. A "no" in them is not a denial of ours."""
    findings = tuple(finding for finding in reading.findings if finding.id in reading.red_flags)
    return MessageReading(findings=findings, complaints=(), red_flags=reading.red_flags)


def with_red_flags(reading: MessageReading, incoming: Incoming, release: ContentRelease) -> MessageReading:
    """Return the reading with the red flags that the words of other languages mean; they raise, and clear nothing.

    Of every language that is known: of a few words nobody can tell which it is.
    """
    if incoming.text is None:
        return reading
    found = [finding for screen in release.lexicon.screens.values() for finding in screen.found_in(incoming.text)]
    flags = dict.fromkeys((*reading.red_flags, *(finding.id for finding in found)))
    return dataclasses.replace(reading, findings=(*reading.findings, *found), red_flags=tuple(flags))


def note_unread(c: Consultation, number: int, language: str) -> None:
    """Put on record that a message was not screened."""
    unread = UnreadMessage(number, language)
    c.memory.unread.append(unread)
    c.effects.unread.append(unread)
    c.log("unread", language=language)


def hand_over_unread(c: Consultation, number: int, language: str) -> None:
    """Put it on record, ask a clinician to look, and say so in the language of the message."""
    note_unread(c, number, language)
    acuity = c.release.book.languages.acuity
    if c.acuity is not None:
        acuity = max(acuity, c.acuity)
    request_escalation(c, Reason.PATIENT_REQUEST, acuity, (), note=f"Message {number} was not read: another language.")
    say_in_their_language(c, language)


def answer_unread(c: Consultation, incoming: Incoming, language: str) -> None:
    """Say that it was not read, with the emergency number; ask for a clinician; ask again what was asked."""
    hand_over_unread(c, incoming.number, language)
    crisis = is_in_crisis_alone(c)
    numbers = phone_numbers(c.release.book, c.country, ("emergency", "crisis") if crisis else ("emergency",))
    call = crisis_lines(c) if crisis else call_line(c)
    text = [c.wording("unread-message"), call, c.wording("unread-what-to-do"), c.wording("unread-handed-over")]
    data = {"escalation_id": None, "state": "open", "on_duty": False, "numbers": contract_numbers(numbers)}
    c.send("handoff", "\n".join(text), data=data)
    _go_on(c, incoming)


def is_few_foreign(c: Consultation, text: str) -> bool:
    """Return whether one to three words are of another language, whatever a classifier made of them."""
    if reply_words(c) is not None or _awaits_names(c):
        return False
    few = few_words_not_read(text, c.release.lexicon, c.release.book.languages)
    return few is not None and few[0] is Few.FOREIGN


def answer_few_unread(c: Consultation, incoming: Incoming) -> bool:
    """Answer one to three words of which nothing was understood, where they are none of ours; return if all is said.

    To be asked last, when the words were found to tell, ask and answer nothing. Where they may be a name or a slip,
    the emergency number is given and they are asked for in other words; a few times in a row bring in a human.
    """
    if incoming.text is None or reply_words(c) is not None or _awaits_names(c) or c.stage is Stage.CLOSED:
        return False
    if is_call(incoming.text, c.language) or country_in(incoming.text, c.release.book) is not None:
        return False
    few = few_words_not_read(incoming.text, c.release.lexicon, c.release.book.languages)
    if few is None:
        return False
    if few[0] is Few.FOREIGN:
        answer_unread(c, incoming, few[1])
        return True
    awaits_complaint = c.memory.awaiting in (Awaiting.COMPLAINT, Awaiting.COMPLAINT_CHOICE)
    if c.memory.consented and not awaits_complaint:
        say_not_understood(c, said="few-words-unread", more=call_line(c))
        return True
    c.send("notice", "\n".join([c.wording("few-words-unread"), call_line(c)]))
    if awaits_complaint:
        return False  # they are helped on: by the list of complaints, or by general questions
    _go_on(c, incoming)
    return True


def _go_on(c: Consultation, incoming: Incoming) -> None:
    if c.stage is Stage.CLOSED:
        return
    if not c.memory.consented:
        c.memory.held.append(incoming.number)
    if not c.memory.consented and c.memory.awaiting is Awaiting.CONSENT:
        ask_consent(c)
    else:
        ask_again(c)


def say_in_their_language(c: Consultation, language: str) -> None:
    """Say in the language of a message that it was not read, and whom to call; where there is a sentence for it."""
    sentence = f"unreadable-{language}"
    if language == c.language:
        return  # all that is said is
    if sentence in c.house.wording.ids:
        numbers = " / ".join(number.tel for number in phone_numbers(c.release.book, c.country))
        c.send("notice", c.wording(sentence, numbers=numbers), language=language)


def _awaits_names(c: Consultation) -> bool:
    """Whether medicines, an address or a place is awaited: words that are in no language's dictionary."""
    if c.memory.awaiting in _AWAIT_CONTACT:
        return True
    compiled = question_by_id(c, c.memory.awaiting_question) if c.memory.awaiting_question else None
    return c.memory.awaiting is Awaiting.QUESTION and compiled is not None and compiled.question.input == "text"
