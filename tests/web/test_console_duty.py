"""Duty hours, ladders and the attempts to tell clinicians, as the console shows them."""

import re
import time

import pytest

from careline.escalation.escalation import Acuity, Reason
from tests.support.console import signed_in_browser
from tests.support.house import client_for
from tests.support.outbox import SECRET, webhook_file
from tests.support.receivers import running_receiver
from tests.support.staff import person

pytestmark = pytest.mark.slow  # takes long

# The clock of the tests stands on Saturday, 21 November 2026, 09:00 UTC: 10:00 in Berlin.
DUTY = """
time_zone: Europe/Berlin
weekly:
  - {days: [mon], from: "08:00", to: "18:00", staff_id: n1, name: Day nurse}
  - {days: [sat], from: "09:00", to: "14:00", staff_id: d1, name: Weekend doctor, order: 2}
  - {days: [sat], from: "09:00", to: "14:00", staff_id: n2, name: Weekend nurse, order: 1}
  - {days: [fri], from: "22:00", to: "06:00", staff_id: d2, name: Night doctor}
exceptions:
  - {from: "2026-11-30 00:00", to: "2026-12-01 00:00", absent: n1}
  - {from: "2026-12-05 10:00", to: "2026-12-05 12:00", staff_id: d3, name: Holiday doctor}
  - {from: "2026-12-12 00:00", to: "2026-12-13 00:00", nobody: true}
  - {from: "2026-12-25 00:00", to: "2026-12-26 00:00", staff_id: d9, name: Far Away}
"""
LADDERS = """
  emergency_now:
    tell_patient_after_minutes: 90
    steps: [{after_minutes: 0, channel: hook}, {after_minutes: 2, channel: duty_mail}]
"""
MAIL = (
    "  duty_mail: {type: email, host: mail.secret.example, port: 2525, user: u, sender: s@secret.example, "
    "to: [t@secret.example]}\n"
)


@pytest.fixture
def duty_page(clock):
    """Opens the page as somebody with a role."""

    def open_page(careline, role="clinician"):
        with client_for(careline) as client:
            console = signed_in_browser(client, person(careline.staff, clock, role))
            console.open("/console/duty")
        assert console.page.status_code == 200, console.text
        assert console.heading == "Duty"
        return console

    return open_page


