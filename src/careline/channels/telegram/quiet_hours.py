"""Hours in which nobody is written to unasked."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_FORM = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d) (\S+)")


@dataclass(frozen=True)
class QuietHours:
    """From when to when, on the clock of a place; over midnight where the end comes before the beginning."""

    begins: dt.time
    ends: dt.time
    zone: ZoneInfo

    def end(self, now: dt.datetime) -> dt.datetime | None:
        """Return when the quiet hours end that are now; None when they are not."""
        local = now.astimezone(self.zone)
        time = local.time()
        over_midnight = self.ends < self.begins
        is_quiet = (time >= self.begins or time < self.ends) if over_midnight else self.begins <= time < self.ends
        if not is_quiet:
            return None
        day = local.date() + dt.timedelta(days=1 if over_midnight and time >= self.begins else 0)
        return dt.datetime.combine(day, self.ends, self.zone).astimezone(dt.UTC)


def quiet_hours(text: str) -> QuietHours:
    """Read hours such as `21:00-08:00 Europe/London`.

    Raises:
        ValueError: They cannot be read; says what is expected.
    """
    found = _FORM.fullmatch(text.strip())
    try:
        if found is not None:
            hours = [int(part) for part in found.groups()[:4]]
            return QuietHours(dt.time(hours[0], hours[1]), dt.time(hours[2], hours[3]), ZoneInfo(found[5]))
    except (ValueError, ZoneInfoNotFoundError, OSError):
        pass
    raise ValueError("give the quiet hours as 21:00-08:00 Europe/London")
