"""The public web application: its routes, and its beginning and end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from fastapi import FastAPI
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from careline.app.background import background_work
from careline.app.consoles import clinician_services, console_services, editor_services, shell_services
from careline.app.insight import build_insight
from careline.app.middleware import BodyLimit, SecurityHeaders
from careline.app.policies import require_policies
from careline.app.probes import add_probes
from careline.app.problems import add_error_handlers, too_large
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
from careline.consoles.editor import (
    article_pages,
    begin_page,
    bench_page,
    files_pages,
    gaps_page,
    insight_figures_page,
    item_pages,
    list_pages,
    prepare_pages,
    release_pages,
    step_forms,
    text_pages,
    translation_pages,
    try_page,
    verdicts_page,
)
from careline.consoles.shell import account_pages, audit_pages, sign_in_pages, staff_pages, static_files
from careline.consultation.stored_replies import StoredReplies

_POLL_SECONDS_ALONE = 20.0  # live events: a wake-up is in process, so looking by oneself is only a safety net
_POLL_SECONDS_SHARED = 1.0  # with several processes, looking is how one learns of the others' messages
_EDITOR_PAGES = (
    list_pages,
    item_pages,
    step_forms,
    article_pages,
    begin_page,
    text_pages,
    translation_pages,
    files_pages,
    release_pages,
    prepare_pages,
)
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
        tasks = [asyncio.create_task(work) for work in background_work(careline, replies)]
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
    app.state.clinician = clinician_services(careline, replies)
    app.state.console = console_services(careline, app.state.clinician)
    app.state.editor = editor_services(careline)
    app.state.insight = build_insight(careline)
    bot = careline.telegram
    hooked = bot.channel if bot is not None and bot.webhook_url is not None else None
    app.state.telegram = TelegramDoor(hooked, careline.database.keys)
    app.state.shell = shell_services(careline)
    consoles = (
        *(queue_pages, case_pages, case_forms, search_pages, figures_page, duty_page),
        *_EDITOR_PAGES,
        *_INSIGHT_PAGES,
        *(sign_in_pages, account_pages, staff_pages, audit_pages, static_files),
    )
    patients = (conversations_api, events_api, guidance_api, chat_pages, chat_live, chat_side_pages, chat_files)
    for router in (*patients, telegram_webhook, escalations_api, handling_api, *consoles):
        app.include_router(router.router)
    add_probes(app, careline)
    require_policies(app)
    add_error_handlers(app, careline.house, careline.releases, careline.conversations)
    app.add_middleware(
        BodyLimit,
        refuse=lambda request: too_large(request, careline.house, careline.releases),
        larger={files_pages.UPLOAD: files_pages.MOST_UPLOAD_BYTES},
    )
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
