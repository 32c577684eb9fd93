"""Two corrections of Rasa 3.6.21 that it has no setting for."""

from typing import Any, Dict

import rasa.core.actions.action as rasa_action
from jsonschema import Draft202012Validator

# Longer than an action may take in the app (2 s), shorter than the app waits for Rasa (10 s). Rasa's own is 300 s,
# which outlives its conversation lock.
ACTION_TIMEOUT_SECONDS = 8

_ACTION_RESULT = Draft202012Validator(rasa_action.RemoteAction.action_response_format_spec())


def _validate_action_result(_action: rasa_action.RemoteAction, result: Dict[str, Any]) -> bool:
    """Raise `jsonschema.ValidationError` unless `result` is an action result."""
    _ACTION_RESULT.validate(result)
    return True


def apply() -> None:
    """Bound the wait for an action, and check results with a schema that is compiled once.

    Rasa checks its own schema again at every call, which takes two thirds of a turn.
    """
    rasa_action.RemoteAction._validate_action_result = _validate_action_result
    rasa_action.DEFAULT_REQUEST_TIMEOUT = ACTION_TIMEOUT_SECONDS
