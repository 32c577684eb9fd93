"""Tables of duty hours."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from careline.storage.columns import UtcDateTime
from careline.storage.database import Base


class DutyShiftRow(Base):
    """Hours of one weekday, every week, in the clinic's own time."""

    __tablename__ = "duty_shifts"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    staff_id: Mapped[str] = mapped_column(String(40), index=True)
    name: Mapped[str] = mapped_column(String(80))
    order: Mapped[int] = mapped_column("call_order")
    weekday: Mapped[int] = mapped_column()  # 0 is Monday
    starts: Mapped[str] = mapped_column(String(5))  # HH:MM
    ends: Mapped[str] = mapped_column(String(5))  # HH:MM; not after `starts`: on the next day
    zone: Mapped[str] = mapped_column(String(40))


class DutyChangeRow(Base):
    """Hours that differ from the week's pattern."""

    __tablename__ = "duty_changes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    starts_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    ends_at: Mapped[dt.datetime] = mapped_column(UtcDateTime(), index=True)
    is_off: Mapped[bool] = mapped_column()  # else somebody is there besides
    staff_id: Mapped[str | None] = mapped_column(String(40))  # None: nobody is there
    name: Mapped[str | None] = mapped_column(String(80))
    order: Mapped[int] = mapped_column("call_order", default=1)
