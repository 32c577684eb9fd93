"""Careline as one command: what is started and how, what a person reads, and that nothing is left running."""

import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from careline.operations.addresses import free_loopback_port
from careline.operations.child import Child
from careline.operations.errors import StartError
from careline.operations.installation import (
    Credentials,
    Installation,
    app_environment,
    rasa_command,
    rasa_environment,
)
from careline.operations.supervisor import app_health, new_credentials, rasa_health, require_startable
from careline.operations.watch import Health, Watch

CREDENTIALS = Credentials(rasa_token="for-rasa", actions_token="for-actions", actions_port=45001)


@pytest.fixture
def installation(tmp_path):
    """An installation that has all it needs, on ports that are free."""
    rasa_python = tmp_path / ".venv-rasa" / "bin" / "python"
    rasa_python.parent.mkdir(parents=True)
    rasa_python.symlink_to(sys.executable)
    installation = Installation(
        root=tmp_path,
        data_dir=tmp_path / "var",
        host="127.0.0.1",
        port=free_loopback_port(),
        rasa_url=f"http://127.0.0.1:{free_loopback_port()}",
    )
    installation.rasa_model.parent.mkdir(parents=True)
    installation.rasa_model.write_bytes(b"a model")
    return installation


class ScriptedProgram:
    """A program that runs until told otherwise."""

    def __init__(self):
        self.starts = 0
        self.ended_with = None

    def start(self):
        self.starts += 1
        self.ended_with = None

    def exit_code(self):
        return self.ended_with


class Scene:
    """A watch over two scripted programs, and what it said."""

    def __init__(self):
        self.app, self.rasa = ScriptedProgram(), ScriptedProgram()
        self.app_is, self.rasa_is = Health.SILENT, Health.SILENT
        self.said = []
        self.announced = 0
        self.watch = Watch(
            app=self.app,
            rasa=self.rasa,
            app_health=lambda: self.app_is,
            rasa_health=lambda: self.rasa_is,
            say=self.said.append,
            when_ready=self._announce,
            where_to_look="rasa.log",
        )
        self.watch.start(100.0)

    def _announce(self):
        self.announced += 1

    def ready(self):
        self.app_is = self.rasa_is = Health.READY
        self.watch.look(101.0)
        self.said.clear()
        return self


