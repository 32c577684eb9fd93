"""Three corrections of Rasa 3.6.21 that it has no setting for."""

from typing import Any, Dict

import rasa.core.actions.action as rasa_action
import structlog
from jsonschema import Draft202012Validator
from structlog.typing import EventDict, WrappedLogger

# Longer than an action may take in the app (2 s), shorter than the app waits for Rasa (10 s). Rasa's own is 300 s,
# which outlives its conversation lock.
ACTION_TIMEOUT_SECONDS = 8

# What a line of Rasa's log may hold: what happened and how grave it is. Everything else may quote the patient.
WORDLESS = ("event", "level", "timestamp")

_ACTION_RESULT = Draft202012Validator(rasa_action.RemoteAction.action_response_format_spec())


def _validate_action_result(_action: rasa_action.RemoteAction, result: Dict[str, Any]) -> bool:
    """Raise `jsonschema.ValidationError` unless `result` is an action result."""
    _ACTION_RESULT.validate(result)
    return True


def without_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Return a log line without the patient's words, and an exception as its type alone.

    Rasa logs the text of a message whose turn fails, and the local variables around the failure.
    """
    kept: EventDict = {key: event[key] for key in WORDLESS if key in event}
    error = event.get("exc_info")
    if isinstance(error, BaseException):
        kept["error"] = type(error).__name__
    return kept


def apply() -> None:
    """Bound the wait for an action, compile the schema of its result once, and keep patients' words out of the log.

    Rasa checks its own schema again at every call, which takes two thirds of a turn.
    """
    rasa_action.RemoteAction._validate_action_result = _validate_action_result
    rasa_action.DEFAULT_REQUEST_TIMEOUT = ACTION_TIMEOUT_SECONDS
    processors = structlog.get_config()["processors"]
    if without_words not in processors:
        # In place: loggers that exist already hold this very list. Last before the line is written.
        processors.insert(len(processors) - 1, without_words)
