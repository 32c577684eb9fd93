"""Replay: a past consultation run again from what was stored, with the content it had or with newer content.

With the same content it must end the same; with other content it shows what a change of rules would have done.
Nothing is written, nothing is sent, and no patient's words leave this module.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import assess
from careline.consultation.asking import greet
from careline.consultation.consultation import Asked, Consultation, Effects, House, Incoming, Stage
from careline.consultation.conversation_store import messages_after
from careline.consultation.engine import respond
from careline.consultation.errors import RefusedError, ReplayError
from careline.consultation.fallback import answer_without_dialogue
from careline.consultation.memory import Awaiting, Memory, memory_from, stored
from careline.consultation.ports import Intention
from careline.consultation.release import ContentRelease
from careline.consultation.screening import screen, take_in
from careline.consultation.tables import CaseEventRow, ConversationRow, MessageRow, TurnRow
from careline.consultation.typed_reply import as_button
from careline.storage.database import Database

_SILENT = ("clinician",)  # turns that the bot did not answer


@dataclass(frozen=True)
class Ending:
    """How a consultation stood at its end.

    Attributes:
        rules: Ids of the rules and flags that held, most urgent first.
        questions: Ids of the questions asked, in order.
    """

    acuity: Acuity | None
    final: bool
    rules: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Replay:
    """A past consultation beside its replay.

    Attributes:
        recorded_release: The content it was held with.
        release: The content it was replayed with.
        refused: Numbers of button answers that the replayed content has no question for.
    """

    conversation_id: str
    recorded_release: str
    release: str
    recorded: Ending
    replayed: Ending
    refused: tuple[int, ...]

    @property
    def is_same(self) -> bool:
        """Whether both ended alike."""
        return (self.recorded.acuity, self.recorded.final) == (self.replayed.acuity, self.replayed.final)


def release_of(database: Database, conversation_id: str) -> str:
    """Return the id of the content that a consultation was held with.

    Raises:
        ReplayError: There is no such conversation.
    """
    with database.read() as session:
        return _row(session, conversation_id).release


def replay(database: Database, house: House, conversation_id: str, release: ContentRelease) -> Replay:
    """Run a past consultation again with `release`.

    Raises:
        ReplayError: There is no such conversation, or its words were erased.
    """
    with database.read() as session:
        row = _row(session, conversation_id)
        messages = messages_after(session, row.id, 0)
        if row.erased_at is not None or any(message.body.get("erased") for message in messages):
            raise ReplayError(f"{conversation_id}: its words were erased, so it cannot be run again.")
        turns = {
            turn.message_number: turn
            for turn in session.scalars(select(TurnRow).where(TurnRow.conversation_id == row.id))
        }
        recorded = Ending(
            Acuity(row.acuity) if row.acuity else None,
            row.final,
            _assessed_rules(session, row.id),
            tuple(_question_ids(messages)),
        )
        country = _country_at_start(row, messages)
    c, asked, refused = _run(house, release, messages, turns, country, row.locale)
    return Replay(conversation_id, row.release, release.id, recorded, _ending(c, asked), tuple(refused))


def _row(session: Session, conversation_id: str) -> ConversationRow:
    row = session.get(ConversationRow, conversation_id)
    if row is None:
        raise ReplayError(f"{conversation_id}: there is no such conversation. Its id begins with 'con_'.")
    return row


def _run(
    house: House,
    release: ContentRelease,
    messages: Sequence[MessageRow],
    turns: dict[int, TurnRow],
    country: str | None,
    locale: str,
) -> tuple[Consultation, list[str], list[int]]:
    texts = {message.number: message.text for message in messages if message.sender == "patient"}
    c = Consultation(
        id="replay",
        house=house,
        release=release.in_language(house.wording.language_for(locale)),
        stage=Stage.CONSENT,
        memory=Memory(),
        country=country,
        locale=locale,
        text_of=texts.get,
    )
    greet(c)
    asked: list[str] = []
    refused: list[int] = []
    waiting: MessageRow | None = None
    for message in messages:
        if message.sender == "patient":
            turn = turns.get(message.number)
            if turn is None or turn.route not in _SILENT:
                try:
                    c = _take(c, as_button(c, _incoming(message, waiting, messages)), turn)
                except RefusedError:
                    refused.append(message.number)
            asked += [draft.data["question_id"] for draft in c.drafts if draft.kind == "question" and draft.data]
            c.drafts, c.effects = [], Effects()
        elif message.body.get("awaiting"):
            waiting = message
    return c, asked, refused


def _take(c: Consultation, incoming: Incoming, turn: TurnRow | None) -> Consultation:
    """Take one message as the turn did; return the consultation after it."""
    screened = dataclasses.replace(c, memory=memory_from(stored(c.memory)), drafts=[], effects=Effects())
    if screen(screened, incoming, c.release):
        return screened
    take_in(c, incoming, c.release)
    c.drafts = []
    if turn is not None and turn.intention is not None:
        respond(Intention(turn.intention), c, incoming)
    elif turn is not None and turn.route == "safe":
        answer_without_dialogue(c, incoming)
    else:
        respond(Intention.RECORD_ANSWER, c, incoming)
    return c


def _incoming(message: MessageRow, waiting: MessageRow | None, messages: Sequence[MessageRow]) -> Incoming:
    if "reply_to" in message.body:
        asked = next((each for each in messages if each.number == message.body["reply_to"]), None)
        return Incoming(message.number, _asked(asked, waiting), value=message.body["value"])
    return Incoming(message.number, _asked(waiting, waiting), text=message.text)


def _asked(message: MessageRow | None, waiting: MessageRow | None) -> Asked | None:
    if message is None or not message.body.get("awaiting"):
        return None
    return Asked(
        message.number,
        Awaiting(message.body["awaiting"]),
        message.body.get("question_id"),
        tuple(option["value"] for option in message.body.get("options", ())),
        is_current=message is waiting,
    )


def _ending(c: Consultation, asked: Sequence[str]) -> Ending:
    rules = tuple(reason.rule_id for reason in assess(c.memory.case, c.release.book).reasons) if c.final else ()
    return Ending(c.acuity, c.final, rules, tuple(asked))


def _question_ids(messages: Sequence[MessageRow]) -> list[str]:
    return [message.body["data"]["question_id"] for message in messages if message.kind == "question"]


def _assessed_rules(session: Session, conversation_id: str) -> tuple[str, ...]:
    query = (
        select(CaseEventRow)
        .where(CaseEventRow.conversation_id == conversation_id, CaseEventRow.kind == "assessed")
        .order_by(CaseEventRow.id.desc())
    )
    last = session.scalars(query.limit(1)).one_or_none()
    return tuple(last.details["rules"]) if last is not None else ()


def _country_at_start(row: ConversationRow, messages: Sequence[MessageRow]) -> str | None:
    """Return the country that was known from the start; one that was asked for is answered again."""
    was_asked = any(message.body.get("question_id") == "q_country" for message in messages)
    return None if was_asked else row.country
