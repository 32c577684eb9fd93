"""The clinicians' console as pages: the queue, a case and what is done with it. All of it works without script."""

import asyncio
import re

import pytest

from careline.escalation.escalation import Acuity, Clinician, Reason
from careline.staff.audit import read_lines
from tests.support.console import FORM, signed_in_browser
from tests.support.house import Patient
from tests.support.staff import person

pytestmark = pytest.mark.slow  # takes long

ARM = "I have chest pain going into my left arm"
CLOSING = {"outcome": "advised", "disposition": "same_day", "safety_net": "Call 999 if you faint.", "verdict": "right"}
BEN = Clinician("sta_ben", "Ben Example", "nurse")


@pytest.fixture
def doctor(careline, clock):
    return person(careline.staff, clock)


@pytest.fixture
def console(client, doctor):
    return signed_in_browser(client, doctor)


@pytest.fixture
def colleague(careline, client, clock):
    return signed_in_browser(client, person(careline.staff, clock, user_name="lin", name="Nurse Sample"))


@pytest.fixture
def hurt(patient):
    """A patient who wrote of a heart attack, and so has an open case."""
    patient.agree()
    patient.write(ARM)
    patient.case = patient.turn["escalation"]["id"]
    return patient


@pytest.fixture
def opened(careline):
    """Opens cases from another system."""

    def open_case(acuity=Acuity.ROUTINE, reason=Reason.EXTERNAL, note=None):
        return careline.desk.open(reason, acuity, conversation_id=None, note=note).escalation.id

    return open_case


def found(pattern, text, flags=0):
    match = re.search(pattern, text, flags)
    assert match is not None, text
    return match


def part(pattern, text, flags=0):
    return found(pattern, text, flags).group(1)


def trail(careline, action):
    return [line for line in read_lines(careline.staff.database, most=100) if line.action == action]


def said(patient, sender):
    return [message["text"] for message in patient.read("messages")["messages"] if message["from"] == sender]


class TestQueue:
    def test_who_signs_in_comes_to_the_queue_with_the_most_urgent_first(self, client, doctor, opened, hurt):
        opened(Acuity.ROUTINE)
        console = signed_in_browser(client, doctor)
        assert console.heading == "Queue"
        levels = re.findall(r'case__level">([^<]*)<', console.page.text)
        assert levels == ["Emergency now", "Routine"]
        assert "Patient is online" in console.text
        assert "Red flag" in console.text

    def test_a_wait_is_said_against_its_target_and_beyond_it(self, console, clock, hurt):
        console.open("/console/queue")
        assert re.search(r"Waiting 0\d:\d\d , target 1 min", console.text), console.text
        clock.pass_by(minutes=9)
        console.open("/console/queue")
        assert "overdue by 8 min" in console.text

    def test_tabs_count_and_a_claimed_case_moves_to_mine(self, console, hurt):
        console.open("/console/queue")
        console.send(f"/console/cases/{hurt.case}/claim")
        console.open("/console/queue")
        assert "Unclaimed 0 Mine 1 All open 1 Closed 0" in console.text
        console.open("/console/queue?view=mine")
        assert "With you since" in console.text

    def test_filters_leave_what_fits_and_nonsense_is_taken_for_everything(self, console, opened, hurt):
        opened(Acuity.ROUTINE)
        console.open("/console/queue?level=routine")
        assert "Emergency now" not in re.findall(r'case__level">([^<]*)<', console.page.text)
        console.open("/console/queue?level=nonsense&view=x&reason=y")
        assert console.page.status_code == 200
        assert len(re.findall(r'class="case__level"', console.page.text)) == 2

    def rows(self, console, **fields):
        token = {"X-Form-Token": console.form_token}
        return console.request("POST", "/console/queue/rows", data=fields, headers={**FORM, **token}).text

    def test_a_held_list_keeps_its_rows_and_says_what_is_new(self, console, opened, hurt):
        first = opened(Acuity.GP_SOON)
        console.open("/console/queue")
        rows = self.rows(console, shown=f"{first}~gp_soon", held="yes")
        assert re.findall(r'id="row-([^"]*)"', rows) == [first]
        assert "1 new, 1 emergency" in rows
        assert re.search(r'role="alert"[^>]*>1 new emergency<', rows)
        assert "Bring it in" in rows

    def test_a_list_that_nobody_holds_takes_the_new_rows_at_their_place_and_says_so(self, console, opened, hurt):
        first = opened(Acuity.GP_SOON)
        console.open("/console/queue")
        rows = self.rows(console, shown=f"{first}~gp_soon")
        assert re.findall(r'id="row-([^"]*)"', rows) == [hurt.case, first]
        assert "1 new, 1 emergency" in rows
        assert "Bring it in" not in rows

    def test_an_empty_list_alarms_as_well(self, console, hurt):
        console.open("/console/queue")
        assert re.search(r'role="alert"[^>]*>1 new emergency<', self.rows(console, shown="-"))

    def test_what_got_worse_alarms(self, console, hurt):
        console.open("/console/queue")
        assert "1 raised to an emergency" in self.rows(console, shown=f"{hurt.case}~same_day", held="yes")

    def test_a_held_row_that_somebody_took_stays_and_says_who(self, console, careline, hurt):
        console.open("/console/queue")
        careline.handling.claim(hurt.case, BEN)
        rows = self.rows(console, shown=f"{hurt.case}~emergency_now", held="yes")
        assert "Taken meanwhile by Ben Example" in rows
        assert "Claim" not in rows

    def test_that_the_queue_was_looked_at_is_on_record(self, console, careline, doctor):
        console.open("/console/queue")
        assert next(line.actor for line in trail(careline, "queue_viewed")) == doctor.account.id


