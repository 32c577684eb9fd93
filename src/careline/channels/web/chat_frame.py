"""What surrounds a conversation on its page (site, language, country, emergency line), and the rendering."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from careline.channels.web.chat_session import ChatSession
from careline.channels.web.chat_view import (
    CARDS,
    Message,
    Number,
    ShownMessage,
    Speaker,
    Where,
    shown_messages,
    shown_reply,
    where_it_stands,
    with_numbers,
)
from careline.channels.web.explained_words import ExplainedWords
from careline.channels.web.policy import content_security_policy
from careline.channels.web.services import WebServices
from careline.channels.web.sites import Site
from careline.consultation.phone_numbers import emergency_text, phone_numbers

_FARTHEST_AHEAD = dt.timedelta(hours=14)  # no clock is farther ahead of UTC
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")

templates = Environment(
    loader=PackageLoader("careline.channels.web"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,  # an upgrade lays new files under a service that still runs: they fit its successor
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Frame:
    """Where and in which words a page is shown.

    Attributes:
        session: What each form must carry, because the browser keeps no cookie here; None when it does.
    """

    services: WebServices
    site: Site | None
    locale: str
    country: str | None
    session: ChatSession | None = None

    @property
    def say(self) -> Speaker:
        """Says catalogued sentences."""
        wording = self.services.house.wording
        return Speaker(wording, wording.language_for(self.locale))

    @property
    def name(self) -> str:
        """What the chat is called here."""
        return (self.site.name if self.site else None) or self.operator

    @property
    def operator(self) -> str:
        """Who runs the chat."""
        return self.services.house.operator_in(self.say.language)

    @property
    def numbers(self) -> list[Number]:
        """The emergency numbers."""
        found = phone_numbers(self.services.releases.newest.book, self.country)
        return [Number(number.tel, number.label) for number in found]

    @property
    def call(self) -> str:
        """Which number to call in an emergency."""
        book = self.services.releases.newest.book
        return emergency_text(self.services.house.wording, book, self.country, self.say.language)

    @property
    def standing(self) -> Markup:
        """The same, with the numbers to press."""
        return with_numbers(self.call, self.numbers)

    @property
    def latest_day(self) -> dt.date:
        """The day that it already is somewhere on earth."""
        return (self.services.house.now() + _FARTHEST_AHEAD).date()

    def terms(self, place: str, language: str) -> ExplainedWords:
        """Mark the words that patients may not know in what is read at a place of the page."""
        return ExplainedWords(self.services.house.wording.explained.get(language, {}), place)

    def explained(self, message: ShownMessage) -> ExplainedWords | None:
        """Mark them in a message; in no card that must be heard whole, and in nobody's own words."""
        if message.sender != "assistant" or message.card in ("emergency", "crisis"):
            return None
        return self.terms(f"t{message.id}", message.lang)

    def query(self, **more: str | int) -> str:
        """Return the query part of an address of this chat."""
        given = {"site": self.site.id} if self.site else {}
        if not self.has_place:
            given |= {"lang": self.locale, **({"country": self.country} if self.country else {})}
        pairs = given | more
        return f"?{urlencode(pairs)}" if pairs else ""

    has_place: bool = False

    def at(self, locale: str, country: str | None, session: ChatSession | None) -> Frame:
        """Return the frame of a conversation: its own language and country hold."""
        carried = session if session is not None and not session.is_by_cookie else None
        return replace(self, locale=locale, country=country, session=carried, has_place=True)


def frame_of(services: WebServices, site: str = "", lang: str = "", country: str = "") -> Frame:
    """Return the frame for what an address says; what it says wrongly is passed over."""
    found = services.sites.get(site)
    locale = lang if _LOCALE.fullmatch(lang) and len(lang) <= 35 else (found.language if found else None)
    code = country.upper() if country.upper() in services.releases.newest.book.countries else None
    return Frame(
        services, found, locale or "en", code or (found.country if found else None) or services.default_country
    )


def render(frame: Frame, template: str, **values: Any) -> str:  # noqa: ANN401 - whatever the template shows
    """Return a page, or a part of one."""
    return templates.get_template(f"chat/{template}.html").render(
        frame=frame, say=frame.say, fresh_key=lambda: secrets.token_urlsafe(16), **values
    )


def page(frame: Frame, template: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - as above
    """Return a page that the site of the frame may embed."""
    policy = content_security_policy(frame.site.origins if frame.site else ())
    return HTMLResponse(render(frame, template, **values), status, headers={"Content-Security-Policy": policy})


@dataclass(frozen=True)
class Talk:
    """A conversation as it is now."""

    conversation_id: str
    messages: list[Message]
    status: dict[str, Any]
    clinician: dict[str, str] | None


def read_talk(services: WebServices, conversation_id: str) -> Talk:
    """Read the whole conversation."""
    history = services.conversations.history(conversation_id, 0)
    clinician = services.conversations.clinician_in(conversation_id)
    return Talk(conversation_id, history.pop("messages"), history, clinician)


def place_to_read(services: WebServices, conversation_id: str) -> str:
    """Return the part of the page that is looked at after an answer: a card from its beginning, else what is asked."""
    for message in reversed(read_talk(services, conversation_id).messages):
        if message["from"] == "patient":
            break
        if message["kind"] in CARDS:
            return f"m{message['id']}"
    return "reply"


def own_frame(services: WebServices, frame: Frame, session: ChatSession) -> Frame:
    """Return the frame with the conversation's own language and country."""
    place = services.conversations.place_of(session.conversation_id)
    return frame.at(place.locale, place.country, session)


def where(frame: Frame, talk: Talk) -> Where:
    """Return how the conversation stands, in the patient's words."""
    return where_it_stands(talk.status, talk.clinician, frame.say)


def reply_html(frame: Frame, talk: Talk, change: int | None = None) -> str:
    """Return the place for the answer."""
    reply = shown_reply(talk.messages, talk.status["expects"], frame.say, change=change)
    return render(frame, "reply", reply=reply)


def reply_id(talk: Talk) -> str:
    """Return what changes whenever another answer is awaited."""
    return f"{talk.status['expects']}-{talk.status['state']}"


def chat_values(frame: Frame, talk: Talk, change: int | None = None) -> dict[str, Any]:
    """Return what the chat page shows."""
    return {
        "talk": talk,
        "messages": shown_messages(talk.messages, frame.say),
        "last": talk.messages[-1]["id"] if talk.messages else 0,
        "where": where(frame, talk),
        "reply": shown_reply(talk.messages, talk.status["expects"], frame.say, change=change),
        "reply_id": reply_id(talk),
    }


def news(frame: Frame, talk: Talk, after: int) -> dict[str, Any]:
    """Return what is new after a message, for the page's script: the same pieces that the page is made of."""
    shown = [message for message in shown_messages(talk.messages, frame.say) if message.id > after]
    state = where(frame, talk)
    return {
        "messages": [
            {"id": one.id, "from": one.sender, "html": render(frame, "message", message=one)} for one in shown
        ],
        "reply": reply_html(frame, talk),
        "reply_id": reply_id(talk),
        "state": state.state,
        "waiting": state.waiting,
        "clinician": state.clinician,
        "quick_exit": state.quick_exit,
        "is_over": talk.status["final"],
        "standing": str(frame.standing),
        "lost": frame.say("widget-lost", call=frame.call),
    }


def news_after(frame: Frame, session: ChatSession, after: int) -> dict[str, Any]:
    """Read the conversation and return what is new after a message."""
    own = own_frame(frame.services, frame, session)
    return news(own, read_talk(frame.services, session.conversation_id), after)
