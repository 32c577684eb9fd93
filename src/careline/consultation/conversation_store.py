"""Reading and writing conversations. Every function takes the caller's open unit of work and commits nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from careline.clinical.acuity import Acuity
from careline.consultation.consultation import Asked, Consultation, Draft, House, Stage
from careline.consultation.insight.tables import GuidanceSearchRow
from careline.consultation.memory import Awaiting, memory_from, stored
from careline.consultation.release import ContentReleases
from careline.consultation.tables import (
    CaseEventRow,
    ConversationRow,
    FeedbackRow,
    MessageRow,
    TurnRow,
    UnansweredQuestionRow,
)
from careline.escalation import service as escalations
from careline.escalation.duty.roster import duty_now
from careline.escalation.opening import escalate


def new_token() -> str:
    """Return a fresh bearer token; only its hash is stored."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """Return what is stored of a token. A plain hash is enough: the token is 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def add_conversation(
    session: Session, c: Consultation, *, channel: str, token: str, now: dt.datetime, lifetime: dt.timedelta
) -> ConversationRow:
    """Store a new conversation with its first messages."""
    row = ConversationRow(
        id=c.id,
        sender=secrets.token_urlsafe(24),
        contact_key=c.contact_key,
        token_hash=token_hash(token),
        channel=channel,
        locale=c.locale,
        country=c.country,
        created_at=now,
        updated_at=now,
        expires_at=now + lifetime,
        release=c.release.id,
        state=c.stage.value,
        last_number=0,
        turn_token=0,
        final=False,
        degraded=False,
        memory=stored(c.memory),
    )
    session.add(row)
    session.flush()
    write_back(session, row, c, now=now)
    return row


def consultation_of(session: Session, row: ConversationRow, house: House, releases: ContentReleases) -> Consultation:
    """Return the working copy of a conversation's consultation."""
    open_one = escalations.open_escalation(session, row.id)
    language = house.wording.language_for(row.locale)
    release = releases.of(row.release).in_language(language)
    earlier: tuple[str, ...] = ()
    if row.contact_key is not None:
        since = house.now() - dt.timedelta(hours=release.book.handoff.repeat_within_hours)
        earlier = escalations.recent_of(session, row.contact_key, since, not_of=row.id)
    memory = memory_from(row.memory)
    if earlier and not memory.may_be_watched:  # who was watched days ago may be watched still
        memory.may_be_watched = escalations.any_may_be_watched(session, earlier)
    return Consultation(
        id=row.id,
        house=house,
        release=release,
        stage=Stage(row.state),
        memory=memory,
        locale=row.locale,
        country=row.country,
        acuity=Acuity(row.acuity) if row.acuity else None,
        final=row.final,
        degraded=row.degraded,
        escalation_id=open_one.id if open_one else None,
        contact_key=row.contact_key,
        earlier_escalations=earlier,
        escalation_state=open_one.state.value if open_one else None,
        has_contact=open_one is not None and "text" in (open_one.contact or {}),
        duty=lambda: duty_now(session, house.now()),
        text_of=lambda number: text_of(session, row.id, number),
        newest=None if release.id == releases.newest.id else releases.newest.in_language(language),
    )


def locked_row(session: Session, conversation_id: str) -> ConversationRow:
    """Return the conversation's row, locked until the unit of work ends (on SQLite the writer is alone anyway)."""
    query = select(ConversationRow).where(ConversationRow.id == conversation_id).with_for_update()
    return session.scalars(query).one()


def overtake(session: Session, row: ConversationRow) -> None:
    """End a turn under way: what it still does is refused by the token; a card or a clinician answers for it."""
    row.turn_token += 1
    row.turn_until = None
    session.execute(
        update(TurnRow)
        .where(TurnRow.conversation_id == row.id, TurnRow.state.in_(("running", "acted")))
        .values(state="overtaken")
    )


def write_back(session: Session, row: ConversationRow, c: Consultation, *, now: dt.datetime) -> None:
    """Carry out what the consultation decided: state, messages, escalations, logs; all in this unit of work."""
    keep_state(row, c, now=now)
    carry_out_effects(session, row, c, now=now)
    add_drafts(session, row, c.drafts, escalation_id=c.escalation_id, now=now)


def keep_state(row: ConversationRow, c: Consultation, *, now: dt.datetime) -> None:
    """Keep the consultation's state in its row."""
    c.memory.may_be_watched = c.may_be_watched  # it stays, whatever is taken back
    c.memory.way_out = c.shows_way_out
    row.memory = stored(c.memory)
    row.state = c.stage.value
    row.country = c.country
    row.acuity = c.acuity.value if c.acuity else None
    row.final = c.final
    row.degraded = c.degraded
    row.updated_at = now


