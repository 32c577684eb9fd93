"""Who may call what: each route of the app is named here, or the app does not start."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI


class Caller(enum.StrEnum):
    """Somebody who calls a route.

    Attributes:
        ANYONE: Nothing is asked.
        PATIENT: Has the token of the conversation that the address names, or its cookie in the chat page.
        SERVICE: Has the service key.
        TELEGRAM: Has the secret token that Telegram was given with the webhook's address.
        SIGNING_IN: Has given a password, and has not come to the end of the sign-in.
        CLINICIAN, EDITOR, ADMIN: Is signed in and has the role.
    """

    ANYONE = "anyone"
    PATIENT = "patient"
    SERVICE = "service"
    TELEGRAM = "telegram"
    SIGNING_IN = "signing_in"
    CLINICIAN = "clinician"
    EDITOR = "editor"
    ADMIN = "admin"


class RoutePolicyError(Exception):
    """A route has no policy, or a policy no route."""


_ANYONE = frozenset({Caller.ANYONE})
_PATIENT = frozenset({Caller.PATIENT})
_SERVICE = frozenset({Caller.SERVICE})
_SIGNING_IN = frozenset({Caller.SIGNING_IN})
_TELEGRAM = frozenset({Caller.TELEGRAM})
_STAFF = frozenset({Caller.CLINICIAN, Caller.EDITOR, Caller.ADMIN})
_ADMIN = frozenset({Caller.ADMIN})
_EDITOR = frozenset({Caller.EDITOR})
_CLINICIAN = frozenset({Caller.CLINICIAN})
_CLINICIAN_OR_SERVICE = _CLINICIAN | _SERVICE
_CLINICIAN_OR_ADMIN = _CLINICIAN | _ADMIN

_CONVERSATION = "/api/v1/conversations/{conversation_id}"
_ESCALATION = "/api/v1/escalations/{escalation_id}"
_CASE = "/console/cases/{escalation_id}"
_PERSON = "/console/staff/{account_id}"

POLICIES: dict[str, frozenset[Caller]] = {
    "POST /api/v1/conversations": _ANYONE,
    f"POST {_CONVERSATION}/messages": _PATIENT,
    f"GET {_CONVERSATION}/messages": _PATIENT,
    f"POST {_CONVERSATION}/typing": _PATIENT,
    f"POST {_CONVERSATION}/link-code": _PATIENT,
    "POST /api/v1/conversations/resume": _ANYONE,
    f"GET {_CONVERSATION}/events": _PATIENT,
    f"POST {_CONVERSATION}/feedback": _PATIENT,
    f"GET {_CONVERSATION}/summary": _PATIENT,
    f"GET {_CONVERSATION}/export": _PATIENT,
    f"DELETE {_CONVERSATION}": _PATIENT,
    "GET /api/v1/guidance/search": _ANYONE,
    "GET /api/v1/guidance/articles/{article_id}": _ANYONE,
    "GET /guidance/{article_id}": _ANYONE,
    "POST /api/v1/escalations": _CLINICIAN_OR_SERVICE,
    "GET /api/v1/escalations": _CLINICIAN_OR_SERVICE,
    f"GET {_ESCALATION}": _CLINICIAN_OR_SERVICE,
    f"GET {_ESCALATION}/sbar": _CLINICIAN_OR_SERVICE,
    f"GET {_ESCALATION}/log": _CLINICIAN_OR_SERVICE,
    f"GET {_ESCALATION}/fhir": _CLINICIAN_OR_SERVICE,
    **{
        f"POST {_ESCALATION}/{what}": _CLINICIAN_OR_SERVICE
        for what in ("acknowledge", "claim", "release", "transfer", "reply", "note", "close", "reopen")
    },
    "POST /telegram/webhook": _TELEGRAM,
    "GET /": _ANYONE,
    "GET /static/page.css": _ANYONE,
    "GET /leave": _ANYONE,
    # The pages of the chat answer everybody: who has no conversation is shown how to begin one.
    "GET /chat": _ANYONE,
    **{
        f"POST /chat/{what}": _ANYONE
        for what in ("again", "open", "continue", "new", "send", "leaving", "end", "feedback")
    },
    "GET /chat/summary": _ANYONE,
    "POST /chat/summary": _ANYONE,
    "GET /chat/reply": _PATIENT,
    "GET /chat/events": _PATIENT,
    "POST /chat/typing": _PATIENT,
    "GET /chat/articles/{article_id}": _ANYONE,
    "GET /chat/static/chat.js": _ANYONE,
    "GET /chat/static/chat.css": _ANYONE,
    "GET /chat/logo/{site_id}": _ANYONE,
    "GET /widget/loader.js": _ANYONE,
    "GET /healthz": _ANYONE,
    "GET /readyz": _ANYONE,
    "GET /metrics": _ANYONE,
    "GET /api/v1/openapi.json": _ANYONE,
    "GET /console/static/{path:path}": _ANYONE,
    "GET /console/sign-in": _ANYONE,
    "POST /console/sign-in": _ANYONE,
    "GET /console/sign-in/code": _SIGNING_IN,
    "POST /console/sign-in/code": _SIGNING_IN,
    "GET /console/sign-in/new-password": _SIGNING_IN,
    "POST /console/sign-in/new-password": _SIGNING_IN,
    "GET /console/sign-in/app": _SIGNING_IN,
    "POST /console/sign-in/app": _SIGNING_IN,
    "POST /console/sign-out": _STAFF,
    "GET /console": _STAFF,
    "GET /console/queue": _CLINICIAN,
    "POST /console/queue/rows": _CLINICIAN,
    "GET /console/queue/stream": _CLINICIAN,
    f"GET {_CASE}": _CLINICIAN,
    f"GET {_CASE}/live": _CLINICIAN,
    f"GET {_CASE}/stream": _CLINICIAN,
    f"POST {_CASE}/contact": _CLINICIAN,
    f"POST {_CASE}/acknowledge": _CLINICIAN,
    f"POST {_CASE}/claim": _CLINICIAN,
    f"POST {_CASE}/release": _CLINICIAN,
    f"POST {_CASE}/transfer": _CLINICIAN,
    f"POST {_CASE}/reopen": _CLINICIAN,
    f"POST {_CASE}/close": _CLINICIAN,
    f"POST {_CASE}/write": _CLINICIAN,
    f"POST {_CASE}/draft": _CLINICIAN,
    f"POST {_CASE}/here": _CLINICIAN,
    "GET /console/search": _CLINICIAN,
    "POST /console/search": _CLINICIAN,
    "GET /console/figures": _CLINICIAN,
    "GET /console/duty": _CLINICIAN_OR_ADMIN,
    "GET /console/content": _STAFF,
    "GET /console/content/coverage": _STAFF,
    "GET /console/content/item": _STAFF,
    "GET /console/content/compare": _STAFF,
    "GET /console/content/article": _EDITOR,
    "POST /console/content/article": _EDITOR,
    "POST /console/content/article/preview": _EDITOR,
    "GET /console/content/text": _EDITOR,
    "POST /console/content/text": _EDITOR,
    "POST /console/content/text/keep": _EDITOR,
    "GET /console/content/begin": _EDITOR,
    "GET /console/content/translation": _EDITOR,
    "POST /console/content/translation": _EDITOR,
    "POST /console/content/translation/keep": _EDITOR,
    "POST /console/content/submit": _EDITOR,
    "POST /console/content/discard": _EDITOR,
    "POST /console/content/send-back": _EDITOR | _CLINICIAN,
    "POST /console/content/sign": _CLINICIAN,
    "POST /console/content/schedule": _ADMIN,
    "POST /console/content/withdraw": _CLINICIAN_OR_ADMIN,
    "POST /console/content/comment": _STAFF,
    "GET /console/content/files": _STAFF,
    "GET /console/content/files/export": _STAFF,
    "POST /console/content/files/program": _ADMIN,
    "POST /console/content/files/upload": _EDITOR,
    "GET /console/content/bench": _STAFF,
    "POST /console/content/bench": _STAFF,
    "GET /console/content/try": _STAFF,
    "POST /console/content/try": _STAFF,
    "POST /console/content/try/pane": _EDITOR,
    "GET /console/content/gaps": _EDITOR,
    "POST /console/content/gaps/{gap_id}": _EDITOR,
    "GET /console/content/verdicts": _EDITOR,
    "POST /console/content/verdicts/{escalation_id}": _EDITOR,
    "GET /console/content/figures": _STAFF,
    "GET /console/releases": _STAFF,
    "POST /console/releases/back": _ADMIN,
    "GET /console/releases/reviews": _STAFF,
    "GET /console/releases/prepare": _STAFF,
    "GET /console/releases/prepare/progress": _STAFF,
    "POST /console/releases/prepare": _ADMIN,
    "POST /console/releases/publish": _ADMIN,
    "GET /console/account": _STAFF,
    "POST /console/account/password": _STAFF,
    "POST /console/account/recovery-codes": _STAFF,
    "POST /console/account/sessions/{session_id}/end": _STAFF,
    "POST /console/account/sign-out-everywhere": _STAFF,
    "GET /console/staff": _ADMIN,
    "GET /console/staff/new": _ADMIN,
    "POST /console/staff/new": _ADMIN,
    f"GET {_PERSON}": _ADMIN,
    f"POST {_PERSON}": _ADMIN,
    f"POST {_PERSON}/reset": _ADMIN,
    f"POST {_PERSON}/disable": _ADMIN,
    f"POST {_PERSON}/enable": _ADMIN,
    "GET /console/audit": _ADMIN,
}


def routes_of(router: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - an app or router of the framework
    """Yield each route of an app, such as `GET /healthz`, with the framework's object for it.

    What is no plain route (a mounted app) comes under its class and path, so that it cannot slip through.
    """
    for route in router.routes:
        if hasattr(route, "original_router"):  # FastAPI keeps an included router whole
            yield from routes_of(route.original_router)
        elif getattr(route, "methods", None):
            yield from ((f"{method} {route.path}", route) for method in sorted(route.methods) if method != "HEAD")
        else:
            yield f"{type(route).__name__} {getattr(route, 'path', '?')}", route


def require_policies(app: FastAPI) -> None:
    """Check that each route has its policy.

    Raises:
        RoutePolicyError: One has not.
    """
    found = {name for name, _ in routes_of(app)}
    if missing := sorted(found - POLICIES.keys()):
        raise RoutePolicyError(f"app/policies.py says not who may call: {', '.join(missing)}")
    if unknown := sorted(POLICIES.keys() - found):
        raise RoutePolicyError(f"app/policies.py names routes that do not exist: {', '.join(unknown)}")
