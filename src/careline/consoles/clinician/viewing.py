"""Each view of a patient's data is a line of the audit trail: who, what, when."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from careline.staff.audit import Value
from careline.staff.services import Staff
from careline.staff.sessions import StaffSession

_AGAIN_AFTER = dt.timedelta(minutes=15)
_MOST_KEPT = 5_000


@dataclass(frozen=True)
class Viewer:
    """Who is shown something.

    Attributes:
        actor: As the trail names them: an account's id, or `service`.
        key: What they come with: a session's id, or `service`.
    """

    actor: str
    key: str


def viewer_of(me: StaffSession) -> Viewer:
    """Return somebody who is signed in."""
    return Viewer(me.account.id, me.id)


class Viewing:
    """Records views. What a page or program fetches by itself counts as one view for a while, not as one each time."""

    def __init__(self, staff: Staff) -> None:
        """Write into the trail of this staff."""
        self._staff = staff
        self._recent: dict[tuple[str, ...], dt.datetime] = {}
        self._lock = threading.Lock()

    def record(self, viewer: Viewer, action: str, object: str, detail: Mapping[str, Value] | None = None) -> None:
        """Write down that somebody is shown something; before it is shown, so that nothing is shown unrecorded."""
        with self._staff.database.write() as session:
            self._staff.audit.record(session, viewer.actor, action, object, detail)
        self._keep([_key(viewer, action, object, detail)])

    def record_unless_recent(
        self, viewer: Viewer, action: str, object: str, detail: Mapping[str, Value] | None = None
    ) -> None:
        """Write it down unless the same session or system was shown the same a short while ago."""
        if not self._is_recent(_key(viewer, action, object, detail)):
            self.record(viewer, action, object, detail)

    def record_list(self, viewer: Viewer, case_ids: Iterable[str]) -> None:
        """Write down which cases of a list the same session or system was not shown a short while ago."""
        keys = {case_id: _key(viewer, "cases_listed", case_id, None) for case_id in case_ids}
        fresh = [case_id for case_id, key in keys.items() if not self._is_recent(key)]
        if fresh:
            self.record(viewer, "cases_listed", "escalations", {"cases": fresh})
            self._keep([keys[case_id] for case_id in fresh])

    def _is_recent(self, key: tuple[str, ...]) -> bool:
        seen = self._recent.get(key)
        return seen is not None and self._staff.now() - seen < _AGAIN_AFTER

    def _keep(self, keys: list[tuple[str, ...]]) -> None:
        with self._lock:
            if len(self._recent) >= _MOST_KEPT:
                self._recent.clear()
            self._recent.update((key, self._staff.now()) for key in keys)


def _key(viewer: Viewer, action: str, object: str, detail: Mapping[str, Value] | None) -> tuple[str, ...]:
    return (viewer.key, action, object, json.dumps(detail or {}, sort_keys=True))
