"""Who may do what: a conversation's token or its page's cookie, and limits that never hold up an emergency."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from careline.channels.web.chat_session import check_own_page, cookie_session
from careline.channels.web.errors import RateLimitedError, TokenMissingError
from careline.channels.web.services import WebServices
from careline.consultation.conversations import NotYoursError

_bearer = HTTPBearer(auto_error=False, description="The token of the conversation")


def web_services(request: Request) -> WebServices:
    """Return what the routes work with."""
    services: WebServices = request.app.state.web
    return services


Services = Annotated[WebServices, Depends(web_services)]


async def own_conversation(
    request: Request,
    services: Services,
    conversation_id: Annotated[str, Path(max_length=40)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> str:
    """Return the conversation's id when the request's token opens it, or the cookie of the chat page.

    Raises:
        TokenMissingError: There is neither.
        ForeignRequestError: The cookie came with a request that is not from a page of ours.
        NotYoursError, TokenExpiredError, ErasedError: The token does not open it, or no longer.
    """
    if credentials is not None:
        await run_in_threadpool(services.conversations.check, conversation_id, credentials.credentials)
        return conversation_id
    kept = cookie_session(request, services)
    if kept is None:
        raise TokenMissingError
    check_own_page(request)
    if kept.conversation_id != conversation_id:
        raise NotYoursError
    await run_in_threadpool(services.conversations.check, conversation_id, kept.token)
    return conversation_id


OwnConversation = Annotated[str, Depends(own_conversation)]


class RateLimits:
    """Limits per caller, in this process."""

    def __init__(self) -> None:
        """Start with nobody counted."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def allows(self, limit: RateLimitItem, caller: str) -> bool:
        """Count one use; return whether it is within the limit."""
        return self._limiter.hit(limit, limit.key_for(), caller)

    def check(self, limit: RateLimitItem, caller: str) -> None:
        """Count one use.

        Raises:
            RateLimitedError: It is beyond the limit; says when to try again.
        """
        if not self.allows(limit, caller):
            reset_at, _ = self._limiter.get_window_stats(limit, limit.key_for(), caller)
            raise RateLimitedError(reset_at)


def caller_of(request: Request) -> str:
    """Return the address that a request comes from."""
    return request.client.host if request.client else "unknown"
