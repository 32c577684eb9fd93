"""`make demo`: a newcomer signs in within a minute and finds something of everything."""

import pyotp
import pytest

from careline.app.services import build
from careline.consultation.release_files import ReleaseFiles
from careline.escalation.duty.roster import duty_now
from careline.escalation.escalation import State
from careline.escalation.queue import Search, View
from careline.staff.sessions import Step
from tests.support.house import KNOWLEDGE
from tests.support.staff import HOME
from tools.demo import environment_of, make_demo, settings_of
from tools.demo_accounts import accounts_path, kept_accounts
from tools.demo_cases import CASES
from tools.demo_content import DRAFTS
from tools.fill_demo import InProcess

pytestmark = pytest.mark.slow  # takes long


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A data folder with what `make run` builds, in which a demo was broken off and then made."""
    folder = tmp_path_factory.mktemp("installation") / "var"
    (folder / "models").mkdir(parents=True)
    ReleaseFiles(folder / "releases", KNOWLEDGE).publish(lambda _knowledge, _folder: None)
    (folder / ".demo-begun" / "demo").mkdir(parents=True)
    (folder / ".demo-begun" / "demo" / "careline.db").write_bytes(b"half a file")
    make_demo(folder)
    return folder


@pytest.fixture(scope="module")
def careline(built):
    careline = build(settings_of(built / "demo"), InProcess())
    careline.database.claim_writer()
    yield careline
    careline.database.close()


def test_it_has_cases_of_every_kind(careline):
    found = careline.queue.search(Search())
    assert len(found) == len(CASES)
    assert {one.state for one in found} == {State.OPEN, State.ACKNOWLEDGED, State.ANSWERED, State.CLOSED}
    assert len({one.acuity for one in found}) >= 3
    assert any(one.linked for one in found)
    assert {one.closing.verdict for one in found if one.closing} > {None}
    assert careline.queue.rows(View.ALL, staff_id="")[0].acuity.value == "emergency_now"
    doctor = careline.staff.accounts.by_user_name("doctor")
    assert careline.queue.counts(staff_id=doctor.id)[View.MINE] == 1


def test_its_editor_finds_the_content_and_its_clinician_something_to_review(careline):
    states = {line.path: line.state.value for line in careline.editorial.editing.items()}
    assert len(states) > 100
    assert [states[one.path] for one in DRAFTS] == ["draft", "in_review", "signed"]


def test_the_accounts_that_it_tells_sign_in_with_the_code_that_it_tells(built, careline):
    accounts = kept_accounts(built / "demo") or []
    assert [one.user_name for one in accounts] == ["doctor", "nurse", "editor"]
    assert len({one.password for one in accounts}) == 3
    for one in accounts:
        passed = careline.staff.sign_in.with_password(one.user_name, one.password, HOME)
        code = pyotp.TOTP(one.secret).at(careline.staff.now())
        passed = careline.staff.sign_in.with_code(passed.token, code, HOME)
        assert careline.staff.sessions.find(passed.token).step is Step.DONE


def test_nobody_else_on_the_machine_reads_its_accounts(built):
    assert accounts_path(built / "demo").stat().st_mode & 0o077 == 0


def test_its_patients_hear_that_somebody_is_on_duty(careline):
    careline.duty.put_in_force()
    with careline.database.read() as session:
        assert duty_now(session, now=careline.staff.now()).people


def test_it_stands_on_what_is_built_and_changes_nothing_of_it(built):
    assert (built / "demo" / "models").resolve() == built / "models"
    assert (built / "demo" / "releases" / "current").read_text() == (built / "releases" / "current").read_text()
    assert {path.name for path in built.iterdir()} == {"careline-keys-demo.json", "demo", "models", "releases"}


def test_a_real_installations_database_receivers_and_bot_are_left_alone(tmp_path, monkeypatch):
    for name in ("DATABASE_URL", "TELEGRAM_TOKEN", "DELIVERY_FILE", "DUTY_FILE", "SITES_FILE", "KEYS_FILE"):
        monkeypatch.setenv(f"CARELINE_{name}", "real")
    for name, value in environment_of(tmp_path / "demo").items():
        monkeypatch.setenv(name, value)
    settings = settings_of(tmp_path / "demo")
    assert settings.database == f"sqlite:///{tmp_path / 'demo' / 'careline.db'}"
    assert settings.telegram_token is None
    paths = (settings.delivery_path, settings.duty_path, settings.sites_path)
    assert {path.parent for path in paths} == {tmp_path / "demo"}
    assert settings.keys_path.parent == tmp_path
