"""A look at the review dates that kills its own process (SIGKILL) when it reaches a point.

Run as `python -m tests.support.killable_reviews FOLDER PORT POINT MINUTES`; the room's database lies in the folder, a
mail server listens on the port, and its clock stands so many minutes after `OVERDUE`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from careline.app.review_post import SmtpReviewPost
from careline.editorial.due import Due
from careline.editorial.expiry import Expiry
from careline.editorial.review_mails import ReviewMail, ReviewMails
from careline.staff.services import build_staff
from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys
from tests.support.editorial import OVERDUE
from tests.support.house import Clock
from tests.support.mail_server import post_by

POINTS = ("looked", "written down", "taken", "sent")
BY_THE_SERVER = "on its way"  # the mail server kills the process: it has the mail, and has not said so


class DyingPost:
    """The operator's mail server, and a death before or after a mail goes to it."""

    def __init__(self, post: SmtpReviewPost, point: str) -> None:
        self._post = post
        self._point = point
        self._asked = 0

    def recipients(self, due: Due) -> Sequence[str]:
        if not self._asked:
            self.reached("looked")
        self._asked += 1
        return self._post.recipients(due)

    def send(self, mail: ReviewMail) -> str | None:
        self.reached("taken")
        error = self._post.send(mail)
        self.reached("sent")
        return error

    def reached(self, here: str) -> None:
        if here == self._point:
            os.kill(os.getpid(), signal.SIGKILL)


class DyingMails(ReviewMails):
    """Dies when it is written down what is to be told, and nothing is sent yet."""

    def __init__(self, database: Database, post: DyingPost, clock: Clock) -> None:
        super().__init__(database, post, clock)
        self._dying = post

    def _plan(self, found: Sequence[Due]) -> None:
        super()._plan(found)
        self._dying.reached("written down")


def main(folder: Path, port: int, point: str, minutes: int) -> None:
    """Look at the review dates, up to the point."""
    database = Database(f"sqlite:///{folder / 'careline.db'}", load_or_make_keys(folder / "keys.json")[0])
    clock = Clock(OVERDUE)
    clock.pass_by(minutes=minutes)
    audit = build_staff(database, folder, clock).audit
    mails = DyingMails(database, DyingPost(post_by(port, folder), point), clock)
    Expiry(database, audit, mails, clock).act()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
