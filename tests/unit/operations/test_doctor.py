"""What the doctor sees, on installations made for it; it looks at files and ports, and changes nothing."""

import hashlib
import json
import socket
import sys
from pathlib import Path

import pytest

from careline.operations import doctor
from careline.operations.addresses import free_loopback_port
from careline.operations.doctor import Check
from careline.operations.installation import Installation


@pytest.fixture
def installation(tmp_path):
    return Installation(
        root=tmp_path,
        data_dir=tmp_path / "var",
        host="127.0.0.1",
        port=free_loopback_port(),
        rasa_url=f"http://127.0.0.1:{free_loopback_port()}",
    )


@pytest.fixture
def trained(installation):
    """The installation with a model that was trained on the configuration that is there."""
    (installation.root / "config.yml").write_text("pipeline: []\n")
    installation.rasa_model.parent.mkdir(parents=True)
    installation.rasa_model.write_bytes(b"a model")
    _write_manifest(installation, model=b"a model", config=b"pipeline: []\n")
    return installation


def _write_manifest(installation, *, model, config):
    manifest = {
        "model": hashlib.sha256(model).hexdigest(),
        "inputs": {"config.yml": hashlib.sha256(config).hexdigest()},
    }
    installation.rasa_model.with_name("manifest.json").write_text(json.dumps(manifest))


class TestWhole:
    def test_a_folder_without_anything_is_unhealthy_and_each_finding_has_a_remedy(self, installation):
        checks = doctor.check(installation, keys_file=installation.root / "keys")
        amiss = {check.name for check in checks if not check.ok and check.needed}
        assert amiss == {
            "Rasa's Python",
            "app's libraries",
            "Rasa's libraries",
            "Rasa's model",
            "content release",
        }
        assert all(check.remedy for check in checks if not check.ok)
        assert not doctor.is_healthy(checks)

    def test_looking_changes_nothing(self, installation):
        doctor.check(installation, keys_file=installation.root / "keys")
        assert list(installation.root.iterdir()) == []

    def test_what_is_not_needed_does_not_make_it_unhealthy(self):
        assert doctor.is_healthy([Check("a", True, "there"), Check("b", False, "missing", "fetch it", needed=False)])

    def test_programs_get_the_same_as_json(self):
        checks = [Check("disk", False, "1.0 GB free", "Make room.")]
        assert json.loads(doctor.as_json(checks)) == {
            "ok": False,
            "checks": [
                {"name": "disk", "ok": False, "found": "1.0 GB free", "remedy": "Make room.", "needed": True},
            ],
        }


class TestAttempts:
    def test_what_raises_is_reported_with_its_own_words(self, installation):
        def broken():
            raise ValueError("weights: SHA-256 differs")

        checks = doctor.check(
            installation, keys_file=installation.root / "keys", attempts=[("weights", broken, "Mend.")]
        )
        assert Check("weights", False, "weights: SHA-256 differs", "Mend.") in checks

    def test_what_does_not_raise_is_in_order(self):
        assert doctor.check_attempt("database", lambda: "at revision 3", "Migrate.") == Check(
            "database", True, "at revision 3"
        )


class TestPythons:
    @pytest.mark.parametrize(
        ("minor", "ok"),
        [(10, False), (11, True), (12, True)],
    )
    def test_the_app_needs_a_python_of_3_11_or_later(self, minor, ok):
        assert doctor.check_app_python((3, minor)).ok is ok

    def test_rasa_does_not_run_on_the_apps_python(self):
        check = doctor.check_rasa_python(Path(sys.executable))
        assert (check.ok, check.found) == (False, f"3.{sys.version_info.minor}")

    def test_an_interpreter_that_is_gone_is_reported(self, tmp_path):
        check = doctor.check_rasa_python(tmp_path / "python")
        assert "does not run" in check.found


