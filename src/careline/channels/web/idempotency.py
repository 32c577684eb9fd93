"""The Idempotency-Key header: a request sent twice is carried out once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from fastapi import Header, Response
from fastapi.concurrency import run_in_threadpool

from careline.consultation.stored_replies import StillRunningError, StoredReplies, StoredReply

IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", min_length=8, max_length=200)]

_WAIT_SECONDS = 20.0
_POLL_SECONDS = 0.1


async def carried_out_once(
    replies: StoredReplies,
    scope: str,
    key: str | None,
    body: bytes,
    run: Callable[[], Awaitable[tuple[int, dict[str, Any]]]],
) -> Response:
    """Carry the request out, or return the reply it had before.

    Raises:
        OtherBodyError: The key was used with another body.
        StillRunningError: The first request has not ended in all the time that it may take.
    """
    if key is None:
        status, answer = await run()
        return _response(status, msgspec.json.encode(answer).decode())
    stored = await _begin(replies, scope, key, body)
    if stored is not None:
        return _response(stored.status, stored.body, replayed=True)
    try:
        status, answer = await run()
    except BaseException:
        await run_in_threadpool(replies.forget, scope, key)
        raise
    reply = StoredReply(status, msgspec.json.encode(answer).decode())
    await run_in_threadpool(replies.complete, scope, key, reply)
    return _response(reply.status, reply.body)


async def _begin(replies: StoredReplies, scope: str, key: str, body: bytes) -> StoredReply | None:
    for _ in range(int(_WAIT_SECONDS / _POLL_SECONDS)):
        try:
            return await run_in_threadpool(replies.begin, scope, key, body)
        except StillRunningError:
            await asyncio.sleep(_POLL_SECONDS)
    raise StillRunningError


def _response(status: int, body: str, *, replayed: bool = False) -> Response:
    headers = {"Idempotency-Replayed": "true"} if replayed else {}
    return Response(body, status_code=status, media_type="application/json", headers=headers)
