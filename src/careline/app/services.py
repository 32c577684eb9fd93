"""Building the services of one process and wiring them together."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from careline.app.content_releases import Content, ReleasePublisher, ReleaseWatch, prepared_apart
from careline.app.release_folder import load_encoder, release_files
from careline.app.review_post import review_post
from careline.app.site_file import load_sites
from careline.app.telegram import build_telegram
from careline.channels.telegram.erasing import erase_chats_of
from careline.channels.web.sites import Site
from careline.clinical.acuity import Acuity
from careline.consultation.abandoned import AbandonedInterviews
from careline.consultation.consultation import House
from careline.consultation.conversations import ConversationService
from careline.consultation.link_codes import LinkCodes
from careline.consultation.live import Wakeups
from careline.consultation.notices import ConversationNotices
from careline.consultation.ports import DialogueEngine
from careline.consultation.presence import Presence
from careline.consultation.release import ContentReleases
from careline.consultation.release_files import ReleaseFiles
from careline.consultation.takeover import Takeover
from careline.consultation.turns import TurnService
from careline.consultation.wording import Wording
from careline.editorial.review_mails import ReviewPost
from careline.editorial.services import Editorial, build_editorial
from careline.escalation.canned_replies import CannedReply, load_canned_replies
from careline.escalation.change_record import ChangeRecord
from careline.escalation.delivery.channels import build_channels
from careline.escalation.delivery.configuration import DeliveryFile, load_delivery_file
from careline.escalation.delivery.worker import DeliveryWorker
from careline.escalation.desk import EscalationDesk
from careline.escalation.duty.hours import DutyHours
from careline.escalation.escalation import Clinician, Event
from careline.escalation.figures import EscalationFigures
from careline.escalation.handling import EscalationHandling
from careline.escalation.queue import EscalationQueue
from careline.settings import Settings
from careline.staff.audit import AuditTrail
from careline.staff.services import Staff, build_staff
from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys, read_keys

if TYPE_CHECKING:
    from careline.channels.telegram.bot import TelegramBot

log = logging.getLogger(__name__)

VERSION = importlib.metadata.version("careline")


@dataclass
class Health:
    """What /readyz shows.

    Attributes:
        rasa_seen: Whether the dialogue engine has answered since start; before that the app says "starting".
    """

    rasa_seen: bool = False
    rasa_ok: bool = False


@dataclass(frozen=True)
class Careline:
    """The services of one process."""

    settings: Settings
    database: Database
    house: House
    releases: ContentReleases
    content: Content
    release_watch: ReleaseWatch
    editorial: Editorial
    dialogue: DialogueEngine
    turns: TurnService
    desk: EscalationDesk
    handling: EscalationHandling
    queue: EscalationQueue
    figures: EscalationFigures
    conversations: ConversationService
    links: LinkCodes
    telegram: TelegramBot | None
    staff: Staff
    wakeups: Wakeups
    presence: Presence
    abandoned: AbandonedInterviews
    delivery: DeliveryFile
    worker: DeliveryWorker
    duty: DutyHours
    canned_replies: tuple[CannedReply, ...]
    sites: Mapping[str, Site]
    respond_within: Callable[[Acuity | None], dt.timedelta | None]
    service_key: str
    health: Health


def editorial_room(
    settings: Settings,
    people: Staff,
    files: ReleaseFiles,
    *,
    watch: ReleaseWatch | None = None,
    post: ReviewPost | None = None,
) -> Editorial:
    """Return the editorial room's services.

    Args:
        settings: Of this installation.
        people: The staff room, on the database in which content is edited.
        files: The releases.
        watch: Has this process serve what has been put in force; none where nobody is served.
        post: Sends mails about review dates.
    """
    publisher = ReleasePublisher(
        files,
        Wording(settings.knowledge_dir / "wording"),
        prepared_apart(settings),
        *((watch.look, watch.make_ready) if watch is not None else ()),
    )
    staging = settings.data_dir / "editorial"
    return build_editorial(people.database, people.audit, publisher, people.now, staging=staging, post=post)


def open_database(settings: Settings) -> tuple[Database, str]:
    """Return the database and the service key; makes the keys file at first start."""
    keys, service_key = load_or_make_keys(settings.keys_path)
    given = settings.service_key.get_secret_value() if settings.service_key else ""
    return Database(settings.database, keys), given or service_key


def delivery_secrets(settings: Settings) -> dict[str, list[str]]:
    """Return the secrets of delivery channels, the newest first; those of the environment win."""
    kept = read_keys(settings.keys_path).delivery if settings.keys_path.exists() else {}
    given = {name: [one.get_secret_value() for one in all_of] for name, all_of in settings.delivery_secrets.items()}
    return {**kept, **given}


def escalation_link(settings: Settings, content: DeliveryFile) -> str:
    """Return the address of an escalation for clinicians, with `{id}`."""
    return content.link or f"{settings.address}/console/cases/{{id}}"


def load_content(settings: Settings) -> Content:
    """Load the newest release.

    Raises:
        ContentError: There are no rules to start with. There is no start without.
    """
    files, encoder = release_files(settings), load_encoder(settings)
    releases = ContentReleases(files.load_newest(encoder), lambda release_id: files.load(release_id, encoder))
    return Content(releases, files, encoder)


def utc_now() -> dt.datetime:
    """Return the time."""
    return dt.datetime.now(dt.UTC)


def build_house(settings: Settings, *, now: Callable[[], dt.datetime] = utc_now) -> House:
    """Return what every consultation of this installation shares.

    Raises:
        WordingError: There are no words to start with.
    """
    return House(
        wording=Wording(settings.knowledge_dir / "wording"),
        operator=settings.operator,
        signed_only=settings.signed_content_only,
        escalate_same_day=settings.escalate_same_day,
        app_version=VERSION,
        now=now,
    )


def _into_trail(trail: AuditTrail) -> ChangeRecord:
    """Return what writes changes to escalations into the audit trail."""

    def record(session: Session, by: Clinician, event: Event, escalation_id: str) -> None:
        detail = {"for": by.id} if by.through is not None and by.through != by.id else None
        trail.record(session, by.through or by.id, f"case_{event.value}", escalation_id, detail)

    return record


def build(
    settings: Settings,
    dialogue: DialogueEngine,
    *,
    content: Content | None = None,
    now: Callable[[], dt.datetime] = utc_now,
) -> Careline:
    """Build all services.

    Args:
        settings: Of this installation.
        dialogue: What decides on the action for a message.
        content: Already loaded; None loads it.
        now: The clock.

    Raises:
        ContentError, WordingError: There are no rules or words to start with. There is no start without.
        DeliveryFileError, DutyFileError, SitesFileError: The operator's file cannot be used.
    """
    content = content or load_content(settings)
    releases = content.releases
    database, service_key = open_database(settings)
    house = build_house(settings, now=now)
    wakeups = Wakeups()
    database.on_commit(wakeups.wake)
    presence = Presence(wakeups, house.now)
    staff = build_staff(database, settings.data_dir, house.now)
    record = _into_trail(staff.audit)
    desk = EscalationDesk(
        database, lambda acuity: _respond_within(releases, acuity), record, house.now, presence=presence.of
    )
    watch = ReleaseWatch(content, house.wording, lambda: editorial.folder.is_in_use())
    delivery = load_delivery_file(settings.delivery_path)
    post = review_post(
        delivery,
        delivery_secrets(settings),
        operator=settings.operator or "Careline",
        link=f"{settings.address}/console/releases/reviews",
    )
    editorial = editorial_room(settings, staff, content.files, watch=watch, post=post)
    if not delivery.channels:
        log.warning("nobody is told of escalations: there are no delivery channels")
    worker = DeliveryWorker(
        database,
        delivery,
        build_channels(delivery, delivery_secrets(settings)),
        ConversationNotices(house, releases, wakeups.wake),
        link=escalation_link(settings, delivery),
        now=house.now,
    )
    turns = TurnService(database, house, releases, dialogue, wake=wakeups.wake)
    conversations = ConversationService(
        database,
        house,
        releases,
        lifetime=dt.timedelta(days=settings.retention_days),
        default_country=settings.country,
        wake=wakeups.wake,
        also_erase=erase_chats_of,
    )
    links = LinkCodes(database, house.now)
    return Careline(
        settings=settings,
        database=database,
        house=house,
        releases=releases,
        content=content,
        release_watch=watch,
        editorial=editorial,
        dialogue=dialogue,
        turns=turns,
        desk=desk,
        queue=EscalationQueue(database, desk.seen_now),
        figures=EscalationFigures(database),
        handling=EscalationHandling(database, Takeover(house, releases), record, house.now),
        conversations=conversations,
        links=links,
        telegram=build_telegram(
            settings,
            database=database,
            house=house,
            releases=releases,
            conversations=conversations,
            turns=turns,
            presence=presence,
            links=links,
        ),
        staff=staff,
        wakeups=wakeups,
        presence=presence,
        abandoned=AbandonedInterviews(database, house, releases),
        delivery=delivery,
        worker=worker,
        duty=DutyHours(database, settings.duty_path),
        canned_replies=load_canned_replies(
            settings.knowledge_dir / "canned_replies.yml", signed_only=settings.signed_content_only
        ),
        sites=load_sites(settings.sites_path, house.wording, releases.newest.book),
        respond_within=lambda acuity: _respond_within(releases, acuity),
        service_key=service_key,
        health=Health(),
    )


def _respond_within(releases: ContentReleases, acuity: Acuity | None) -> dt.timedelta | None:
    minutes = releases.newest.book.dispositions[acuity].respond_within_minutes if acuity else None
    return dt.timedelta(minutes=minutes) if minutes is not None else None
