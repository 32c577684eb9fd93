"""The test bench in the app: what it shows, for whom, and that nothing typed stays anywhere."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

from careline.consultation.tables import CaseEventRow, ConversationRow, MessageRow, UnansweredQuestionRow
from careline.escalation.tables import EscalationRow
from tests.support.console import ConsoleBrowser, signed_in_browser
from tests.support.desk import PEOPLE, Desk, desk
from tests.support.editorial import ARTICLE
from tests.support.house import Clock, client_for, furnished, scripted
from tests.support.staff import person

pytestmark = pytest.mark.slow

BENCH = "/console/content/bench"
MARK = "Quillfeather"


@pytest.fixture
def editor(house: Desk) -> ConsoleBrowser:
    browser = house.of("eddie")
    browser.open(BENCH)
    return browser


@pytest.mark.parametrize("who", PEOPLE)
def test_all_who_work_on_content_may_use_it(house: Desk, who: str):
    assert house.of(who).open(BENCH).status_code == 200


def test_nobody_else_may(house: Desk):
    stranger = ConsoleBrowser(house.of("eddie").client)
    stranger.open(BENCH)
    assert stranger.heading == "Sign in"


def test_a_red_flag_is_shown_with_its_words_and_the_answer_of_the_screen(editor: ConsoleBrowser):
    editor.send(BENCH, words="i have crushing chest pain going into my left arm", age="61", sex="male", country="GB")
    assert "rf_heart_attack" in editor.text
    assert "crushing chest pain" in editor.text
    assert "answers with a card at once" in editor.text
    assert "999" in editor.text


def test_what_is_denied_past_or_of_somebody_else_says_so(editor: ConsoleBrowser):
    editor.send(BENCH, words="no fever. my sister had a rash last year. sore thraot for 2 days")
    assert "“thraot” as “throat”" in editor.text
    assert "Denied" in editor.text
    assert "somebody else" in editor.text
    assert "no rule uses it" in editor.text
    assert "Sore throat" in editor.text


def test_where_there_is_no_index_it_says_so(editor: ConsoleBrowser):
    editor.send(BENCH, words="what helps with piles?")
    assert "Guidance cannot be used now" in editor.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"words": " "}, "Type what a patient would type"), ({"words": "cough", "age": "old"}, "Give the age in years")],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(editor: ConsoleBrowser, fields: dict[str, str], said: str):
    editor.send(BENCH, **fields)
    assert editor.page.status_code == 422
    assert said in editor.text
    assert fields["words"].strip() in editor.page.text


def test_nothing_typed_is_stored_or_logged(house: Desk, editor: ConsoleBrowser, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, logger="httpx2")  # the test's own client
    folder = house.careline.settings.data_dir
    before = {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    for words in (f"chest pain going into my left arm says {MARK}", f"what helps {MARK}?", f"{MARK} duele {MARK}"):
        editor.send(BENCH, words=words, language="en")
        assert editor.page.status_code == 200
        assert MARK in editor.page.text  # in the form that was sent, for the next try
        assert MARK not in str(editor.page.url)
    with house.careline.database.read() as session:
        for table in (ConversationRow, MessageRow, CaseEventRow, UnansweredQuestionRow, EscalationRow):
            assert session.query(table).count() == 0
    assert MARK not in caplog.text
    for path in folder.rglob("*"):
        if path.is_file():
            assert MARK.encode() not in path.read_bytes()
            assert path in before  # no new file


class QuotingGuidance:
    """Guidance that fails, and quotes what it was asked."""

    release = "broken"

    def trace(self, query, filters, *, limit=6):
        raise ValueError(f"cannot look into {query!r}")

    def search(self, query, filters, *, limit=3):
        raise ValueError("not this way")

    def hits_for(self, article_ids, filters):
        return []

    def article(self, article_id, *, today, signed_only):
        return None


def test_the_prepared_release_is_read_by_before_patients_have_it(tmp_path: Path):
    with desk(tmp_path) as house:
        editor = house.of("eddie")
        editor.open(BENCH)
        editor.send(BENCH, words="my lips are blue", release="prepared")
        assert editor.page.status_code == 409
        assert "No release is prepared that patients do not see already." in editor.text
        house.edit(ARTICLE, "title: Earache", "title: My earache")
        house.submit(ARTICLE)
        house.sign(ARTICLE)
        release_id = house.careline.editorial.publishing.begin_preparing(
            house.actor("ada"), [ARTICLE]
        )().made.release_id
        assert release_id is not None
        shutil.copytree(tmp_path / "news" / "releases" / release_id, house.careline.content.files.folder / release_id)
        editor.send(BENCH, words="my lips are blue", release="prepared")
        assert "This is what the prepared release makes of it." in editor.text
        assert "rf_blue" in editor.text
        editor.send(BENCH, words="my lips are blue", release="live")
        assert "This is what the prepared release" not in editor.text
        assert "rf_blue " not in editor.text


def test_a_failing_search_leaves_the_rest_to_be_seen_and_quotes_nothing(tmp_path: Path, caplog):
    clock = Clock()
    careline = furnished(tmp_path, scripted(), clock=clock, guidance=QuotingGuidance())
    with client_for(careline) as client:
        editor = signed_in_browser(client, person(careline.staff, clock, "editor", user_name="eddie"))
        editor.open(BENCH)
        editor.send(BENCH, words=f"sore throat, says {MARK}")
        assert "Guidance cannot be used now" in editor.text
        assert "Sore throat" in editor.text
    careline.database.close()
    assert MARK not in caplog.text
