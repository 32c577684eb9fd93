"""The files of the chat: its style, script and pictures, and the loader that puts it into other pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from careline.channels.web.access import Services
from careline.channels.web.chat_frame import frame_of, templates
from careline.channels.web.services import WebServices
from careline.channels.web.sites import Colours, Site
from careline.consultation.phone_numbers import phone_numbers

router = APIRouter(include_in_schema=False)

_STATIC = Path(__file__).parent / "static"
_PARTS = ("page", "outbox", "stream", "comfort")  # one script, in this order
_FOR_EVER = "public, max-age=31536000, immutable"  # what it holds is in the address
_SHORT = "public, max-age=300"


@router.get("/chat/static/chat.js")
async def chat_script() -> Response:
    """Serve the page's script: its parts, as one module."""
    return Response(_script(), media_type="text/javascript", headers={"Cache-Control": _FOR_EVER})


@router.get("/chat/static/chat.css")
async def chat_style(services: Services, site: str = "") -> Response:
    """Serve the page's style, with the colours of a site."""
    return Response(_style(services.sites.get(site)), media_type="text/css", headers={"Cache-Control": _FOR_EVER})


@router.get("/chat/logo/{site_id}")
async def site_logo(services: Services, site_id: str) -> Response:
    """Serve the logo of a site."""
    site = services.sites.get(site_id)
    if site is None or site.logo is None:
        raise HTTPException(404)
    return Response(site.logo.content, media_type=site.logo.media_type, headers={"Cache-Control": _SHORT})


@router.get("/widget/loader.js")
async def widget_loader(services: Services, site: str = "") -> Response:
    """Serve the loader for the pages of a site; a page of another site may not show what it loads."""
    script = _loader_code().replace("__CONFIG__", _loader_config(services, site))
    headers = {"Cache-Control": _SHORT, "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(script, media_type="text/javascript", headers=headers)


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


def _loader_config(services: WebServices, site_id: str) -> str:
    site = services.sites.get(site_id)
    colours = (site.colours if site else None) or Colours()
    wording = services.house.wording
    frame = frame_of(services, site_id)
    words = {}
    for language in sorted(wording.languages):

        def say(sentence: str, of: str = language, **values: str) -> str:
            return wording.say(sentence, of, **values)

        words[language] = _loader_words(say, frame.name)
    book = services.releases.newest.book
    anywhere = "; ".join(f"{number.tel} ({number.label})" for number in phone_numbers(book, None))
    config = {
        "site": site.id if site else "",
        "side": site.position if site else "right",
        "lang": frame.say.language,
        "country": frame.country or "",
        "colours": [colours.button, colours.button_text],
        "words": words,
        "numbers": {code: phone_numbers(book, code)[0].tel for code in sorted(book.countries)},
        "anywhere": anywhere,
    }
    return json.dumps(config, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _loader_words(say: Callable[..., str], name: str) -> list[str]:
    return [
        say("widget-open-chat"),
        say("widget-chat-of", name=name),
        say("widget-close-chat"),
        say("widget-unreachable"),
        say("call-known-country", number="#"),
        say("call-unknown-country", numbers="#"),
    ]


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
    # A site's own colours hold by night too: nobody has checked them against a dark page.
    return (
        f":root{{color-scheme:light;--button:{colours.button};--button-text:{colours.button_text};"
        f"--page:{colours.page};--text:{colours.text};--mine:{colours.page};--line:#767676;--urgent:#b00020;"
        f"--urgent-text:#fff;--calm:{colours.page}}}"
    )


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
