"""Duty hours: a weekly pattern in the clinic's own time, exceptions, and clocks that change."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.escalation.duty.file import load_duty_file
from careline.escalation.duty.roster import duty_now, next_duty_at, on_duty, replace_roster
from careline.escalation.errors import DutyFileError
from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys
from tests.support.house import migrated_file

WHOLE = """
time_zone: Europe/London
weekly:
  - {days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00", staff_id: day, name: Day nurse, order: 2}
  - {days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00", staff_id: lead, name: Lead nurse, order: 1}
  - {days: [sat], from: "20:00", to: "04:00", staff_id: night, name: Night doctor}
exceptions:
  - {from: "2026-12-24 12:00", to: "2026-12-27 00:00", nobody: true}
  - {from: "2026-12-25 10:00", to: "2026-12-25 12:00", staff_id: extra, name: Holiday doctor}
  - {from: "2026-11-23 00:00", to: "2026-11-24 00:00", absent: lead}
"""


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def load(tmp_path, text=WHOLE):
    path = tmp_path / "duty.yml"
    path.write_text(text, encoding="utf-8")
    return load_duty_file(path)


@pytest.fixture
def roster(tmp_path):
    return load(tmp_path)


@pytest.mark.parametrize(
    ("now", "there"),
    [
        ("2026-11-24 08:00", ["lead", "day"]),  # Tuesday; London is on UTC in winter
        ("2026-11-24 07:59", []),
        ("2026-11-24 17:59", ["lead", "day"]),
        ("2026-11-24 18:00", []),
        ("2026-11-23 09:00", ["day"]),  # the lead is off
        ("2026-11-22 03:59", ["night"]),  # Saturday's night goes on into Sunday
        ("2026-11-22 04:00", []),
        ("2026-12-24 12:00", []),
        ("2026-12-25 11:00", ["extra"]),  # there besides, while nobody else is
        ("2026-07-06 07:00", ["lead", "day"]),  # Monday in summer: 08:00 in London is 07:00 UTC
        ("2026-07-06 17:00", []),
    ],
)
def test_who_is_on_duty_in_the_order_of_calling(roster, now, there):
    assert [person.staff_id for person in roster.on_duty(utc(now))] == there


@pytest.mark.parametrize(
    ("now", "following"),
    [
        ("2026-11-24 09:00", "2026-11-24 09:00"),  # somebody is: now
        ("2026-11-24 18:00", "2026-11-25 08:00"),
        ("2026-11-27 18:00", "2026-11-28 20:00"),  # Friday evening: Saturday night
        ("2026-12-24 13:00", "2026-12-25 10:00"),
        ("2026-12-25 12:00", "2026-12-27 00:00"),  # the absence ends in the middle of a night
        ("2026-07-05 12:00", "2026-07-06 07:00"),
    ],
)
def test_when_somebody_is_next(roster, now, following):
    assert roster.next_duty_at(utc(now)) == utc(following)


def test_an_absence_that_ends_in_the_middle_of_a_shift_is_when_duty_begins(tmp_path):
    roster = load(tmp_path, WHOLE.replace("2026-12-27 00:00", "2026-12-28 10:30"))
    assert roster.next_duty_at(utc("2026-12-27 05:00")) == utc("2026-12-28 10:30")


class TestClocksChange:
    """Berlin: 29 March 2026 02:00 becomes 03:00; 25 October 03:00 becomes 02:00."""

    def roster(self, tmp_path, start, to):
        days = "[mon, tue, wed, thu, fri, sat, sun]"
        entry = f'{{days: {days}, from: "{start}", to: "{to}", staff_id: a, name: A}}'
        return load(tmp_path, f"time_zone: Europe/Berlin\nweekly: [{entry}]\n")

    @pytest.mark.parametrize(
        ("now", "is_there"),
        [
            ("2026-03-28 06:59", False), ("2026-03-28 07:00", True),  # 08:00 in winter
            ("2026-03-29 05:59", False), ("2026-03-29 06:00", True),  # 08:00 in summer, the same day
            ("2026-10-25 06:59", False), ("2026-10-25 07:00", True),
        ],
    )  # fmt: skip
    def test_a_shift_begins_when_clocks_in_the_clinic_show_its_time(self, tmp_path, now, is_there):
        assert bool(self.roster(tmp_path, "08:00", "16:00").on_duty(utc(now))) is is_there

    def test_a_night_through_the_change_is_an_hour_shorter_or_longer(self, tmp_path):
        roster = self.roster(tmp_path, "22:00", "06:00")
        assert roster.on_duty(utc("2026-03-29 03:59"))
        assert not roster.on_duty(utc("2026-03-29 04:00"))
        assert roster.on_duty(utc("2026-10-25 04:59"))
        assert not roster.on_duty(utc("2026-10-25 05:00"))

    def test_a_start_in_the_hour_that_is_left_out_is_at_the_moment_at_which_it_would_have_been(self, tmp_path):
        roster = self.roster(tmp_path, "02:30", "10:00")
        assert not roster.on_duty(utc("2026-03-29 01:29"))
        assert roster.on_duty(utc("2026-03-29 01:30"))

    def test_between_two_shifts_that_meet_in_the_hour_that_comes_twice_there_is_no_gap(self, tmp_path):
        days = "[mon, tue, wed, thu, fri, sat, sun]"
        text = (
            "time_zone: Europe/Berlin\nweekly:\n"
            f'  - {{days: {days}, from: "02:30", to: "14:00", staff_id: a, name: A}}\n'
            f'  - {{days: {days}, from: "14:00", to: "02:30", staff_id: b, name: B}}\n'
        )
        roster = load(tmp_path, text)
        for minutes in range(0, 24 * 60, 5):
            assert len(roster.on_duty(utc("2026-10-24 20:00") + dt.timedelta(minutes=minutes))) == 1


@pytest.mark.parametrize(
    ("now", "following"),
    [
        ("2026-11-24 09:00", "2026-11-24 18:00"),  # both go
        ("2026-11-24 18:00", "2026-11-25 08:00"),
        ("2026-12-24 09:00", "2026-12-24 12:00"),  # the absence begins before the shift ends
        ("2026-12-25 11:00", "2026-12-25 12:00"),
        ("2026-11-28 21:00", "2026-11-29 04:00"),
    ],
)
def test_when_others_are_on_duty_than_now(roster, now, following):
    assert roster.next_change_at(utc(now)) == utc(following)


def test_where_shifts_of_one_person_meet_nothing_changes(tmp_path):
    days = "[mon, tue, wed, thu, fri, sat, sun]"
    entry = f'{{days: {days}, from: "08:00", to: "08:00", staff_id: a, name: A}}'
    roster = load(tmp_path, f"time_zone: Europe/London\nweekly: [{entry}]\n")
    assert roster.next_change_at(utc("2026-11-24 09:00")) is None


@pytest.mark.slow  # a hundred moments of a year
@given(minutes=st.integers(0, 400 * 24 * 60))
def test_nobody_is_on_duty_before_the_time_that_is_named_and_somebody_is_then(minutes, tmp_path_factory):
    roster = load(tmp_path_factory.getbasetemp())
    now = utc("2026-01-01 00:00") + dt.timedelta(minutes=minutes)
    following = roster.next_duty_at(now)
    assert roster.on_duty(following)
    for between in range(0, int((following - now).total_seconds()), 3600):
        assert not roster.on_duty(now + dt.timedelta(seconds=between))


def test_without_shifts_nobody_is_on_duty_and_none_is_next(tmp_path):
    roster = load(tmp_path, "time_zone: Europe/London\nweekly: []\n")
    assert (roster.on_duty(utc("2026-11-24 09:00")), roster.next_duty_at(utc("2026-11-24 09:00"))) == ((), None)


def test_what_is_put_in_force_comes_back_from_the_database_instead_of_what_was_there(roster, tmp_path):
    (tmp_path / "careline.db").write_bytes(migrated_file())
    database = Database(f"sqlite:///{tmp_path / 'careline.db'}", load_or_make_keys(tmp_path / "keys.json")[0])
    now = utc("2026-11-23 09:00")
    for _ in range(2):
        with database.write() as session:
            replace_roster(session, roster)
    with database.read() as session:
        assert on_duty(session, now) == roster.on_duty(now)
        evening = utc("2026-07-06 20:00")
        assert next_duty_at(session, evening) == utc("2026-07-07 07:00")
        assert f"{duty_now(session, evening).next_local:%H:%M}" == "08:00"
    database.close()


def test_without_a_file_nothing_is_said(tmp_path):
    assert load_duty_file(tmp_path / "duty.yml") is None


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Europe/London", "Europe/Londres", r"time_zone: 'Europe/Londres' is not known.*Use a name such as"),
        ("[sat]", "[saturday]", r"Invalid enum value 'saturday'.*Mend the value"),
        ('"20:00"', '"8pm"', r"Expected `str` matching regex.*Mend the value"),
        ("nobody: true", "nobody: false", r"exceptions, the 1\.: say one of staff_id.*absent, or nobody"),
        (", name: Holiday doctor", "", r"exceptions, the 2\.: staff_id and name go together\. Add the other"),
        ("2026-12-27 00:00", "2026-12-24 11:00", r"exceptions, the 1\.: 'to' is not after 'from'\. Mend it"),
        ("2026-12-27 00:00", "2026-02-30 11:00", r"exceptions, the 1\.: there is no such day\. Mend the date"),
        ("weekly:", "weakly:", r"unknown field `weakly`|missing required field `weekly`"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_file_field_and_remedy(tmp_path, before, after, told):
    assert before in WHOLE
    with pytest.raises(DutyFileError, match=told) as refused:
        load(tmp_path, WHOLE.replace(before, after))
    assert "duty.yml" in str(refused.value)
