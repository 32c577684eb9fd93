"""What the Telegram channel works with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from careline.channels.telegram.quiet_hours import QuietHours
from careline.channels.telegram.rendering import Renderer
from careline.consultation.check_in import CheckIns
from careline.consultation.consultation import House
from careline.consultation.conversations import ConversationService
from careline.consultation.link_codes import LinkCodes
from careline.consultation.presence import Presence
from careline.consultation.release import ContentReleases
from careline.consultation.turns import TurnService
from careline.storage.database import Database


@dataclass(frozen=True)
class TelegramServices:
    """The services behind the chats.

    Attributes:
        country: Of the installation, for numbers before a conversation knows its own.
        public_url: Where people reach our pages; None while only this machine does.
        most_per_minute: Updates of one chat that are answered within a minute; the others wait.
    """

    database: Database
    house: House
    releases: ContentReleases
    conversations: ConversationService
    turns: TurnService
    presence: Presence
    links: LinkCodes
    check_ins: CheckIns
    quiet_hours: QuietHours
    renderer: Renderer
    country: str | None
    public_url: str | None
    most_per_minute: int

    @property
    def now(self) -> Callable[[], dt.datetime]:
        """The clock."""
        return self.house.now
