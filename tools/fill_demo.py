"""Fills the data folder of `make demo` with invented consultations, so that there is something to look at.

They are held in process, through the same services as real ones, without Rasa: words go to `action_turn`'s path.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

from careline.app.services import Careline, build
from careline.clinical.content import Question
from careline.consultation.patient_message import PatientMessage
from careline.consultation.ports import DialogueTurn, Intention, TurnActions
from careline.settings import Settings

PEOPLE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("I've had a sore throat for two days", {"q_age": {"number": 24, "unit": "years"}, "q_sex": "female"}),
    ("my chest feels tight and it goes down my left arm", {}),
    ("bad back since lifting boxes on monday", {"q_age": {"number": 43, "unit": "years"}, "q_sex": "male"}),
    ("my 3 year old has a temperature of 38.5 and a runny nose", {"q_for_whom": "child", "q_sex": "male"}),
    ("it burns when i wee since yesterday", {"q_age": {"number": 31, "unit": "years"}, "q_sex": "female"}),
    ("cough for four weeks now", {"q_age": {"number": 58, "unit": "years"}, "q_sex": "male"}),
    ("I don't want to live any more", {}),
)


class InProcess:
    """Stands in for Rasa while the demo is filled: every message is read against the pending question."""

    actions: TurnActions

    async def converse(self, turn: DialogueTurn) -> int:
        """Run the turn's action."""
        return await self.actions.act(
            Intention.TURN, sender=turn.sender, turn_id=turn.turn_id, fencing_token=turn.fencing_token
        )

    async def notify_red_flag(self, sender: str, red_flag_ids: Sequence[str]) -> None:
        """Nobody needs to be told."""

    async def is_ready(self) -> bool:
        """Always."""
        return True


def reassuring(question: Question) -> Any:  # noqa: ANN401 - as the contract's `value`
    """Return the answer that worries least."""
    if question.input == "yes_no":
        return "no" if question.worrying == "yes" else "yes"
    if question.input == "single":
        return min(question.options, key=lambda option: len(option.present)).value
    return "unsure" if question.input == "number" else "none"


async def consult(careline: Careline, opening: str, answers: dict[str, Any]) -> None:
    """Hold one consultation to its end."""
    book = careline.releases.newest.book
    questions = {q.question.id: q.question for p in book.protocols.values() for q in p.questions}
    questions |= {q.question.id: q.question for q in book.intake.questions}
    conversation = careline.conversations.open(country="GB").conversation_id
    turn = await careline.turns.take(conversation, PatientMessage(text=opening))
    if not turn.status["final"]:
        turn = await careline.turns.take(conversation, PatientMessage(reply_to=turn.status["expects"], value="agree"))
    while not turn.status["final"]:
        question_id = turn.messages[-1]["data"]["question_id"]
        value = answers.get(question_id) or ("self" if question_id == "q_for_whom" else None)
        value = value or reassuring(questions[question_id])
        turn = await careline.turns.take(conversation, PatientMessage(reply_to=turn.status["expects"], value=value))


async def main() -> int:
    """Fill the folder unless it is filled already."""
    dialogue = InProcess()
    careline = build(Settings(), dialogue)
    dialogue.actions = careline.turns
    careline.database.claim_writer()
    escalations, _ = careline.desk.list(state=None, owner=None, after=None, limit=1)
    if escalations:
        print("demo: filled already")
        return 0
    for opening, answers in PEOPLE:
        await consult(careline, opening, answers)
        print(f"demo: {opening}")
    careline.database.close()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
