"""Fills a data folder with invented consultations, cases, staff and work on the content: something to see.

All of it goes through the same services as real ones, in process and without Rasa: words go to `action_turn`'s path.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyotp

from careline.app.services import Careline, build, utc_now
from careline.clinical.content import Question
from careline.consultation.patient_message import PatientMessage
from careline.consultation.ports import DialogueTurn, Intention, TurnActions
from careline.editorial.life_cycle import Actor
from careline.escalation.escalation import Clinician, Closing, Reason, Verdict
from careline.settings import Settings
from careline.staff.accounts import Details
from careline.staff.passwords import temporary_password
from careline.staff.sessions import Visitor
from tools.demo_cases import CASES, DemoCase
from tools.demo_content import begin_content

PEOPLE = (
    (
        "doctor",
        Details("Dr Demo Doctor", "GP on duty", ("clinician", "admin")),
        "cases, content, staff and audit trail",
    ),
    ("nurse", Details("Demo Nurse", "nurse on duty", ("clinician",)), "cases, and signs content"),
    ("editor", Details("Demo Editor", "editor", ("editor",)), "writes content"),
)
_SAFETY_NET = "If it gets worse, or you are worried, write here again or call 999."
_ASKS_AFTER = 2  # questions, before a patient asks for a person


class InProcess:
    """Stands in for Rasa while the demo is filled: every message is read against the pending question."""

    actions: TurnActions

    async def converse(self, turn: DialogueTurn) -> int:
        """Run the turn's action."""
        wants_human = turn.text is not None and ("speak to a" in turn.text or "someone real" in turn.text)
        return await self.actions.act(
            Intention.REQUEST_HUMAN if wants_human else Intention.TURN,
            sender=turn.sender,
            turn_id=turn.turn_id,
            fencing_token=turn.fencing_token,
        )

    async def notify_red_flag(self, sender: str, red_flag_ids: Sequence[str]) -> None:
        """Nobody needs to be told."""

    async def is_ready(self) -> bool:
        """Always."""
        return True


class DemoClock:
    """A clock that stands in the past while a case of the past is told."""

    def __init__(self) -> None:
        """Begin now."""
        self.began = utc_now()
        self.now = self.began

    def __call__(self) -> dt.datetime:
        """Return the time."""
        return self.now

    def go_to(self, minutes_ago: float) -> None:
        """Stand so long before the beginning."""
        self.now = self.began - dt.timedelta(minutes=minutes_ago)

    def pass_by(self, minutes: float) -> None:
        """Let time pass, but not beyond the beginning."""
        self.now = min(self.began, self.now + dt.timedelta(minutes=minutes))


@dataclass(frozen=True)
class DemoPerson:
    """An account, and what its owner would have and know.

    Attributes:
        does: What it may do, in words.
        secret: What an authenticator app makes its codes from.
        codes: Recovery codes: each signs in once, in the place of an app's code.
    """

    user_name: str
    password: str
    does: str
    secret: str
    codes: Sequence[str]
    clinician: Clinician
    actor: Actor


def reassuring(question: Question) -> Any:  # noqa: ANN401 - as the contract's `value`
    """Return the answer that worries least."""
    if question.input == "yes_no":
        return "no" if question.worrying == "yes" else "yes"
    if question.input == "single":
        return min(question.options, key=lambda option: len(option.present)).value
    return "unsure" if question.input == "number" else "none"


