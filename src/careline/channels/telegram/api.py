"""Calling the Bot API: what became of a call, without a word of its error, which may hold the token."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any, Literal

import httpx
import telegram
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

log = logging.getLogger(__name__)

POLL_SECONDS = 25
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
_UPDATES_AT_ONCE = 100
_TIMEOUT_SECONDS = 10.0
_CONNECTIONS = 64
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_UNCHANGED = "message is not modified"
_GONE = ("deactivated", "chat not found", "user not found")

Kind = Literal["sent", "later", "unknown", "not_sent", "blocked", "gone", "moved", "refused", "withheld"]


@dataclass(frozen=True)
class Outcome:
    """What became of a send.

    Attributes:
        kind: `sent`; `later` (Telegram asks to wait); `unknown` (it may have arrived); `not_sent` (it certainly has
            not); `blocked` or `gone` (nobody reads there); `moved`; `refused` (it will never be taken as it is);
            `withheld` (nobody may write there unasked).
        message_id: Telegram's number of what was sent.
        seconds: How long to wait, for `later`.
        address: The chat's new id, for `moved`.
        error: Class of the error, for the record.
    """

    kind: Kind
    message_id: int | None = None
    seconds: float = 0.0
    address: int | None = None
    error: str | None = None


@dataclass(frozen=True)
class BotClient:
    """A client of the Bot API, and its connections."""

    bot: ExtBot[Any]
    requests: tuple[HTTPXRequest, ...]

    async def aclose(self) -> None:
        """Close the connections."""
        for request in self.requests:
            await request.shutdown()


def make_client(token: str, api_url: str, *, messages_per_second: int) -> BotClient:
    """Return a client of the Bot API at `api_url`."""
    for name in ("httpx", "httpcore", "telegram"):
        # They write addresses, which hold the token, and, as critical, what they could not read, which are words.
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    requests = _request(_TIMEOUT_SECONDS), _request(POLL_SECONDS + _TIMEOUT_SECONDS)
    bot: ExtBot[Any] = ExtBot(
        token,
        base_url=f"{api_url.rstrip('/')}/bot",
        base_file_url=f"{api_url.rstrip('/')}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
        # No retries of its own: an order to wait is written down, so that it holds after a crash too.
        rate_limiter=AIORateLimiter(overall_max_rate=messages_per_second, overall_time_period=1, max_retries=0),
    )
    return BotClient(bot, requests)


async def fetch_updates(bot: ExtBot[Any], offset: int) -> list[dict[str, Any]]:
    """Wait for updates from a number on; return them as they came.

    The library's own way reads them first, and breaks off at one that it does not know: then none of any chat comes.

    Raises:
        TelegramError: Telegram was not reached, or did not give them.
    """
    asked = {"offset": offset, "limit": _UPDATES_AT_ONCE, "timeout": POLL_SECONDS, "allowed_updates": ALLOWED_UPDATES}
    # Not by the name of the library's method, for which it would only point to it; it is asked as `getUpdates`.
    updates: list[dict[str, Any]] = await bot.do_api_request("get_Updates", api_kwargs=asked)
    return updates


async def send(bot: ExtBot[Any], address: int, payload: dict[str, Any], *, as_plain_text: bool = False) -> Outcome:
    """Send one message, or change the buttons of one; never raises for what Telegram answers."""
    try:
        if "edit" in payload:
            await bot.edit_message_reply_markup(
                chat_id=address, message_id=payload["edit"], reply_markup=_markup(payload.get("keyboard"))
            )
            return Outcome("sent", payload["edit"])
        if "delete" in payload:
            await bot.delete_messages(address, payload["delete"])
            return Outcome("sent")
        if "document" in payload:
            sent = await bot.send_document(
                address,
                payload["document"].encode(),
                filename=payload["filename"],
                caption=payload["caption"],
                protect_content=False,
            )
            return Outcome("sent", sent.message_id)
        sent = await bot.send_message(
            address,
            payload["html"] if not as_plain_text else _plain(payload["html"]),
            parse_mode=None if as_plain_text else ParseMode.HTML,
            reply_markup=_markup(payload.get("keyboard")),
            link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
        )
        return Outcome("sent", sent.message_id)
    except TelegramError as error:
        return _outcome(error)


def _outcome(error: TelegramError) -> Outcome:
    name = type(error).__name__[:40]
    match error:
        case RetryAfter():
            pause = error.retry_after
            seconds = pause.total_seconds() if isinstance(pause, dt.timedelta) else float(pause)
            return Outcome("later", seconds=seconds, error=name)
        case ChatMigrated():
            return Outcome("moved", address=error.new_chat_id, error=name)
        case Forbidden():
            return Outcome("gone" if _says(error, *_GONE) else "blocked", error=name)
        case BadRequest():
            if _says(error, _UNCHANGED):
                return Outcome("sent")
            return Outcome("gone" if _says(error, *_GONE) else "refused", error=name)
        case InvalidToken():
            return Outcome("not_sent", error=name)
    return Outcome("not_sent" if isinstance(error.__cause__, _NOT_SENT) else "unknown", error=name)


def _says(error: TelegramError, *phrases: str) -> bool:
    return any(phrase in error.message.lower() for phrase in phrases)


def _markup(keyboard: list[list[dict[str, str]]] | None) -> telegram.InlineKeyboardMarkup | None:
    if not keyboard:
        return None
    made = [
        [telegram.InlineKeyboardButton(button["text"], callback_data=button["callback_data"]) for button in row]
        for row in keyboard
    ]
    return telegram.InlineKeyboardMarkup(made)


def _plain(shown: str) -> str:
    """Take our own few tags off."""
    text = shown
    for tag in ("<b>", "</b>", "<i>", "</i>"):
        text = text.replace(tag, "")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _request(seconds: float) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=_CONNECTIONS,
        connect_timeout=_TIMEOUT_SECONDS,
        read_timeout=seconds,
        write_timeout=_TIMEOUT_SECONDS,
        pool_timeout=_TIMEOUT_SECONDS,
        httpx_kwargs={"trust_env": False},
    )
