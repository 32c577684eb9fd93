"""docs/api.md and the app say the same."""

import re

import pytest

from careline.app.problems import PROBLEMS
from careline.app.web import create_app
from careline.clinical.acuity import Acuity
from careline.consultation.consultation import Stage
from careline.dialogue.webhook import create_action_webhook
from careline.escalation.escalation import Reason
from tests.docs.documents import rows, section, spans, text_of
from tests.support.house import furnished, scripted

API = "docs/api.md"


def documented(heading):
    """Calls in the tables of a part, such as `GET /x/{}`."""
    calls = {span for row in rows(section(API, heading)) for span in spans(row[0])}
    return {_anonymous(call) for call in calls if re.match(r"(GET|POST|PUT|PATCH|DELETE) /", call)}


def routes(router):
    """Calls that a router answers, in the same form."""
    for route in router.routes:
        if hasattr(route, "original_router"):  # FastAPI keeps an included router whole
            yield from routes(route.original_router)
        else:
            yield from (_anonymous(f"{method} {route.path}") for method in route.methods if method != "HEAD")


def _anonymous(call):
    return re.sub(r"\{[^}]*\}", "{}", call)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Every call that the app answers, Rasa's webhook included."""
    careline = furnished(tmp_path_factory.mktemp("api"), scripted())
    yield {
        *routes(create_app(careline)),
        *routes(create_action_webhook(careline.turns, token="a-token")),
    }
    careline.database.close()


def test_every_route_is_documented(served):
    assert served - documented("What stands now") == set()


def test_every_documented_call_is_a_route(served):
    assert documented("What stands now") - served == set()


def test_every_problem_is_documented_with_its_status():
    table = {
        (int(row[0]), code) for row in rows(section(API, "Errors")) for code in spans(row[1]) if code != "Retry-After"
    }
    assert table == {(problem.status, code) for code, problem in PROBLEMS.items()}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("state", [stage.value for stage in Stage]),
        ("acuity", [acuity.value for acuity in Acuity]),
        ("# reason", [reason.value for reason in Reason]),
    ],
    ids=["state", "acuity", "reason"],
)
def test_words_of_the_contract_are_all_listed(name, values):
    line = next(line.strip() for line in text_of(API).splitlines() if line.strip().startswith(f"{name}: "))
    assert line.removeprefix(f"{name}: ").split(" | ") == values
