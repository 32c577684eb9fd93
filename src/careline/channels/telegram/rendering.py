"""A message of the conversation as it is shown on Telegram: escaped, in parts, with its buttons below the last."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from careline.channels.telegram.buttons import Rows, keyboard_of, numbered_titles, options_of, tag_of
from careline.channels.telegram.splitting import split
from careline.consultation.wording import Wording

_OWN_PAGE = re.compile(r"(?<![\w/])/guidance/[A-Za-z0-9_-]+")
_LINK_LINE = re.compile(r"^[^:\n]{1,30}: /guidance/[A-Za-z0-9_-]+$\n?", re.MULTILINE)
_HEADED = frozenset({"emergency", "crisis", "assessment"})  # their first line is a heading


@dataclass(frozen=True)
class Part:
    """One message of Telegram's.

    Attributes:
        html: Escaped; the only tags are ours.
        keyboard: Buttons below it.
    """

    html: str
    keyboard: Rows | None = None

    def payload(self) -> dict[str, Any]:
        """Return it as it is kept in the outbox."""
        return {"html": self.html, "keyboard": self.keyboard}


class Renderer:
    """Shows messages; the words are the catalogue's or the conversation's own."""

    def __init__(self, wording: Wording, public_url: str | None) -> None:
        """Take the parts; without a public address nothing leads to our pages."""
        self._wording = wording
        self._public_url = public_url

    def say(self, sentence_id: str, language: str, **values: str | int) -> str:
        """Return a sentence of the catalogue."""
        return self._wording.say(sentence_id, language, **values)

    def parts(self, conversation_id: str, message: dict[str, Any]) -> list[Part]:
        """Return a message of the conversation, as the HTTP contract has it, in the parts that Telegram takes."""
        language = self._wording.language_for(message["lang"])
        text = self._absolute("\n".join([message["text"], *numbered_titles(message)]))
        texts = split(text) or [self.say("telegram-empty", language)]
        shown = [html.escape(each, quote=False) for each in texts]
        if message["kind"] in _HEADED:
            heading, line_end, rest = shown[0].partition("\n")
            shown[0] = f"<b>{heading}</b>{line_end}{rest}"
        clinician = message.get("data", {}).get("clinician")
        if message["from"] == "clinician" and clinician is not None:
            who = self.say("telegram-clinician", language, name=clinician["name"], role=clinician["role"])
            shown[0] = f"<b>{html.escape(who, quote=False)}</b>\n{shown[0]}"
        keyboard: Rows | None = None
        if options_of(message):
            keyboard = keyboard_of(
                message, tag_of(conversation_id), lambda sentence, **given: self.say(sentence, language, **given)
            )
        return [*(Part(each) for each in shown[:-1]), Part(shown[-1], keyboard)]

    def own(self, text: str, keyboard: Rows | None = None) -> list[Part]:
        """Return words of the channel's own in parts."""
        shown = [html.escape(each, quote=False) for each in split(self._absolute(text))]
        return [*(Part(each) for each in shown[:-1]), Part(shown[-1], keyboard)]

    def _absolute(self, text: str) -> str:
        """Make links to our own pages whole; where these cannot be reached from outside, leave out the lines."""
        if self._public_url is None:  # a path alone leads nowhere, and is shown as a command of the bot
            return _LINK_LINE.sub("", text)
        return _OWN_PAGE.sub(lambda found: f"{self._public_url}{found[0]}", text)
