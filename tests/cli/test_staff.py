"""`careline staff` and `careline audit` as an operator types them."""

import json
import re

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from careline.app.services import open_database, utc_now
from careline.cli.commands import app
from careline.settings import Settings
from careline.staff.services import build_staff
from careline.staff.sessions import Step, Visitor
from tests.support.house import migrated_file

pytestmark = pytest.mark.slow  # takes long: passwords are hashed at their full cost

PASSWORD = "four blue kettles sing"


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "careline.db").write_bytes(migrated_file())
    monkeypatch.setenv("CARELINE_DATA_DIR", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


def typed(*words, given=""):
    return CliRunner().invoke(app, words, input=given)


def added(user_name="boss", role="admin"):
    words = ("staff", "add", user_name, "--name", "Ada Boss", "--title", "Manager", "--role", role)
    return typed(*words, given=f"{PASSWORD}\n")


def altered(statement):
    database, _ = open_database(Settings())
    with database.write() as session:
        for trigger in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER audit_trail_no_{trigger}"))
        session.execute(text(statement))
    database.close()


class TestStaff:
    def test_the_first_admin_is_added_with_password_and_app(self, data_dir):
        result = added()
        assert result.exit_code == 0, result.output
        assert "boss: added, as admin" in result.stdout
        assert PASSWORD not in result.output
        assert re.search(r"^otpauth://totp/Careline:boss\?secret=[A-Z2-7]{32}", result.stdout, re.M)
        database, _ = open_database(Settings())
        sign_in = build_staff(database, data_dir, utc_now).sign_in
        assert sign_in.with_password("boss", PASSWORD, Visitor("192.0.2.1")).step is Step.CODE
        database.close()

    def test_the_password_cannot_be_given_where_others_see_it(self, data_dir):
        result = typed("staff", "add", "boss", "--name", "A", "--role", "admin", "--password", PASSWORD)
        assert result.exit_code == 2

    def test_everybody_is_listed(self, data_dir):
        added()
        typed("staff", "add", "amy", "--name", "Amy", "--role", "editor", "--role", "clinician", "--temporary")
        listed = json.loads(typed("staff", "list", "--json").stdout)
        assert [(each["user_name"], each["roles"], each["state"]) for each in listed] == [
            ("boss", ["admin"], "active"),
            ("amy", ["clinician", "editor"], "not set up yet"),
        ]
        assert "boss" in typed("staff", "list").stdout

    def test_somebody_is_reset_disabled_and_enabled(self, data_dir):
        added()
        added("amy", "editor")
        assert re.search(r"temporary password.*: [a-z0-9-]{23}$", typed("staff", "reset", "amy").stdout, re.M)
        assert typed("staff", "disable", "amy").exit_code == 0
        assert json.loads(typed("staff", "list", "--json").stdout)[0]["state"] == "disabled"
        assert typed("staff", "enable", "amy").exit_code == 0

    @pytest.mark.parametrize(
        ("words", "given", "said"),
        [
            (("disable", "nobody"), "", "There is no account 'nobody'"),
            (("disable", "boss"), "", "last admin"),
            (("add", "amy", "--name", "Amy", "--role", "editor"), "short\n", "at least 12 characters"),
            (("add", "boss", "--name", "Amy", "--role", "editor"), f"{PASSWORD}\n", "already"),
        ],
    )
    def test_what_cannot_be_is_said_and_ends_with_an_error(self, data_dir, words, given, said):
        added()
        result = typed("staff", *words, given=given)
        assert result.exit_code != 0
        assert said in str(result.exception)

    def test_while_the_app_runs_on_the_same_file_it_does_not_write(self, data_dir):
        running, _ = open_database(Settings())
        running.claim_writer()
        result = added()
        running.close()
        assert "Another Careline already writes" in str(result.exception)


class TestAudit:
    def test_a_whole_trail_ends_well(self, data_dir):
        added()
        result = typed("audit", "verify")
        assert (result.exit_code, result.stdout) == (0, "audit trail: whole, 2 lines\n")

    def test_the_first_broken_line_is_named(self, data_dir):
        added()
        added("amy", "editor")
        altered("UPDATE audit_trail SET object = 'sta_0' WHERE number = 3")
        result = typed("audit", "verify")
        assert result.exit_code == 3
        assert "BROKEN. line 3" in result.stderr
        told = json.loads(typed("audit", "verify", "--json").stdout)
        assert (told["verdict"], told["broken_at"], told["lines"]) == ("broken", 3, 2)

    def test_lines_cut_off_at_the_end_are_missed(self, data_dir):
        added()
        altered("DELETE FROM audit_trail WHERE number = 2")
        result = typed("audit", "verify")
        assert result.exit_code == 3
        assert "line 2: it is missing" in result.stderr

    def test_without_its_anchor_it_is_not_called_whole(self, data_dir):
        added()
        (data_dir / "audit-anchor.json").unlink()
        assert typed("audit", "verify").exit_code == 4

    def test_a_database_that_has_none_is_neither_whole_nor_broken(self, data_dir):
        (data_dir / "careline.db").unlink()
        result = typed("audit", "verify")
        assert result.exit_code == 1
        assert "careline migrate" in str(result.exception)
