"""Knowing a chat again without keeping its id in the clear: a keyed hash."""

from __future__ import annotations

import hashlib
import hmac

from careline.storage.keys import KeyRing

_PURPOSE = "telegram chats"
_SECRET_PURPOSE = "telegram webhook"  # noqa: S105 - names what a key is derived for


def chat_keys(ring: KeyRing, chat_id: int) -> list[str]:
    """Return the hashes that a chat may be stored under, that for new chats first.

    The oldest key of the ring makes it, so that it stays the same when keys are rotated; the others serve where that
    key has been taken out.
    """
    return [
        hmac.new(ring.key_for(_PURPOSE, key_id=key_id), str(chat_id).encode(), hashlib.sha256).hexdigest()
        for key_id in ring.keys
    ]


def webhook_secret(ring: KeyRing) -> str:
    """Return the token by which Telegram shows that a request of the webhook is its own."""
    return ring.key_for(_SECRET_PURPOSE, key_id=ring.current).hex()


def is_webhook_secret(ring: KeyRing, given: str) -> bool:
    """Return whether a token is ours; also one of an older key, until Telegram has been told the new one."""
    known = [ring.key_for(_SECRET_PURPOSE, key_id=key_id).hex() for key_id in ring.keys]
    return any([hmac.compare_digest(each.encode(), given.encode()) for each in known])
