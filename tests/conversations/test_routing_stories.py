"""Rasa's own story tests, in bot/tests: which action each intention reaches, whatever came before."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.conversations.rasa_server import ROOT, rasa_environment, trained_model

pytestmark = pytest.mark.slow


def test_every_story_is_routed_as_written(tmp_path: Path):
    command = [str(ROOT / ".venv-rasa/bin/python"), "-m", "rasa", "test", "core", "-m", str(trained_model())]
    command += ["-s", "bot/tests", "--out", str(tmp_path), "--no-plot", "--fail-on-prediction-errors"]
    environment = {**os.environ, **rasa_environment(), "CARELINE_ACTIONS_PORT": "1", "CARELINE_ACTIONS_TOKEN": "unused"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    assert (tmp_path / "story_report.json").exists(), "no story was run"
