"""The checks of one text that is being edited, together with the newest texts of all other items."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from careline.clinical.errors import ContentError
from careline.clinical.rulebook import RuleBook, load_rule_book
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.vignette_files import check_vignettes
from careline.consultation.errors import WordingError
from careline.consultation.wording import Wording
from careline.editorial.editing import Editing
from careline.editorial.item import Kind, kind_of
from careline.editorial.life_cycle import OPEN, SERVED
from careline.editorial.served import write_texts
from careline.guidance.article_check import ArticleLimits, article_problems, load_limits
from careline.guidance.article_files import article_of_text
from careline.guidance.content_files import parse_yaml
from careline.guidance.errors import GuidanceError

_RULES = frozenset({Kind.PROTOCOL, Kind.RED_FLAGS, Kind.FINDINGS, Kind.LEXICON, Kind.TRANSLATIONS, Kind.RULES})
_WITH_RULES = _RULES | {Kind.VIGNETTES}
_LIMITS = "article_limits.yml"
_NEEDED = {kind: _RULES for kind in _RULES} | {
    Kind.VIGNETTES: _RULES | {Kind.VIGNETTES},
    Kind.WORDING: frozenset({Kind.WORDING}),
}


class TextChecks:
    """Checks a text as publishing would, with all drafts as if they were published."""

    def __init__(self, editing: Editing, wording: Wording, knowledge: Path, now: Callable[[], dt.datetime]) -> None:
        """Check against these.

        Args:
            editing: All other items.
            wording: The program's own sentences, where they are said.
            knowledge: The program's own content, for limits of articles that nobody edits here.
            now: The time.
        """
        self._editing = editing
        self._wording = wording
        self._knowledge = knowledge
        self._now = now

    def problems(self, path: str, text: str) -> Sequence[str]:
        """Return a line for each problem: file, key, remedy. Problems of other files are said too."""
        return self.problems_of({path: text})

    def problems_of(self, texts: Mapping[str, str]) -> Sequence[str]:
        """Return the same of several texts, each with the others in place."""
        kinds = {path: kind_of(path) for path in texts}
        found = [
            line for path, text in texts.items() if kinds[path] is Kind.ARTICLE for line in _of_article(path, text)
        ]
        others = frozenset(kinds.values()) - {Kind.ARTICLE}
        if others:
            with tempfile.TemporaryDirectory() as folder:
                knowledge = Path(folder) / "knowledge"
                write_texts({**self._others(*others), **texts}, knowledge)
                for look in self._looks(others, texts.keys(), knowledge):
                    try:
                        found += look()
                    except (ContentError, GuidanceError, WordingError) as error:
                        found += str(error).splitlines()
                found = [problem.replace(f"{knowledge}/", "") for problem in found]
        return [*dict.fromkeys(found)]

    def book_with(self, path: str, text: str) -> RuleBook:
        """Return the rules as they would be with this text, for trying it.

        Raises:
            ContentError: They cannot be loaded; it names files as in `knowledge/`.
        """
        with tempfile.TemporaryDirectory() as folder:
            knowledge = Path(folder) / "knowledge"
            write_texts({**self._others(kind_of(path)), path: text}, knowledge)
            try:
                return load_rule_book(knowledge)
            except ContentError as error:
                raise ContentError(str(error).replace(f"{knowledge}/", "")) from None

    def lacks(self, path: str, text: str) -> Sequence[str]:
        """Return what an article that can be read as one still lacks before it can be published."""
        try:
            article = article_of_text(text, Path(path))
            return [*article_problems(article, self._limits(), today=self._now().date())]
        except GuidanceError:
            return ()

    def _limits(self) -> ArticleLimits:
        number = next((line.newest for line in self._editing.items() if line.path == _LIMITS), None)
        if number is None:
            return load_limits(self._knowledge)
        text = self._editing.texts({_LIMITS: number})[_LIMITS]
        return parse_yaml(text, ArticleLimits, path=Path(_LIMITS))

    def _looks(
        self, kinds: Collection[Kind], paths: Collection[str], knowledge: Path
    ) -> Iterator[Callable[[], Sequence[str]]]:
        """Yield the checks that files of these kinds need."""
        if Kind.WORDING in kinds:
            yield lambda: self._wording.problems_of(knowledge / "wording")
            yield lambda: self._wording.never_said_in(knowledge / "wording")
        if _LIMITS in paths:
            yield lambda: _limits_problems(knowledge)
        if any(path != _LIMITS and kind_of(path) in _WITH_RULES for path in paths):
            yield lambda: _rule_problems(knowledge, with_vignettes=Kind.VIGNETTES in kinds)

    def _others(self, *kinds: Kind) -> Mapping[str, str]:
        """Return the newest texts of the items that a check reads, without those that were given up unpublished."""
        needed = frozenset[Kind]().union(*(_NEEDED.get(kind, frozenset()) for kind in kinds))
        numbers = {
            line.path: line.newest
            for line in self._editing.items()
            if line.kind in needed and line.state in OPEN | SERVED
        }
        return self._editing.texts(numbers)


def _rule_problems(knowledge: Path, *, with_vignettes: bool) -> Sequence[str]:
    book = load_rule_book(knowledge)
    Lexicon.of(book)
    if with_vignettes:
        check_vignettes(knowledge, book)
    return ()


def _limits_problems(knowledge: Path) -> Sequence[str]:
    load_limits(knowledge)
    return ()


def _of_article(path: str, text: str) -> Sequence[str]:
    try:
        article_of_text(text, Path(path))
    except GuidanceError as error:
        return str(error).splitlines()
    return ()
