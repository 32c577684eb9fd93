"""The public web application: routes, probes, and what runs beside them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator

from fastapi import FastAPI
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from prometheus_client import REGISTRY, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from careline.app.content_checks import TextChecks
from careline.app.insight import build_insight
from careline.app.middleware import BodyLimit, SecurityHeaders
from careline.app.policies import require_policies
from careline.app.problems import add_error_handlers, problem
from careline.app.services import VERSION, Careline
from careline.channels.telegram import webhook as telegram_webhook
from careline.channels.telegram.webhook import TelegramDoor
from careline.channels.web import (
    chat_files,
    chat_live,
    chat_pages,
    chat_side_pages,
    conversations_api,
    events_api,
    guidance_api,
)
from careline.channels.web.access import RateLimits
from careline.channels.web.services import WebServices
from careline.consoles.clinician import (
    case_forms,
    case_pages,
    duty_page,
    escalations_api,
    figures_page,
    handling_api,
    queue_pages,
    search_pages,
)
from careline.consoles.clinician.doors import clinician_of
from careline.consoles.clinician.drafts import Drafts
from careline.consoles.clinician.services import ClinicianServices, ConsoleServices
from careline.consoles.clinician.viewing import Viewing
from careline.consoles.editor import (
    article_pages,
    bench_page,
    gaps_page,
    insight_figures_page,
    item_pages,
    list_pages,
    prepare_pages,
    release_pages,
    step_forms,
    text_pages,
    try_page,
    verdicts_page,
)
from careline.consoles.editor.catalogue import Catalogue
from careline.consoles.editor.services import EditorServices
from careline.consoles.editor.unsaved import UnsavedForms
from careline.consoles.shell import account_pages, audit_pages, sign_in_pages, staff_pages, static_files
from careline.consoles.shell.pages import NavigationLink, Pages
from careline.consoles.shell.services import ShellServices
from careline.consultation.case_reading import CaseReading
from careline.consultation.stored_replies import StoredReplies
from careline.escalation.delivery.health import outbox_health, show_in_metrics
from careline.escalation.escalation import Clinician
from careline.staff.account import Role
from careline.storage.database import Database

log = logging.getLogger(__name__)

_SWEEP_SECONDS = 5.0  # how often left-over turns and expired conversations are looked for
RELEASE_SECONDS = 0.5  # how often for a new release: a file of a few bytes is read, in some 0.05 ms
_CONTENT_SECONDS = 60.0
_PROBE_SECONDS = 2.0
_POLL_SECONDS_ALONE = 20.0  # live events: a wake-up is in process, so looking by oneself is only a safety net
_CONSOLE_POLL_SECONDS_SHARED = 3.0  # each look fetches the rows again
_POLL_SECONDS_SHARED = 1.0  # with several processes, looking is how one learns of the others' messages
_EDITOR_PAGES = (list_pages, item_pages, step_forms, article_pages, text_pages, release_pages, prepare_pages)
_INSIGHT_PAGES = (bench_page, try_page, gaps_page, verdicts_page, insight_figures_page)


def create_app(careline: Careline) -> FastAPI:
    """Return the public web application."""
    replies = StoredReplies(careline.database, careline.house.now)

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        careline.database.claim_writer()
        await asyncio.to_thread(careline.turns.recover, everything=careline.database.is_sqlite)
        await asyncio.to_thread(careline.duty.put_in_force)
        if careline.database.is_sqlite:
            await careline.worker.release_leases()  # the only process: nobody else can be at it
        tasks = [
            asyncio.create_task(work)
            for work in (
                *(_sweep(careline, replies), _watch_dialogue(careline), careline.worker.run()),
                *(_watch_releases(careline), _look_after_content(careline)),
            )
        ]
        if careline.telegram is not None:
            tasks.append(asyncio.create_task(careline.telegram.run()))
        yield
        careline.wakeups.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await careline.turns.drain()
        if careline.telegram is not None:
            await careline.telegram.aclose()

    app = FastAPI(
        title="Careline",
        version=VERSION,
        description="Symptom triage for patients. Not a diagnosis.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.web = _web_services(careline, replies)
    app.state.clinician = ClinicianServices(
        desk=careline.desk,
        handling=careline.handling,
        conversations=careline.conversations,
        replies=replies,
        viewing=Viewing(careline.staff),
        service_key=careline.service_key,
        clinician_of=lambda account_id: _clinician(careline, account_id),
    )
    app.state.console = _console_services(careline, app.state.clinician)
    app.state.editor = _editor_services(careline)
    app.state.insight = build_insight(careline)
    bot = careline.telegram
    hooked = bot.channel if bot is not None and bot.webhook_url is not None else None
    app.state.telegram = TelegramDoor(hooked, careline.database.keys)
    app.state.shell = _shell_services(careline)
    consoles = (
        *(queue_pages, case_pages, case_forms, search_pages, figures_page, duty_page),
        *_EDITOR_PAGES,
        *_INSIGHT_PAGES,
        *(sign_in_pages, account_pages, staff_pages, audit_pages, static_files),
    )
    patients = (conversations_api, events_api, guidance_api, chat_pages, chat_live, chat_side_pages, chat_files)
    for router in (*patients, telegram_webhook, escalations_api, handling_api, *consoles):
        app.include_router(router.router)
    _add_probes(app, careline)
    require_policies(app)
    add_error_handlers(app, careline.house, careline.releases, careline.conversations)
    app.add_middleware(BodyLimit, refuse=lambda: problem("too_large", careline.house, careline.releases))
    app.add_middleware(SecurityHeaders)
    return app


def _web_services(careline: Careline, replies: StoredReplies) -> WebServices:
    settings = careline.settings
    return WebServices(
        house=careline.house,
        releases=careline.releases,
        conversations=careline.conversations,
        turns=careline.turns,
        links=careline.links,
        replies=replies,
        wakeups=careline.wakeups,
        presence=careline.presence,
        limits=RateLimits(),
        opening_limit=RateLimitItemPerHour(settings.conversations_per_hour, namespace="open"),
        message_limit=RateLimitItemPerMinute(settings.messages_per_minute, namespace="message"),
        search_limit=RateLimitItemPerMinute(settings.guidance_searches_per_minute, namespace="search"),
        quick_exit_url=str(settings.quick_exit_url),
        sites=careline.sites,
        has_secure_cookies=not settings.is_for_this_machine_alone,
        default_country=settings.country,
        retention_days=settings.retention_days,
        poll_seconds=_POLL_SECONDS_ALONE if careline.database.is_sqlite else _POLL_SECONDS_SHARED,
        monotonic=time.monotonic,
    )


def _console_services(careline: Careline, api: ClinicianServices) -> ConsoleServices:
    return ConsoleServices(
        api=api,
        queue=careline.queue,
        figures=careline.figures,
        duty=careline.duty,
        delivery=careline.delivery,
        cases=CaseReading(careline.database, careline.house, careline.releases),
        wakeups=careline.wakeups,
        presence=careline.presence,
        drafts=Drafts(careline.house.now),
        canned_replies=careline.canned_replies,
        colleagues=lambda: _colleagues(careline),
        poll_seconds=_POLL_SECONDS_ALONE if careline.database.is_sqlite else _CONSOLE_POLL_SECONDS_SHARED,
        now=careline.house.now,
        target=careline.respond_within,
    )


def _editor_services(careline: Careline) -> EditorServices:
    checks = TextChecks(
        careline.editorial.editing, careline.house.wording, careline.settings.knowledge_dir, careline.house.now
    )
    return EditorServices(
        editorial=careline.editorial,
        catalogue=Catalogue(careline.editorial.editing),
        names=lambda: {one.id: one.name for one in careline.staff.accounts.all()},
        problems=checks.problems,
        lacks=checks.lacks,
        unsaved=UnsavedForms(careline.house.now),
        complaints=lambda: {
            name: compiled.protocol.title for name, compiled in careline.releases.newest.book.protocols.items()
        },
        now=careline.house.now,
    )


def _colleagues(careline: Careline) -> list[Clinician]:
    people = careline.staff.accounts.all()
    return [clinician_of(one) for one in people if Role.CLINICIAN in one.roles and not one.is_disabled]


def _clinician(careline: Careline, account_id: str) -> Clinician | None:
    return next((one for one in _colleagues(careline) if one.id == account_id), None)


def _shell_services(careline: Careline) -> ShellServices:
    admin, clinician, everybody = frozenset({Role.ADMIN}), frozenset({Role.CLINICIAN}), frozenset(Role)
    return ShellServices(
        staff=careline.staff,
        operator=careline.settings.operator,
        has_secure_cookies=not careline.settings.is_for_this_machine_alone,
        pages=Pages(["shell", "clinician", "editor"]),
        navigation=(
            NavigationLink("Queue", "/console/queue", clinician),
            NavigationLink("Search", "/console/search", clinician),
            NavigationLink("Figures", "/console/figures", clinician),
            NavigationLink("Staff", "/console/staff", admin),
            NavigationLink("Audit trail", "/console/audit", admin),
            NavigationLink("Content", "/console/content", everybody),
            NavigationLink("Duty", "/console/duty", admin | clinician),  # after the page that each begins with
            NavigationLink("My account", "/console/account"),
        ),
    )


def _add_probes(app: FastAPI, careline: Careline) -> None:
    @app.get("/healthz", tags=["operations"])
    async def healthz() -> dict[str, str]:
        """Say that the process runs."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["operations"])
    async def readyz(_request: Request) -> JSONResponse:
        """Say whether patients can be served, and how each part is; 503 until Rasa has answered once."""
        if not careline.health.rasa_seen:
            return JSONResponse({"status": "starting"}, 503)
        parts = {
            "database": await asyncio.to_thread(_database_state, careline.database),
            "rasa": "ok" if careline.health.rasa_ok else "degraded",
            "index": "ok" if careline.releases.newest.guidance is not None else "degraded",
            "recogniser": "ok" if careline.releases.newest.recogniser is not None else "degraded",
            "outbox": await asyncio.to_thread(_outbox_state, careline),
        }
        status = "ok" if set(parts.values()) == {"ok"} else "degraded"
        return JSONResponse({"status": status, "parts": parts}, 200 if parts["database"] == "ok" else 503)

    @app.get("/metrics", tags=["operations"])
    async def metrics() -> Response:
        """Return figures for Prometheus."""
        await asyncio.to_thread(_outbox_state, careline)
        return Response(generate_latest(REGISTRY), media_type="text/plain; version=0.0.4; charset=utf-8")