class TestWatch:
    def test_both_programs_are_started_once(self):
        scene = Scene()
        scene.watch.look(100.3)
        assert (scene.app.starts, scene.rasa.starts) == (1, 1)

    def test_each_step_to_readiness_is_shown_with_the_seconds_since_the_start(self):
        scene = Scene()
        scene.app_is = Health.ANSWERS
        scene.watch.look(102.0)
        scene.rasa_is = Health.READY
        scene.watch.look(111.0)
        scene.app_is = Health.READY
        scene.watch.look(112.0)
        assert scene.said == ["    2 s  the app answers", "   11 s  Rasa is ready", "   12 s  Careline is ready"]

    def test_it_is_announced_once_when_both_are_ready(self):
        scene = Scene()
        scene.app_is = Health.READY
        scene.watch.look(101.0)
        announced_early = scene.announced
        scene.rasa_is = Health.READY
        for second in range(102, 130):
            scene.watch.look(float(second))
        assert (announced_early, scene.announced) == (0, 1)

    def test_while_waiting_it_says_what_for_every_five_seconds(self):
        scene = Scene()
        for second in range(101, 112):
            scene.watch.look(float(second))
        assert scene.said == ["    5 s  waiting for Rasa", "   10 s  waiting for Rasa"]

    def test_a_very_slow_start_names_the_log_once(self):
        scene = Scene()
        for second in range(101, 400):
            scene.watch.look(float(second))
        assert [line for line in scene.said if "rasa.log" in line] == [
            "  121 s  Rasa takes unusually long; rasa.log may say why"
        ]

    def test_it_is_quiet_when_all_is_well(self):
        scene = Scene().ready()
        for second in range(102, 400):
            scene.watch.look(float(second))
        assert scene.said == []

    def test_when_rasa_ends_the_app_goes_on_and_rasa_is_started_again(self):
        scene = Scene().ready()
        scene.rasa.ended_with = -9
        codes = [scene.watch.look(110.0 + second) for second in range(3)]
        assert codes == [None, None, None]
        assert (scene.app.starts, scene.rasa.starts) == (1, 2)
        assert "The app goes on without it" in scene.said[0]
        assert scene.said[-1].endswith("Rasa is ready again")

    def test_rasa_is_started_again_later_each_time_it_ends_soon(self):
        scene = Scene()
        started_at = []
        for second in range(101, 300):
            before = scene.rasa.starts
            scene.rasa.ended_with = 1
            scene.watch.look(float(second))
            if scene.rasa.starts > before:
                started_at.append(second)
        # delays of 1, 2, 4, 8, 16, 32, 60 seconds, and a second until the end is seen
        assert started_at == [102, 105, 110, 119, 136, 169, 230, 291]

    def test_after_a_long_run_it_is_started_again_at_once(self):
        scene = Scene().ready()
        for second in (110, 111, 120, 122):
            scene.rasa.ended_with = 1
            scene.watch.look(float(second))
        scene.said.clear()
        scene.rasa.ended_with = 1
        scene.watch.look(500.0)
        assert "again in 1 s" in scene.said[0]

    @pytest.mark.parametrize(("ended_with", "status"), [(3, 3), (0, 1), (-9, 1)])
    def test_an_app_that_ends_before_it_ever_answered_ends_the_watch_and_never_as_a_success(self, ended_with, status):
        scene = Scene()
        scene.app.ended_with = ended_with
        assert scene.watch.look(110.0) == status

    def test_when_the_app_ends_it_is_started_again_and_rasa_goes_on(self):
        scene = Scene().ready()
        scene.app.ended_with, scene.app_is = -9, Health.SILENT
        codes = [scene.watch.look(110.0 + second) for second in range(3)]
        scene.app_is = Health.READY
        scene.watch.look(114.0)
        assert codes == [None, None, None]
        assert (scene.app.starts, scene.rasa.starts) == (2, 1)
        assert "Starting it again in 1 s" in scene.said[0]
        assert scene.said[-1].endswith("Careline is ready again")
        assert scene.announced == 1

    def test_an_app_that_ends_soon_after_each_start_is_started_later_each_time(self):
        scene = Scene().ready()
        scene.app_is = Health.SILENT
        started_at = []
        for second in range(101, 140):
            before = scene.app.starts
            scene.app.ended_with = 1
            assert scene.watch.look(float(second)) is None
            if scene.app.starts > before:
                started_at.append(second)
        assert started_at == [102, 105, 110, 119, 136]


class TestRefusals:
    def test_an_installation_that_has_all_it_needs_may_start(self, installation):
        require_startable(installation)

    @pytest.mark.parametrize("setting", ["CARELINE_PORT", "CARELINE_RASA_URL", "CARELINE_ACTIONS_PORT"])
    def test_a_port_in_use_is_named_with_its_setting(self, installation, setting):
        with socket.socket() as occupant:
            occupant.bind(("127.0.0.1", 0))
            occupant.listen()
            port = occupant.getsockname()[1]
            taken = {
                "CARELINE_PORT": replace(installation, port=port),
                "CARELINE_RASA_URL": replace(installation, rasa_url=f"http://127.0.0.1:{port}"),
                "CARELINE_ACTIONS_PORT": replace(installation, actions_port=port),
            }[setting]
            with pytest.raises(StartError, match=rf"Port {port} .* is in use.*{setting}="):
                require_startable(taken)

    def test_a_missing_model_names_the_command_that_makes_it(self, installation):
        installation.rasa_model.unlink()
        with pytest.raises(StartError, match=r"careline\.tar\.gz is missing.*make train"):
            require_startable(installation)

    def test_a_missing_environment_names_the_command_that_makes_it(self, installation):
        installation.rasa_python.unlink()
        with pytest.raises(StartError, match=r"not installed.*make setup"):
            require_startable(installation)

    @pytest.mark.parametrize("url", ["http://rasa.example:5005", "http://0.0.0.0:5005", "http://127.0.0.1"])
    def test_rasa_is_only_started_on_a_port_of_the_loopback(self, installation, url):
        with pytest.raises(StartError, match="CARELINE_RASA_URL"):
            require_startable(replace(installation, rasa_url=url))