def rows(console, region):
    """The rows of a table as lists of words."""
    table = console.page.text.split(f'aria-label="{region}"')[1].split("</table>")[0]
    return [
        [
            " ".join(re.sub(r"<[^>]*>", " ", cell).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        for row in table.split("<tr>")[2:]
    ]


class TestDutyHours:
    def test_who_is_on_duty_stands_in_the_order_of_calling_with_who_is_next_in_the_clinics_time(
        self, furnish, duty_page
    ):
        console = duty_page(furnish(duty=DUTY))
        assert "those of Europe/Berlin . It is Saturday 21 November 2026, 10:00 there." in console.text
        assert "On duty now Weekend nurse Weekend doctor Next" in console.text
        assert "From Saturday 21 November 2026, 14:00 Nobody" in console.text
        assert "From Monday 23 November 2026, 08:00 Day nurse" in console.text

    def test_the_week_stands_in_a_table_with_the_days_on_which_nobody_is(self, furnish, duty_page):
        table = rows(duty_page(furnish(duty=DUTY)), "Duty hours of every week")
        assert ["Monday", "08:00 to 18:00", "Day nurse", "1"] in table
        assert ["Friday", "22:00 to 06:00 the next day", "Night doctor", "1"] in table
        assert ["Sunday", "Nobody"] in table

    def test_exceptions_of_the_next_four_weeks_are_named_and_later_ones_are_not(self, furnish, duty_page):
        console = duty_page(furnish(duty=DUTY))
        assert [what for *_, what in rows(console, "Table of exceptions")] == [
            "Day nurse is not on duty in their weekly hours",
            "Holiday doctor is on duty besides",
            "Nobody is on duty in the weekly hours",
        ]
        assert rows(console, "Table of exceptions")[0][0] == "Monday 30 November 2026, 00:00"

    def test_when_nobody_is_there_now_that_is_said_with_what_patients_are_told(self, furnish, duty_page, clock):
        clock.pass_by(hours=8)
        console = duty_page(furnish(duty=DUTY))
        assert "Nobody is marked as on duty. Patients who ask for a person are told so." in console.text
        assert "From Monday 23 November 2026, 08:00 Day nurse" in console.text

    def test_where_the_file_is_kept_and_what_checks_it_is_said_and_there_is_nothing_to_send(self, furnish, duty_page):
        careline = furnish(duty=DUTY)
        console = duty_page(careline)
        assert str(careline.settings.duty_path) in console.text
        assert "careline duty check" in console.text
        assert re.findall(r'<form[^>]*action="([^"]*)"', console.page.text) == ["/console/sign-out"]

    @pytest.mark.parametrize("role", ["clinician", "admin"])
    def test_without_a_file_the_page_says_what_patients_are_told_and_how_to_add_one(self, furnish, duty_page, role):
        console = duty_page(furnish(), role)
        assert "No duty hours are set" in console.text
        assert "Patients who ask for a person are told that nobody is marked as on duty" in console.text
        assert "docs/guides/operator.md" in console.text
        assert 'href="/console/duty" aria-current="page"' in console.page.text
        assert "https://" not in console.page.text

    def test_a_file_that_cannot_be_used_is_told_and_the_hours_before_it_stay(self, furnish, duty_page):
        careline = furnish(duty=DUTY)
        with client_for(careline):
            careline.settings.duty_path.write_text("weekly: nonsense", encoding="utf-8")
        console = duty_page(careline)
        assert "The file of duty hours cannot be used as it stands. The hours below are older" in console.text
        assert "Weekend nurse" in console.text

    def test_a_file_that_was_taken_away_is_told_and_its_hours_stay(self, furnish, duty_page):
        careline = furnish(duty=DUTY)
        with client_for(careline):
            careline.settings.duty_path.unlink()
        console = duty_page(careline)
        assert "The file of duty hours is not there any more." in console.text
        assert "Weekend nurse" in console.text

    def test_an_admin_still_begins_with_the_staff(self, furnish, clock):
        careline = furnish()
        with client_for(careline) as client:
            assert signed_in_browser(client, person(careline.staff, clock, "admin")).heading == "Staff"


class TestLadders:
    def test_each_level_names_its_channels_and_times_and_no_address_or_secret(self, furnish, duty_page):
        text = webhook_file("https://hook.secret.example/path", "https://record.secret.example/path")
        text = text.replace("ladders:\n", f"{MAIL}ladders:{LADDERS}")
        text = text.replace("      - {after_minutes: 0, channel: hook2}\n", "")
        console = duty_page(furnish(duty=DUTY, delivery=text))
        ladders = {row[0]: row[1:] for row in rows(console, "Channels by level")}
        assert ladders["Emergency now"] == [
            "At once: Hook (program) After 2 min: Duty mail (e-mail)",
            "after 1 h 30 min",
        ]
        assert ladders["Hospital now, Same day, GP soon, Routine, Self-care, No level yet"] == [
            "At once: Hook (program)",
            "after 10 min",
        ]
        assert "Told of everything, for the record: Hook2." in console.text
        assert "They are called whoever is on duty" in console.text
        for kept in ("secret.example", "whsec", SECRET, "2525"):
            assert kept not in console.page.text

    def test_without_channels_the_page_says_that_nobody_is_told(self, furnish, duty_page):
        assert "Nobody is told of a case." in duty_page(furnish(duty=DUTY)).text


class TestAttempts:
    def opened_until(self, console, case, text):
        for _ in range(400):
            console.open(f"/console/cases/{case}")
            if text in console.text:
                return console.page.text.split('id="told-title"')[1].split("</section>")[0]
            time.sleep(0.05)
        raise AssertionError(console.text)

    def test_a_case_shows_each_attempt_why_it_failed_and_when_it_is_tried_again(self, furnish, clock):
        with running_receiver() as receiver:
            receiver.status = 500
            careline = furnish(duty=DUTY, delivery=webhook_file(receiver.url))
            with client_for(careline) as client:
                console = signed_in_browser(client, person(careline.staff, clock))
                case = careline.desk.open(
                    Reason.EXTERNAL, Acuity.ROUTINE, conversation_id=None, note=None
                ).escalation.id
                told = self.opened_until(console, case, "Hook: failed, is tried again")
                assert "<details" in told
                assert "the receiver had a fault of its own (500)" in told
                assert re.search(r"Tried again at 09:0\d UTC, if it is still needed then\.", told)
                assert receiver.url not in console.page.text
                receiver.status = 200
                clock.pass_by(seconds=10)
                told = self.opened_until(console, case, "Hook: taken by the receiver")
        assert [what for what in re.findall(r"UTC: ([^<]*)</li>", told)] == [
            "failed, the receiver had a fault of its own (500)",
            "taken by the receiver",
        ]
        assert "That does not say that somebody has read it." in told

    def test_a_step_that_has_not_come_yet_says_when_it_comes(self, furnish, clock):
        at_once = "      - {after_minutes: 0, channel: hook}\n"
        with running_receiver() as receiver:
            careline = furnish(
                duty=DUTY, delivery=webhook_file(receiver.url).replace(at_once, at_once + at_once.replace("0", "5"))
            )
            with client_for(careline) as client:
                console = signed_in_browser(client, person(careline.staff, clock))
                case = careline.desk.open(
                    Reason.EXTERNAL, Acuity.ROUTINE, conversation_id=None, note=None
                ).escalation.id
                told = self.opened_until(console, case, "Hook: waits for its time")
        assert re.search(r"Goes out at 09:0\d UTC, unless somebody has seen the case by then\.", told)
        assert "No attempt was made." in told
