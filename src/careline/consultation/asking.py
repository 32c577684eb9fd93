"""What the consultation asks next: consent, intake, the complaint, the interview, and then the assessment."""

from __future__ import annotations

import logging
from typing import Any

from careline.clinical.assessment import protocols_of
from careline.clinical.content import Question
from careline.clinical.interview import (
    next_danger_question,
    next_first_question,
    next_intake_question,
    next_question,
)
from careline.clinical.rulebook import CompiledQuestion
from careline.clinical.understanding.answers import is_exclusive, options_of
from careline.consultation.advising import assess_and_advise, offer_next_steps
from careline.consultation.cards import call_line, remind_of_emergency
from careline.consultation.complaints import (
    choose_complaints,
    offered_complaints,
    proposed_complaints,
    report_by_findings,
)
from careline.consultation.consultation import Choice, Consultation, Stage
from careline.consultation.handoff import ask_for_contact, hand_over
from careline.consultation.memory import Awaiting
from careline.consultation.recognising import doubts_to_ask
from careline.consultation.safety_question import ask_safety, flags_asked, ids_asked
from careline.consultation.young_person import is_young, meet_young_person

log = logging.getLogger(__name__)

COUNTRY_QUESTION = "q_country"
_CATALOGUED = ("yes", "no", "unsure", "none")  # options that every question of a kind has; theirs are catalogued titles
TRIES_BEFORE_HUMAN = 3  # misunderstandings in a row before a human is offered


def greet(c: Consultation) -> None:
    """Begin: the emergency notice, then consent."""
    c.send("greeting", "\n".join([c.wording("greeting", operator=c.house.operator_in(c.language)), call_line(c)]))
    ask_consent(c)


def ask_consent(c: Consultation) -> None:
    """Ask whether the patient agrees that what they write is kept and used."""
    options = (
        c.choice("agree", "i agree", "agree", "yes", "ok", "okay", "yes i agree", "sure", "fine", "go ahead"),
        c.choice("decline", "i decline", "decline", "no", "no thanks", "i dont agree", "disagree"),
    )
    text = c.wording("consent-young" if is_young(c) else "consent", operator=c.house.operator_in(c.language))
    c.send("consent", text, options=options, awaiting=Awaiting.CONSENT)


def proceed(c: Consultation) -> None:
    """Ask the next thing that is needed, or close the triage with the assessment."""
    memory, book = c.memory, c.release.book
    if not memory.consented:
        ask_consent(c)
        return
    meet_young_person(c)
    if c.country is not None and COUNTRY_QUESTION not in memory.asked:
        memory.asked.append(COUNTRY_QUESTION)
    kept = doubts_to_ask(c)
    first = next_first_question(memory.case, book, memory.asked)
    if kept:
        c.stage = _at_least_asking(c, Stage.INTAKE)
        memory.before_safety = (Awaiting.NOTHING, None)  # after the answer it goes on from here
        ask_safety(c, kept)
    elif first is not None:
        c.stage = _at_least_asking(c, Stage.INTAKE)
        ask(c, first)
    elif not memory.complaints and not report_by_findings(c):
        c.stage = _at_least_asking(c, Stage.INTAKE)
        # What was told before is not asked for again, even when it was not understood.
        ask_complaint(c) if memory.words is None else ask_complaint_choice(c)
    elif not memory.complaints and not choose_complaints(c):
        c.stage = _at_least_asking(c, Stage.INTAKE)
        ask_complaint_choice(c)
    else:
        _ask_danger_background_rest(c)


def _ask_danger_background_rest(c: Consultation) -> None:
    """Ask what threatens life, then the rest of the intake, then what else matters to this complaint."""
    memory, book = c.memory, c.release.book
    danger = next_danger_question(memory.case, book, memory.asked)
    background = next_intake_question(memory.case, book, memory.asked) if danger is None else None
    if danger is not None:
        c.stage = _at_least_asking(c, Stage.INTERVIEW)
        ask(c, danger)
    elif background is not None:
        c.stage = _at_least_asking(c, Stage.INTAKE)
        ask(c, background)
    else:
        _interview(c)


def ask(c: Consultation, compiled: CompiledQuestion) -> None:
    """Ask one question of the content."""
    question = compiled.question
    stage = "intake" if compiled in c.release.book.intake.questions else "interview"
    _send_question(c, question, "safety" if question.life_threat else stage)


def ask_complaint(c: Consultation) -> None:
    """Ask for the problem in the patient's own words; by buttons where those would not be read."""
    if c.language in c.release.book.languages.read:
        _send_own_question(c, "complaint", Awaiting.COMPLAINT, (), stage="intake")
    else:
        ask_complaint_choice(c)


def ask_complaint_choice(c: Consultation) -> None:
    """Offer the complaints that there are protocols for, when the words named none; the likeliest stand first."""
    offered = offered_complaints(c)
    likely = [complaint for complaint in proposed_complaints(c).likely if complaint in offered]
    known = [
        Choice(complaint, offered[complaint].protocol.title) for complaint in dict.fromkeys((*likely, *offered))
    ]  # fmt: skip
    if not known:
        _without_protocol(c)
        return
    options = (*known, c.choice("something_else", "something else", "none of these", "other"))
    by_buttons = c.memory.words is None and c.language not in c.release.book.languages.read
    said = "complaint-buttons" if by_buttons else "complaint-choice"
    _send_own_question(c, "complaint-choice", Awaiting.COMPLAINT_CHOICE, options, stage="intake", said=said)


