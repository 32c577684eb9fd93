"""Wiring the Telegram channel: there is one when the operator has set a bot's token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careline.channels.telegram.quiet_hours import quiet_hours
from careline.channels.telegram.rendering import Renderer
from careline.channels.telegram.services import TelegramServices
from careline.channels.telegram.webhook import WEBHOOK_PATH
from careline.consultation.check_in import CheckIns
from careline.consultation.consultation import House
from careline.consultation.conversations import ConversationService
from careline.consultation.link_codes import LinkCodes
from careline.consultation.presence import Presence
from careline.consultation.release import ContentReleases
from careline.consultation.turns import TurnService
from careline.settings import Settings
from careline.storage.database import Database

if TYPE_CHECKING:
    from careline.channels.telegram.bot import TelegramBot


def build_telegram(
    settings: Settings,
    *,
    database: Database,
    house: House,
    releases: ContentReleases,
    conversations: ConversationService,
    turns: TurnService,
    presence: Presence,
    links: LinkCodes,
) -> TelegramBot | None:
    """Return the channel; None without a token."""
    if settings.telegram_token is None:
        return None
    # Loaded here: whoever has no bot is spared the library at each start.
    from careline.channels.telegram.api import make_client  # noqa: PLC0415
    from careline.channels.telegram.bot import TelegramBot  # noqa: PLC0415
    from careline.channels.telegram.channel import TelegramChannel  # noqa: PLC0415

    client = make_client(
        settings.telegram_token.get_secret_value(),
        settings.telegram_api_url,
        messages_per_second=settings.telegram_messages_per_second,
    )
    public_url = None if settings.is_for_this_machine_alone else settings.address
    services = TelegramServices(
        database=database,
        house=house,
        releases=releases,
        conversations=conversations,
        turns=turns,
        presence=presence,
        links=links,
        check_ins=CheckIns(database, house, releases),
        quiet_hours=quiet_hours(settings.telegram_quiet_hours),
        renderer=Renderer(house.wording, public_url),
        country=settings.country,
        public_url=public_url,
        most_per_minute=settings.telegram_chat_messages_per_minute,
    )
    webhook_url = f"{settings.address}{WEBHOOK_PATH}" if settings.telegram_webhook else None
    return TelegramBot(TelegramChannel(services, client.bot), client, house.wording, database.keys, webhook_url)