class TestCase:
    def test_the_note_comes_first_and_leads_to_the_patients_words(self, console, hurt):
        console.open(f"/console/cases/{hurt.case}")
        assert console.heading.startswith("Emergency now")
        assert "Generated by Careline, check." in console.text
        number = part(r'href="#m(\d+)"', console.page.text)
        turn = found(rf'<li class="([^"]*)" id="m{number}">(.*?)</li>', console.page.text, re.DOTALL)
        assert "turn--flagged" in turn.group(1)
        assert ARM in turn.group(2)
        assert "Red flag:" in turn.group(2)

    def test_each_view_is_on_record_and_what_the_page_fetches_by_itself_counts_once(
        self, console, careline, doctor, hurt
    ):
        console.open(f"/console/cases/{hurt.case}")
        for _ in range(3):
            console.request("GET", f"/console/cases/{hurt.case}/live")
        views = trail(careline, "case_viewed")
        assert [(view.actor, view.object) for view in views] == [(doctor.account.id, hurt.case)]

    def test_the_live_part_alone_is_on_record_too(self, console, careline, hurt):
        console.request("GET", f"/console/cases/{hurt.case}/live")
        assert len(trail(careline, "case_viewed")) == 1

    def test_from_claim_to_close_both_read_each_other(self, console, hurt, careline):
        console.open(f"/console/cases/{hurt.case}")
        console.send(f"/console/cases/{hurt.case}/claim")
        assert "You have this case" in console.text
        console.send(f"/console/cases/{hurt.case}/write", kind="reply", text="Is somebody with you?", key="k1")
        console.send(f"/console/cases/{hurt.case}/write", kind="reply", text="Is somebody with you?", key="k1")
        assert said(hurt, "clinician") == ["Is somebody with you?"]
        hurt.write("yes, my son is here")
        console.open(f"/console/cases/{hurt.case}")
        assert "yes, my son is here" in console.text
        console.send(f"/console/cases/{hurt.case}/close", **CLOSING)
        assert "Outcome Advised" in console.text
        closing = careline.desk.read(hurt.case).closing
        assert (closing.outcome, closing.disposition, closing.verdict.value) == ("advised", "same_day", "right")
        assert any("Call 999 if you faint." in text for text in said(hurt, "assistant"))

    def test_words_are_a_note_unless_a_reply_was_chosen(self, console, hurt):
        console.open(f"/console/cases/{hurt.case}")
        assert re.search(r'value="note" checked', console.page.text)
        console.send(f"/console/cases/{hurt.case}/write", text="sounds frightened")
        assert "Internal note, Dr Example" in console.text
        assert all("frightened" not in text for text in said(hurt, "clinician"))

    def test_who_comes_second_reads_who_has_it_and_since_when(self, console, colleague, hurt):
        console.open(f"/console/cases/{hurt.case}")
        colleague.open(f"/console/cases/{hurt.case}")
        console.send(f"/console/cases/{hurt.case}/claim")
        colleague.send(f"/console/cases/{hurt.case}/claim")
        assert colleague.page.status_code == 409
        assert re.search(r"Dr Example has this case since \d\d:\d\d UTC", colleague.text)

    def test_a_reply_that_is_refused_is_not_lost(self, console, hurt):
        console.open(f"/console/cases/{hurt.case}")
        token = {"X-Form-Token": console.form_token, "HX-Request": "true"}
        path = f"/console/cases/{hurt.case}/write"
        answer = console.request("POST", path, data={"kind": "reply", "text": "Hello"}, headers={**FORM, **token})
        assert answer.status_code == 409
        assert "Nobody has this case. Claim it first." in answer.text
        assert ">Hello</textarea>" in answer.text

    def test_a_draft_is_there_again_and_only_for_its_author(self, console, colleague, hurt, clock):
        console.open(f"/console/cases/{hurt.case}")
        console.send(f"/console/cases/{hurt.case}/draft", text="half a thou", kind="note")
        console.open(f"/console/cases/{hurt.case}")
        assert ">half a thou</textarea>" in console.page.text
        colleague.open(f"/console/cases/{hurt.case}")
        assert "half a thou" not in colleague.page.text

    def test_the_patient_sees_that_a_reply_is_written_and_not_that_a_note_is(self, console, careline, hurt):
        console.open(f"/console/cases/{hurt.case}")
        console.send(f"/console/cases/{hurt.case}/claim")
        console.send(f"/console/cases/{hurt.case}/draft", text="I think", kind="note")
        assert not careline.presence.types(hurt.id, "clinician")
        console.open(f"/console/cases/{hurt.case}")
        console.send(f"/console/cases/{hurt.case}/draft", text="Hello", kind="reply")
        assert careline.presence.types(hurt.id, "clinician")

    def test_a_form_that_lacks_something_says_so_and_keeps_what_was_typed(self, console, hurt, careline):
        console.open(f"/console/cases/{hurt.case}")
        console.send(f"/console/cases/{hurt.case}/close", outcome="advised", verdict="too_low", safety_net="")
        assert console.page.status_code == 422
        for problem in ("Choose where the patient was sent.", "Say what the patient is to watch for", "Say why"):
            assert problem in console.text
        assert '<option value="advised" selected>' in console.page.text
        assert careline.desk.read(hurt.case).closing is None

    def test_the_safety_net_begins_with_the_contents_own(self, console, hurt):
        console.open(f"/console/cases/{hurt.case}")
        text = part(r'name="safety_net"[^>]*>(.*?)</textarea>', console.page.text, re.DOTALL)
        assert "call again and say what has changed" in text

    @pytest.mark.parametrize("outcome", ["spam", "abuse"])
    def test_spam_and_abuse_close_without_advice_and_are_found_by_their_outcome(self, console, opened, outcome):
        case = opened()
        console.open(f"/console/cases/{case}")
        console.send(f"/console/cases/{case}/close", outcome=outcome)
        assert console.page.status_code == 200
        console.open("/console/search")
        console.send("/console/search", outcome=outcome)
        assert f"/console/cases/{case}" in console.page.text

    def test_handing_over_and_giving_back_carry_a_note(self, console, colleague, hurt, careline):
        console.open(f"/console/cases/{hurt.case}")
        console.send(f"/console/cases/{hurt.case}/claim")
        to = part(r'<option value="(sta_[^"]*)">Nurse Sample', console.page.text)
        console.send(f"/console/cases/{hurt.case}/transfer", to=to, note="please phone")
        assert careline.desk.read(hurt.case).owner.name == "Nurse Sample"
        colleague.open(f"/console/cases/{hurt.case}")
        assert "please phone" in colleague.text
        colleague.send(f"/console/cases/{hurt.case}/release", note="no answer by phone")
        assert careline.desk.read(hurt.case).owner is None
        assert "no answer by phone" in colleague.text

    def test_nobody_is_handed_a_case_who_is_not_a_clinician(self, console, careline, clock, hurt):
        editor = person(careline.staff, clock, "editor", user_name="editor", name="Ed Editor").account.id
        console.open(f"/console/cases/{hurt.case}")
        console.send(f"/console/cases/{hurt.case}/claim")
        assert "Ed Editor" not in console.text
        console.send(f"/console/cases/{hurt.case}/transfer", to=editor)
        assert console.page.status_code == 422

    def test_contact_is_shown_on_request_alone_with_a_line_in_the_trail(self, console, careline, patient):
        patient.agree()
        patient.write("can I speak to a nurse please")
        case = patient.turn["escalation"]["id"]
        patient.write("07700 900123")
        console.open(f"/console/cases/{case}")
        section = console.page.text.split('id="contact"')[1].split("</section>")[0]
        assert "07700 900123" not in section
        assert trail(careline, "contact_viewed") == []
        console.send(f"/console/cases/{case}/contact")
        assert "07700 900123" in console.page.text.split('id="contact-title"')[1].split("</section>")[0]
        assert len(trail(careline, "contact_viewed")) == 1

    def test_who_may_be_watched_is_not_called_unawares(self, console, patient):
        patient.agree()
        patient.write("my husband hits me and he reads my phone")
        case = patient.turn["escalation"]["id"]
        console.open("/console/queue")
        assert "May be watched: do not call yet" in console.text
        console.open(f"/console/cases/{case}")
        assert "Ask first whether it is safe to talk." in console.text

    def test_an_open_page_keeps_the_claim(self, console, careline, clock, hurt):
        console.open(f"/console/cases/{hurt.case}")
        console.send(f"/console/cases/{hurt.case}/claim")
        token = {"X-Form-Token": console.form_token}
        for _ in range(2):
            clock.pass_by(minutes=9)
            console.request("POST", f"/console/cases/{hurt.case}/here", headers={**FORM, **token})
            careline.handling.give_back_expired()
        assert careline.desk.read(hurt.case).owner is not None
        clock.pass_by(minutes=16)
        careline.handling.give_back_expired()
        assert careline.desk.read(hurt.case).owner is None

    def test_a_page_whose_case_has_moved_on_says_so(self, console, careline, hurt):
        console.open(f"/console/cases/{hurt.case}")
        held = part(r"live\?held=([^\"]*)\"", console.page.text)
        careline.handling.claim(hurt.case, BEN)
        live = console.request("GET", f"/console/cases/{hurt.case}/live?held={held}").text
        assert re.search(r"Ben Example has this case since \d\d:\d\d UTC", live)

    def test_a_page_whose_case_got_worse_says_so_at_its_top(self, console, careline, patient):
        patient.agree()
        patient.write("can I speak to a person")
        case = patient.turn["escalation"]["id"]
        console.open(f"/console/cases/{case}")
        assert "got worse" not in console.text
        path = part(r'hx-get="([^"]*live[^"]*)"', console.page.text).replace("&amp;", "&")
        patient.write(ARM)
        live = console.request("GET", path).text
        head = part(r'id="head"(.*?)</div>', live, re.DOTALL)
        assert "Emergency now" in head
        assert "Chest pain that could come from the heart" in head
        assert "got worse while this page was open: Emergency now" in live
        console.open(f"/console/cases/{case}")
        assert "got worse" not in console.text  # who loads it anew reads it as it is

    def test_a_page_says_at_its_top_when_the_patient_turns_out_to_be_watched(self, console, patient):
        patient.agree()
        patient.write("can I speak to a person")
        case = patient.turn["escalation"]["id"]
        console.open(f"/console/cases/{case}")
        assert "Somebody may watch the patient" not in console.text
        patient.write("he controls my money and checks my phone")
        live = console.request("GET", f"/console/cases/{case}/live").text
        assert "Somebody may watch the patient" in part(r'id="warnings"(.*?)</div>', live, re.DOTALL)

    def test_an_owners_own_first_reply_does_not_ask_for_the_page_to_be_loaded_again(
        self, console, careline, doctor, hurt
    ):
        me = Clinician(doctor.account.id, doctor.account.name, doctor.account.role_title)
        careline.handling.claim(hurt.case, me)
        console.open(f"/console/cases/{hurt.case}")
        held = part(r"live\?held=([^\"]*)\"", console.page.text)
        careline.handling.reply(hurt.case, me, "I am reading.")
        live = console.request("GET", f"/console/cases/{hurt.case}/live?held={held}").text
        assert "Answered by you" in live
        assert "Load the page again" not in live

    def test_a_clinician_who_looks_on_does_not_make_the_patient_present(self, careline, hurt):
        async def look():
            event = careline.wakeups.follow(hurt.id, is_patient=False)
            looked = careline.wakeups.is_followed(hurt.id)
            careline.wakeups.unfollow(hurt.id, event)
            return looked

        assert asyncio.run(look()) is False

    def test_a_closed_case_opens_again(self, console, opened, careline):
        case = opened()
        console.open(f"/console/cases/{case}")
        console.send(f"/console/cases/{case}/close", **CLOSING)
        console.send(f"/console/cases/{case}/reopen")
        assert careline.desk.read(case).closing is not None
        assert "Nobody has this case" in console.text

    def test_an_unknown_case_is_a_page_that_says_so(self, console):
        console.open("/console/cases/esc_nothing")
        assert console.page.status_code == 404
        assert "There is no such thing here" in console.text


