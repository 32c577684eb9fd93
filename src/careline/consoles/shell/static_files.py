"""The files that the consoles' pages load; all from here."""

from __future__ import annotations

import mimetypes
from functools import cache

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from careline.consoles.shell.pages import STATIC

router = APIRouter(prefix="/console/static", include_in_schema=False)

_FOR_EVER = "public, max-age=31536000, immutable"  # the version is in the address
_SHORT = "public, max-age=300"


@router.get("/{path:path}")
def static_file(path: str) -> Response:
    """Return one of the files that came with the program."""
    if path not in _names():
        raise HTTPException(404)
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    keep = _FOR_EVER if path.startswith("vendor/") else _SHORT
    return Response((STATIC / path).read_bytes(), media_type=kind, headers={"Cache-Control": keep})


@cache
def _names() -> frozenset[str]:
    return frozenset(
        str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.suffix in {".css", ".js", ".svg"}
    )
