"""Building the channels that the operator's file describes."""

from __future__ import annotations

import binascii
import ssl
from collections.abc import Mapping, Sequence

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from careline.escalation.delivery.channel import Channel, Channels
from careline.escalation.delivery.configuration import (
    ChannelSettings,
    DeliveryFile,
    MailSettings,
    TelegramSettings,
    WebhookSettings,
    missing_secrets,
    secret_name,
)
from careline.escalation.delivery.mail import MailChannel
from careline.escalation.delivery.webhook import WebhookChannel
from careline.escalation.errors import DeliveryFileError

Secrets = Mapping[str, Sequence[str]]  # by name, the newest first


def build_channels(content: DeliveryFile, secrets: Secrets) -> Channels:
    """Return the channels.

    Args:
        content: The operator's file.
        secrets: Signing secrets, passwords and tokens by name, the newest first.

    Raises:
        DeliveryFileError: A secret is missing or unusable, or a file of certificates is; names the remedy.
    """
    missing = missing_secrets(content, secrets)
    if missing:
        raise DeliveryFileError(
            "\n".join(
                f"delivery: the secret {name!r} is missing. Run: careline delivery secret {name}" for name in missing
            )
        )
    return Channels({name: _channel(name, settings, secrets, content) for name, settings in content.channels.items()})


def _channel(name: str, settings: ChannelSettings, secrets: Secrets, content: DeliveryFile) -> Channel:
    needed = secret_name(name, settings)
    known = secrets[needed] if needed is not None else ()
    try:
        if isinstance(settings, WebhookSettings):
            for secret in known:
                Webhook(secret)
            return WebhookChannel(name, settings, known, content.networks)
        if isinstance(settings, MailSettings):
            ssl.create_default_context(cafile=settings.ca_file)
            return MailChannel(name, settings, known[0] if known else None)
        return _telegram_channel(name, settings, known[0])
    except (binascii.Error, EmptyWebhookSecretError):
        raise DeliveryFileError(
            f"delivery: the secret {needed!r} cannot sign. Make a new one: careline delivery secret {needed} --make"
        ) from None
    except (OSError, ssl.SSLError):
        raise DeliveryFileError(f"channels.{name}.ca_file: cannot be read. Mend the path.") from None


def _telegram_channel(name: str, settings: TelegramSettings, token: str) -> Channel:
    # Loaded here: whoever has no such channel is spared 14 MB and a third of a second at each start.
    from telegram.error import InvalidToken  # noqa: PLC0415

    from careline.escalation.delivery.telegram_chat import TelegramChannel  # noqa: PLC0415

    try:
        return TelegramChannel(name, settings, token)
    except InvalidToken:
        needed = secret_name(name, settings)
        raise DeliveryFileError(f"delivery: the secret {needed!r} is no bot token. Set it again.") from None