class TestSearchAndFigures:
    def test_search_finds_by_words_and_writes_no_words_into_the_trail(self, console, careline, opened):
        case = opened(note="twisted ankle at the fair")
        opened(note="a cough")
        console.open("/console/search")
        console.send("/console/search", words="ankle")
        assert "1 case fits" in console.text
        assert f"/console/cases/{case}" in console.page.text
        line = trail(careline, "cases_searched")[0]
        assert line.detail["by"] == ["words"]
        assert "ankle" not in str(line)

    def test_a_day_that_is_none_is_told(self, console):
        console.open("/console/search")
        console.send("/console/search", since="yesterday")
        assert console.page.status_code == 422
        assert "2026-11-21" in console.text

    def test_figures_stand_in_a_table_beside_each_picture(self, console, hurt, clock, careline):
        clock.pass_by(minutes=3)
        careline.handling.claim(hurt.case, BEN)
        console.open("/console/figures")
        assert "Cases opened 1" in console.text
        row = part(r'<th scope="row">Emergency now</th>(.*?)</tr>', console.page.text, re.DOTALL)
        assert "1 min" in row
        assert "3 min" in row
        assert console.page.text.count("<svg") == 3
        assert console.page.text.count("<table") == 3


class TestAccess:
    @pytest.mark.parametrize("path", ["/console/queue", "/console/search", "/console/figures", "/console/cases/esc_x"])
    def test_an_admin_who_is_no_clinician_sees_no_patient(self, client, careline, clock, path):
        admin = signed_in_browser(client, person(careline.staff, clock, "admin", user_name="boss", name="Ada Boss"))
        admin.open(path)
        assert admin.page.status_code == 403

    def test_another_conversations_words_stay_out(self, client, console, hurt):
        other = Patient(client)
        other.agree()
        other.write("my knee is sore since the marathon")
        console.open(f"/console/cases/{hurt.case}")
        assert "marathon" not in console.text
