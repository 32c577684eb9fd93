"""Putting content before patients, whole or not at all, and going back.

The release is prepared (staged, checked and built) while nothing is open in the database, when it is published or
before; then items and the release's line are written in one transaction; then the release is put in force. Whoever dies
before that transaction leaves the old release; whoever dies after it leaves a line that `recover` follows. What is in
the database is the truth.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from careline.editorial.errors import (
    ContentRefusedError,
    EditorialError,
    NotAllowedError,
    OverlappingError,
    ReleaseMissingError,
    WrongStateError,
)
from careline.editorial.item import Kind
from careline.editorial.life_cycle import SYSTEM, Actor, State, Step, require_allowed
from careline.editorial.metrics import ALERTS
from careline.editorial.plan import (
    IMPORT,
    ROLL_BACK,
    SCHEDULE,
    WITHDRAWAL,
    Plan,
    due_rows,
    plan_of,
    plan_of_publishing,
    plan_of_roll_back,
    settle,
)
from careline.editorial.preparing import Preparation, Preparations
from careline.editorial.publisher import Change, Made, Publisher
from careline.editorial.release_history import ReleaseLine, release_lines, release_row
from careline.editorial.served import (
    Held,
    holdings_in_force,
    served_texts,
)
from careline.editorial.staging import clear_left_overs
from careline.editorial.store import LOCK, item_row, newest_release
from careline.staff.audit import AuditTrail
from careline.storage.database import Database
from careline.storage.locks import hold_lock

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Preview:
    """What a publishing would do.

    Attributes:
        changes: What would change in the texts that patients read or are judged by.
        made: What the checks found, and what would change for patients.
    """

    changes: tuple[Change, ...]
    made: Made

    @property
    def problems(self) -> tuple[str, ...]:
        """Why it would be refused; empty if it would not."""
        return self.made.problems


@dataclass(frozen=True)
class Published:
    """A release that was put in force.

    Attributes:
        number: Its place in the order of releases.
        changes: What changed for patients.
    """

    number: int
    release_id: str
    changes: tuple[Change, ...]


class Publishing:
    """Publishes, withdraws and rolls back."""

    def __init__(
        self,
        database: Database,
        audit: AuditTrail,
        publisher: Publisher,
        now: Callable[[], dt.datetime],
        staging: Path,
    ) -> None:
        """Work on these; `staging` is a folder of our own."""
        self._database = database
        self._audit = audit
        self._publisher = publisher
        self._now = now
        self._staging = staging
        self.preparations = Preparations(database, publisher, now, staging)
        self._refused: tuple[object, ...] = ()

    def preview(self, paths: Collection[str] = ()) -> Preview:
        """Return what publishing these items, and what is due, would do; nothing is altered.

        Raises:
            WrongStateError, NotSignedError, TextError, UnknownItemError: One of them cannot be published.
        """
        made, changes = self.preparations.look_at(self._planned(paths))
        return Preview(changes, made)

    def begin_preparing(self, actor: Actor, paths: Collection[str]) -> Callable[[], Preparation]:
        """Begin to prepare a release of these items and what is due, and return what carries it out.

        Raises:
            NotAllowedError, WrongStateError, NotSignedError, TextError, UnknownItemError: It could not be published.
        """
        require_allowed(Step.PUBLISH, actor)
        self.adopt()
        newest = self.preparations.newest()
        if newest is not None and newest.state == "running":
            raise WrongStateError("A release is being prepared already. Wait until it is ready.")
        plan = self._planned(paths)
        number = self.preparations.begin(actor.id, plan, paths)
        return lambda: self.preparations.carry_out(number, plan)

    def publish(self, actor: Actor, paths: Collection[str] = (), *, prepared: str | None = None) -> Published | None:
        """Publish the signed texts of these items and whatever is due; None if patients see all of it already.

        What was prepared and passed, with exactly this content, this program and on this day, is not checked again.

        Args:
            actor: Who does it.
            paths: Of the items.
            prepared: Checksum of the preparation that they have looked at; None: of whatever it is now.

        Raises:
            NotAllowedError, WrongStateError, NotSignedError, TextError, UnknownItemError: It cannot be published.
            ContentRefusedError: The checks refuse it.
            OverlappingError: Somebody else published, or changed one of them, in between.
        """
        require_allowed(Step.PUBLISH, actor)
        self.adopt()
        plan = self._planned(paths)
        if prepared is not None and prepared != self._publisher.checksum(plan.texts):
            raise OverlappingError("What was prepared is not what would be published now. Prepare it again.")
        return self._carried_out(actor, plan, paths)

    def publish_due(self) -> Published | None:
        """Publish what is scheduled for now or before; what is refused is told once, and waits for a change."""
        with self._database.read() as session:
            last = newest_release(session)
            due = (last.number if last else 0, *((row.path, row.number) for row in due_rows(session, self._now())))
        if len(due) == 1 or due == self._refused:
            return None
        try:
            self.adopt()
            return self._carried_out(SYSTEM, replace(self._planned(()), occasion=SCHEDULE))
        except OverlappingError:
            return None  # another process was at it too
        except EditorialError:
            self._refused = due
            ALERTS.labels("scheduled_content_refused").inc()
            log.exception("scheduled content refused")
        return None

    def withdraw(self, actor: Actor, path: str) -> Published | None:
        """Take an article from patients.

        Raises:
            NotAllowedError: The person may not, or it is no article: what guards patients is changed, not taken away.
            WrongStateError, UnknownItemError: It is not published.
            ContentRefusedError, OverlappingError: As `publish`.
        """
        require_allowed(Step.WITHDRAW, actor)
        self.adopt()
        with self._database.read() as session:
            item = item_row(session, path)
            if item.kind != Kind.ARTICLE:
                raise NotAllowedError(f"{path}: only articles are withdrawn. Change it by a new text that is signed.")
            before = holdings_in_force(session)
            if path not in before or before[path].state is State.WITHDRAWN:
                raise WrongStateError(f"{path}: is not published.")
            after = before | {path: Held(before[path].number, State.WITHDRAWN)}
            plan = plan_of(session, WITHDRAWAL, before, after)
        return self._carried_out(actor, plan)

    def roll_back(self, actor: Actor, number: int | None = None) -> Published:
        """Go back to an earlier release: rules, texts, index and the state of all items in one step.

        Args:
            actor: Who does it.
            number: Of the release; the one that was in force before the present one was published if None.

        Raises:
            NotAllowedError: The person may not.
            ReleaseMissingError: There is none, or it is not whole on disk.
            OverlappingError: Somebody published in between.
        """
        require_allowed(Step.ROLL_BACK, actor)
        with self._database.read() as session:
            plan, release_id = plan_of_roll_back(session, number)
        knowledge = self._publisher.knowledge_of(release_id)
        if knowledge is None:
            raise ReleaseMissingError(
                f"content release {release_id}: is not whole on disk. Put it back from a backup, or publish anew."
            )
        return self._in_force(actor, plan, release_id, tuple(self._publisher.changes(knowledge)))

    def adopt(self) -> bool:
        """Write the first line of the order of releases, if patients see exactly the items that were imported."""
        with self._database.write() as session:
            hold_lock(session, LOCK)
            holdings = holdings_in_force(session)
            in_force = self._publisher.id_in_force()
            if newest_release(session) is not None or not holdings:
                return False
            if in_force is None or self._publisher.id_of(served_texts(session, holdings)) != in_force:
                return False
            session.add(release_row(1, in_force, IMPORT, SYSTEM, holdings, (), now=self._now()))
        return True

    def recover(self) -> bool:
        """Put in force what the database says is in force, and clear away what a crash left; say if it was needed."""
        clear_left_overs(self._staging)
        return self._follow()

    def _follow(self) -> bool:
        """Put in force what the database says is in force, unless it is; also when others publish meanwhile."""
        followed = None
        while True:
            with self._database.read() as session:
                last = newest_release(session)
            if last is None or last.release_id in (followed, self._publisher.id_in_force()):
                return followed is not None
            if self._publisher.knowledge_of(last.release_id) is None:
                ALERTS.labels("content_release_missing").inc()
                log.error("content release missing", extra={"release": last.release_id})
                return False
            followed = last.release_id
            self._publisher.put_in_force(followed)

    def history(self, most: int = 50) -> list[ReleaseLine]:
        """Return the releases that were put in force, newest first."""
        with self._database.read() as session:
            return release_lines(session, most)

    def _planned(self, paths: Collection[str]) -> Plan:
        with self._database.read() as session:
            return plan_of_publishing(session, paths, self._now())

    def _carried_out(self, actor: Actor, plan: Plan, paths: Collection[str] = ()) -> Published | None:
        if plan.after == plan.before and self._publisher.id_of(plan.texts) == self._publisher.id_in_force():
            return None
        ready = self.preparations.ready(self._publisher.checksum(plan.texts))
        if ready is None:
            ready = self.preparations.carry_out(self.preparations.begin(actor.id, plan, paths), plan)
        if ready.made.problems or ready.made.release_id is None:
            raise ContentRefusedError(ready.made.problems)
        release_id, changes = ready.made.release_id, ready.changes
        knowledge = self._publisher.knowledge_of(release_id)
        if knowledge is None:
            raise ReleaseMissingError(f"content release {release_id}: was not written whole. Publish again.")
        if ready.against != self._publisher.id_in_force():
            changes = tuple(self._publisher.changes(knowledge))
        return self._in_force(actor, plan, release_id, changes)

    def _in_force(self, actor: Actor, plan: Plan, release_id: str, changes: tuple[Change, ...]) -> Published:
        """Write down what is in force from now on, then have it so."""
        with self._database.write() as session:
            hold_lock(session, LOCK)
            last = newest_release(session)
            if (last.number if last else 0) != plan.last or holdings_in_force(session) != plan.before:
                raise OverlappingError("Somebody published in between. Look at what changed, and publish again.")
            try:
                for path in sorted(plan.before.keys() | plan.after.keys()):
                    settle(session, path, plan.before.get(path), plan.after.get(path), plan.occasion)
            except WrongStateError as error:
                raise OverlappingError(f"It was changed in between ({error}) Look again, and publish again.") from error
            number = plan.last + 1
            session.add(release_row(number, release_id, plan.occasion, actor, plan.after, changes, now=self._now()))
            changed = sorted(path for path in plan.after if plan.after[path] != plan.before.get(path))
            self._audit.record(
                session,
                actor.id,
                "content_rolled_back" if plan.occasion == ROLL_BACK else "content_published",
                "content",
                {"number": number, "release": release_id, "occasion": plan.occasion, "items": changed},
            )
        self._follow()
        log.info("content published", extra={"release": release_id, "number": number, "occasion": plan.occasion})
        return Published(number, release_id, changes)