async def consult(careline: Careline, clock: DemoClock, case: DemoCase) -> str:
    """Hold one consultation, to its end or to the wish for a person; return its id."""
    book = careline.releases.newest.book
    questions = {q.question.id: q.question for p in book.protocols.values() for q in p.questions}
    questions |= {q.question.id: q.question for q in book.intake.questions}
    opened = careline.conversations.open(country="GB", contact_key=f"demo-{case.person}" if case.person else None)
    conversation, asked = opened.conversation_id, 0
    turn = await careline.turns.take(conversation, PatientMessage(text=case.opening))
    while not turn.status["final"]:
        clock.pass_by(0.15)
        asking = next((each for each in reversed(turn.messages) if each["id"] == turn.status["expects"]), None)
        if asking is None:
            break
        question_id = (asking.get("data") or {}).get("question_id", "")
        offered = [option["value"] for option in asking.get("options", ())]
        if question_id in questions:
            if case.asks_for_human and asked >= max(_ASKS_AFTER, len(case.answers) + 1):
                break
            asked += 1
            value = case.answers.get(question_id) or ("self" if question_id == "q_for_whom" else None)
            value = value or reassuring(questions[question_id])
        elif "agree" in offered:
            value = "agree"
        elif "no" in offered:  # a closed question that makes sure
            value = "no"
        else:
            break
        turn = await careline.turns.take(conversation, PatientMessage(reply_to=turn.status["expects"], value=value))
    return conversation


async def tell(careline: Careline, clock: DemoClock, case: DemoCase, people: Sequence[DemoPerson]) -> None:
    """Hold the consultation of a case, and let its clinician do what they did."""
    clock.go_to(case.minutes_ago)
    conversation = await consult(careline, clock, case)
    if case.asks_for_human:
        await careline.turns.take(conversation, PatientMessage(text="can I speak to a nurse please"))
    found = careline.queue.of_conversation(conversation)
    if not found:  # the interview ended in self-care: a connected system asks for a clinician
        opened = careline.desk.open(Reason.PATIENT_REQUEST, None, conversation_id=conversation, note=None)
        found = [opened.escalation]
    escalation_id, who = found[-1].id, people[case.by].clinician
    for kind, words in case.then:
        clock.pass_by(case.pause)
        await _step(careline, conversation, escalation_id, who, kind, words)


async def _step(
    careline: Careline,
    conversation: str,
    escalation_id: str,
    who: Clinician,
    kind: str,
    words: Any,  # noqa: ANN401 - text, or a closing's parts
) -> None:
    handling = careline.handling
    if kind == "patient":
        await careline.turns.take(conversation, PatientMessage(text=words))
    elif kind == "close":
        verdict = Verdict(words["verdict"]) if words["verdict"] else None
        closing = Closing(words["outcome"], words["disposition"] or "none", _SAFETY_NET, verdict, words["why"] or None)
        handling.close(escalation_id, who, closing)
    elif kind in ("claim", "acknowledge"):
        (handling.claim if kind == "claim" else handling.acknowledge)(escalation_id, who)
    elif kind == "reply":
        handling.reply(escalation_id, who, words)
    elif kind == "note":
        handling.note(escalation_id, who, words)
    else:
        handling.release(escalation_id, who, words)


def add_people(careline: Careline) -> list[DemoPerson]:
    """Add the staff, each with a new password, an app and recovery codes."""
    people = []
    for user_name, details, does in PEOPLE:
        password = temporary_password() + secrets.token_hex(2)
        account, _ = careline.staff.accounts.add("terminal", user_name, details, password=password)
        sign_in, here = careline.staff.sign_in, Visitor("127.0.0.1", "make demo")
        passed = sign_in.with_password(user_name, password, here)
        secret = sign_in.secret_to_enrol(passed.token)
        code = pyotp.TOTP(secret).at(careline.staff.now())
        passed, codes = sign_in.enrol(passed.token, code, here)
        sign_in.out(passed.token)
        clinician = Clinician(account.id, account.name, account.role_title)
        people.append(DemoPerson(user_name, password, does, secret, codes, clinician, Actor.of(account)))
    return people


async def fill(settings: Settings) -> list[DemoPerson]:
    """Fill a data folder that is migrated and empty; return whom one signs in as."""
    dialogue, clock = InProcess(), DemoClock()
    careline = build(settings, dialogue, now=clock)
    dialogue.actions = careline.turns
    careline.database.claim_writer()
    try:
        clock.go_to(CASES[0].minutes_ago + 60)
        people = add_people(careline)
        doctor, editor = people[0].actor, people[2].actor
        begin_content(careline, editor=editor, clinician=doctor)
        for case in CASES:
            await tell(careline, clock, case, people)
        return people
    finally:
        careline.database.close()
