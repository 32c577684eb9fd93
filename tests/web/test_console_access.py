"""Who may do what at all routes of the app: as the policies say, and never anything else."""

import pytest
from fastapi import FastAPI

from careline.app.policies import POLICIES, Caller, RoutePolicyError, require_policies, routes_of
from careline.app.web import create_app
from careline.consoles.clinician.api_caller import api_caller
from careline.consoles.shell.access import OnTheWay, SignedIn
from careline.escalation.escalation import Reason
from careline.staff.account import Role
from careline.staff.accounts import Details
from tests.support.console import FORM, ConsoleBrowser, signed_in_browser
from tests.support.guidance import article, guidance_of
from tests.support.house import Clock, Patient, client_for, furnished, scripted
from tests.support.staff import PASSWORD, person

ROLES = (*Role,)
CALLERS = ("anonymous", "patient", "service", "signing in", *ROLES)
MEANS = {
    "anonymous": set(),
    "patient": {Caller.PATIENT},
    "service": {Caller.SERVICE},
    "signing in": {Caller.SIGNING_IN},
    **{role: {Caller(role)} for role in ROLES},
}


@pytest.fixture(scope="module")
def clock():
    return Clock()


@pytest.fixture(scope="module")
def careline(tmp_path_factory, clock):
    guidance = guidance_of(article("sore_throat"))
    house = furnished(tmp_path_factory.mktemp("rights"), scripted(), clock=clock, guidance=guidance)
    yield house
    house.database.close()


@pytest.fixture(scope="module")
def client(careline):
    with client_for(careline) as client:
        yield client


@pytest.fixture(scope="module")
def browsers(careline, client, clock):
    """A browser of everybody who may sign in, and of somebody who has given a password alone."""
    made = {}
    for role in ROLES:
        made[role] = signed_in_browser(client, person(careline.staff, clock, role, user_name=f"the-{role}"))
    person(careline.staff, clock, *ROLES, user_name="halfway")
    made["signing in"] = ConsoleBrowser(client)
    made["signing in"].open("/console/sign-in")
    made["signing in"].send("/console/sign-in", user_name="halfway", password=PASSWORD)
    assert made["signing in"].heading == "Your code"
    return {name: (browser, browser.form_token) for name, browser in made.items()}


def test_every_route_says_who_may_call_it(careline):
    assert {name for name, _ in routes_of(create_app(careline))} == set(POLICIES)
    assert all(POLICIES.values())


def test_an_app_with_a_route_that_does_not_say_so_does_not_start(careline):
    app = create_app(careline)
    app.add_api_route("/console/new-thing", lambda: {}, methods=["GET"])
    with pytest.raises(RoutePolicyError, match="GET /console/new-thing"):
        require_policies(app)


def test_a_mounted_app_does_not_slip_through(careline):
    app = create_app(careline)
    app.mount("/other", FastAPI())
    with pytest.raises(RoutePolicyError, match="Mount /other"):
        require_policies(app)


def _guards(dependant):
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, SignedIn | OnTheWay):
            yield dependency.call
        yield from _guards(dependency)


def test_the_policy_of_a_console_is_what_its_guard_asks_for(careline):
    """The table cannot say one thing and the route do another."""
    for name, route in routes_of(create_app(careline)):
        if " /console" in name:
            guards = list(_guards(route.dependant))
            stated = POLICIES[name]
            if not guards:
                assert stated == {Caller.ANYONE}, name
            elif isinstance(guards[0], OnTheWay):
                assert stated == {Caller.SIGNING_IN}, name
            else:
                assert stated == {Caller(role) for role in guards[0].roles or ROLES}, name


def test_the_escalations_api_is_open_to_the_service_key_and_clinicians_alone(careline):
    for name, route in routes_of(create_app(careline)):
        if " /api/v1/escalations" in name:
            assert POLICIES[name] == {Caller.SERVICE, Caller.CLINICIAN}, name
            assert api_caller in [dependency.call for dependency in route.dependant.dependencies], name


@pytest.mark.slow
@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("route", POLICIES)
def test_nobody_gets_through_whom_the_policy_does_not_name(careline, client, browsers, route, caller):
    patient = Patient(client)
    patient.press("decline")  # a closed conversation's live events come to an end
    victim, _ = careline.staff.accounts.add(
        "terminal", f"victim-{abs(hash((route, caller)))}", Details("Victim", "", ["editor"]), password=PASSWORD
    )
    escalation = careline.desk.open(Reason.EXTERNAL, None, conversation_id=None, note=None).escalation.id
    method, path = route.split(" ")
    values = {"conversation_id": patient.id, "escalation_id": escalation, "article_id": "sore_throat", "site_id": "no"}
    values["gap_id"] = "1"
    path = path.replace("{path:path}", "console.css").format(**values, account_id=victim.id, session_id="ses_none")
    is_allowed = bool(POLICIES[route] & (MEANS[caller] | {Caller.ANYONE}))
    if caller in browsers:
        if is_allowed and (method == "POST" or path.endswith("/stream")):
            # What it does then is tested where it belongs; a POST would end the session that others need, and a stream
            # does not end.
            return
        browser, form_token = browsers[caller]
        headers = FORM | {"X-Form-Token": form_token}
        answer = browser.request(method, path, headers=headers, data={} if method == "POST" else None)
    else:
        bearer = {"patient": patient.headers["Authorization"], "service": f"Bearer {careline.service_key}"}.get(caller)
        headers = FORM | ({"Authorization": bearer} if bearer else {})
        if caller == "patient" and path.startswith("/chat"):
            headers["X-Careline-Session"] = f"{patient.id}.{patient.headers['Authorization'].removeprefix('Bearer ')}"
        client.cookies.clear()
        answer = client.request(method, path, headers=headers, follow_redirects=False)
    if not is_allowed:
        assert answer.status_code in (303, 401, 403, 404), answer.text
        if answer.status_code == 303:  # to the sign-in, or, who has done with that, to the start
            leads_to = answer.headers["location"]
            assert leads_to.startswith("/console/sign-in") or (caller in ROLES and leads_to == "/console")
        assert "Victim" not in answer.text
    elif route == "POST /console/sign-in":
        assert "That is not right" in answer.text  # open to anyone, who still needs the password
    elif path.startswith("/chat") and answer.status_code == 401:
        assert "Start the chat" in answer.text  # open to anyone: who has no chat is shown how to begin one
    else:
        assert answer.status_code not in (401, 403), answer.text
    assert not careline.staff.accounts.by_id(victim.id).is_disabled
