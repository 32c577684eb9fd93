"""The webhook by which Rasa runs our actions: a small application of its own, for a listener on loopback only."""

from __future__ import annotations

import json
import logging
import secrets
import traceback
from typing import Any, Final

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionMissingDomainException, ActionNotFoundException
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from careline.consultation.errors import StaleTurnError
from careline.consultation.ports import Intention, TurnActions
from careline.dialogue.actions import red_flag
from careline.dialogue.actions.turn import TurnAction
from careline.dialogue.errors import EmptyTokenError

log = logging.getLogger(__name__)

PATH: Final = "/rasa/actions"
TOKEN_HEADER: Final = "X-Careline-Token"  # noqa: S105 - the name of a header

# What Rasa's own protocol says of an action that it cannot have.
_STATUS: Final[dict[type[Exception], int]] = {
    ActionExecutionRejection: 400,
    ActionNotFoundException: 404,
    ActionMissingDomainException: 449,
}
# No message: without the turn's mark the client knows that the turn failed, and the patient gets the safe reply.
_NOTHING: Final[dict[str, Any]] = {"events": [], "responses": []}


def create_action_webhook(actions: TurnActions, *, token: str) -> Starlette:
    """Return the application that runs `actions` for whoever knows the token.

    Raises:
        EmptyTokenError: The token is empty.
    """
    if not token:
        raise EmptyTokenError(
            "CARELINE_ACTIONS_TOKEN is empty. `careline run` makes one; give Rasa and the app the same."
        )
    webhook = _ActionWebhook(_executor(actions), token)
    return Starlette(routes=[Route(PATH, webhook.run_action, methods=["POST"])])


def _executor(actions: TurnActions) -> ActionExecutor:
    executor = ActionExecutor()
    for intention in Intention:
        action = TurnAction(intention, actions)
        executor.register_function(action.name, action.run)
    executor.register_function(red_flag.NAME, red_flag.note_red_flag)
    return executor


class _ActionWebhook:
    """Checks the token, runs the action, and never lets an error reach Rasa as one."""

    def __init__(self, executor: ActionExecutor, token: str) -> None:
        self._executor = executor
        self._token = token.encode()

    async def run_action(self, request: Request) -> JSONResponse:
        """Answer one call of Rasa's."""
        sent = request.headers.get(TOKEN_HEADER, "").encode()
        if not secrets.compare_digest(sent, self._token):
            return _refusal(401, "the token is missing or wrong")
        try:
            call = json.loads(await request.body())
        except ValueError:
            return _refusal(400, "the body is no JSON")
        if not isinstance(call, dict) or not call.get("next_action"):
            return _refusal(400, "the body names no action: give 'next_action' and 'tracker'")
        return await self._result_of(call)

    async def _result_of(self, call: dict[str, Any]) -> JSONResponse:
        name = call["next_action"]
        try:
            result = await self._executor.run(call)
        except tuple(_STATUS) as error:
            log.error("Rasa asked for an action that cannot be had: %s", type(error).__name__)
            return _refusal(_STATUS[type(error)], type(error).__name__, action_name=str(name))
        except StaleTurnError:
            log.info("an action came too late for its turn, and changed nothing")
            return JSONResponse(_NOTHING)
        except Exception as error:  # noqa: BLE001 - any other answer than a result makes Rasa wait or fail silently
            # Where it happened, and not what the error says: its text may quote the patient.
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("an action failed: %s\n%s", type(error).__name__, where)
            return JSONResponse(_NOTHING)
        return JSONResponse(result.model_dump())


def _refusal(status: int, reason: str, *, action_name: str = "") -> JSONResponse:
    """Return an error in the shape that Rasa reads."""
    return JSONResponse({"error": reason, "action_name": action_name}, status)
