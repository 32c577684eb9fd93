"""Each view of a patient's data is a line of the audit trail: who, what, when."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping

from careline.staff.audit import Value
from careline.staff.services import Staff
from careline.staff.sessions import StaffSession

_AGAIN_AFTER = dt.timedelta(minutes=15)
_MOST_KEPT = 5_000


class Viewing:
    """Records views. What a page fetches by itself counts as one view for a while, not as one each time."""

    def __init__(self, staff: Staff) -> None:
        """Write into the trail of this staff."""
        self._staff = staff
        self._recent: dict[tuple[str, str, str], dt.datetime] = {}
        self._lock = threading.Lock()

    def record(self, me: StaffSession, action: str, object: str, detail: Mapping[str, Value] | None = None) -> None:
        """Write down that somebody is shown something; before it is shown, so that nothing is shown unrecorded."""
        with self._staff.database.write() as session:
            self._staff.audit.record(session, me.account.id, action, object, detail)
        with self._lock:
            if len(self._recent) >= _MOST_KEPT:
                self._recent.clear()
            self._recent[(me.id, action, object)] = self._staff.now()

    def record_unless_recent(self, me: StaffSession, action: str, object: str) -> None:
        """Write it down unless the same session was shown the same a short while ago."""
        seen = self._recent.get((me.id, action, object))
        if seen is None or self._staff.now() - seen >= _AGAIN_AFTER:
            self.record(me, action, object)
