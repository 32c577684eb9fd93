"""The checks before a publishing: what under-triages is refused, and only what cannot have changed is left out."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest

from careline.app.passed_checks import PassedChecks
from careline.app.release_checks import ContentChecks
from tests.support.house import KNOWLEDGE

pytestmark = pytest.mark.slow  # the whole content

TODAY = dt.date(2026, 11, 21)
ARTICLE, RULES, PATIENTS = "articles/cough.md", "protocols/cough.yml", "vignettes/cough.yml"


@pytest.fixture
def knowledge(tmp_path):
    """The repository's content, with the invented patients of one complaint."""
    folder = shutil.copytree(KNOWLEDGE, tmp_path / "knowledge", ignore=shutil.ignore_patterns("vignettes"))
    (folder / "vignettes").mkdir()
    shutil.copy(KNOWLEDGE / PATIENTS, folder / PATIENTS)
    return folder


@pytest.fixture
def check(knowledge, tmp_path):
    passed = PassedChecks(tmp_path / "passed")
    return lambda: ContentChecks(knowledge, passed, today=TODAY).run(replay=True)


def test_rules_that_tell_a_patient_less_than_they_need_are_refused_and_it_is_said_who_and_why(knowledge, check):
    first = check()
    assert first.problems == []
    patients = first.counts["invented patients replayed"]
    assert patients > 3

    article = knowledge / ARTICLE
    article.write_text(article.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    edited = check()
    assert edited.problems == []
    assert edited.counts["invented patients replayed"] == 0
    assert [line.split(":")[0] for line in edited.known] == [
        "rules", "phrases", "words of the red flags", "sentences", "ready-made replies",
        f"{patients} of {patients} invented patients",
    ]  # fmt: skip

    before, rules = (knowledge / RULES).read_text(encoding="utf-8").split("\nrules:")
    calmer = rules.replace("acuity: gp_soon", "acuity: routine")
    (knowledge / RULES).write_text(f"{before}\nrules:{calmer}", encoding="utf-8")
    lowered = check()
    assert lowered.counts["invented patients replayed"] == patients, "other rules: all of them are replayed"
    assert any("UNDER-TRIAGE" in line and "needs gp_soon and would get routine" in line for line in lowered.problems)


def test_a_record_that_cannot_be_read_counts_as_none(check, tmp_path):
    first = check()
    for record in (tmp_path / "passed").rglob("*.json"):
        record.write_text("{")
    again = check()
    assert again.known == []
    assert again.counts == first.counts


def test_what_was_in_order_yesterday_is_looked_at_again_today(knowledge, tmp_path):
    passed = PassedChecks(tmp_path / "passed")
    ContentChecks(knowledge, passed, today=TODAY).run()
    later = ContentChecks(knowledge, passed, today=TODAY + dt.timedelta(days=1)).run()
    assert not any(line.startswith("articles") for line in later.known)
