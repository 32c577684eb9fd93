"""Words that the catalogue explains, marked in what a patient reads: pressing one opens its meaning.

By the browser's own popover: no script, and where there is none, the meaning stands behind the word.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from markupsafe import Markup, escape

_TAG = re.compile(r"(<[^>]*>)")


class ExplainedWords:
    """Marks the words in the texts of one message or page, each word once.

    >>> print(ExplainedWords({"pus": "Thick liquid."}, "m1").marked("Pus"))
    <button type="button" class="term" popovertarget="m1-1">Pus</button><span popover id="m1-1">Thick liquid.</span>
    """

    def __init__(self, meanings: Mapping[str, str], place: str) -> None:
        """Take the words, in small letters; `place` is the id, unique in the page, of what is read."""
        self._meanings = meanings
        self._pattern = _pattern(tuple(self._meanings))
        self._place = place
        self._shown: set[str] = set()

    def marked(self, text: str) -> Markup:
        """Return the text, escaped, with its words marked."""
        found = Markup()
        at = 0
        for match in self._pattern.finditer(text):
            meaning = self._meanings[match[0].casefold()]
            if meaning in self._shown:
                continue
            self._shown.add(meaning)
            name = f"{self._place}-{len(self._shown)}"
            found += escape(text[at : match.start()]) + Markup(
                '<button type="button" class="term" popovertarget="{}">{}</button><span popover id="{}">{}</span>'
            ).format(name, match[0], name, meaning)
            at = match.end()
        return found + escape(text[at:])

    def marked_html(self, html: str) -> Markup:
        """Return HTML that is safe already, with the words of its text marked, save in links."""
        parts, is_link = [], False
        for part in map(Markup, _TAG.split(html)):
            if part.startswith("<"):
                is_link = part.startswith("<a ") or (is_link and part != "</a>")
            parts.append(part if part.startswith("<") or is_link else self.marked(part.unescape()))
        return Markup().join(parts)


@functools.lru_cache(maxsize=16)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    choice = "|".join(re.escape(word) for word in longest_first) or r"(?!)"
    return re.compile(rf"(?<![\w-])(?:{choice})(?![\w-])", re.IGNORECASE)
