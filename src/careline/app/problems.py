"""Errors as problem documents (RFC 9457): the one place that maps what rooms raise to a status and a plain text."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from careline.app.console_answers import error_page, is_console, to_sign_in, to_step
from careline.app.middleware import SECURITY_HEADERS
from careline.channels.telegram.errors import ForgedWebhookError, NoWebhookError
from careline.channels.web.errors import ForeignRequestError, RateLimitedError, TokenMissingError, UnknownArticleError
from careline.consoles.clinician.errors import ActsForAnotherError, ServiceKeyError, UnknownConversationError
from careline.consoles.clinician.schemas import contract_clinician
from careline.consoles.shell.errors import ForeignFormError, NotSignedInError, WrongRoleError
from careline.consultation.consultation import House
from careline.consultation.conversations import ConversationService, NotYoursError, TokenExpiredError
from careline.consultation.errors import ErasedError, RefusedError
from careline.consultation.phone_numbers import contract_numbers, emergency_text, phone_numbers
from careline.consultation.release import ContentReleases
from careline.consultation.stored_replies import OtherBodyError, StillRunningError
from careline.consultation.wording import DEFAULT_LANGUAGE
from careline.editorial.errors import UnknownItemError
from careline.escalation.errors import (
    AlreadyClaimedError,
    AnotherOpenError,
    ClosedError,
    NoPatientError,
    NotClaimedError,
    NotClosedError,
    UnknownClinicianError,
    UnknownEscalationError,
)
from careline.staff.errors import SessionEndedError, UnknownAccountError, WrongStepError
from careline.storage.errors import WriterBusyError

log = logging.getLogger(__name__)

Handler = Callable[[Request, Exception], Awaitable[Response]]

_BUSY_SECONDS = 2  # until who could not write tries again


@dataclass(frozen=True)
class Problem:
    """A kind of problem: its status and what to do about it."""

    status: int
    title: str
    detail: str


PROBLEMS = {
    "malformed": Problem(400, "The request cannot be read", "Send JSON of the shape that the API describes."),
    "token_missing": Problem(
        401, "A token is missing", "Send the conversation's token: Authorization: Bearer <token>."
    ),
    "token_expired": Problem(401, "The conversation's time is over", "Open a new conversation."),
    "service_key": Problem(
        401,
        "The service key is missing or wrong",
        "Send it: Authorization: Bearer <service key>. Clinicians can sign in to the console instead.",
    ),
    "webhook_token": Problem(
        403, "The webhook's secret token is missing or wrong", "Only Telegram sends here, with the token it was given."
    ),
    "not_signed_in": Problem(401, "Nobody is signed in", "Sign in to the console."),
    "wrong_role": Problem(403, "Your role does not allow that", "Ask somebody who has the role, or an admin."),
    "foreign_form": Problem(403, "The form is no longer good", "Go back, load the page again, and send it again."),
    "not_found": Problem(404, "There is no such thing here", "Check the address; or it is not yours."),
    "method_not_allowed": Problem(405, "That cannot be done here", "Check the method in the API's description."),
    "idempotency_conflict": Problem(409, "The key was used for another request", "Use a new Idempotency-Key."),
    "still_running": Problem(409, "The same request is still under way", "Send it again in a moment."),
    "already_claimed": Problem(
        409, "Another clinician has it", "Ask them to transfer it, or wait until they release it."
    ),
    "not_claimed": Problem(409, "Nobody has claimed it", "Claim it first."),
    "escalation_closed": Problem(409, "It is closed", "Open it again first."),
    "escalation_not_closed": Problem(409, "It is not closed", "Go on with it as it is."),
    "another_open": Problem(409, "The conversation has another that is open", "Go on with that one."),
    "no_patient": Problem(409, "There is no conversation to write into", "Reach the patient another way."),
    "unknown_clinician": Problem(422, "There is no such clinician", "Give the id of a clinician who has an account."),
    "acts_for_another": Problem(
        422, "Who is signed in acts in their own name", "Leave `clinician` out, or name yourself."
    ),
    "erased": Problem(410, "The conversation was erased", "Open a new conversation."),
    "too_large": Problem(413, "The message is too long", "Send a shorter message: the most important part first."),
    "empty_text": Problem(422, "There are no words in the message", "Write a few words, or press a button."),
    "unknown_option": Problem(422, "That is not one of the options", "Choose one of the options."),
    "unknown_code": Problem(422, "The code is not good, or no longer", "Ask for a new one where you began."),
    "unknown_reply_to": Problem(422, "That message asks nothing", "Answer a message of this conversation."),
    "too_many_requests": Problem(429, "Too many requests", "Wait a moment, then try again."),
    "internal": Problem(500, "Something went wrong here", "Try again. Your message may not have been kept."),
    "busy": Problem(
        503, "Too much is going on right now", "Try again in a moment. Your message may not have been kept."
    ),
    "starting": Problem(503, "The service is starting", "Try again in a moment."),
}


def problem(
    code: str,
    house: House,
    releases: ContentReleases,
    *,
    country: str | None = None,
    locale: str = DEFAULT_LANGUAGE,
    **more: object,
) -> JSONResponse:
    """Return a problem document; always with the emergency number, since a patient may be reading it."""
    kind = PROBLEMS[code]
    release = releases.newest.in_language(house.wording.language_for(locale))
    book = release.book
    numbers = phone_numbers(book, country)
    headers = more.pop("headers", None)
    body = {
        "type": f"/problems/{code}",
        "title": kind.title,
        "status": kind.status,
        "detail": kind.detail,
        "code": code,
        **{key: value for key, value in more.items() if value is not None},
        "emergency": {
            "text": emergency_text(house.wording, book, country, release.language),
            "numbers": contract_numbers(numbers),
        },
    }
    return JSONResponse(
        body, kind.status, headers=headers if isinstance(headers, dict) else None, media_type="application/problem+json"
    )


def too_large(request: Request, house: House, releases: ContentReleases) -> Response:
    """Return what somebody reads who sent too much: staff a page, others a problem document."""
    if is_console(request):
        return error_page(request, 413, "That is too large", "Go back, and send less at once: a smaller file or text.")
    return problem("too_large", house, releases)


def add_error_handlers(
    app: FastAPI, house: House, releases: ContentReleases, conversations: ConversationService
) -> None:
    """Map every error that a room raises to its problem document."""

    async def answer(request: Request, code: str, **more: object) -> Response:
        if is_console(request):
            kind = PROBLEMS[code]
            return error_page(request, kind.status, kind.title, kind.detail)
        conversation_id = request.path_params.get("conversation_id")
        country, locale = None, DEFAULT_LANGUAGE
        if isinstance(conversation_id, str):
            country, locale = await run_in_threadpool(conversations.country_and_locale_of, conversation_id)
        return problem(code, house, releases, country=country, locale=locale, **more)

    def always(code: str) -> Handler:
        async def handler(request: Request, _error: Exception) -> Response:
            return await answer(request, code)

        return handler

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, RefusedError)  # noqa: S101 - registered for this type
        return await answer(request, error.code, detail=error.detail, field=error.field)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type
        # Never what was sent: only where it stands and which rule it broke.
        first: dict[str, Any] = error.errors()[0] if error.errors() else {}
        place = first.get("loc", ())[: -1 if first.get("type") == "extra_forbidden" else None]
        field = ".".join(str(part) for part in place if part != "body") or None
        detail = f"{field or 'body'}: {first.get('type', 'invalid')}. {PROBLEMS['malformed'].detail}"
        return await answer(request, "malformed", detail=detail, field=field)

    async def limited(request: Request, error: Exception) -> Response:
        assert isinstance(error, RateLimitedError)  # noqa: S101 - registered for this type
        seconds = max(1, math.ceil(error.reset_at - time.time()))
        return await answer(request, "too_many_requests", headers={"Retry-After": str(seconds)})

    async def busy(request: Request, _error: Exception) -> Response:
        log.warning("too busy to write", extra={"path": request.scope.get("route") and request.scope["route"].path})
        return await answer(request, "busy", headers={"Retry-After": str(_BUSY_SECONDS)})

    async def not_signed_in(request: Request, _error: Exception) -> Response:
        return to_sign_in(request) if is_console(request) else await answer(request, "not_signed_in")

    async def wrong_step(request: Request, error: Exception) -> Response:
        step = error.args[0]
        return to_step(request, step) if is_console(request) else await answer(request, "not_signed_in")

    async def by_status(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type
        if error.status_code == 413:
            return too_large(request, house, releases)
        codes = {404: "not_found", 405: "method_not_allowed"}
        return await answer(request, codes.get(error.status_code, "malformed"))

    async def claimed(request: Request, error: Exception) -> Response:
        assert isinstance(error, AlreadyClaimedError)  # noqa: S101 - registered for this type
        since = error.since.isoformat().replace("+00:00", "Z") if error.since else None
        return await answer(request, "already_claimed", owner=contract_clinician(error.owner), since=since)

    async def unforeseen(request: Request, error: Exception) -> Response:
        log.error("request failed", extra={"path": request.scope.get("route") and request.scope["route"].path})
        if is_console(request):
            page = error_page(request, 500, PROBLEMS["internal"].title, "Look whether it was done, then try again.")
            page.headers.update(SECURITY_HEADERS)
            return page
        return problem("internal", house, releases, headers=SECURITY_HEADERS)  # sent from outside the middleware

    handlers: dict[type[Exception], Handler] = {
        RefusedError: refused,
        RequestValidationError: invalid,
        RateLimitedError: limited,
        HTTPException: by_status,
        TokenMissingError: always("token_missing"),
        NotYoursError: always("not_found"),
        TokenExpiredError: always("token_expired"),
        ErasedError: always("erased"),
        NoWebhookError: always("not_found"),
        ForgedWebhookError: always("webhook_token"),
        ServiceKeyError: always("service_key"),
        UnknownEscalationError: always("not_found"),
        UnknownArticleError: always("not_found"),
        UnknownItemError: always("not_found"),
        UnknownConversationError: always("not_found"),
        NotSignedInError: not_signed_in,
        SessionEndedError: not_signed_in,
        WrongStepError: wrong_step,
        WrongRoleError: always("wrong_role"),
        ForeignFormError: always("foreign_form"),
        ForeignRequestError: always("foreign_form"),
        UnknownAccountError: always("not_found"),
        OtherBodyError: always("idempotency_conflict"),
        StillRunningError: always("still_running"),
        AlreadyClaimedError: claimed,
        NotClaimedError: always("not_claimed"),
        ClosedError: always("escalation_closed"),
        NotClosedError: always("escalation_not_closed"),
        AnotherOpenError: always("another_open"),
        NoPatientError: always("no_patient"),
        UnknownClinicianError: always("unknown_clinician"),
        WriterBusyError: busy,
        ActsForAnotherError: always("acts_for_another"),
        Exception: unforeseen,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
