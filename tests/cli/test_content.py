"""`careline content` as an editor types it: exit codes that mean something, words for people, JSON for programs."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from careline.cli.commands import app
from tests.support.house import KNOWLEDGE

SMALL = Path("tests/support/small_knowledge")


@pytest.fixture
def knowledge(tmp_path, monkeypatch):
    folder = Path(shutil.copytree(SMALL, tmp_path / "knowledge"))
    (folder / "articles").mkdir()
    page = (KNOWLEDGE / "articles" / "sore_throat.md").read_text(encoding="utf-8")
    page = page.replace("  - sore_throat\n", "  - cough\n", 1).replace("id: sore_throat", "id: cough")
    (folder / "articles" / "cough.md").write_text(page, encoding="utf-8")
    limits = (KNOWLEDGE / "article_limits.yml").read_text(encoding="utf-8")
    (folder / "article_limits.yml").write_text(limits.replace("[paracetamol]", "[]"), encoding="utf-8")
    monkeypatch.setenv("CARELINE_KNOWLEDGE_DIR", str(folder))
    monkeypatch.setenv("CARELINE_DATA_DIR", str(tmp_path / "var"))
    return folder


def typed(*words):
    return CliRunner().invoke(app, ["content", *words])


def test_a_new_page_is_a_draft_that_can_be_filled_in(knowledge):
    result = typed("new", "earwax", "--title", "Earwax", "--complaint", "cough")
    assert result.exit_code == 0
    assert (knowledge / "articles" / "earwax.md").is_file()
    assert "articles/earwax.md" in result.stdout


def test_a_new_page_about_a_complaint_that_does_not_exist_is_not_written(knowledge):
    result = typed("new", "earwax", "--title", "Earwax", "--complaint", "earwaks")
    assert "no protocol is about earwaks" in str(result.exception)
    assert not (knowledge / "articles" / "earwax.md").exists()


def test_the_state_of_all_pages_is_told_to_people_and_to_programs(knowledge):
    assert "1 articles: 1 published, 0 of them overdue, 0 signed" in typed("stats").stdout
    told = json.loads(typed("stats", "--json").stdout)
    assert [article["id"] for article in told["articles"]] == ["cough"]
    assert "general" in told["complaints_without_article"]


def test_before_anything_is_published_a_difference_cannot_be_shown(knowledge):
    result = typed("diff")
    assert result.exit_code != 0
    assert "nothing is published yet" in str(result.exception)


def test_a_level_that_does_not_exist_is_named_with_those_that_do(knowledge):
    result = typed("search", "cough", "--acuity", "urgent")
    assert "--acuity urgent: is none. Use one of: emergency_now, ed_now" in str(result.exception)


def test_words_that_are_off_end_with_exit_code_2(knowledge):
    assert typed("search", "cough", "--age", "old").exit_code == 2
    assert typed("stats", "--nonsense").exit_code == 2
