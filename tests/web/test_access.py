"""Who may do what: every route, for everybody who might come. A new route without a row fails."""

import re

import pytest

from careline.app.policies import routes_of
from careline.app.web import create_app
from careline.escalation.escalation import Reason
from tests.support.guidance import article, guidance_of
from tests.support.house import Patient, client_for, furnished, scripted

pytestmark = pytest.mark.slow  # takes long

ROLES = ("anonymous", "other patient", "own patient", "service", "wrong key")
CONVERSATION = "/api/v1/conversations/{conversation_id}"
ESCALATION = "/api/v1/escalations/{escalation_id}"

#                                       anonymous  other  own  service  wrong key
ANYBODY = (200, 200, 200, 200, 200)
OWN_ALONE = (401, 404, 200, 404, 404)  # another's conversation is not told apart from none
SERVICE_ALONE = (401, 401, 401, 200, 401)
NOT_AS_THINGS_STAND = (401, 401, 401, 409, 401)  # nobody has claimed it, and it is open
NO_FORM_OF_OURS = (403, 403, 403, 403, 403)
NO_COOKIE = (401, 401, 401, 401, 401)
CHAT_FORMS = ("again", "open", "continue", "new", "send", "typing", "summary", "leaving", "end", "feedback")
TABLE = {
    "POST /api/v1/conversations": (201, 201, 201, 201, 201),
    f"POST {CONVERSATION}/messages": OWN_ALONE,
    f"GET {CONVERSATION}/messages": OWN_ALONE,
    f"GET {CONVERSATION}/events": OWN_ALONE,
    f"GET {CONVERSATION}/summary": OWN_ALONE,
    f"GET {CONVERSATION}/export": OWN_ALONE,
    f"POST {CONVERSATION}/feedback": (401, 404, 201, 404, 404),
    f"POST {CONVERSATION}/typing": (401, 404, 204, 404, 404),
    f"POST {CONVERSATION}/link-code": (401, 404, 201, 404, 404),
    "POST /api/v1/conversations/resume": (422, 422, 422, 422, 422),  # there is no such code
    "POST /telegram/webhook": (404, 404, 404, 404, 404),  # it is off
    f"DELETE {CONVERSATION}": (401, 404, 204, 404, 404),
    "GET /api/v1/guidance/search": ANYBODY,
    "GET /api/v1/guidance/articles/{article_id}": ANYBODY,
    "GET /guidance/{article_id}": ANYBODY,
    "POST /api/v1/escalations": (401, 401, 401, 201, 401),
    "GET /api/v1/escalations": SERVICE_ALONE,
    f"GET {ESCALATION}": SERVICE_ALONE,
    f"GET {ESCALATION}/sbar": SERVICE_ALONE,
    f"GET {ESCALATION}/log": SERVICE_ALONE,
    f"POST {ESCALATION}/acknowledge": SERVICE_ALONE,
    f"POST {ESCALATION}/claim": SERVICE_ALONE,
    f"POST {ESCALATION}/note": SERVICE_ALONE,
    f"POST {ESCALATION}/close": SERVICE_ALONE,
    **{f"POST {ESCALATION}/{what}": NOT_AS_THINGS_STAND for what in ("release", "transfer", "reply", "reopen")},
    f"GET {ESCALATION}/fhir": SERVICE_ALONE,
    "GET /": ANYBODY,
    "GET /leave": (303, 303, 303, 303, 303),
    "GET /static/page.css": ANYBODY,
    # The chat page knows nobody by a token: only by its cookie (test_chat.py). Its forms must be its own.
    "GET /chat": ANYBODY,
    **{f"POST /chat/{what}": NO_FORM_OF_OURS for what in CHAT_FORMS},
    "GET /chat/summary": ANYBODY,
    "GET /chat/reply": NO_COOKIE,
    "GET /chat/events": NO_COOKIE,
    "GET /chat/articles/{article_id}": ANYBODY,
    "GET /chat/static/chat.js": ANYBODY,
    "GET /chat/static/chat.css": ANYBODY,
    "GET /chat/logo/{site_id}": (404, 404, 404, 404, 404),
    "GET /widget/loader.js": ANYBODY,
    "GET /healthz": ANYBODY,
    "GET /readyz": ANYBODY,
    "GET /metrics": ANYBODY,
    "GET /api/v1/openapi.json": ANYBODY,
}
BODIES = {
    "POST /api/v1/conversations": {},
    f"POST {CONVERSATION}/messages": {"text": "hello"},
    "POST /api/v1/escalations": {"acuity": None},
    f"POST {CONVERSATION}/typing": {"on": True},
    "POST /api/v1/conversations/resume": {"code": "ABCDEFGH2345"},
    f"POST {CONVERSATION}/feedback": {"helpful": "yes"},
    f"POST {ESCALATION}/note": {"text": "known here"},
    f"POST {ESCALATION}/reply": {"text": "hello"},
    f"POST {ESCALATION}/transfer": {"to": {"id": "ben", "name": "Ben Example", "role": "nurse"}},
    f"POST {ESCALATION}/close": {"outcome": "advised", "disposition": "self_care", "safety_net": "Come back if worse."},
}


@pytest.fixture(scope="module")
def careline(tmp_path_factory):
    house = furnished(tmp_path_factory.mktemp("access"), scripted(), guidance=guidance_of(article("sore_throat")))
    yield house
    house.database.close()


@pytest.fixture(scope="module")
def client(careline):
    with client_for(careline) as client:
        yield client


@pytest.fixture
def escalation_id(careline):
    return careline.desk.open(Reason.EXTERNAL, None, conversation_id=None, note=None).escalation.id


def test_every_route_has_its_row(careline):
    """Those of the consoles have theirs in test_console_access.py."""
    found = (name for name, _ in routes_of(create_app(careline)) if not re.match(r"\w+ /console\b", name))
    assert sorted(found) == sorted(TABLE)


@pytest.mark.parametrize(("role", "route"), [(role, route) for route in TABLE for role in ROLES])
def test_a_route_is_open_to_whom_the_table_says(client, careline, escalation_id, role, route):
    patient = Patient(client)
    patient.press("decline")  # a closed conversation's live events come to an end
    bearer = {
        "anonymous": None,
        "other patient": Patient(client).headers["Authorization"],
        "own patient": patient.headers["Authorization"],
        "service": f"Bearer {careline.service_key}",
        "wrong key": "Bearer wrong",
    }[role]
    method, path = route.split(" ")
    path = path.format(
        conversation_id=patient.id, escalation_id=escalation_id, article_id="sore_throat", site_id="front"
    ) + ("?q=sore+throat" if path.endswith("/search") else "")
    headers = {"Authorization": bearer} if bearer else {}
    answer = client.request(method, path, headers=headers, json=BODIES.get(route), follow_redirects=False)
    assert answer.status_code == TABLE[route][ROLES.index(role)]
    if answer.status_code in (401, 404):
        assert patient.id not in answer.text
        assert patient.opened["token"] not in answer.text


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer \N{LATIN SMALL LETTER E WITH ACUTE}"])
def test_a_header_that_is_no_token_opens_nothing(client, header):
    patient = Patient(client)
    for path in (f"{patient.path}/messages", "/api/v1/escalations"):
        answer = client.get(path, headers={"Authorization": header.encode("latin-1")})
        assert answer.status_code in (401, 404)
