"""The duty hours in force: the operator's file, put into the database whenever it has changed."""

from __future__ import annotations

import datetime as dt
import enum
import logging
from pathlib import Path

from careline.escalation.duty.file import load_duty_file
from careline.escalation.duty.pattern import Roster
from careline.escalation.duty.roster import replace_roster, roster
from careline.escalation.errors import DutyFileError
from careline.storage.database import Database

log = logging.getLogger(__name__)


class FileState(enum.Enum):
    """How the operator's file stands now."""

    MISSING = "missing"
    USABLE = "usable"
    UNUSABLE = "unusable"


class DutyHours:
    """The operator's duty file, put into the database whenever it has changed."""

    def __init__(self, database: Database, path: Path) -> None:
        """Read the file.

        Raises:
            DutyFileError: It cannot be used. There is no start with duty hours that nobody understands.
        """
        self._database = database
        self.path = path
        self._found = load_duty_file(path)
        self._in_force: Roster | None = None

    def put_in_force(self) -> None:
        """Put the hours that were read into the database; without a file it stays as it is."""
        if self._found is not None and self._found != self._in_force:
            with self._database.write() as session:
                replace_roster(session, self._found)
            self._in_force = self._found

    def look_again(self) -> None:
        """Read the file again, and put it in force if it has changed; one that cannot be used changes nothing."""
        try:
            self._found = load_duty_file(self.path)
        except DutyFileError as error:
            log.error("duty file cannot be used, the hours before it stay: %s", error)
            return
        self.put_in_force()

    def in_force(self, now: dt.datetime) -> Roster:
        """Return the hours by which patients are told, whatever the file says meanwhile."""
        with self._database.read() as session:
            return roster(session, now=now)

    def file_state(self) -> FileState:
        """Return whether the file is there, and whether it can be used; what is wrong with it stands in the log."""
        try:
            return FileState.MISSING if load_duty_file(self.path) is None else FileState.USABLE
        except DutyFileError:
            return FileState.UNUSABLE
