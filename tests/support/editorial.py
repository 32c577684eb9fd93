"""An editorial room on a real database, with real content releases of a small content."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from careline.app.content_releases import ReleasePublisher
from careline.clinical.errors import ContentError
from careline.clinical.rulebook import load_rule_book
from careline.consultation.release_files import ReleaseFiles
from careline.consultation.wording import Wording
from careline.editorial.item import Revision
from careline.editorial.life_cycle import Actor, State
from careline.editorial.publisher import Made, Progress
from careline.editorial.services import Editorial, build_editorial
from careline.guidance.article_files import load_articles
from careline.guidance.errors import GuidanceError
from careline.staff.account import Role
from careline.staff.audit import read_lines
from careline.staff.services import build_staff
from careline.storage.database import Database
from tests.support.house import KNOWLEDGE, Clock

SMALL = Path("tests/support/small_knowledge")
ARTICLE = "articles/ear_pain.md"
FLAGS = "red_flags/all.yml"
PROTOCOL = "protocols/cough.yml"
WORDS = "wording/en/advice.ftl"
OLD, NEW = "id: ear_pain", "id: ear_pain # edited"
TITLE = "title: "
LAST_DAY = dt.date(2027, 5, 21)  # by which all of the small content has to be reviewed
OVERDUE = dt.datetime.combine(LAST_DAY + dt.timedelta(days=1), dt.time(9), dt.UTC)

EDITOR = Actor("sta_editor", frozenset({Role.EDITOR}), "Eddie Example", "Editor")
OTHER_EDITOR = Actor("sta_other", frozenset({Role.EDITOR}), "Otto Example", "Editor")
CLINICIAN = Actor("sta_doctor", frozenset({Role.CLINICIAN}), "Dr Example", "GP")
WRITING_CLINICIAN = Actor("sta_both", frozenset({Role.CLINICIAN, Role.EDITOR}), "Dr Both", "Nurse")
ADMIN = Actor("sta_admin", frozenset({Role.ADMIN}), "Ada Example", "")


def small_content(folder: Path) -> Path:
    """A small content that is whole: rules, one article, the sentences."""
    knowledge = Path(shutil.copytree(SMALL, folder))
    (knowledge / "articles").mkdir()
    shutil.copy(KNOWLEDGE / ARTICLE, knowledge / "articles")
    shutil.copytree(KNOWLEDGE / "wording", knowledge / "wording")
    return knowledge


def checked(knowledge: Path) -> Sequence[str]:
    """The checks of rules and articles by themselves; all of them take a process of their own and the whole content."""
    try:
        load_rule_book(knowledge)
        load_articles(knowledge / "articles")
    except (ContentError, GuidanceError) as error:
        return str(error).splitlines()
    return []


@dataclass
class Newsroom:
    """The room, the folder that its content came with, and the releases that patients see."""

    room: Editorial
    publisher: ReleasePublisher
    knowledge: Path
    files: ReleaseFiles
    database: Database
    clock: Clock

    def text(self, path: str) -> str:
        """The text of a path in the release in force."""
        release_id = self.files.newest_id()
        assert release_id is not None
        knowledge = self.files.knowledge_of(release_id)
        assert knowledge is not None
        return (knowledge / path).read_bytes().decode()

    def newest(self, path: str) -> Revision:
        """The revision that work goes on from."""
        item = self.room.editing.item(path)
        return item.revision(item.newest)

    def edit(self, path: str, old: str, new: str, *, editor: Actor = EDITOR) -> Revision:
        """Save a text in which some words are others."""
        newest = self.newest(path)
        assert old in newest.text
        return self.room.editing.save(editor, path, newest.text.replace(old, new), base=newest.number)

    def sign(self, revision: Revision, *, clinician: Actor = CLINICIAN) -> Revision:
        """Have a draft reviewed and signed."""
        self.room.editing.submit(EDITOR, revision.path, revision.number)
        self.room.editing.sign(clinician, revision.path, revision.number, read=revision.text_hash)
        return self.newest(revision.path)

    def publish(self, path: str, old: str, new: str) -> None:
        """Edit, sign and publish."""
        self.sign(self.edit(path, old, new))
        assert self.room.publishing.publish(ADMIN, [path]) is not None


def newsroom(
    database: Database,
    folder: Path,
    clock: Clock,
    *,
    checks: Callable[[Path], Sequence[str]] = checked,
    built: Callable[[Path], str] | None = None,
    in_force: Callable[[], None] = lambda: None,
) -> Newsroom:
    """A room in which nothing has been imported yet; its content lies in `folder`, and is published as it is."""
    knowledge = folder / "knowledge"
    if not knowledge.exists():
        small_content(knowledge)
    files = ReleaseFiles(folder / "releases", knowledge)
    if files.newest_id() is None:
        files.publish(_index)

    def build(content: Path) -> str:
        return ReleaseFiles(folder / "releases", content).build(_index)

    def made(content: Path, _progress: Progress) -> Made:
        problems = tuple(checks(content))
        return Made(problems) if problems else Made(release_id=(built or build)(content))

    publisher = ReleasePublisher(files, Wording(KNOWLEDGE / "wording"), made, in_force)
    audit = build_staff(database, folder, clock).audit
    room = build_editorial(database, audit, publisher, clock, staging=folder / "staging")
    return Newsroom(room, publisher, knowledge, files, database, clock)


def _index(_knowledge: Path, folder: Path) -> None:
    (folder / "index.txt").write_text("built")


def states(news: Newsroom, path: str) -> list[State]:
    return [revision.state for revision in news.room.editing.item(path).revisions]


def actions(news: Newsroom, path: str) -> list[str]:
    return [line.action for line in reversed(read_lines(news.database, object=path, most=50))]


def alter(path: Path, old: str, new: str) -> None:
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new), encoding="utf-8")