class TestLocks:
    @pytest.fixture
    def environment(self, tmp_path):
        """An environment of Python 3.11 with one library."""
        info = tmp_path / "venv" / "lib" / "python3.11" / "site-packages" / "some_library-1.2.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: some-library\nVersion: 1.2\n")
        return tmp_path / "venv"

    @pytest.mark.parametrize(
        ("locked", "found"),
        [
            ("Some.Library==1.2 \\\n    --hash=sha256:aa\n    # via -r app.in\n", "as locked"),
            ("some-library==1.3\n", "some-library 1.2 (locked: ==1.3)"),
            ("some-library==1.2\nother==2\n", "other is missing (locked: ==2)"),
            ("some-library==1.2\nother==2 ; python_full_version < '3.11'\n", "as locked"),
            ("some-library==1.2\nother==2 ; sys_platform == 'win32'\n", "as locked"),
        ],
    )
    def test_an_environment_is_compared_with_its_lock(self, tmp_path, environment, locked, found):
        (tmp_path / "lock.txt").write_text(f"# a comment\n{locked}")
        check = doctor.check_locked("libraries", environment, [tmp_path / "lock.txt"])
        assert (check.found, check.ok) == (found, found == "as locked")

    def test_a_long_list_is_cut_and_counted(self, tmp_path, environment):
        (tmp_path / "lock.txt").write_text("".join(f"library-{number}==1\n" for number in range(10)))
        assert doctor.check_locked("libraries", environment, [tmp_path / "lock.txt"]).found.endswith("and 7 more")


class TestRasaModel:
    def test_a_model_trained_on_what_is_there_is_in_order(self, trained):
        assert doctor.check_rasa_model(trained).ok

    def test_a_changed_configuration_makes_it_stale(self, trained):
        (trained.root / "config.yml").write_text("pipeline: [another]\n")
        check = doctor.check_rasa_model(trained)
        assert (check.ok, check.found) == (False, "older than config.yml")

    def test_a_model_that_was_not_trained_here_is_refused(self, trained):
        trained.rasa_model.write_bytes(b"code from elsewhere")
        check = doctor.check_rasa_model(trained)
        assert not check.ok
        assert "do not start it" in check.found

    @pytest.mark.parametrize("content", ["", "[]", "{}", '{"model": "x", "inputs": 3}'])
    def test_a_damaged_manifest_is_reported(self, trained, content):
        trained.rasa_model.with_name("manifest.json").write_text(content)
        assert doctor.check_rasa_model(trained).found.endswith("is missing or damaged")


class TestRelease:
    def test_a_release_with_all_its_files_is_in_order(self, tmp_path):
        folder = tmp_path / "releases" / "r1"
        folder.mkdir(parents=True)
        for name in ("index.faiss", "passages.json", "manifest.json"):
            (folder / name).touch()
        (tmp_path / "releases" / "current").write_text("r1\n")
        assert doctor.check_index(tmp_path) == Check("content release", True, "r1")

    def test_a_pointer_to_half_a_release_is_reported(self, tmp_path):
        (tmp_path / "releases" / "r1").mkdir(parents=True)
        (tmp_path / "releases" / "r1" / "index.faiss").touch()
        (tmp_path / "releases" / "current").symlink_to("r1")
        assert doctor.check_index(tmp_path).found.endswith("lacks passages.json, manifest.json")


class TestKeys:
    @pytest.mark.parametrize(
        ("mode", "ok"),
        [(0o600, True), (0o400, True), (0o640, False), (0o604, False)],
    )
    def test_only_the_owner_may_read_the_keys(self, tmp_path, mode, ok):
        keys = tmp_path / "keys"
        keys.touch()
        keys.chmod(mode)
        assert doctor.check_keys_file(keys, tmp_path / "var").ok is ok

    def test_keys_in_the_data_dir_would_be_in_every_backup(self, tmp_path):
        check = doctor.check_keys_file(tmp_path / "var" / "keys", tmp_path / "var")
        assert not check.ok
        assert "CARELINE_KEYS_FILE" in check.remedy


class TestPorts:
    def test_free_ports_are_in_order(self, installation):
        assert [check.ok for check in doctor.check_ports(installation)] == [True, True]

    def test_a_port_that_another_program_uses_is_named_with_its_setting(self, installation):
        with socket.socket() as occupant:
            occupant.bind(("127.0.0.1", installation.rasa_port))
            occupant.listen()
            app, rasa = doctor.check_ports(installation)
        assert app.ok
        assert not rasa.ok
        assert "CARELINE_RASA_URL" in rasa.remedy