class TestCommands:
    def test_rasa_listens_on_loopback_and_asks_for_its_token(self, installation):
        command = rasa_command(replace(installation, rasa_url="http://localhost:5105"), CREDENTIALS)
        assert " --interface 127.0.0.1 --port 5105 --enable-api --auth-token for-rasa " in " ".join(command)

    def test_rasa_gets_none_of_the_apps_secrets(self, installation):
        inherited = {"PATH": "/bin", "CARELINE_SERVICE_KEY": "secret", "CARELINE_DATABASE_URL": "secret", "OTHER": "x"}
        given = rasa_environment(installation, inherited, CREDENTIALS)
        assert "secret" not in given.values()
        assert {name for name in given if name.startswith("CARELINE_")} == {
            "CARELINE_ACTIONS_PORT",
            "CARELINE_ACTIONS_TOKEN",
            "CARELINE_DATA_DIR",
        }

    def test_rasa_finds_our_code_and_components_but_writes_no_patients_words_to_its_log(self, installation):
        given = rasa_environment(installation, {}, CREDENTIALS)
        assert given["PYTHONPATH"] == f"{installation.root}/src:{installation.root}/bot"
        assert given["LOG_LEVEL"] == "CRITICAL"

    def test_app_and_rasa_get_the_same_address_and_token_of_the_actions(self, installation):
        for given in (app_environment({}, CREDENTIALS), rasa_environment(installation, {}, CREDENTIALS)):
            assert given["CARELINE_ACTIONS_PORT"] == "45001"
            assert given["CARELINE_ACTIONS_TOKEN"] == "for-actions"

    def test_each_start_has_its_own_tokens(self, installation):
        one, other = new_credentials(installation), new_credentials(installation)
        assert len({one.rasa_token, one.actions_token, other.rasa_token, other.actions_token}) == 4

    def test_the_port_of_the_actions_can_be_fixed(self, installation):
        assert new_credentials(replace(installation, actions_port=45001)).actions_port == 45001


class TestHealth:
    @pytest.mark.parametrize(("status", "health"), [(200, Health.READY), (503, Health.ANSWERS)])
    def test_the_app_is_ready_when_readyz_says_so(self, installation, status, health):
        with httpx.Client(transport=httpx.MockTransport(lambda _request: httpx.Response(status))) as http:
            assert app_health(http, installation) is health

    def test_rasa_is_ready_when_its_status_knows_a_model(self, installation):
        def rasa(request):
            return httpx.Response(200 if request.url.params["token"] == "for-rasa" else 401)

        with httpx.Client(transport=httpx.MockTransport(rasa)) as http:
            assert rasa_health(http, installation, CREDENTIALS) is Health.READY

    def test_who_does_not_answer_is_silent(self, installation):
        def nobody(request):
            raise httpx.ConnectError("refused", request=request)

        with httpx.Client(transport=httpx.MockTransport(nobody)) as http:
            assert app_health(http, installation) is Health.SILENT
            assert rasa_health(http, installation, CREDENTIALS) is Health.SILENT

    def test_an_app_on_all_addresses_is_asked_on_loopback(self, installation):
        assert replace(installation, host="0.0.0.0", port=8000).local_url == "http://127.0.0.1:8000"


# A stand-in for app or Rasa: answers everything with 200 on the port it is given.
SERVER = """
import http.server, sys
class Ok(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *args):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Ok).serve_forever()
"""

