"""The webhook: Telegram brings updates to the app. Who lacks the secret token is refused; when it is off, everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Header, Request, Response

from careline.channels.telegram.errors import ForgedWebhookError, NoWebhookError
from careline.channels.telegram.identity import is_webhook_secret
from careline.consultation.errors import RefusedError
from careline.storage.keys import KeyRing

if TYPE_CHECKING:
    from careline.channels.telegram.channel import TelegramChannel  # it loads the library

router = APIRouter(tags=["telegram"])

WEBHOOK_PATH = "/telegram/webhook"


@dataclass(frozen=True)
class TelegramDoor:
    """Where the webhook leads.

    Attributes:
        channel: None while the webhook is off.
    """

    channel: TelegramChannel | None
    keys: KeyRing


def telegram_door(request: Request) -> TelegramDoor:
    """Return what the route works with."""
    door: TelegramDoor = request.app.state.telegram
    return door


@router.post(WEBHOOK_PATH, include_in_schema=False)
async def take_update(
    request: Request,
    door: Annotated[TelegramDoor, Depends(telegram_door)],
    secret: Annotated[str, Header(alias="X-Telegram-Bot-Api-Secret-Token")] = "",
) -> Response:
    """Keep an update; Telegram sends it again unless it is told that this was done."""
    if door.channel is None:
        raise NoWebhookError
    if not is_webhook_secret(door.keys, secret):
        raise ForgedWebhookError
    try:
        update = msgspec.json.decode(await request.body(), type=dict[str, Any])
    except msgspec.DecodeError:
        raise RefusedError("malformed", "Send an update of the Bot API as JSON.") from None
    if not isinstance(update.get("update_id"), int):
        raise RefusedError("malformed", "Send an update of the Bot API as JSON.", field="update_id")
    await door.channel.receive([update], is_in_order=False)
    return Response(status_code=200)
