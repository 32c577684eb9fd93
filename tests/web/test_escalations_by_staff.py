"""The escalations API for clinicians who are signed in to the console, and what of it is on record."""

import json

import pytest

from careline.staff.account import Role
from careline.staff.audit import read_lines
from tests.support.console import FORM, ConsoleBrowser, signed_in_browser
from tests.support.staff import PASSWORD, person

pytestmark = pytest.mark.slow  # takes long

PATH = "/api/v1/escalations"
BEN = {"id": "ben", "name": "Ben Example", "role": "nurse"}
CLOSING = {"outcome": "advised", "disposition": "same_day", "safety_net": "Call 999 if you faint.", "verdict": "right"}


class Api:
    """A clinician's browser at the API: sends the session's cookie and form token."""

    def __init__(self, client, who):
        self.account = who.account
        self.browser = signed_in_browser(client, who)
        self.token = self.browser.form_token

    def get(self, path="", **headers):
        return self.browser.request("GET", f"{PATH}{path}", headers=headers)

    def post(self, path="", *, headers=None, **body):
        given = FORM | {"X-Form-Token": self.token} if headers is None else headers
        return self.browser.request("POST", f"{PATH}{path}", json=body, headers=given)


@pytest.fixture
def ada(careline, client, clock):
    return Api(client, person(careline.staff, clock, user_name="ada", name="Dr Ada Example"))


@pytest.fixture
def eve(careline, client, clock):
    return Api(client, person(careline.staff, clock, user_name="eve", name="Eve Example"))


@pytest.fixture
def worried(patient):
    """A patient with an open escalation."""
    patient.agree()
    patient.write("can I speak to a nurse please")
    patient.escalation = patient.turn["escalation"]["id"]
    return patient


@pytest.fixture
def trail(careline):
    """The lines about cases, oldest first: who, what, about which, and what more."""

    def lines(object=None):
        found = read_lines(careline.database, object=object, most=100)
        return [(line.actor, line.action, dict(line.detail)) for line in reversed(found) if "case" in line.action]

    return lines


