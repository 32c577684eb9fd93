"""The consoles' way in and out, as pages: they work without script."""

import re
from typing import Any

import pyotp
import pytest

from careline.staff.accounts import Details
from careline.staff.audit import read_lines
from tests.support.console import FORM, ConsoleBrowser, signed_in_browser
from tests.support.house import client_for, furnished, scripted
from tests.support.staff import PASSWORD, person

pytestmark = pytest.mark.slow  # takes long


def found(pattern: str, page: Any) -> str:
    """The part of a page that a pattern's group finds."""
    match = re.search(pattern, page.text)
    assert match is not None, page.text
    return match.group(1)


@pytest.fixture
def browser(client):
    return ConsoleBrowser(client)


@pytest.fixture
def doctor(careline, clock):
    return person(careline.staff, clock)


@pytest.fixture
def admin(careline, clock):
    return person(careline.staff, clock, "admin", user_name="boss", name="Ada Boss")


class TestTheWayIn:
    def test_who_is_not_signed_in_is_led_there_and_back(self, browser, admin):
        browser.open("/console/audit?actor=sta_1")
        assert browser.heading == "Sign in"
        wanted = found(r'name="next" value="([^"]*)"', browser.page)
        browser.send("/console/sign-in", user_name="boss", password=PASSWORD, next=wanted)
        assert browser.heading == "Your code"
        browser.send("/console/sign-in/code", code=admin.next_code(), next=wanted)
        assert (browser.heading, browser.page.url.query) == ("Audit trail", b"actor=sta_1")

    @pytest.mark.parametrize(
        "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "/consoles", "javascript:x", "/"]
    )
    def test_it_leads_nowhere_else(self, browser, doctor, elsewhere):
        browser.open("/console/sign-in", params={"next": elsewhere})
        assert 'name="next" value=""' in browser.page.text
        browser.send("/console/sign-in", user_name="example", password=PASSWORD, next=elsewhere)
        browser.send("/console/sign-in/code", code=doctor.next_code(), next=elsewhere)
        assert browser.heading == "Queue"

    def test_a_wrong_password_and_an_unknown_name_read_alike(self, browser, doctor):
        pages = []
        for name in ("example", "nobody"):
            browser.open("/console/sign-in")
            browser.send("/console/sign-in", user_name=name, password="not the password")
            pages.append((browser.page.status_code, browser.page.text.replace(name, "")))
        assert pages[0] == pages[1]
        assert pages[0][0] == 403

    def test_too_many_wrong_ones_are_told_when_to_come_back(self, browser, doctor):
        browser.open("/console/sign-in")
        for _ in range(11):
            browser.send("/console/sign-in", user_name="example", password="not the password")
        assert browser.page.status_code == 429
        assert browser.page.headers["retry-after"] == "900"
        assert "Try again in 15 minutes" in browser.text

    def test_the_first_time_leads_through_password_and_app_to_recovery_codes(self, browser, careline, clock):
        _, temporary = careline.staff.accounts.add("terminal", "amy", Details("Amy", "", ["editor"]))
        browser.open("/console/sign-in")
        browser.send("/console/sign-in", user_name="amy", password=temporary)
        assert browser.heading == "Choose your password"
        browser.send("/console/sign-in/new-password", password="short", again="short")
        assert "at least 12 characters" in browser.text
        browser.send("/console/sign-in/new-password", password="my own long password", again="another")
        assert "not the same" in browser.text
        browser.send("/console/sign-in/new-password", password="my own long password", again="my own long password")
        assert browser.heading == "Set up your app"
        secret = found(r'console-key">([^<]*)<', browser.page).replace(" ", "")
        browser.send("/console/sign-in/app", code="000000")
        assert "not the code" in browser.text
        browser.send("/console/sign-in/app", code=pyotp.TOTP(secret).at(clock()))
        assert browser.heading == "Your recovery codes"
        assert len(re.findall(r"<li><code>", browser.page.text)) == 10
        browser.open("/console")
        assert browser.heading == "All content"

    def test_a_step_cannot_be_jumped_by_its_address(self, browser, doctor):
        browser.open("/console/sign-in")
        browser.send("/console/sign-in", user_name="example", password=PASSWORD)
        for path in ("/console", "/console/account", "/console/sign-in/app", "/console/sign-in/new-password"):
            browser.open(path)
            assert browser.heading == "Your code"

    def test_signing_out_ends_it(self, client, doctor):
        browser = signed_in_browser(client, doctor)
        stolen = dict(browser.cookies)
        browser.send("/console/sign-out")
        assert browser.heading == "Sign in"
        browser.cookies = stolen
        browser.open("/console/account")
        assert browser.heading == "Sign in"


