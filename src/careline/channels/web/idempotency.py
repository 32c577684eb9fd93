"""The Idempotency-Key header: a request sent twice is carried out once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Header, Response

from careline.consultation.stored_replies import StoredReplies, carried_out_once

IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]


async def answered_once(
    replies: StoredReplies,
    scope: str,
    key: str | None,
    body: bytes,
    run: Callable[[], Awaitable[tuple[int, dict[str, Any]]]],
) -> Response:
    """Carry the request out, or give the reply it had before, marked as replayed."""
    reply = await carried_out_once(replies, scope, key, body, run)
    headers = {"Idempotency-Replayed": "true"} if reply.is_replayed else {}
    return Response(reply.body, status_code=reply.status, media_type="application/json", headers=headers)