class TestSession:
    def test_a_clinician_sees_a_case_through_in_their_own_name(self, worried, ada, trail):
        assert [one["id"] for one in ada.get().json()["items"]] == [worried.escalation]
        me = {"id": ada.account.id, "name": "Dr Ada Example", "role": "GP on duty"}
        assert ada.post(f"/{worried.escalation}/acknowledge").json()["state"] == "acknowledged"
        assert ada.post(f"/{worried.escalation}/claim").json()["owner"] == me
        assert ada.post(f"/{worried.escalation}/reply", text="Hello.").json()["message_id"]
        assert ada.post(f"/{worried.escalation}/note", text="sounds mild").status_code == 200
        assert ada.post(f"/{worried.escalation}/close", **CLOSING).json()["state"] == "closed"
        assert ada.post(f"/{worried.escalation}/reopen").json()["state"] == "open"
        changes = [what for actor, what, _ in trail(worried.escalation) if what != "case_viewed"]
        assert changes == [
            f"case_{what}" for what in ("acknowledged", "claimed", "answered", "noted", "closed", "reopened")
        ]
        assert {actor for actor, _, _ in trail()} == {ada.account.id}

    def test_the_other_clinician_is_told_who_was_first(self, worried, ada, eve):
        ada.post(f"/{worried.escalation}/claim")
        late = eve.post(f"/{worried.escalation}/claim")
        assert (late.status_code, late.json()["owner"]["name"]) == (409, "Dr Ada Example")

    def test_nobody_acts_as_somebody_else(self, worried, ada, eve):
        other = ada.post(f"/{worried.escalation}/claim", clinician=BEN)
        assert (other.status_code, other.json()["code"]) == (422, "acts_for_another")
        ada.post(f"/{worried.escalation}/claim")
        assert ada.post(f"/{worried.escalation}/transfer", to=BEN).json()["code"] == "unknown_clinician"
        handed = ada.post(f"/{worried.escalation}/transfer", to=eve.account.id).json()
        assert handed["owner"]["name"] == "Eve Example"

    @pytest.mark.parametrize("roles", [[Role.EDITOR], [Role.ADMIN], [Role.EDITOR, Role.ADMIN]])
    def test_without_the_role_no_case_is_seen_or_changed(self, worried, careline, client, clock, trail, roles):
        other = Api(client, person(careline.staff, clock, *roles, user_name="other"))
        for answer in (
            other.get(),
            other.get(f"/{worried.escalation}"),
            other.get(f"/{worried.escalation}/sbar?format=pdf"),
            other.get(f"/{worried.escalation}/fhir"),
            other.get(f"/{worried.escalation}/log"),
            other.post(f"/{worried.escalation}/claim"),
            other.post(acuity=None),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "wrong_role")
        assert trail() == []

    def test_an_admin_who_is_a_clinician_too_is_one(self, worried, careline, client, clock):
        both = Api(client, person(careline.staff, clock, Role.CLINICIAN, Role.ADMIN, user_name="both"))
        assert both.post(f"/{worried.escalation}/claim").status_code == 200

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            FORM,
            {"X-Form-Token": "TOKEN"},
            FORM | {"X-Form-Token": "wrong"},
            {"Sec-Fetch-Site": "cross-site", "X-Form-Token": "TOKEN"},
            {"Sec-Fetch-Site": "same-site", "X-Form-Token": "TOKEN"},
        ],
        ids=str,
    )
    def test_another_site_cannot_act_with_the_cookie(self, worried, ada, headers):
        headers = {name: value.replace("TOKEN", ada.token) for name, value in headers.items()}
        answer = ada.post(f"/{worried.escalation}/claim", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_form")
        assert ada.get(f"/{worried.escalation}").json()["state"] == "open"

    def test_a_password_without_the_code_opens_nothing(self, worried, careline, client, clock):
        who = person(careline.staff, clock, user_name="halfway")
        browser = ConsoleBrowser(client)
        browser.open("/console/sign-in")
        browser.send("/console/sign-in", user_name=who.user_name, password=PASSWORD)
        answer = browser.request("GET", f"{PATH}/{worried.escalation}")
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")

    def test_a_wrong_key_is_not_made_good_by_a_cookie(self, worried, ada):
        answer = ada.get(f"/{worried.escalation}", Authorization="Bearer wrong")
        assert (answer.status_code, answer.json()["code"]) == (401, "service_key")

    def test_a_program_that_reads_again_and_again_keeps_nobody_signed_in(self, worried, ada, clock):
        for _ in range(2):
            clock.pass_by(minutes=8)
            answer = ada.get(f"/{worried.escalation}")
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")

    def test_two_who_send_the_same_key_each_get_their_own_answer(self, worried, ada, eve):
        ada.post(f"/{worried.escalation}/claim")
        key = {"Idempotency-Key": "k-1"} | FORM
        first = ada.post(f"/{worried.escalation}/reply", headers=key | {"X-Form-Token": ada.token}, text="Hi.")
        again = ada.post(f"/{worried.escalation}/reply", headers=key | {"X-Form-Token": ada.token}, text="Hi.")
        assert first.json()["message_id"] == again.json()["message_id"]
        other = eve.post(f"/{worried.escalation}/reply", headers=key | {"X-Form-Token": eve.token}, text="Hi.")
        assert other.json()["code"] == "already_claimed"


class TestRecord:
    def test_each_view_by_a_system_is_on_record_once_in_a_while(self, worried, client, service, clock, trail):
        one = f"{PATH}/{worried.escalation}"
        for path in (one, one, f"{one}/sbar", f"{one}/sbar?format=pdf", f"{one}/fhir", f"{one}/log"):
            assert client.get(path, headers=service).status_code == 200
        forms = [(actor, what, more["form"]) for actor, what, more in trail(worried.escalation)]
        assert forms == [("service", "case_viewed", form) for form in ("json", "sbar_json", "sbar_pdf", "fhir", "log")]
        clock.pass_by(minutes=15)
        client.get(one, headers=service)
        assert len(trail(worried.escalation)) == 6

    def test_the_record_says_when_the_way_to_reach_a_patient_was_shown(self, worried, client, service, trail):
        worried.write("07700 900123")
        client.get(f"{PATH}/{worried.escalation}", headers=service)
        assert trail(worried.escalation)[-1][2]["contact"] is True
        assert "900123" not in json.dumps(trail())

    def test_a_list_names_the_cases_that_were_not_just_shown(self, worried, client, service, trail):
        for _ in range(2):
            client.get(PATH, headers=service)
        opened = client.post(PATH, json={"acuity": None}, headers=service).json()["id"]
        client.get(PATH, headers=service)
        listed = [more["cases"] for _, what, more in trail() if what == "cases_listed"]
        assert listed == [[worried.escalation], [opened]]

    def test_nothing_is_on_record_that_was_not_shown(self, worried, client, trail):
        assert client.get(f"{PATH}/{worried.escalation}", headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert client.get(f"{PATH}/esc_none").status_code == 401
        assert trail() == []

    def test_changes_by_a_system_say_in_whose_name(self, worried, client, service, trail):
        client.post(f"{PATH}/{worried.escalation}/claim", json={"clinician": BEN}, headers=service)
        client.post(f"{PATH}/{worried.escalation}/note", json={"text": "known here"}, headers=service)
        changes = [line for line in trail(worried.escalation) if line[1] != "case_viewed"]
        assert changes == [("service", "case_claimed", {"for": "ben"}), ("service", "case_noted", {})]

    def test_a_change_that_is_refused_leaves_no_line(self, worried, client, service, trail):
        client.post(f"{PATH}/{worried.escalation}/release", headers=service)
        assert [what for _, what, _ in trail(worried.escalation)] == []

    def test_a_claim_that_runs_out_is_on_record_as_the_programs(self, worried, careline, client, service, clock, trail):
        client.post(f"{PATH}/{worried.escalation}/claim", json={"clinician": BEN}, headers=service)
        clock.pass_by(minutes=16)
        assert careline.handling.give_back_expired() == 1
        assert trail(worried.escalation)[-1] == ("system", "case_lease_expired", {"for": "ben"})

    def test_what_is_done_in_the_console_is_on_record_with_it(self, worried, ada, trail):
        ada.browser.open(f"/console/cases/{worried.escalation}")
        ada.browser.send(f"/console/cases/{worried.escalation}/claim")
        assert (ada.account.id, "case_claimed", {}) in trail(worried.escalation)
