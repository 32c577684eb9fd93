"""What similarity cannot see: another topic named by one word, a denial, an amount asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Literal

from careline.guidance.article import Article
from careline.guidance.search_rules import Guards
from careline.guidance.words import plain_words, topic_stems

Ceiling = Literal["answer", "ask", "none"]

_DENIED_WORDS = 3  # how many words of topic after a denial it may reach


class TopicGuard:
    """Says how much an article may be used for a question, by its words alone. Never raises a verdict."""

    def __init__(self, guards: Guards) -> None:
        """Keep the lists of words."""
        self._guards = guards

    def ceiling(self, query: str, article: Article) -> Ceiling:
        """Return the best verdict that the question's words leave open for the article."""
        words = plain_words(query)
        if self._names_another_topic(words, article):
            return "none"
        denied = self._denied_stems(words)
        asks_amount = _holds_any(words, self._guards.dosage)
        if not denied and not asks_amount:
            return "answer"
        named = name_stems(article)
        if named & denied:
            return "ask"
        return "ask" if asks_amount and not named & set(topic_stems(query)) else "answer"

    def names_child(self, query: str) -> bool:
        """Return whether the question's words speak of a child."""
        return names_child(query, self._guards)

    def is_for_child(self, article: Article) -> bool:
        """Return whether the article may be meant by a question that names a child.

        A page for pregnant patients and mothers may be: its questions speak of the baby too.
        """
        least = article.audience.min_age_years
        if least is None or least <= self._guards.child_max_age_years:
            return True
        return names_pregnancy(" ".join((article.title, *article.keywords)), self._guards)

    def _names_another_topic(self, words: list[str], article: Article) -> bool:
        text = _spaced(words)
        asked = [word for word in self._guards.topic_words if f" {word} " in text]
        if not asked:
            return False
        own = _spaced(plain_words(whole_text(article)))
        return any(f" {word} " not in own for word in asked)

    def _denied_stems(self, words: list[str]) -> set[str]:
        denied: set[str] = set()
        if not _holds_any(words, self._guards.denials):
            return denied
        for start in range(len(words)):
            for denial in self._denials:
                end = start + len(denial)
                if words[start:end] == denial:
                    denied.update(topic_stems(" ".join(words[end : end + _DENIED_WORDS])))
        return denied

    @cached_property
    def _denials(self) -> list[list[str]]:
        return [phrase.split() for phrase in self._guards.denials]


def _holds_any(words: list[str], phrases: Iterable[str]) -> bool:
    text = _spaced(words)
    return any(f" {phrase} " in text for phrase in phrases)


def _spaced(words: list[str]) -> str:
    return f" {' '.join(words)} "


def names_child(query: str, guards: Guards) -> bool:
    """Return whether the question's words speak of a child."""
    return _holds_any(plain_words(query), guards.child_words)


def names_pregnancy(query: str, guards: Guards) -> bool:
    """Return whether the question's words speak of pregnancy."""
    return _holds_any(plain_words(query), guards.pregnancy_words)


def name_stems(article: Article) -> set[str]:
    """Return the stems of the words that name the article: its title and keywords."""
    return set(topic_stems(" ".join((article.title, *article.keywords))))


def question_stems(article: Article) -> set[str]:
    """Return the stems of the words of the questions that the article answers."""
    return set(topic_stems(" ".join(article.questions)))


def whole_text(article: Article) -> str:
    """Return all that the article says and is found by."""
    return " ".join(
        (article.title, article.summary, *article.keywords, *article.questions, *(s.markdown for s in article.sections))
    )
