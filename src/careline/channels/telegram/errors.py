"""What can go wrong at Telegram's door.

TelegramDoorError
├── NoWebhookError      the webhook is off
└── ForgedWebhookError  the request does not carry the secret token
"""

from __future__ import annotations


class TelegramDoorError(Exception):
    """Base of this room's errors."""


class NoWebhookError(TelegramDoorError):
    """The webhook is off: there is nothing at its address."""


class ForgedWebhookError(TelegramDoorError):
    """The request does not carry the secret token."""
