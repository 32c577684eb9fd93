"""The operator's file `delivery.yml`: channels, and for each level the ladder climbed until somebody answers."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from careline.clinical.acuity import Acuity
from careline.escalation.errors import DeliveryFileError
from careline.operator_file import read_operator_file

DEFAULT_LADDER = "default"  # for levels without one of their own, and for escalations without a level
_LINK_MARK = "{id}"
_NAME = re.compile(r"[a-z][a-z0-9_]*")

Text = Annotated[str, Meta(min_length=1)]
Seconds = Annotated[int, Meta(ge=15, le=30)]  # Standard Webhooks: 15 to 30 s
Concurrency = Annotated[int, Meta(ge=1, le=20)]


class _Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """A channel; each kind refuses keys that it does not have."""


class WebhookSettings(_Shape, frozen=True, kw_only=True, tag="webhook"):
    """A program that takes signed messages (Standard Webhooks).

    Attributes:
        secret: Name of the signing secret; the channel's own name unless given.
        plain_http: Whether `http:` is allowed: for a receiver in your own network.
        ca_file: Certificates to trust instead of the public ones.
    """

    url: Text
    secret: Text | None = None
    timeout_seconds: Seconds = 20
    plain_http: bool = False
    ca_file: str | None = None
    concurrency: Concurrency = 4


class MailSettings(_Shape, frozen=True, kw_only=True, tag="email"):
    """A mailbox. `security: none` sends in the clear: only for a mail server on the same machine."""

    host: Text
    port: Annotated[int, Meta(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: Text
    to: Annotated[tuple[Text, ...], Meta(min_length=1)]
    user: str | None = None
    secret: Text | None = None
    timeout_seconds: Seconds = 20
    ca_file: str | None = None
    concurrency: Concurrency = 2


class TelegramSettings(_Shape, frozen=True, kw_only=True, tag="telegram"):
    """A chat of those on call. `base_url` is for a Bot API server of your own."""

    chat_id: int
    secret: Text | None = None
    base_url: Text = "https://api.telegram.org/bot"
    timeout_seconds: Seconds = 20
    concurrency: Concurrency = 2


ChannelSettings = WebhookSettings | MailSettings | TelegramSettings


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rung: this long after the escalation, if nobody has acknowledged it, this channel."""

    after_minutes: Annotated[int, Meta(ge=0, le=7 * 24 * 60)]
    channel: Text


class Ladder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rungs of one level, and when the patient is told that nobody has answered."""

    steps: Annotated[tuple[Step, ...], Meta(min_length=1)]
    tell_patient_after_minutes: Annotated[int, Meta(ge=1, le=7 * 24 * 60)]


class ReviewMails(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is told by e-mail that content has to be reviewed.

    Attributes:
        through: An e-mail channel of this file; its server and sender are used, its recipients are not.
        warn: Addresses that are warned 60, 30 and 7 days ahead, and told what has expired.
        clinical_lead: Addresses that are told when rules are in force past their review date.
    """

    through: Text
    warn: tuple[Text, ...] = ()
    clinical_lead: Annotated[tuple[Text, ...], Meta(min_length=1)]


class DeliveryFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file.

    Attributes:
        link: The address of an escalation in the clinicians' console; `{id}` stands for its id.
        private_networks: Networks besides the public ones that webhooks may reach, such as `10.20.0.0/16`.
        reviews: Mails about review dates of content; none are sent without.
    """

    channels: dict[str, ChannelSettings]
    ladders: dict[str, Ladder]
    link: str | None = None
    private_networks: tuple[str, ...] = ()
    reviews: ReviewMails | None = None

    def ladder(self, acuity: str | None) -> Ladder | None:
        """Return the ladder for a level."""
        return self.ladders.get(acuity or DEFAULT_LADDER) or self.ladders.get(DEFAULT_LADDER)

    @property
    def webhooks(self) -> list[str]:
        """Names of the channels that are programs: they hear everything."""
        return [name for name, channel in self.channels.items() if isinstance(channel, WebhookSettings)]

    @property
    def networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """The private networks that webhooks may reach."""
        return tuple(ipaddress.ip_network(network) for network in self.private_networks)


NOTHING = DeliveryFile(channels={}, ladders={})


def load_delivery_file(path: Path) -> DeliveryFile:
    """Return the file's content; without a file nobody is told of anything.

    Raises:
        DeliveryFileError: It cannot be used; names file, field and remedy.
    """
    content = read_operator_file(path, DeliveryFile, DeliveryFileError)
    if content is None:
        return NOTHING
    problems = list(_problems(content))
    if problems:
        raise DeliveryFileError("\n".join(f"{path}: {problem}" for problem in problems))
    return content


def secret_name(name: str, settings: ChannelSettings) -> str | None:
    """Return the name of the secret that the channel needs; None when it needs none."""
    if isinstance(settings, MailSettings) and settings.user is None:
        return None
    return settings.secret or name


def missing_secrets(content: DeliveryFile, secrets: Mapping[str, object]) -> list[str]:
    """Return names of secrets that channels need and that there are not."""
    needed = (secret_name(name, settings) for name, settings in content.channels.items())
    return sorted({name for name in needed if name is not None and not secrets.get(name)})


def _problems(content: DeliveryFile) -> list[str]:
    found = []
    for name, settings in content.channels.items():
        if not _NAME.fullmatch(name) or len(name) > 40:
            found.append(f"channels.{name}: name it with small letters, figures and _, at most 40.")
        if isinstance(settings, WebhookSettings):
            found += _webhook_problems(name, settings)
        if isinstance(settings, MailSettings) and settings.user and settings.security == "none":
            found.append(f"channels.{name}.security: a password is never sent in the clear. Use starttls or tls.")
    levels = {acuity.value for acuity in Acuity} | {DEFAULT_LADDER}
    for level, ladder in content.ladders.items():
        if level not in levels:
            found.append(f"ladders.{level}: is no level. Use one of: {', '.join(sorted(levels))}.")
        found += _ladder_problems(level, ladder, content)
    if content.channels and DEFAULT_LADDER not in content.ladders:
        found.append("ladders: there is none named 'default', for levels without their own. Add it.")
    for network in content.private_networks:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            found.append(f"private_networks: {network!r} is no network. Write it as 10.20.0.0/16.")
    if content.reviews is not None and not isinstance(content.channels.get(content.reviews.through), MailSettings):
        found.append(f"reviews.through: {content.reviews.through!r} is no e-mail channel of this file. Name one.")
    if content.link is not None and _LINK_MARK not in content.link:
        found.append("link: has no {id} where the escalation's id goes. Add it.")
    return found


def _webhook_problems(name: str, settings: WebhookSettings) -> list[str]:
    where = f"channels.{name}.url"
    try:
        url = urlsplit(settings.url)
        host, _ = url.hostname, url.port
    except ValueError:
        return [f"{where}: is no address. Mend it."]
    if url.scheme not in ("https", "http") or not host:
        return [f"{where}: is no web address. Begin it with https://."]
    if url.scheme == "http" and not settings.plain_http:
        return [f"{where}: is not encrypted. Use https, or set plain_http: true for a receiver in your own network."]
    if url.username or url.password:
        return [f"{where}: holds a password. Take it out: messages are signed with the channel's secret."]
    return []


def _ladder_problems(level: str, ladder: Ladder, content: DeliveryFile) -> list[str]:
    found = [
        f"ladders.{level}.steps: {step.channel!r} is no channel of this file. Add it, or mend its spelling."
        for step in ladder.steps
        if step.channel not in content.channels
    ]
    minutes = [step.after_minutes for step in ladder.steps]
    if minutes != sorted(minutes) or minutes[0] != 0:
        found.append(f"ladders.{level}.steps: begin with after_minutes: 0 and let the minutes rise.")
    if ladder.tell_patient_after_minutes < max(minutes):
        found.append(
            f"ladders.{level}.tell_patient_after_minutes: the last step comes after {max(minutes)} minutes. "
            "Tell the patient then or later."
        )
    return found
