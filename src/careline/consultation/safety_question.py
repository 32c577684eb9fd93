"""The safety question: words read like a red flag, not surely enough for a card; one closed question settles it."""

from __future__ import annotations

from collections.abc import Sequence

from careline.clinical.content import RedFlag
from careline.clinical.rulebook import RuleBook
from careline.consultation.cards import call_line, numbers_for
from careline.consultation.consultation import Consultation
from careline.consultation.memory import Awaiting
from careline.consultation.phone_numbers import contract_numbers

MOST_SAFETY_QUESTIONS = 3  # in one consultation: who is asked more often stops reading
_PREFIX = "safety:"


def ask_safety(c: Consultation, flags: Sequence[RedFlag]) -> None:
    """Ask whether any of `flags` is there, and say at once what to do if so."""
    lead = max(flags, key=lambda flag: flag.acuity)
    disposition = c.release.book.dispositions[lead.acuity]
    where = disposition.by_service.get(lead.service, disposition.where)
    questions = [flag.question or flag.title for flag in flags]
    text = [c.wording("safety-question-one"), questions[0]]
    if len(questions) > 1:
        text = [c.wording("safety-question-several"), *(f"- {question}" for question in questions)]
    text += [c.wording("safety-if-yes", where=where), call_line(c)]
    # To be asked says nothing of the patient. Until they have answered, everybody is careful all the same.
    watched = [flag.id for flag in flags if flag.may_be_watched and flag.id not in c.memory.watch_asked]
    c.memory.watch_asked.extend(watched)
    c.send(
        "question",
        "\n".join(text),
        options=(c.choice("yes"), c.choice("no"), c.choice("unsure")),
        data={
            "question_id": "safety",
            "stage": "safety",
            "why": c.wording("safety-why"),
            "input": {"type": "single"},
            "numbers": contract_numbers(numbers_for(c, lead.kind, lead)),
            "red_flags": [{"id": flag.id, "title": flag.title} for flag in flags],
            **({"quick_exit": True} if c.shows_way_out else {}),
        },
        awaiting=Awaiting.SAFETY,
        question_id=_PREFIX + ",".join(flag.id for flag in flags),
    )


def flags_asked(question_id: str | None, *books: RuleBook) -> tuple[RedFlag, ...]:
    """Return the red flags that a safety question asked about, each as the first book has it that knows it."""
    found = (
        next((book.red_flags[flag].flag for book in books if flag in book.red_flags), None)
        for flag in ids_asked(question_id)
    )
    return tuple(flag for flag in found if flag is not None)


def ids_asked(question_id: str | None) -> tuple[str, ...]:
    """Return the same as ids, also of flags that are new to the consultation's release."""
    return tuple((question_id or "").removeprefix(_PREFIX).split(","))
