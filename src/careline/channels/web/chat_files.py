"""The files of the chat: its style, script and pictures, and the loader that puts it into other pages."""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import cache, lru_cache
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from careline.channels.web.access import Services
from careline.channels.web.chat_frame import Frame, frame_of, templates
from careline.channels.web.services import WebServices
from careline.channels.web.sites import Colours, Site, fixed_colours

router = APIRouter(include_in_schema=False)

_STATIC = Path(__file__).parent / "static"
_PARTS = ("page", "outbox", "stream", "comfort")  # one script, in this order
_FOR_EVER = "public, max-age=31536000, immutable"  # what it holds is in the address
_SHORT = "public, max-age=300"


@router.get("/chat/static/chat.js")
async def chat_script(request: Request) -> Response:
    """Serve the page's script: its parts, as one module."""
    return _file(request, _script(), "text/javascript", {"Cache-Control": _FOR_EVER})


@router.get("/chat/static/chat.css")
async def chat_style(request: Request, services: Services, site: str = "") -> Response:
    """Serve the page's style, with the colours of a site."""
    return _file(request, _style(services.sites.get(site)), "text/css", {"Cache-Control": _FOR_EVER})


@router.get("/chat/logo/{site_id}")
async def site_logo(services: Services, site_id: str) -> Response:
    """Serve the logo of a site."""
    site = services.sites.get(site_id)
    if site is None or site.logo is None:
        raise HTTPException(404)
    return Response(site.logo.content, media_type=site.logo.media_type, headers={"Cache-Control": _SHORT})


@router.get("/widget/loader.js")
async def widget_loader(
    request: Request, services: Services, site: str = "", lang: str = "", country: str = ""
) -> Response:
    """Serve the loader for the pages of a site, in one language and for one country: so it stays small.

    A page of another site may load it, and may not show what it loads.
    """
    script = _loader_code().replace("__CONFIG__", _loader_config(frame_of(services, site, lang, country)))
    headers = {"Cache-Control": _SHORT, "Cross-Origin-Resource-Policy": "cross-origin"}
    return _file(request, script, "text/javascript", headers)


def _file(request: Request, text: str, media_type: str, headers: dict[str, str]) -> Response:
    """Return a file, smaller for who can unpack it. Pages are not: what a patient typed and a secret stand in one."""
    headers = headers | {"Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_packed(text), media_type=media_type, headers=headers | {"Content-Encoding": "gzip"})
    return Response(text, media_type=media_type, headers=headers)


@lru_cache(maxsize=256)
def _packed(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


def script_url() -> str:
    """Return the address of the script as it is now."""
    return f"/chat/static/chat.js?v={_mark(_script())}"


def style_url(site: Site | None) -> str:
    """Return the address of the style as it is now."""
    which = f"site={site.id}&" if site else ""
    return f"/chat/static/chat.css?{which}v={_mark(_style(site))}"


def languages_of(services: WebServices) -> list[tuple[str, str]]:
    """Return the languages that the chat speaks, each by its own name."""
    wording = services.house.wording
    return [(code, wording.say("widget-language-name", code)) for code in sorted(wording.languages)]


templates.globals["style_url"] = style_url


def _loader_config(frame: Frame) -> str:
    site, say = frame.site, frame.say
    colours = (site.colours if site else None) or Colours()
    is_known = frame.country in frame.services.releases.newest.book.countries
    config = {
        "query": frame.query(),
        "side": site.position if site else "right",
        "lang": say.language,
        "back": colours.button,
        "fore": colours.button_text,
        "tel": frame.numbers[0].tel if is_known else "",
        "words": [
            say("widget-open-chat"),
            say("widget-chat-of", name=frame.name),
            say("widget-close-chat"),
            say("widget-unreachable"),
            # The international numbers, each with its places, would weigh too much here: the chat shows them.
            say("call-known-country", number="#") if is_known else say("widget-call-local"),
        ],
    }
    return json.dumps(config, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


@cache
def _script() -> str:
    return "".join((_STATIC / "chat" / f"{part}.js").read_text(encoding="utf-8") for part in _PARTS)


@cache
def _loader_code() -> str:
    return (_STATIC / "loader.js").read_text(encoding="utf-8")


@cache
def _plain_style() -> str:
    return (_STATIC / "chat" / "chat.css").read_text(encoding="utf-8")


def _style(site: Site | None) -> str:
    return _plain_style() + (_colours(site.colours) if site and site.colours else "")


def _colours(colours: Colours) -> str:
    # A site's own colours hold by night too: nobody has checked them against another page.
    fixed = fixed_colours(colours.page)
    return (
        f":root{{color-scheme:{fixed.scheme};--button:{colours.button};--button-text:{colours.button_text};"
        f"--page:{colours.page};--text:{colours.text};--mine:{colours.page};--line:{fixed.line};"
        f"--urgent:{fixed.urgent};--urgent-text:{fixed.urgent_text};--calm:{colours.page}}}"
    )


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
