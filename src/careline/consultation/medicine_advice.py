"""What this patient should know about the medicines that a text of ours, or their question, speaks of."""

from __future__ import annotations

from collections.abc import Iterable

from careline.clinical.medicines import cautions_for
from careline.consultation.consultation import Consultation

_MOST = 3  # medicines in one message: a longer list is not read


def cautions_about_text(c: Consultation, text: str) -> list[str]:
    """Return cautions about what our own text speaks of; that a packet is to be followed, it says itself."""
    return _lines(c, c.release.book.medicines.mentioned_in(text), all_actions=False)


def cautions_about_question(c: Consultation, question: str) -> list[str]:
    """Return cautions about the medicines that a patient's question names."""
    return _lines(c, c.release.book.medicines.named_in(question), all_actions=True)


def _lines(c: Consultation, medicines: Iterable[str], *, all_actions: bool) -> list[str]:
    book = c.release.book.medicines
    return [
        c.wording("medicine-caution", medicine=book.medicines[caution.medicine].title, why=" ".join(caution.texts))
        for caution in cautions_for(medicines, c.memory.case, book)
        if all_actions or caution.action != "follow_packet"
    ][:_MOST]
