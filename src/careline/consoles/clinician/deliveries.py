"""What became of each message to clinicians, attempt by attempt, and what comes next; in plain words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from careline.consoles.clinician import words
from careline.escalation.delivery.occasion import Occasion
from careline.escalation.delivery.record import Attempt, Delivery

_ABOUT: dict[str, str] = {
    Occasion.OPENED: "a new case",
    Occasion.RAISED: "the case was raised to a worse level",
    Occasion.NEW_RED_FLAG: "a new red flag",
    Occasion.RELEASED: "the case was given back",
    Occasion.LEASE_EXPIRED: "the case was given back by itself, its owner was not seen",
    Occasion.REOPENED: "the case was opened again",
    Occasion.ACKNOWLEDGED: "somebody has seen the case",
    Occasion.CLAIMED: "somebody has taken the case",
    Occasion.TRANSFERRED: "the case was handed to a colleague",
    Occasion.CLOSED: "the case was closed",
}
_WHY = {
    "timeout": "no answer in time",
    "no_connection": "the receiver could not be reached",
    "name_unknown": "the receiver's name was not found in the network",
    "forbidden_address": "the receiver's address is none that Careline may reach",
    "broken_connection": "the connection broke",
    "recipients_refused": "the mail server does not take mail for the recipient",
    "disabled": "the channel is switched off, because its receiver said that it is gone",
    "channel_removed": "the channel is in the operator's file no more",
    "RetryAfter": "the chat service asked to wait",
    "Forbidden": "the chat does not let Careline in",
    "InvalidToken": "the chat service did not accept the key",
    "NetworkError": "the chat service could not be reached",
    "SMTPServerDisconnected": "the mail server broke the connection",
    "SSLError": "no safe connection came about",
    "SSLCertVerificationError": "the receiver's certificate is not trusted",
    "smtp_535": "the mail server did not accept the password (535)",
    "http_401": "the receiver did not accept the key (401)",
    "http_403": "the receiver did not allow it (403)",
    "http_410": "the receiver said that it is gone (410)",
    "http_429": "the receiver has too much to do (429)",
}
_KINDS = (
    (re.compile(r"http_3\d\d"), "the receiver sent us elsewhere, where Careline does not follow"),
    (re.compile(r"http_4\d\d"), "the receiver refused it"),
    (re.compile(r"http_5\d\d"), "the receiver had a fault of its own"),
    (re.compile(r"smtp_4\d\d"), "the mail server could not take it just then"),
    (re.compile(r"smtp_5\d\d"), "the mail server refused it"),
)


@dataclass(frozen=True)
class ShownAttempt:
    """One attempt in words."""

    when: str
    what: str


@dataclass(frozen=True)
class ShownDelivery:
    """One delivery in words.

    Attributes:
        summary: Channel, state and time in one line.
        about: What the message tells.
        then: What comes next, or why nothing does.
    """

    summary: str
    about: str
    attempts: Sequence[ShownAttempt]
    then: str


def shown_deliveries(deliveries: Iterable[Delivery], now: dt.datetime) -> list[ShownDelivery]:
    """Return the deliveries of a case in words."""
    return [
        ShownDelivery(_summary(one), _about(one.occasion), [_attempt(each) for each in one.attempts], _then(one, now))
        for one in deliveries
    ]


def why(error: str | None) -> str:
    """Return in words why an attempt failed; a class that has no words is named."""
    if error is None:
        return "not known why"
    if error in _WHY:
        return _WHY[error]
    for pattern, text in _KINDS:
        if pattern.fullmatch(error):
            return f"{text} ({error[-3:]})"
    return f"a fault of the kind {error}"


def _summary(one: Delivery) -> str:
    if _is_under_way(one):  # also the first attempt: it has not failed
        return f"{words.channel(one.channel)}: an attempt is under way"
    at = one.ended_at or one.next_at
    state = words.DELIVERIES.get(one.state, one.state)
    return f"{words.channel(one.channel)}: {state}" + (f", {words.moment(at)}" if at is not None else "")


def _is_under_way(one: Delivery) -> bool:
    return one.state in ("waiting", "retrying") and any(attempt.state == "started" for attempt in one.attempts)


def _about(occasion: str) -> str:
    return _ABOUT.get(occasion, occasion.replace("_", " "))


def _attempt(one: Attempt) -> ShownAttempt:
    what = {
        "started": "under way",
        "sent": "taken by the receiver",
        "failed": f"failed, {why(one.error)}",
        "unknown": "Careline was stopped meanwhile; not known whether it arrived",
    }
    return ShownAttempt(words.moment(one.at), what.get(one.state, one.state))


def _then(one: Delivery, now: dt.datetime) -> str:
    if one.state == "sent":
        return "Taken by the receiver. That does not say that somebody has read it."
    if one.state == "dead":
        return f"Given up: {why(one.error)}. It is not tried again until whoever runs Careline has looked after it."
    if one.state == "withdrawn":
        if one.error is not None:  # what is withdrawn by itself has none
            return "Given up, and put aside by whoever runs Careline. It is not tried again."
        return "Not needed any more: somebody had seen the case, or it was closed."
    if _is_under_way(one):
        return "Whether it arrives is known in a moment: load the page again."
    if one.next_at is None or one.next_at <= now:
        return "It is due: it goes out as soon as Careline comes to it."
    when = words.soon(one.next_at, now)
    if one.state == "retrying":
        return f"Tried again {when}, if it is still needed then."
    return f"Goes out {when}, unless somebody has seen the case by then."
