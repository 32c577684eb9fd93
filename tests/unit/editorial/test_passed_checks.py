"""What passed before counts only for exactly the program that passed it."""

import pytest

import careline
from careline.app import passed_checks


@pytest.mark.parametrize("name", ["reading.py", "understanding/figures_of_speech.txt"])
def test_another_word_in_the_programs_code_or_word_lists_makes_it_another_program(tmp_path, monkeypatch, name):
    (tmp_path / "understanding").mkdir()
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / name).write_text("dead tired")
    monkeypatch.setattr(careline, "__file__", str(tmp_path / "__init__.py"))
    program_hash = passed_checks.program_hash.__wrapped__
    before = program_hash()
    assert program_hash() == before
    (tmp_path / name).write_text("dead")
    assert program_hash() != before
