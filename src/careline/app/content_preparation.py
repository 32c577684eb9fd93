"""Preparing a release: all checks, the index, and what would change for patients; run in a process of its own.

    python -m careline.app.content_preparation KNOWLEDGE

Prints one JSON object a line: how far it is, and at last what came of it. It gives way to whatever else the machine has
to do: patients come first.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from careline.app.passed_checks import PassedChecks
from careline.app.release_checks import ContentChecks, Found
from careline.app.release_effects import (
    RememberingEncoder,
    answers,
    changed_answers,
    changed_endings,
    questions_in,
    search_problems,
    silent_part,
)
from careline.app.release_folder import checks_folder, load_encoder, release_files, vector_cache
from careline.clinical.vignette_files import load_vignettes
from careline.consultation.release_files import ReleaseFiles
from careline.editorial.publisher import Made
from careline.guidance.article_files import load_articles
from careline.guidance.encoder import Encoder
from careline.guidance.errors import GuidanceError
from careline.guidance.index import FaissPassageIndex
from careline.guidance.index_build import build_index
from careline.guidance.progress import Progress
from careline.guidance.search import GuidanceSearch
from careline.settings import Settings

_NICER = 10  # steps below what serves patients
_NOT_COMPARED = "The search: not compared with the release in force, which cannot be searched by this program."


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one line of the output says: how far it is, or what came of it."""

    step: str = ""
    done: int = 0
    total: int = 0
    made: Made | None = None


def prepare(settings: Settings, knowledge: Path, progress: Progress) -> Made:
    """Check content, write its release beside the others, and compare it with the one in force.

    Raises:
        GuidanceError: The index cannot be built; says why.
    """
    today = dt.datetime.now(dt.UTC).date()
    passed = PassedChecks(checks_folder(settings))
    found = ContentChecks(knowledge, passed, today=today).run(progress, replay=True)
    if found.problems:
        return Made(problems=tuple(found.problems), known=tuple(found.known), counts=found.counts)
    files, encoder = release_files(settings), load_encoder(settings)
    if encoder is None:
        raise GuidanceError("The encoder is missing. Run: careline model build")
    cache = vector_cache(settings)
    release_id = _built(ReleaseFiles(files.folder, knowledge), encoder, cache, progress)
    return _with_effects(files, release_id, knowledge, encoder, found, passed, progress, today, cache)


def _built(files: ReleaseFiles, encoder: Encoder, cache: Path, progress: Progress) -> str:
    release_id = files.id_of_content()
    if files.knowledge_of(release_id) is not None:
        with contextlib.suppress(GuidanceError):
            FaissPassageIndex.load(files.folder / release_id, encoder)
            return release_id
    return files.build(
        lambda copied, folder: build_index(copied, folder, cache, encoder, progress),
        check=lambda _knowledge: None,  # a moment ago, with everything else
    )


def _with_effects(
    files: ReleaseFiles,
    release_id: str,
    knowledge: Path,
    encoder: Encoder,
    found: Found,
    passed: PassedChecks,
    progress: Progress,
    today: dt.date,
    cache: Path,
) -> Made:
    live = files.newest_id()
    questions = questions_in(knowledge)
    texts = [each.text for each in questions]
    remembering = RememberingEncoder(encoder, cache / "questions")

    def search(of: str) -> Callable[[], GuidanceSearch]:
        return lambda: GuidanceSearch(FaissPassageIndex.load(files.folder / of, encoder), remembering, release=of)

    def told(release: str, day: dt.date) -> dict[str, str]:
        step = "asking questions of the release in force" if release == live else "asking questions of the new release"
        return answers(
            release, texts, passed, search(release), silent_part(progress, step, len(questions)),
            knowledge=knowledge, today=day,
        )  # fmt: skip

    def told_in_force(day: dt.date) -> dict[str, str]:
        if live is None:
            return {}
        try:
            return told(live, day)
        except GuidanceError:
            return {}  # its index cannot be used: nothing to compare with

    before, after = told_in_force(today), told(release_id, today)
    problems = search_problems(questions, before, after)
    # What is out of date answers nothing: against that, the wrong answers of all that is renewed would be new ones.
    if problems and live is not None and _is_any_out_of_date(files.knowledge_of(live), today):
        problems = search_problems(questions, told_in_force(dt.date.min), told(release_id, dt.date.min))
    remembering.save()
    known = found.known if before or live is None or not questions else [*found.known, _NOT_COMPARED]
    return Made(
        problems=problems,
        known=tuple(known),
        counts=found.counts,
        release_id=None if problems else release_id,
        answers=changed_answers(before, after),
        questions=len(before),
        vignettes=changed_endings(
            load_vignettes(knowledge), found.endings, files.knowledge_of(live) if live else None, passed
        ),
    )


def _is_any_out_of_date(knowledge: Path | None, today: dt.date) -> bool:
    """Return whether an article in force is hidden because its review is overdue."""
    if knowledge is None:
        return False
    try:
        articles = load_articles(knowledge / "articles").values()
    except GuidanceError:
        return False  # an older program's; what was found stands
    return any(each.status == "published" and not each.is_in_date(today) for each in articles)


def main() -> None:
    """Prepare the content that is named on the command line."""
    os.nice(_NICER)
    knowledge = Path(sys.argv[1])

    def say(line: Line) -> None:
        sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
        sys.stdout.flush()

    try:
        made = prepare(Settings(), knowledge, lambda step, done, total: say(Line(step, done, total)))
    except GuidanceError as error:  # says what to do, which the end of a traceback does not
        made = Made(problems=tuple(str(error).splitlines()))
    say(Line(made=made))


if __name__ == "__main__":
    main()