def _database_state(database: Database) -> str:
    try:
        return "ok" if database.is_writable() else "degraded"
    except Exception:
        log.exception("database not writable")
        return "degraded"


def _outbox_state(careline: Careline) -> str:
    try:
        with careline.database.read() as session:
            health = outbox_health(session, now=careline.house.now())
    except Exception:
        log.exception("outbox not readable")
        return "degraded"
    show_in_metrics(health)
    return "ok" if health.is_ok else "degraded"


async def _sweep(careline: Careline, replies: StoredReplies) -> None:
    """Look after what was left: turns of a crash, claims whose owner has gone, expired conversations."""
    while True:
        try:
            await asyncio.to_thread(careline.turns.recover)
            await asyncio.to_thread(careline.handling.give_back_expired)
            await asyncio.to_thread(careline.abandoned.find)
            await asyncio.to_thread(careline.conversations.erase_expired)
            await asyncio.to_thread(replies.forget_old_openings)
            await asyncio.to_thread(careline.links.forget_old)
            await asyncio.to_thread(careline.staff.forget_what_is_over)
            await asyncio.to_thread(careline.duty.look_again)
        except Exception:
            log.exception("sweep failed")  # tried again in a moment; nothing a patient waits for
        await asyncio.sleep(_SWEEP_SECONDS)


async def _watch_releases(careline: Careline) -> None:
    """Serve a release that another process, or a command, has put in force."""
    while True:
        try:
            await asyncio.to_thread(careline.release_watch.look)
        except Exception:
            log.exception("looking for a new content release failed")
        await asyncio.sleep(RELEASE_SECONDS)


async def _look_after_content(careline: Careline) -> None:
    """Publish what is scheduled, and mind review dates."""
    while True:
        try:
            await asyncio.to_thread(careline.editorial.look_after)
        except Exception:
            log.exception("looking after content failed")  # tried again in a minute
        await asyncio.sleep(_CONTENT_SECONDS)


async def _watch_dialogue(careline: Careline) -> None:
    while True:
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                ready = await careline.dialogue.is_ready()
        except TimeoutError:
            ready = False
        careline.health.rasa_ok = ready
        careline.health.rasa_seen = careline.health.rasa_seen or ready
        await asyncio.sleep(_PROBE_SECONDS if ready else _PROBE_SECONDS / 4)
