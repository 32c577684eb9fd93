"""A patient's own questions, answered from guidance at any moment; then back to where we were."""

from __future__ import annotations

import logging

from careline.clinical.acuity import Acuity
from careline.consultation.advising import search_filter, send_guidance
from careline.consultation.answering import read
from careline.consultation.asking import ask_again
from careline.consultation.cards import call_line
from careline.consultation.consultation import Consultation
from careline.consultation.medicine_advice import cautions_about_question
from careline.guidance.search import SearchResult

log = logging.getLogger(__name__)

_MOST_HITS = 2  # a chat is not a reading list; each hit links to its article


def answer_question(c: Consultation, question: str) -> None:
    """Answer from reviewed text, or say honestly that there is none; then ask again what was asked.

    An amount of a medicine and a prescription are not ours to give: who can is said instead, also without an index.
    """
    request = c.release.book.medicines.request_in(question)
    if request is not None:
        c.log("declined", request=request)
        c.say("notice", f"{request}-declined")
    for caution in cautions_about_question(c, question):
        c.send("notice", caution)
    if request == "prescription":
        ask_again(c)
        return
    result = _search(c, question, c.acuity)
    if result is not None:
        c.effects.searches.append((result.verdict, _first_article(result)))
    if result is not None and result.verdict == "answer":
        send_guidance(c, result.hits[:_MOST_HITS])
    elif request is not None:
        pass  # a way forward was said: neither a page that may not fit nor "I do not know" adds to it
    elif result is None:
        c.say("notice", "guidance-missing")
    elif result.verdict == "ask" and result.suggest is not None:
        c.effects.unanswered.append(question)
        c.say("notice", "guidance-suggest", title=result.suggest.title, url=result.suggest.url)
    elif _is_for_less_urgent(c, question):
        c.send("notice", "\n".join([c.wording("guidance-withheld"), call_line(c)]))
    else:
        c.effects.unanswered.append(question)
        c.say("notice", "guidance-none")
    ask_again(c)


def refuse_question(c: Consultation) -> None:
    """Say that questions cannot be answered now, while the dialogue engine is down; then ask again."""
    c.say("notice", "question-not-now")
    ask_again(c)


def _first_article(result: SearchResult) -> str | None:
    if result.hits:
        return result.hits[0].article_id
    return result.suggest.article_id if result.suggest is not None else None


def _is_for_less_urgent(c: Consultation, question: str) -> bool:
    """Return whether a page would answer, and is kept back because it is for those who can wait."""
    if c.acuity is None or not c.acuity.is_emergency:
        return False
    result = _search(c, question, None)
    return result is not None and result.verdict == "answer"


def _search(c: Consultation, question: str, acuity: Acuity | None) -> SearchResult | None:
    if c.release.guidance is None:
        return None
    try:
        filters = search_filter(c, acuity, named=read(c, question).complaints)
        return c.release.guidance.search(question, filters, limit=_MOST_HITS)
    except Exception:  # whatever is wrong with guidance, the turn goes on and the patient is told
        log.exception("guidance failed", extra={"consultation": c.id})
        return None
