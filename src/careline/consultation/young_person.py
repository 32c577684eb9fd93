"""A young person who writes alone is met as one: in simple words, with whom they can tell, and never sent for a parent.

Who that is stands in `knowledge/young_people.yml`. It changes words and offers, never an acuity.
"""

from __future__ import annotations

from careline.clinical.conditions import Truth, truth
from careline.clinical.content import PhoneNumber
from careline.clinical.finding import Case
from careline.clinical.understanding.message import read_message
from careline.consultation.consultation import Consultation
from careline.consultation.phone_numbers import phone_numbers


def is_young(c: Consultation) -> bool:
    """Return whether the patient is known to be a young person who writes for themselves."""
    return truth(c.release.book.young, _told_so_far(c)) is Truth.YES


def meet_young_person(c: Consultation) -> None:
    """Greet a young person as one, once, as soon as it is known."""
    if not c.memory.met_as_young and is_young(c):
        c.memory.met_as_young = True
        c.send("notice", "\n".join([c.wording("young-greeting"), c.wording("young-tell-someone"), *young_lines(c)]))


def young_numbers(c: Consultation) -> list[PhoneNumber]:
    """Return the country's lines for children and young people; none where we know of none."""
    return [number for number in phone_numbers(c.release.book, c.country, ("crisis",)) if number.for_young]


def young_lines(c: Consultation) -> list[str]:
    """Return the same as lines to read."""
    return [c.wording("young-line", label=number.label, tel=number.tel) for number in young_numbers(c)]


def _told_so_far(c: Consultation) -> Case:
    """Return the case with what messages told that are kept until the patient agrees: the question for consent fits."""
    case = c.memory.case
    unread = {message.number for message in c.memory.unread}
    for number in (each for each in c.memory.held if each not in unread):
        text = c.text_of(number)
        if text is not None:
            case = case.merged(read_message(text, c.release.lexicon).findings)
    return case
