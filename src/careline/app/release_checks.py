"""The checks of the content, in parts: each says what it reads, so that what cannot have changed is not run again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import msgspec

from careline.app.passed_checks import PassedChecks, key_of
from careline.clinical.errors import ContentError
from careline.clinical.phrases import check_phrases, corpus_files, load_phrases
from careline.clinical.red_flag_check import check_red_flags
from careline.clinical.rulebook import RuleBook, load_rule_book, rule_files
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.vignette_files import check_vignettes, load_vignettes
from careline.consultation.errors import WordingError
from careline.consultation.rehearsal.in_process import clinic_of
from careline.consultation.rehearsal.vignettes import Ending, endings, problem_of, vignette_hash
from careline.consultation.wording import Wording
from careline.escalation.canned_replies import load_canned_replies
from careline.guidance.article import Article
from careline.guidance.article_check import article_problems, check_articles, load_limits
from careline.guidance.article_files import load_articles
from careline.guidance.errors import GuidanceError
from careline.guidance.progress import Progress, silent

_VIGNETTES = "vignettes"


class Passed(msgspec.Struct, frozen=True):
    """That a part of the checks found nothing wrong.

    Attributes:
        counts: What it counted.
        ids: Ids that other parts go by: of protocols, or of red flags.
    """

    counts: dict[str, int]
    ids: dict[str, tuple[str, ...]] = {}


@dataclass
class Found:
    """What the checks found.

    Attributes:
        known: What was not run again, in a sentence each.
        endings: How each vignette ends, by its id; empty where they were not replayed.
    """

    problems: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    endings: dict[str, Ending] = field(default_factory=dict)


class ContentChecks:
    """All checks over one folder of content."""

    def __init__(self, knowledge: Path, passed: PassedChecks | None = None, *, today: dt.date) -> None:
        """Take the content; without records everything is run."""
        self._knowledge = knowledge
        self._passed = passed
        self._today = today

    @cached_property
    def book(self) -> RuleBook:
        """The rules.

        Raises:
            ContentError: They cannot be used.
        """
        return load_rule_book(self._knowledge)

    @cached_property
    def lexicon(self) -> Lexicon:
        """Their phrases."""
        return Lexicon.of(self.book)

    @cached_property
    def articles(self) -> dict[str, Article]:
        """The articles.

        Raises:
            ArticleError: One cannot be read.
        """
        return load_articles(self._knowledge / "articles")

    def run(self, progress: Progress = silent, *, replay: bool = False) -> Found:
        """Run what has to be run; never raises for what is wrong with content.

        Args:
            progress: Told of each part.
            replay: Whether vignettes are replayed too, once the rules are sound.
        """
        found = Found()
        parts = self._parts()
        for number, (name, files, more, run) in enumerate(parts):
            progress(f"checking the {name}", number, len(parts))
            try:
                found.counts |= self._part(name, files, more, run, found)
            except ContentError as error:
                found.problems += error.problems
            except (GuidanceError, WordingError) as error:
                found.problems += str(error).splitlines()
        if replay and not found.problems:
            self._replay(found, progress)
        return found

    def lacking_in_drafts(self) -> list[str]:
        """Return what articles that are drafts lack before they may be published."""
        try:
            drafts = [each for each in self.articles.values() if each.status == "draft"]
            limits = load_limits(self._knowledge)
        except GuidanceError:
            return []  # said with the problems
        return [
            f"draft {self._knowledge / 'articles' / draft.id}.md: {problem}"
            for draft in drafts
            for problem in article_problems(draft, limits, today=self._today)
        ]

    def _parts(self) -> Sequence[tuple[str, list[Path], tuple[str, ...], Callable[[], Passed]]]:
        knowledge = self._knowledge
        rules = rule_files(knowledge)
        articles = sorted((knowledge / "articles").rglob("*"))
        return (
            ("rules", [*rules, *self._all_below(_VIGNETTES)], (), self._rules),
            ("phrases", [*rules, *corpus_files(knowledge)], (), self._phrases),
            ("words of the red flags", [*rules, *corpus_files(knowledge)], (), self._red_flags),
            # An article's review date is looked at too, so what was in order yesterday need not be today.
            ("articles", [*rules, *filter(Path.is_file, articles)], (self._today.isoformat(),), self._articles),
            ("sentences", self._all_below("wording"), (), self._sentences),
            ("ready-made replies", sorted(knowledge.glob("canned_replies.yml")), (), self._replies),
        )

    def _part(
        self, name: str, files: list[Path], more: tuple[str, ...], run: Callable[[], Passed], found: Found
    ) -> Mapping[str, int]:
        key = key_of(name, self._knowledge, files, *more)
        known = self._passed.find(name, key, Passed) if self._passed is not None else None
        if known is not None:
            found.known.append(
                f"{name}: not checked again. Exactly these files passed with exactly this version of the program."
            )
            return known.counts
        result = run()
        if self._passed is not None:
            self._passed.keep(name, key, result)
        return result.counts

    def _rules(self) -> Passed:
        book, _ = self.book, self.lexicon
        rules = sum(len(protocol.rules) for protocol in book.protocols.values())
        counts = {
            "protocols": len(book.protocols),
            "rules": rules + len(book.general_rules),
            "red flags": len(book.red_flags),
            "findings": len(book.findings),
            "countries": len(book.countries),
            **check_vignettes(self._knowledge, book),
        }
        return Passed(counts, {"complaints": tuple(book.protocols)})

    def _phrases(self) -> Passed:
        check_phrases(self._knowledge, self.book.red_flags)
        return Passed({"phrases": len(load_phrases(self._knowledge))})

    def _red_flags(self) -> Passed:
        check_red_flags(self.book, self.lexicon, load_phrases(self._knowledge))
        return Passed({"near misses": sum(len(each.flag.near_misses) for each in self.book.red_flags.values())})

    def _articles(self) -> Passed:
        folder = self._knowledge / "articles"
        articles = self.articles
        limits = load_limits(self._knowledge)
        check_articles(articles, limits, self._complaints(), folder, self._today)
        return Passed({"articles": len(articles)})

    def _complaints(self) -> frozenset[str]:
        """Return the ids of the protocols; without reading them all, where the rules are known to be sound."""
        files = [*rule_files(self._knowledge), *self._all_below(_VIGNETTES)]
        key = key_of("rules", self._knowledge, files)
        known = self._passed.find("rules", key, Passed) if self._passed is not None else None
        return frozenset(known.ids["complaints"] if known is not None else self.book.protocols)

    def _sentences(self) -> Passed:
        return Passed({"sentences": len(Wording(self._knowledge / "wording").ids)})

    def _replies(self) -> Passed:
        return Passed({"ready-made replies": len(load_canned_replies(self._knowledge / "canned_replies.yml"))})

    def _replay(self, found: Found, progress: Progress) -> None:
        vignettes = load_vignettes(self._knowledge)
        key = replay_key(self._knowledge)
        known = (self._passed.find(_VIGNETTES, key, dict[str, Ending]) if self._passed is not None else None) or {}
        by_hash = endings(
            vignettes,
            known,
            lambda: clinic_of(self.book, self.lexicon, self._knowledge),
            lambda done: progress("replaying invented patients", done, len(vignettes)),
        )
        if self._passed is not None and by_hash.keys() - known.keys():
            self._passed.keep(_VIGNETTES, key, dict(known) | by_hash)
        found.endings = {each.id: by_hash[vignette_hash(each)] for each in vignettes}
        found.problems += filter(None, (problem_of(each, found.endings[each.id]) for each in vignettes))
        replayed = len(by_hash.keys() - known.keys())
        found.counts |= {"invented patients replayed": replayed}
        if replayed < len(vignettes):
            found.known.append(
                f"{len(vignettes) - replayed} of {len(vignettes)} invented patients: not replayed again. Rules, "
                "phrases, sentences and program are exactly those with which each was replayed before."
            )

    def _all_below(self, folder: str) -> list[Path]:
        return sorted(path for path in (self._knowledge / folder).rglob("*") if path.is_file())


def replay_key(knowledge: Path) -> str:
    """Return the hash of all that decides how a vignette ends, but the vignette itself."""
    wording = (path for path in (knowledge / "wording").rglob("*") if path.is_file())
    return key_of(_VIGNETTES, knowledge, [*rule_files(knowledge), *sorted(wording)])


def recorded_endings(knowledge: Path, passed: PassedChecks) -> dict[str, Ending]:
    """Return how vignettes ended with these rules, by the vignette's hash; what nobody replayed is not in it."""
    return passed.find(_VIGNETTES, replay_key(knowledge), dict[str, Ending]) or {}