class TestForms:
    @pytest.mark.parametrize("site", ["cross-site", "same-site", "none", None])
    def test_a_form_of_another_page_is_refused(self, client, doctor, site):
        browser = signed_in_browser(client, doctor)
        headers = {"Sec-Fetch-Site": site} if site else {}
        for path in ("/console/account/sign-out-everywhere", "/console/sign-in"):
            answer = browser.request("POST", path, data={"form_token": browser.form_token}, headers=headers)
            assert answer.status_code == 403
        assert browser.open("/console/account").status_code == 200

    @pytest.mark.parametrize("token", ["", "0" * 64, "\N{SNOWMAN}"])
    def test_a_form_without_the_sessions_token_is_refused(self, client, doctor, token):
        browser = signed_in_browser(client, doctor)
        answer = browser.request("POST", "/console/sign-out", data={"form_token": token}, headers=FORM)
        assert answer.status_code == 403
        assert browser.heading == "The form is no longer good"

    def test_another_sessions_token_is_refused(self, client, doctor, admin):
        token = signed_in_browser(client, admin).form_token
        browser = signed_in_browser(client, doctor)
        assert browser.request("POST", "/console/sign-out", data={"form_token": token}, headers=FORM).status_code == 403

    def test_the_token_may_come_in_a_header_as_htmx_sends_it(self, client, doctor):
        browser = signed_in_browser(client, doctor)
        headers = {**FORM, "X-Form-Token": browser.form_token}
        assert browser.request("POST", "/console/sign-out", headers=headers).status_code == 303

    def test_a_page_that_asks_by_itself_is_told_where_to_sign_in(self, browser):
        answer = browser.request("GET", "/console/account", headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/console/sign-in")
        assert browser.request("GET", "/console/account", headers={"Accept": "text/event-stream"}).status_code == 401


class TestAnswers:
    def test_pages_are_framed_by_nobody_and_kept_nowhere(self, client, doctor):
        browser = signed_in_browser(client, doctor)
        for path in ("/console/sign-in", "/console/account", "/console/nothing"):
            headers = browser.request("GET", path).headers
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["cache-control"] == "no-store"
            assert headers["x-content-type-options"] == "nosniff"

    def test_pages_hold_no_script_and_no_style_of_their_own(self, client, doctor, admin):
        browser = signed_in_browser(client, admin)
        for path in ("/console/account", "/console/staff", "/console/staff/new", "/console/audit"):
            text = browser.open(path).text
            assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", text)

    def test_cookies_are_kept_from_scripts_and_sent_over_tls_alone(self, tmp_path, clock):
        house = furnished(tmp_path, scripted(), clock=clock, public_url="https://triage.example")
        who = person(house.staff, clock)
        with client_for(house) as client:
            browser = ConsoleBrowser(client)
            browser.sign_in(who)
            assert set(browser.cookies) == {"__Host-careline-staff", "__Host-careline-browser"}
            browser.request("GET", "/console/sign-in")
            browser.send("/console/sign-in", user_name="example", password=PASSWORD)
            browser.request(
                "POST", "/console/sign-in", data={"user_name": "example", "password": PASSWORD}, headers=FORM
            )
            for header in browser.page.headers.get_list("set-cookie"):
                assert "HttpOnly" in header
                assert "Secure" in header
                assert "Path=/;" in header
                assert "SameSite=lax" in header
                assert "Domain" not in header
        house.database.close()

    def test_an_unknown_page_is_a_page(self, client, doctor):
        browser = signed_in_browser(client, doctor)
        assert browser.open("/console/nothing").status_code == 404
        assert browser.heading == "There is no such thing here"

    def test_files_come_with_the_program_and_nothing_else_does(self, client):
        sheet = client.get("/console/static/vendor/nhsuk-frontend-10.6.1/console.css")
        assert (sheet.status_code, sheet.headers["content-type"]) == (200, "text/css; charset=utf-8")
        assert "immutable" in sheet.headers["cache-control"]
        for path in ("../pages.py", "..%2fpages.py", "vendor/VENDORED.toml", "", "nothing.css"):
            assert client.get(f"/console/static/{path}").status_code == 404

    def test_names_that_look_like_markup_are_shown_as_text(self, client, careline, admin):
        careline.staff.accounts.add("terminal", "eve", Details("<script>alert(1)</script>", "<b>", ["editor"]))
        browser = signed_in_browser(client, admin)
        for path in ("/console/staff", "/console/audit"):
            assert "<script>alert" not in browser.open(path).text
            assert "<script>alert(1)</script>" in browser.text or path == "/console/audit"


class TestOwnAccount:
    def test_the_password_is_changed_with_the_old_one(self, client, doctor):
        browser = signed_in_browser(client, doctor)
        new = "six green lamps whistle"
        browser.open("/console/account")
        for current, password, again, said in (
            ("not it at all", new, new, "That is not your password"),
            (PASSWORD, new, "other", "not the same"),
            (PASSWORD, "example example", "example example", "not your own name"),
            (PASSWORD, new, new, "Your password is changed"),
        ):
            browser.send("/console/account/password", current=current, password=password, again=again)
            assert said in browser.text
        browser.send("/console/sign-out")
        browser.sign_in(doctor, new)
        assert browser.heading == "Queue"

    def test_recovery_codes_are_shown_once_and_counted(self, client, doctor):
        browser = signed_in_browser(client, doctor)
        browser.open("/console/account")
        assert "You have 0 left" in browser.text
        browser.send("/console/account/recovery-codes")
        code = found(r"<li><code>([^<]*)</code>", browser.page)
        browser.open("/console/account")
        assert "You have 10 left" in browser.text
        browser.send("/console/sign-out")
        browser.send("/console/sign-in", user_name="example", password=PASSWORD)
        browser.send("/console/sign-in/code", code=code)
        browser.open("/console/account")
        assert "You have 9 left" in browser.text

    def test_other_sessions_can_be_seen_and_ended(self, client, doctor):
        here, there = signed_in_browser(client, doctor), signed_in_browser(client, doctor)
        here.open("/console/account")
        paths = re.findall(r"/console/account/sessions/\w+/end", here.page.text)
        assert len(paths) == 2
        this_one = found(r"This one</strong></td>\s*<td><form method=\"post\" action=\"([^\"]*)", here.page)
        here.send(next(path for path in paths if path != this_one))
        there.open("/console/account")
        assert there.heading == "Sign in"
        here.send("/console/account/sign-out-everywhere")
        assert here.heading == "Sign in"


class TestStaff:
    def test_somebody_new_is_added_and_signs_in(self, client, admin, browser):
        boss = signed_in_browser(client, admin)
        boss.open("/console/staff/new")
        boss.send(
            "/console/staff/new", user_name="amy", name="Dr Ann Sample", role_title="GP", roles=["clinician", "editor"]
        )
        temporary = found(r'console-key">([^<]*)<', boss.page)
        boss.open("/console/staff")
        assert "Dr Ann Sample GP amy clinician, editor" in boss.text
        browser.open("/console/sign-in")
        browser.send("/console/sign-in", user_name="amy", password=temporary)
        assert browser.heading == "Choose your password"

    def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(self, client, admin):
        boss = signed_in_browser(client, admin)
        boss.open("/console/staff/new")
        boss.send("/console/staff/new", user_name="amy", name="Dr Ann Sample", role_title="GP")
        assert boss.page.status_code == 422
        assert 'href="#roles"' in boss.page.text
        assert 'value="Dr Ann Sample"' in boss.page.text
        boss.send("/console/staff/new", user_name="BOSS", name="Other", roles=["editor"])
        assert "already" in boss.text

    def test_a_person_is_changed_reset_disabled_and_enabled_and_all_is_on_record(self, client, careline, admin, doctor):
        boss, theirs = signed_in_browser(client, admin), signed_in_browser(client, doctor)
        path = f"/console/staff/{doctor.account.id}"
        boss.open(path)
        boss.send(path, name="Dr B Example", role_title="Nurse", roles=["editor"])
        assert "Dr B Example Nurse example editor" in boss.text
        boss.open(path)
        boss.send(f"{path}/reset", second_factor="forget")
        assert boss.heading == "Temporary password"
        assert theirs.open("/console/account")
        assert theirs.heading == "Sign in"
        boss.open(path)
        boss.send(f"{path}/disable")
        assert "Disabled" in boss.text
        boss.open(path)
        boss.send(f"{path}/enable")
        actions = [line.action for line in read_lines(careline.database, actor=admin.account.id, most=20)]
        assert actions == ["staff_enabled", "staff_disabled", "staff_reset", "staff_changed", "signed_in"]

    def test_the_last_admin_cannot_shut_themselves_out(self, client, admin):
        boss = signed_in_browser(client, admin)
        path = f"/console/staff/{admin.account.id}"
        boss.open(path)
        boss.send(path, name="Ada Boss", roles=["editor"])
        assert "last admin" in boss.text
        boss.send(f"{path}/disable")
        assert "cannot disable your own" in boss.text


class TestAudit:
    def test_pages_and_filters_and_the_check(self, client, careline, admin):
        with careline.database.write() as session:
            for number in range(120):
                careline.staff.audit.record(session, "sta_x", "case_claimed", f"esc_{number}", {"n": number})
        boss = signed_in_browser(client, admin)
        boss.open("/console/audit?check=yes")
        assert "Verified" in boss.text
        boss.open("/console/audit?actor=sta_x")
        assert "esc_119" in boss.text
        assert "esc_69" not in boss.text
        boss.open(found(r'rel="next" href="([^"]*)"', boss.page).replace("&amp;", "&"))
        assert "esc_69" in boss.text
        assert "esc_119" not in boss.text
        boss.open("/console/audit?object=esc_7")
        assert "n: 7" in boss.text

    def test_a_broken_trail_is_not_called_verified(self, client, careline, admin):
        boss = signed_in_browser(client, admin)
        with careline.database.engine.connect() as connection:
            connection.exec_driver_sql("DROP TRIGGER audit_trail_no_update")
            connection.exec_driver_sql("UPDATE audit_trail SET actor = 'sta_y' WHERE number = 2")
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("BEGIN")
        boss.open("/console/audit?check=yes")
        assert "Broken" in boss.text
        assert "Line 2" in boss.text
        assert "Verified" not in boss.text