def ask_again(c: Consultation) -> None:
    """Return to what was awaited, after something else came between."""
    awaiting = c.memory.awaiting
    if awaiting is Awaiting.QUESTION and c.memory.awaiting_question is not None:
        compiled = question_by_id(c, c.memory.awaiting_question)
        if compiled is not None:
            ask(c, compiled)
            return
    if awaiting is Awaiting.EMERGENCY_REPLY:
        remind_of_emergency(c)
    elif awaiting is Awaiting.SAFETY and c.memory.awaiting_question is not None:
        _ask_safety_again(c)
    elif awaiting in (Awaiting.CONTACT, Awaiting.SAFE_TO_CALL):
        ask_for_contact(c)
    elif c.final:
        offer_next_steps(c)
    else:
        proceed(c)


def _ask_safety_again(c: Consultation) -> None:
    flags = flags_asked(c.memory.awaiting_question, *c.rule_books)
    if flags:
        ask_safety(c, flags)
        return
    # Asked by a release that is no longer in force, and that is not the consultation's own: nobody knows how it was
    # asked. It is left open; what it came before is asked instead.
    c.memory.unsure_flags.extend(ids_asked(c.memory.awaiting_question))
    c.memory.awaiting, c.memory.awaiting_question = c.memory.before_safety or (Awaiting.NOTHING, None)
    c.memory.before_safety = None
    ask_again(c)


def say_not_understood(c: Consultation, said: str = "not-understood", *, more: str = "") -> None:
    """Say so kindly and ask again; after a few times in a row bring in a human, and go on: nobody is stuck."""
    memory = c.memory
    memory.misunderstood += 1
    if memory.misunderstood < TRIES_BEFORE_HUMAN:
        c.send("notice", "\n".join(filter(None, [c.wording(said), more])))
        ask_again(c)
        return
    memory.misunderstood = 0
    if not memory.wants_human:
        c.say("notice", "not-understood-human")
        hand_over(c)
    if memory.awaiting is Awaiting.QUESTION and memory.awaiting_question is not None:
        # Left unknown, with whatever floor that sets: never taken for a no.
        c.log("left_unknown", question=memory.awaiting_question)
        memory.asked.append(memory.awaiting_question)
        c.say("notice", "question-left-open")
        proceed(c)
    else:
        ask_again(c)


def question_by_id(c: Consultation, question_id: str) -> CompiledQuestion | None:
    """Return a question of the intake or of any protocol."""
    book = c.release.book
    everywhere = (*book.intake.questions, *(q for protocol in book.protocols.values() for q in protocol.questions))
    return next((question for question in everywhere if question.question.id == question_id), None)


def _interview(c: Consultation) -> None:
    if not protocols_of(c.memory.case, c.release.book):
        _without_protocol(c)
        return
    question = next_question(c.memory.case, c.release.book, c.memory.asked)
    if question is not None:
        c.stage = _at_least_asking(c, Stage.INTERVIEW)
        ask(c, question)
    else:
        assess_and_advise(c)


def _at_least_asking(c: Consultation, stage: Stage) -> Stage:
    c.final = False
    return c.stage if c.stage is Stage.WITH_CLINICIAN else stage


def _without_protocol(c: Consultation) -> None:
    """Close honestly where no signed protocol may be served: how soon to be seen, and a human."""
    assess_and_advise(c, note="no-signed-protocol")
    hand_over(c)


def _send_question(c: Consultation, question: Question, stage: str) -> None:
    lines = [question.text]
    if c.is_for_another:
        lines.append(c.wording("about-the-other-person"))
    c.send(
        "question",
        "\n".join(lines),
        options=_choices(c, question),
        data={"question_id": question.id, "stage": stage, "why": question.why, "input": _input(question)},
        awaiting=Awaiting.QUESTION,
        question_id=question.id,
    )


def _choices(c: Consultation, question: Question) -> list[Choice]:
    choices = [
        Choice(
            option.value,
            c.wording(f"option-{option.value}") if option.value in _CATALOGUED else option.title,
            exclusive=is_exclusive(option, question),
            says=option.says,
        )
        for option in options_of(question)
    ]
    if question.input == "text" and question.id != COUNTRY_QUESTION:
        choices.append(Choice("none", c.wording("option-nothing")))
    if question.input in ("number", "text"):
        choices.append(c.choice("unsure"))
    return choices


def _input(question: Question) -> dict[str, Any]:
    if question.input == "number" and question.number is not None:
        number = question.number
        return {
            "type": "number",
            "units": list(number.units),
            "min": number.min,
            "max": number.max,
            "step": number.step,
        }
    if question.input == "multi":
        return {"type": "multi", "none": "none", "unsure": "unsure"}
    return {"type": "text" if question.input == "text" else "single"}


def _send_own_question(
    c: Consultation,
    sentence: str,
    awaiting: Awaiting,
    options: tuple[Choice, ...],
    *,
    stage: str,
    said: str | None = None,
) -> None:
    c.send(
        "question",
        c.wording(f"{said or sentence}-question"),
        options=options,
        data={
            "question_id": sentence.replace("-", "_"),
            "stage": stage,
            "why": c.wording(f"{said or sentence}-why"),
            "input": {"type": "single" if options else "text"},
        },
        awaiting=awaiting,
    )
