"""The patients' API: conversations and their messages (docs/api.md)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from careline.channels.web.access import OwnConversation, Services, caller_of
from careline.channels.web.idempotency import IdempotencyKey, answered_once
from careline.channels.web.schemas import GiveFeedback, OpenConversation, ResumeConversation, SendMessage, Typing
from careline.channels.web.sending import check_rate, take_message
from careline.consultation.conversations import Feedback
from careline.consultation.patient_message import PatientMessage, key_hash, patient_words
from careline.consultation.stored_replies import opening_scope

router = APIRouter(prefix="/api/v1", tags=["conversations"])


@router.post("/conversations", status_code=201)
async def open_conversation(
    request: Request, services: Services, body: OpenConversation, idempotency_key: IdempotencyKey = None
) -> Response:
    """Open a conversation: its token, the emergency notice and the question for consent."""
    services.limits.check(services.opening_limit, caller_of(request))

    async def run() -> tuple[int, dict[str, Any]]:
        opened = await run_in_threadpool(
            services.conversations.open, channel=body.channel, locale=body.locale, country=body.country
        )
        return 201, {
            "conversation_id": opened.conversation_id,
            "token": opened.token,
            "expires_at": opened.expires_at.isoformat().replace("+00:00", "Z"),
            "messages": opened.messages,
            "state": opened.state,
        }

    # The reply holds a token: a key of one caller's opens nothing to another.
    scope = opening_scope(caller_of(request))
    return await answered_once(services.replies, scope, idempotency_key, await request.body(), run)


@router.post("/conversations/{conversation_id}/messages")
async def send_message(
    request: Request,
    services: Services,
    conversation_id: OwnConversation,
    body: SendMessage,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Send a message and get the answer: one turn."""
    message = PatientMessage(
        text=patient_words(body.text) if body.text is not None else None,
        reply_to=body.reply_to,
        value=body.plain_value,
        client_key=key_hash(idempotency_key) if idempotency_key else None,
    )
    await check_rate(services, conversation_id, message)

    async def run() -> tuple[int, dict[str, Any]]:
        result = await take_message(services, conversation_id, message)
        return 200, {"received": result.received, "messages": result.messages, **result.status}

    return await answered_once(services.replies, conversation_id, idempotency_key, await request.body(), run)


@router.get("/conversations/{conversation_id}/messages")
async def read_messages(
    services: Services, conversation_id: OwnConversation, after: Annotated[int, Query(ge=0)] = 0
) -> dict[str, Any]:
    """Read the messages above `after`."""
    return await run_in_threadpool(services.conversations.history, conversation_id, after)


@router.post("/conversations/{conversation_id}/typing", status_code=204)
async def type_on(services: Services, conversation_id: OwnConversation, body: Typing) -> Response:
    """Say that the patient is typing, or has stopped; a clinician in the conversation sees it."""
    services.presence.see(conversation_id)
    services.presence.type(conversation_id, "patient", on=body.on)
    return Response(status_code=204)


@router.post("/conversations/{conversation_id}/link-code", status_code=201)
async def make_link_code(services: Services, conversation_id: OwnConversation) -> dict[str, str]:
    """Make a one-time code by which the conversation is continued in another channel; one made before ends."""
    made = await run_in_threadpool(services.links.make, conversation_id)
    return {"code": made.code, "expires_at": made.expires_at.isoformat().replace("+00:00", "Z")}


@router.post("/conversations/resume")
async def resume_conversation(request: Request, services: Services, body: ResumeConversation) -> dict[str, Any]:
    """Go on with a conversation by a code made in another channel: under a new token, the one before ends."""
    services.limits.check(services.opening_limit, caller_of(request))
    resumed = await run_in_threadpool(services.links.resume, body.code)
    history = await run_in_threadpool(services.conversations.history, resumed.conversation_id, 0)
    return {
        "conversation_id": resumed.conversation_id,
        "token": resumed.token,
        "expires_at": resumed.expires_at.isoformat().replace("+00:00", "Z"),
        **history,
    }


@router.post("/conversations/{conversation_id}/feedback", status_code=201)
async def give_feedback(
    request: Request,
    services: Services,
    conversation_id: OwnConversation,
    body: GiveFeedback,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Say whether it helped, what happened next, and anything else."""
    feedback = Feedback(body.helpful, body.happened, body.text)

    async def run() -> tuple[int, dict[str, Any]]:
        await run_in_threadpool(services.conversations.keep_feedback, conversation_id, feedback)
        return 201, {"kept": True}

    return await answered_once(services.replies, conversation_id, idempotency_key, await request.body(), run)


@router.get("/conversations/{conversation_id}/summary")
async def read_summary(services: Services, conversation_id: OwnConversation) -> dict[str, Any]:
    """Read what is known, the acuity, its reasons and sources."""
    return await run_in_threadpool(services.conversations.summary, conversation_id)


@router.get("/conversations/{conversation_id}/export")
async def export(services: Services, conversation_id: OwnConversation) -> dict[str, Any]:
    """Take everything away that is kept of the conversation."""
    return await run_in_threadpool(services.conversations.export, conversation_id)


@router.delete("/conversations/{conversation_id}", status_code=204)
async def erase(services: Services, conversation_id: OwnConversation) -> Response:
    """Erase every word of the conversation."""
    await run_in_threadpool(services.conversations.erase, conversation_id)
    return Response(status_code=204)