SUPERVISOR = """
import sys
from pathlib import Path
from careline.operations import supervisor
from careline.operations.installation import Installation
root, port, rasa_port = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
sys.exit(supervisor.run(
    Installation(
        root=root, data_dir=root / "var", host="127.0.0.1", port=port, rasa_url=f"http://127.0.0.1:{rasa_port}",
        app_command=(sys.executable, str(root / "server.py"), "--port", str(port)),
    ),
    say=lambda line: print(line, flush=True),
))
"""


@pytest.fixture
def supervised(installation):
    """`careline run` with stand-ins for app and Rasa, as a process of its own, once it says that it is ready."""
    root = installation.root
    (root / "server.py").write_text(SERVER)
    installation.rasa_python.unlink()
    installation.rasa_python.write_text(f'#!/bin/sh\nexec {sys.executable} {root}/server.py "$@"\n')
    installation.rasa_python.chmod(0o755)
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(root), str(installation.port), str(installation.rasa_port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        for line in process.stdout or ():
            if "Careline is ready" in line:
                break
        yield process
        process.kill()


@pytest.mark.slow
class TestProcesses:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_stops_both_and_is_a_success(self, supervised, installation, number):
        supervised.send_signal(number)
        assert supervised.wait(timeout=30) == 0
        require_startable(installation)  # both ports are free again

    def test_nothing_is_left_when_the_supervisor_is_killed(self, supervised, installation):
        supervised.kill()
        # The app shares this pipe: it ends when the last process that holds it has gone.
        supervised.communicate(timeout=30)
        for _attempt in range(1000):
            if not _answers(installation.rasa_url):
                break
        assert not _answers(installation.rasa_url)

    def test_when_rasa_is_killed_it_comes_back_and_the_app_goes_on(self, supervised, installation):
        os.kill(_listener(installation.rasa_port), signal.SIGKILL)
        said = []
        for line in supervised.stdout:
            said.append(line)
            if "Rasa is ready again" in line:
                break
        assert "Rasa is ready again" in said[-1]
        assert _answers(installation.local_url)

    def test_when_the_app_is_killed_it_is_started_again_and_answers(self, supervised, installation):
        killed = _listener(installation.port)
        os.kill(killed, signal.SIGKILL)
        for line in supervised.stdout:
            if "Careline is ready again" in line:
                break
        assert _answers(installation.local_url)
        assert _answers(installation.rasa_url)
        assert _listener(installation.port) != killed
        assert supervised.poll() is None

    def test_a_program_that_does_not_listen_is_ended_with_all_it_started(self, tmp_path):
        script = "trap '' TERM; sleep 600 & echo started; while :; do sleep 1; done"
        log = tmp_path / "log"
        child = Child(["/bin/sh", "-c", script], environment=dict(os.environ), folder=tmp_path, log=log)
        child.start()
        while not log.read_text():
            assert child.exit_code() is None
        child.signal_group(signal.SIGTERM)
        assert not child.wait(0.5)
        child.signal_group(signal.SIGKILL)
        assert child.wait(10)
        assert child.exit_code() == -signal.SIGKILL


def _answers(url):
    try:
        return httpx.get(url, timeout=5, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _listener(port):
    """The process that listens on a port of the loopback."""
    wanted = f"0100007F:{port:04X}"
    inode = next(
        fields[9]
        for fields in (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
        if fields[1] == wanted and fields[3] == "0A"
    )
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(descriptor) == f"socket:[{inode}]":
                return int(descriptor.parts[2])
        except OSError:
            continue
    raise AssertionError(f"nobody listens on port {port}")


def test_no_token_looks_like_an_option_of_a_command(installation):
    """Rasa takes its token on the command line, where a leading dash would stop it from starting."""
    made = [new_credentials(installation) for _ in range(300)]
    assert [one for one in made if one.rasa_token.startswith("-") or one.actions_token.startswith("-")] == []
