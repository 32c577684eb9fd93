"""Probes: whether the process runs, whether patients can be served, and figures for Prometheus."""

from __future__ import annotations

import asyncio
import logging

from fastapi import FastAPI
from prometheus_client import REGISTRY, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from careline.app.services import Careline
from careline.escalation.delivery.health import outbox_health, show_in_metrics
from careline.storage.database import Database

log = logging.getLogger(__name__)


def add_probes(app: FastAPI, careline: Careline) -> None:
    """Add the routes by which the app is watched."""

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
            "reader": "ok" if careline.releases.newest.has_reader else "degraded",
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
