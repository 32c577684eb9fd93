"""The editorial room's services, wired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from careline.editorial.editing import Editing
from careline.editorial.expiry import Expiry
from careline.editorial.folder import ContentFolder
from careline.editorial.publisher import Publisher
from careline.editorial.publishing import Publishing
from careline.editorial.review_mails import NoReviewPost, ReviewMails, ReviewPost
from careline.editorial.uploads import Uploads
from careline.staff.audit import AuditTrail
from careline.storage.database import Database


@dataclass(frozen=True)
class Editorial:
    """The services of the editorial room."""

    editing: Editing
    folder: ContentFolder
    uploads: Uploads
    publishing: Publishing
    expiry: Expiry

    def look_after(self) -> None:
        """Do what is due by the clock: put in force what a crash left, mind review dates, publish what is scheduled."""
        if not self.folder.is_in_use():
            return
        self.publishing.recover()
        self.expiry.act()
        self.publishing.publish_due()


def build_editorial(
    database: Database,
    audit: AuditTrail,
    publisher: Publisher,
    now: Callable[[], dt.datetime],
    *,
    staging: Path,
    post: ReviewPost | None = None,
) -> Editorial:
    """Return the editorial room's services.

    Args:
        database: Where items are.
        audit: What is done is written there.
        publisher: The content releases.
        now: The clock.
        staging: A folder for content that is being checked.
        post: Sends mails about review dates; None sends none.
    """
    return Editorial(
        editing=Editing(database, audit, now),
        folder=ContentFolder(database, audit, now),
        uploads=Uploads(database, audit, now),
        publishing=Publishing(database, audit, publisher, now, staging),
        expiry=Expiry(database, audit, ReviewMails(database, post or NoReviewPost(), now), now),
    )
