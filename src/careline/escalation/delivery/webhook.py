"""Signed webhooks, as https://www.standardwebhooks.com describes them."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
import msgspec
from httpx_secure import SSRFProtectionError, httpx_ssrf_protection
from standardwebhooks import Webhook

from careline.escalation.delivery.addresses import (
    Address,
    ForbiddenAddressError,
    Network,
    Resolve,
    allowed_address,
    is_allowed,
    resolve_by_system,
)
from careline.escalation.delivery.channel import SENT, Letter, Outcome, fingerprint
from careline.escalation.delivery.configuration import WebhookSettings

_LONGEST_PAUSE_SECONDS = 3600.0  # a receiver may ask for a pause, not for silence


@functools.cache
def _trusted(ca_file: str | None) -> ssl.SSLContext:
    """Return whom to believe, once for all channels: reading the system's certificates takes a while."""
    return ssl.create_default_context(cafile=ca_file)


class WebhookChannel:
    """A program that takes signed messages. 2xx is taken, all else is a failure, redirects too; 410 means gone."""

    is_person = False

    def __init__(
        self,
        name: str,
        settings: WebhookSettings,
        secrets: Sequence[str],
        networks: Sequence[Network],
        *,
        resolve: Resolve = resolve_by_system,
    ) -> None:
        """Take the parts; all `secrets` sign, so that a receiver may change from one to the next when it likes."""
        self.name = name
        self.target = fingerprint("webhook", settings.url)
        self.concurrency = settings.concurrency
        self.timeout_seconds = settings.timeout_seconds
        self._url = httpx.URL(settings.url)
        # The library's own reading of the host decides where it connects: it must be the one that is judged.
        self._host = self._url.raw_host.decode().strip("[]") or (urlsplit(settings.url).hostname or "")
        self._port = self._url.port or (443 if self._url.scheme == "https" else 80)
        self._signers = [Webhook(secret) for secret in secrets]
        self._networks = networks
        self._resolve = resolve
        self._threads = ThreadPoolExecutor(settings.concurrency, thread_name_prefix=f"resolve-{name}")
        self._client = httpx_ssrf_protection(
            httpx.AsyncClient(
                verify=_trusted(settings.ca_file),
                follow_redirects=False,
                trust_env=False,
                timeout=settings.timeout_seconds,
                limits=httpx.Limits(max_connections=settings.concurrency, max_keepalive_connections=0),
            ),
            # A second look at the address of the connection itself, by the same rules.
            check_globally_reachable=False,
            custom_validator=self._may_connect,
        )

    async def send(self, letter: Letter, *, now: dt.datetime) -> Outcome:
        """Make one attempt."""
        try:
            async with asyncio.timeout(self.timeout_seconds):  # of the whole: a receiver that drips ends too
                address = await allowed_address(
                    self._host, self._port, self._networks, resolve=self._resolve, executor=self._threads
                )
                return await self._post(letter, address, now)
        except (ForbiddenAddressError, SSRFProtectionError):
            return Outcome("forbidden_address")
        except TimeoutError:
            return Outcome("timeout")
        except (OSError, UnicodeError):
            return Outcome("name_unknown")
        except httpx.TimeoutException:
            return Outcome("timeout")
        except httpx.ConnectError:
            return Outcome("no_connection")
        except httpx.HTTPError:
            return Outcome("broken_connection")

    async def aclose(self) -> None:
        """Close connections and threads."""
        await self._client.aclose()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _post(self, letter: Letter, address: str, now: dt.datetime) -> Outcome:
        body = webhook_body(letter)
        headers = {
            "host": self._url.netloc.decode(),
            "content-type": "application/json",
            "user-agent": "Careline",
            "webhook-id": letter.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signer.sign(letter.id, now, body) for signer in self._signers),
        }
        # To the address that was judged, under the name that the certificate has to bear.
        url = self._url.copy_with(host=address)
        request = self._client.build_request(
            "POST", url, content=body.encode(), headers=headers, extensions={"sni_hostname": self._host}
        )
        response = await self._client.send(request, stream=True)
        try:
            return _outcome(response, now)
        finally:
            await response.aclose()  # unread: what it says means nothing to us

    def _may_connect(self, _host: str, address: Address, _port: int) -> bool:
        return is_allowed(address, self._networks)


def webhook_body(letter: Letter) -> str:
    """Return the message: what happened, when, and to which escalation; the same at every attempt."""
    return msgspec.json.encode(
        {
            "type": f"escalation.{letter.occasion.value}",
            "timestamp": letter.at.isoformat().replace("+00:00", "Z"),
            "data": {**letter.facts, "link": letter.link},
        }
    ).decode()


def _outcome(response: httpx.Response, now: dt.datetime) -> Outcome:
    if response.is_success:
        return SENT
    if response.status_code == httpx.codes.GONE:
        return Outcome("http_410", is_gone=True)
    return Outcome(f"http_{response.status_code}", not_before_seconds=_asked_pause(response, now))


def _asked_pause(response: httpx.Response, now: dt.datetime) -> float:
    """Return the seconds of a Retry-After, in either of its forms."""
    asked = response.headers.get("retry-after", "")
    try:
        seconds = float(asked) if asked.isdigit() else (parsedate_to_datetime(asked) - now).total_seconds()
    except (ValueError, TypeError):
        return 0.0
    return min(max(seconds, 0.0), _LONGEST_PAUSE_SECONDS)
