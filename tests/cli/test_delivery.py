"""`careline delivery` and `careline duty` as an operator types them."""

import json
import logging
import re
import stat

import pytest
from typer.testing import CliRunner

from careline.app.log_format import configure_logging
from careline.cli.commands import app
from careline.escalation.errors import DeliveryFileError, DutyFileError
from careline.storage.keys import read_keys
from tests.support.house import migrated_file
from tests.support.outbox import LOOPBACK
from tests.support.receivers import running_receiver

pytestmark = pytest.mark.slow  # takes long

FILE = """
channels:
  hook: {{type: webhook, url: '{}', plain_http: true}}
  chat: {{type: telegram, chat_id: -100, base_url: 'http://127.0.0.1:{}/bot'}}
ladders:
  default: {{steps: [{{after_minutes: 0, channel: hook}}], tell_patient_after_minutes: 5}}
"""
TOKEN = "12345:a-secret-token"


@pytest.fixture
def data(tmp_path, monkeypatch):
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "careline.db").write_bytes(migrated_file())
    monkeypatch.setenv("CARELINE_DATA_DIR", str(folder))
    monkeypatch.setenv("CARELINE_KEYS_FILE", str(tmp_path / "keys.json"))
    return folder


def typed(*words, given=None):
    return CliRunner().invoke(app, list(words), input=given)


def file_with_secrets(data, receiver, api):
    (data / "delivery.yml").write_text(FILE.format(receiver.url, api.port) + LOOPBACK, encoding="utf-8")
    typed("delivery", "secret", "hook", "--make")
    typed("delivery", "secret", "chat", given=f"{TOKEN}\n")


def test_without_channels_it_says_that_nobody_is_told_and_ends_with_1(data):
    result = typed("delivery", "check")
    assert (result.exit_code, "Nobody is told" in result.stderr) == (1, True)


def test_a_missing_secret_is_named_with_the_command_that_sets_it(data):
    (data / "delivery.yml").write_text(FILE.format("http://127.0.0.1:1/", 1), encoding="utf-8")
    result = typed("delivery", "check")
    assert isinstance(result.exception, DeliveryFileError)
    assert "careline delivery secret hook" in str(result.exception)


def test_secrets_go_into_the_keys_file_are_shown_once_and_the_old_one_signs_on_until_it_is_dropped(data, tmp_path):
    first = typed("delivery", "secret", "hook", "--make").stdout.strip()
    second = typed("delivery", "secret", "hook", "--make", "--keep-old").stdout.strip()
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/=]{40,}", second)
    keys = tmp_path / "keys.json"
    assert read_keys(keys).delivery == {"hook": [second, first]}
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    typed("delivery", "secret", "hook", "--drop-old")
    assert read_keys(keys).delivery == {"hook": [second]}
    assert [path for path in data.rglob("*") if path.is_file() and second.encode() in path.read_bytes()] == []


def test_a_test_message_goes_through_the_channels_and_no_secret_into_a_log(data, capfd):
    root = logging.getLogger()
    before = (root.handlers[:], root.level, {name: logging.getLogger(name).level for name in ("httpx", "httpcore")})
    try:
        with running_receiver() as receiver, running_receiver(status=403, answer=b'{"ok":false}') as api:
            file_with_secrets(data, receiver, api)
            configure_logging(as_json=True)
            result = typed("delivery", "test", "--json")
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
        for name, level in before[2].items():
            logging.getLogger(name).setLevel(level)
    assert (result.exit_code, json.loads(result.stdout)) == (1, {"hook": "sent", "chat": "Forbidden"})
    assert receiver.received[0].json["type"] == "escalation.test"
    assert b"no+patient+needs+you" in api.received[0].body.replace(b"%20", b"+")
    said = result.output + "".join(capfd.readouterr())
    assert TOKEN not in said
    assert "url-secret" not in said


def test_who_is_told_when_is_shown(data):
    with running_receiver() as receiver:
        file_with_secrets(data, receiver, receiver)
        result = typed("delivery", "check")
    assert (result.exit_code, result.stdout.strip()) == (
        0,
        "default: hook after 0 min; the patient is told after 5 min",
    )


def test_the_list_is_for_people_and_for_programs(data):
    assert typed("delivery", "list").exit_code == 0
    assert json.loads(typed("delivery", "list", "--json").stdout) == {"deliveries": [], "disabled_channels": []}


def test_of_duty_hours_it_says_who_is_there_and_else_from_when(data):
    assert isinstance(typed("duty", "check").exception, DutyFileError)
    days = "[mon, tue, wed, thu, fri, sat, sun]"
    entry = f'{{days: {days}, from: "00:00", to: "00:00", staff_id: n1, name: Nurse}}'
    (data / "duty.yml").write_text(f"time_zone: Europe/London\nweekly: [{entry}]\n", encoding="utf-8")
    assert typed("duty", "check").stdout.strip() == "on duty now: Nurse"
    assert typed("duty", "show").stdout.strip() == "nobody is on duty now; next: not known"  # not in force yet


class TestDoctor:
    """`careline doctor` says whether anybody would come."""

    @pytest.fixture
    def found(self, data):
        def look(name):
            (one,) = (
                check for check in json.loads(typed("doctor", "--json").stdout)["checks"] if check["name"] == name
            )
            return one

        return look

    def test_without_channels_it_says_that_nobody_is_told_which_costs_no_start(self, found):
        one = found("clinicians are told")
        assert (one["ok"], one["needed"], "Nobody is told" in one["found"]) == (False, False, True)
        assert "operator.md" in one["remedy"]

    def test_channels_that_can_be_used_are_named(self, data, found):
        with running_receiver() as receiver:
            file_with_secrets(data, receiver, receiver)
        assert (found("clinicians are told")["ok"], found("clinicians are told")["found"]) == (True, "by chat, hook")

    def test_a_file_that_cannot_be_used_or_lacks_a_secret_is_an_illness(self, data, found):
        (data / "delivery.yml").write_text(FILE.format("http://127.0.0.1:1/", 1), encoding="utf-8")
        one = found("clinicians are told")
        assert (one["ok"], one["needed"], "careline delivery secret hook" in one["found"]) == (False, True, True)

    def test_without_duty_hours_it_says_what_patients_hear(self, found):
        one = found("duty hours")
        assert (one["ok"], one["needed"], "nobody is on duty" in one["found"]) == (False, False, True)

    @pytest.mark.parametrize(
        ("exception", "ok", "words"),
        [
            ("{from: '2026-01-01 00:00', to: '2099-01-01 00:00', staff_id: d, name: Example}", True, "1 on duty now"),
            ("{from: '2098-01-01 00:00', to: '2099-01-01 00:00', staff_id: d, name: Example}", False, "2098-01-01"),
        ],
    )
    def test_with_them_it_says_whether_somebody_is_there_now(self, data, found, exception, ok, words):
        text = f"time_zone: Europe/London\nweekly: []\nexceptions:\n  - {exception}\n"
        (data / "duty.yml").write_text(text, encoding="utf-8")
        one = found("duty hours")
        assert (one["ok"], words in one["found"]) == (ok, True)