def carry_out_effects(session: Session, row: ConversationRow, c: Consultation, *, now: dt.datetime) -> None:
    """Open or raise escalations, write logs, keep contact, questions and feedback, erase what was declined."""
    for request in c.effects.escalations:
        c.escalation_id = escalate(session, request, now=now).escalation.id
    for event in c.effects.escalation_events:
        escalations.note_event(session, row.id, event, now=now)
    if c.effects.contact is not None:
        escalations.leave_contact(session, row.id, c.effects.contact, now=now)
    if c.may_be_watched:
        escalations.note_may_be_watched(session, row.id, now=now)
    for unread in c.effects.unread:
        message = session.get_one(MessageRow, (row.id, unread.number))
        message.body = {**message.body, "unread": {"language": unread.language}}
    for line in c.effects.case_events:
        session.add(CaseEventRow(conversation_id=row.id, at=now, kind=line.kind, details=line.details))
    for question in c.effects.unanswered:
        session.add(
            UnansweredQuestionRow(
                conversation_id=row.id, at=now, release=row.release, language=row.locale, question=question
            )
        )
    for verdict, article_id in c.effects.searches:
        session.add(GuidanceSearchRow(day=now.date(), verdict=verdict, article_id=article_id))
    if c.effects.feedback is not None:
        session.add(FeedbackRow(conversation_id=row.id, at=now, text=c.effects.feedback))
    for number in c.effects.erase_messages:
        session.execute(
            update(MessageRow)
            .where(MessageRow.conversation_id == row.id, MessageRow.number == number)
            .values(text="", body={"erased": True})
        )


def add_drafts(
    session: Session, row: ConversationRow, drafts: Sequence[Draft], *, escalation_id: str | None, now: dt.datetime
) -> list[MessageRow]:
    """Number the drafts and store them; the conversation then expects an answer to the last that waits for one."""
    added = []
    for draft in drafts:
        data = dict(draft.data) if draft.data is not None else None
        if data is not None and data.get("escalation_id", "") is None:
            data["escalation_id"] = escalation_id
        body = {
            "options": [{"value": o.value, "title": o.title, "exclusive": o.exclusive} for o in draft.options],
            "data": data,
            "awaiting": draft.awaiting.value if draft.awaiting else None,
            "question_id": draft.question_id,
        }
        added.append(add_message(session, row, "assistant", draft.kind, draft.lang, draft.text, body, now=now))
        if draft.awaiting is not None:
            row.expects = added[-1].number
    if row.state == Stage.CLOSED.value:
        row.expects = None
    return added


def add_message(
    session: Session,
    row: ConversationRow,
    sender: str,
    kind: str,
    lang: str,
    text: str,
    body: dict[str, Any],
    *,
    now: dt.datetime,
    client_key: str | None = None,
) -> MessageRow:
    """Store one message under the next number."""
    row.last_number += 1
    message = MessageRow(
        conversation_id=row.id,
        number=row.last_number,
        at=now,
        sender=sender,
        kind=kind,
        lang=lang,
        text=text,
        body=body,
        client_key=client_key,
    )
    session.add(message)
    session.flush()
    return message


def messages_after(session: Session, conversation_id: str, after: int, limit: int | None = None) -> list[MessageRow]:
    """Return the conversation's messages with a number above `after`, in order."""
    query = (
        select(MessageRow)
        .where(MessageRow.conversation_id == conversation_id, MessageRow.number > after)
        .order_by(MessageRow.number)
    )
    return list(session.scalars(query.limit(limit) if limit else query))


def text_of(session: Session, conversation_id: str, number: int) -> str | None:
    """Return a patient's words by message number."""
    message = session.get(MessageRow, (conversation_id, number))
    return message.text if message is not None and message.sender == "patient" and message.text else None


def asked_by(session: Session, row: ConversationRow, number: int | None) -> Asked | None:
    """Return what a message of ours asked; None when it asked nothing or does not exist."""
    message = session.get(MessageRow, (row.id, number)) if number is not None else None
    if message is None or not message.body.get("awaiting"):
        return None
    return Asked(
        number=message.number,
        awaiting=Awaiting(message.body["awaiting"]),
        question_id=message.body.get("question_id"),
        options=tuple(option["value"] for option in message.body.get("options", ())),
        is_current=message.number == row.expects,
    )


def contract_message(message: MessageRow) -> dict[str, Any]:
    """Return a message as the HTTP contract has it."""
    shown: dict[str, Any] = {
        "id": message.number,
        "at": message.at.isoformat().replace("+00:00", "Z"),
        "from": message.sender,
        "kind": message.kind,
        "text": message.text,
        "lang": message.lang,
    }
    options = message.body.get("options")
    if options:
        shown["options"] = [
            {key: value for key, value in option.items() if key != "exclusive" or value} for option in options
        ]
    if message.body.get("data") is not None:
        shown["data"] = message.body["data"]
    if "unread" in message.body:
        shown["unread"] = message.body["unread"]
    if "reply_to" in message.body:
        shown["reply_to"] = message.body["reply_to"]
    return shown
