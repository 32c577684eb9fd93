"""What the web routes work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from limits import RateLimitItem

from careline.channels.web.sites import Site
from careline.consultation.consultation import House
from careline.consultation.conversations import ConversationService
from careline.consultation.link_codes import LinkCodes
from careline.consultation.live import Wakeups
from careline.consultation.presence import Presence
from careline.consultation.release import ContentReleases
from careline.consultation.stored_replies import StoredReplies
from careline.consultation.turns import TurnService

if TYPE_CHECKING:
    from careline.channels.web.access import RateLimits


@dataclass(frozen=True)
class WebServices:
    """The services behind the routes.

    Attributes:
        quick_exit_url: A neutral page, for somebody who must leave at once.
        sites: Pages that may embed the chat, by id.
        has_secure_cookies: Whether people reach the app over TLS.
        default_country: Of the installation.
        retention_days: How long a conversation is kept.
        poll_seconds: How long a follower of live events waits before it looks by itself.
    """

    house: House
    releases: ContentReleases
    conversations: ConversationService
    turns: TurnService
    links: LinkCodes
    replies: StoredReplies
    wakeups: Wakeups
    presence: Presence
    limits: RateLimits
    opening_limit: RateLimitItem
    message_limit: RateLimitItem
    search_limit: RateLimitItem
    quick_exit_url: str
    sites: Mapping[str, Site]
    has_secure_cookies: bool
    default_country: str | None
    retention_days: int
    poll_seconds: float
    monotonic: Callable[[], float]
