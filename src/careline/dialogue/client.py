"""Rasa as the consultation's dialogue engine, over its HTTP interface on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

import httpx

from careline.consultation.errors import DialogueUnavailableError
from careline.consultation.ports import DialogueTurn
from careline.dialogue.marks import reply_mark_of
from careline.dialogue.messages import webhook_body

# Longer than Rasa waits for an action (8 s), so that a slow action is Rasa's failure and not ours.
DEADLINE_SECONDS: Final = 10.0


class RasaDialogueEngine:
    """Lets Rasa choose and run the action for a message.

    Rasa answers 200 with an empty list to most failures, so only an answer that bears the turn's mark counts.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        deadline_seconds: float = DEADLINE_SECONDS,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Take the address and token of Rasa's HTTP interface; `transport` replaces the network."""
        self._deadline_seconds = deadline_seconds
        self._http = httpx.AsyncClient(
            base_url=base_url,
            # Rasa is on this machine or in a private network: a proxy of the environment must not see patients' words.
            trust_env=False,
            timeout=deadline_seconds,
            transport=_TokenTransport(transport or httpx.AsyncHTTPTransport(trust_env=False), token),
        )

    async def converse(self, turn: DialogueTurn) -> int:
        """Run one turn; return how many replies its action stored.

        Raises:
            DialogueUnavailableError: No answer in time, or none that bears this turn's mark.
        """
        response = await self._post("/webhooks/rest/webhook", webhook_body(turn))
        mark = reply_mark_of(response.content)
        if mark is None or mark.turn != turn.turn_id:
            raise DialogueUnavailableError("Rasa's answer does not bear the mark of this turn")
        return mark.replies

    async def notify_red_flag(self, sender: str, red_flag_ids: Sequence[str]) -> None:
        """Tell Rasa that the app has answered with an emergency card.

        Raises:
            DialogueUnavailableError: It could not be told.
        """
        body = {"name": "EXTERNAL_red_flag", "entities": {"red_flag": list(red_flag_ids)}}
        await self._post(f"/conversations/{quote(sender, safe='')}/trigger_intent", body)

    async def is_ready(self) -> bool:
        """Return whether Rasa has a model loaded and answers now."""
        try:
            response = await self._request("GET", "/status")
        except DialogueUnavailableError:
            return False
        return b'"model_file"' in response.content

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return await self._request("POST", path, body)

    async def _request(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """Send one request; `httpx` bounds its steps, the deadline the whole."""
        try:
            async with asyncio.timeout(self._deadline_seconds):
                response = await self._http.request(method, path, json=body)
        except (httpx.HTTPError, TimeoutError) as error:
            raise DialogueUnavailableError(f"Rasa did not answer ({type(error).__name__})") from error
        if response.status_code != httpx.codes.OK:
            raise DialogueUnavailableError(f"Rasa answered {response.status_code}")
        return response


class _TokenTransport(httpx.AsyncBaseTransport):
    """Adds Rasa's token below the client: Rasa takes it in the address alone, and httpx logs the addresses it knows."""

    def __init__(self, inner: httpx.AsyncBaseTransport, token: str) -> None:
        self._inner = inner
        self._token = token

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._inner.handle_async_request(
            httpx.Request(
                request.method,
                request.url.copy_merge_params({"token": self._token}),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        )

    async def aclose(self) -> None:
        await self._inner.aclose()
