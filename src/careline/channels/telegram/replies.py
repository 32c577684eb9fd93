"""What the channel itself says: numbers to call, what is awaited, and its own notices. No medicine is added here."""

from __future__ import annotations

from typing import Any

from careline.channels.telegram.buttons import own_keyboard, tag_of
from careline.channels.telegram.chats import Chat
from careline.channels.telegram.rendering import Part
from careline.channels.telegram.services import TelegramServices
from careline.consultation.phone_numbers import emergency_text, phone_numbers

_ALL_KINDS = ("emergency", "crisis", "poison", "urgent_care")
_AFTER_ALL = 10**9  # no message has so high a number: the status comes alone


class Replies:
    """Makes them, in the chat's language."""

    def __init__(self, services: TelegramServices) -> None:
        """Take the parts."""
        self._services = services

    def say(self, chat: Chat, sentence_id: str, **values: str | int) -> list[Part]:
        """Return a sentence of the catalogue."""
        return self._services.renderer.own(self.words(chat, sentence_id, **values))

    def words(self, chat: Chat, sentence_id: str, **values: str | int) -> str:
        """Return a sentence of the catalogue as it is."""
        return self._services.renderer.say(sentence_id, chat.language, **values)

    def numbers(self, chat: Chat, *sentence_ids: str) -> list[Part]:
        """Return all numbers of the patient's country, that for emergencies first, after sentences of ours."""
        services = self._services
        book = services.releases.newest.in_language(chat.language).book
        country = self._country_of(chat)
        lines = [self.words(chat, sentence_id) for sentence_id in sentence_ids]
        lines.append(emergency_text(services.house.wording, book, country, chat.language))
        if country in book.countries:
            lines += [
                self.words(chat, "advice-line", label=number.label, tel=number.tel)
                for number in phone_numbers(book, country, _ALL_KINDS)
            ]
        return services.renderer.own("\n".join(lines))

    def safe(self, chat: Chat) -> list[Part]:
        """Return the standing safe reply: what came could not be handled."""
        return self._services.renderer.own("\n".join([self.words(chat, "safe-reply"), self._call(chat)]))

    def wait(self, chat: Chat) -> list[Part]:
        """Say that more came than can be answered at once; with the number to call, should it be an emergency."""
        return self._services.renderer.own("\n".join([self.words(chat, "telegram-wait"), self._call(chat)]))

    def slow(self, chat: Chat) -> list[Part]:
        """Say that the message has come though the answer takes long; with the number to call, should it be urgent."""
        return self._services.renderer.own("\n".join([self.words(chat, "telegram-slow"), self._call(chat)]))

    def _call(self, chat: Chat) -> str:
        """Say which number to call in an emergency."""
        services = self._services
        book = services.releases.newest.in_language(chat.language).book
        return emergency_text(services.house.wording, book, self._country_of(chat), chat.language)

    def _country_of(self, chat: Chat) -> str | None:
        """Return the patient's country as the conversation knows it; else the installation's."""
        known = None
        if chat.conversation_id is not None:
            known = self._services.conversations.country_and_locale_of(chat.conversation_id)[0]
        return known or self._services.country

    def awaited(self, conversation_id: str) -> dict[str, Any] | None:
        """Return the message that the conversation awaits an answer to."""
        history = self._services.conversations.history
        expects = history(conversation_id, _AFTER_ALL)["expects"]
        if expects is None:
            return None
        messages: list[dict[str, Any]] = history(conversation_id, expects - 1)["messages"]
        return next((message for message in messages if message["id"] == expects), None)

    def awaited_again(self, conversation_id: str) -> list[Part]:
        """Return what is awaited, to be shown again; nothing where nothing is."""
        message = self.awaited(conversation_id)
        return self._services.renderer.parts(conversation_id, message) if message is not None else []

    def sure_to_delete(self, chat: Chat) -> list[Part]:
        """Ask whether all is to be erased."""
        keyboard = own_keyboard(
            tag_of(chat.conversation_id),
            (self.words(chat, "telegram-button-delete"), "delete_yes"),
            (self.words(chat, "telegram-button-keep"), "delete_no"),
        )
        return self._services.renderer.own(self.words(chat, "telegram-delete-sure"), keyboard)

    def languages(self, chat: Chat) -> list[Part]:
        """Offer the languages of the catalogue, each by its own name."""
        names = self.language_names()
        keyboard = own_keyboard(
            tag_of(chat.conversation_id), *((name, f"language_{code}") for code, name in sorted(names.items()))
        )
        return self._services.renderer.own(self.words(chat, "telegram-language-which"), keyboard)

    def language_names(self) -> dict[str, str]:
        """Return the languages that have a name of their own in the catalogue."""
        wording = self._services.house.wording
        named = {code: wording.say("telegram-language-name", code) for code in wording.languages}
        return {code: name for code, name in named.items() if code == "en" or name != named["en"]}
