"""A publishing that kills its own process (SIGKILL) when it reaches a point.

Run as `python -m tests.support.killable_publishing FOLDER POINT`; the room's database and content lie in the folder.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from careline.app.content_releases import ReleasePublisher
from careline.consultation.release_files import ReleaseFiles
from careline.editorial.publishing import Publishing
from careline.staff.services import build_staff
from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys
from tests.support.editorial import ADMIN, ARTICLE, checked, newsroom
from tests.support.house import Clock

POINTS = ("staged", "index half written", "built", "written down", "in force")


def main(folder: Path, point: str) -> None:
    """Publish the article, up to the point."""

    def reached(here: str) -> None:
        if here == point:
            os.kill(os.getpid(), signal.SIGKILL)

    def check(knowledge: Path) -> Sequence[str]:
        reached("staged")
        return checked(knowledge)

    def index(_knowledge: Path, release: Path) -> None:
        (release / "index.txt").write_text("bui")
        reached("index half written")
        (release / "index.txt").write_text("built")

    def build(knowledge: Path) -> str:
        release_id = ReleaseFiles(folder / "releases", knowledge).build(index)
        reached("built")
        return release_id

    database = Database(f"sqlite:///{folder / 'careline.db'}", load_or_make_keys(folder / "keys.json")[0])
    clock = Clock()
    news = newsroom(database, folder, clock, checks=check, built=build)

    class DyingPublisher(ReleasePublisher):
        def put_in_force(self, release_id: str) -> None:
            reached("written down")
            super().put_in_force(release_id)
            reached("in force")

    audit = build_staff(database, folder, clock).audit
    Publishing(database, audit, DyingPublisher(**vars(news.publisher)), clock, folder / "staging").publish(
        ADMIN, [ARTICLE]
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
