"""Texts from somebody's files become drafts of theirs, overwrite nobody's work, and count as reviewed by nobody.

On SQLite and on a real PostgreSQL.
"""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from careline.editorial.errors import NotAllowedError, NotSignedError, PathError, TextError, WrongStateError
from careline.editorial.life_cycle import State
from careline.editorial.served import served_texts
from careline.editorial.uploads import Left
from careline.staff.audit_check import Verdict, check_open
from tests.support.editorial import (
    ADMIN,
    ARTICLE,
    CLINICIAN,
    EDITOR,
    FLAGS,
    NEW,
    OLD,
    OTHER_EDITOR,
    PROTOCOL,
    WORDS,
    WRITING_CLINICIAN,
    actions,
    states,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def texts(news):
    return dict(news.room.folder.published())


def test_what_was_given_out_and_comes_back_is_nothing_new(news, texts):
    found = news.room.uploads.take(EDITOR, texts)
    assert (found.taken, found.left, found.same) == ([], {}, len(texts))


def test_a_signed_text_that_was_given_out_and_comes_back_is_nothing_new(news):
    news.publish(ARTICLE, OLD, NEW)
    texts = dict(news.room.folder.published())
    assert 'reviewer: "Dr Example, GP"' in texts[ARTICLE]
    assert news.room.uploads.take(OTHER_EDITOR, texts).taken == []


def test_a_text_that_differs_is_a_draft_of_whoever_brings_it_and_patients_see_the_old(news, texts):
    before = news.text(ARTICLE)
    found = news.room.uploads.take(EDITOR, {ARTICLE: texts[ARTICLE].replace(OLD, NEW)})
    assert found.changed == [ARTICLE]
    newest = news.newest(ARTICLE)
    assert (newest.author, newest.state, newest.base) == (EDITOR.id, State.DRAFT, 1)
    assert news.room.publishing.publish(ADMIN) is None
    with pytest.raises(WrongStateError, match="Only a signed text is published"):
        news.room.publishing.publish(ADMIN, [ARTICLE])
    assert news.text(ARTICLE) == before


def test_it_is_never_taken_for_the_programs_own_which_needs_no_signature(news, texts):
    news.room.uploads.take(EDITOR, {ARTICLE: texts[ARTICLE].replace(OLD, NEW)})
    assert news.room.editing.from_program() == []
    assert news.room.editing.item(ARTICLE).offered == ()


def test_a_reviewer_whom_the_file_names_counts_for_nothing(news, texts):
    named = texts[ARTICLE].replace("reviewer: unreviewed", 'reviewer: "Dr Elsewhere, GP"').replace(OLD, NEW)
    assert "Dr Elsewhere" in named
    news.room.uploads.take(EDITOR, {ARTICLE: named})
    assert news.newest(ARTICLE).sign_off is None
    news.sign(news.newest(ARTICLE))
    news.room.publishing.publish(ADMIN, [ARTICLE])
    assert "Dr Elsewhere" not in news.text(ARTICLE)
    assert 'reviewer: "Dr Example, GP"' in news.text(ARTICLE)


def test_whoever_brings_a_text_cannot_sign_it(news, texts):
    news.room.uploads.take(WRITING_CLINICIAN, {ARTICLE: texts[ARTICLE].replace(OLD, NEW)})
    draft = news.newest(ARTICLE)
    news.room.editing.submit(EDITOR, ARTICLE, draft.number)
    with pytest.raises(NotAllowedError, match="whoever wrote a text does not sign it"):
        news.room.editing.sign(WRITING_CLINICIAN, ARTICLE, draft.number, read=draft.text_hash)


@pytest.mark.parametrize("reaches", ["draft", "in review", "signed"])
def test_what_somebody_is_working_on_is_left_alone(news, texts, reaches):
    draft = news.edit(ARTICLE, OLD, NEW, editor=OTHER_EDITOR)
    if reaches != "draft":
        news.room.editing.submit(OTHER_EDITOR, ARTICLE, draft.number)
    if reaches == "signed":
        news.room.editing.sign(CLINICIAN, ARTICLE, draft.number, read=draft.text_hash)
    before = states(news, ARTICLE)
    found = news.room.uploads.take(EDITOR, {ARTICLE: texts[ARTICLE].replace(OLD, "id: ear_pain # mine")})
    assert found.left == {ARTICLE: Left.BUSY}
    assert states(news, ARTICLE) == before


def test_new_items_are_begun_and_what_the_program_would_not_read_is_left_out(news, texts):
    given = {
        "articles/earwax.md": texts[ARTICLE].replace("id: ear_pain", "id: earwax"),
        "translations/es/protocols/cough.yml": "a: 1\n",
        "retrieval/queries.yml": "a: 1\n",
        "phrases/mine.yml": "a: 1\n",
        "more_rules.yml": "a: 1\n",
        "wording/en/more.ftl": "a = A\n",
        "notes.txt": "hello\n",
    }
    found = news.room.uploads.take(EDITOR, given)
    assert found.new == ["articles/earwax.md", "translations/es/protocols/cough.yml"]
    assert found.left == {
        "retrieval/queries.yml": Left.FROM_PROGRAM,
        "phrases/mine.yml": Left.FROM_PROGRAM,
        "more_rules.yml": Left.NAMELESS,
        "wording/en/more.ftl": Left.NAMELESS,
        "notes.txt": Left.NAMELESS,
    }
    assert states(news, "articles/earwax.md") == [State.DRAFT]


def test_what_is_not_among_the_files_stays(news, texts):
    news.room.uploads.take(EDITOR, {ARTICLE: texts[ARTICLE].replace(OLD, NEW)})
    assert states(news, FLAGS) == states(news, PROTOCOL) == [State.PUBLISHED]


def test_looking_takes_nothing_in(news, texts):
    assert news.room.uploads.looked_at(EDITOR, {ARTICLE: texts[ARTICLE].replace(OLD, NEW)}).changed == [ARTICLE]
    assert states(news, ARTICLE) == [State.PUBLISHED]


@pytest.mark.parametrize("who", [CLINICIAN, ADMIN], ids=["clinician", "admin"])
def test_only_editors_bring_texts(news, texts, who):
    with pytest.raises(NotAllowedError):
        news.room.uploads.take(who, texts)


@pytest.mark.parametrize(("path", "text", "error"), [("articles/x.md", " \n", TextError), ("../x.md", "a", PathError)])
def test_one_that_cannot_be_kept_keeps_all_others_out(news, texts, path, text, error):
    with pytest.raises(error):
        news.room.uploads.take(EDITOR, {ARTICLE: texts[ARTICLE].replace(OLD, NEW), path: text})
    assert states(news, ARTICLE) == [State.PUBLISHED]


def test_it_is_in_the_audit_trail_each_text_and_the_whole(news, texts):
    news.room.uploads.take(EDITOR, {ARTICLE: texts[ARTICLE].replace(OLD, NEW), FLAGS: texts[FLAGS]})
    assert actions(news, ARTICLE) == ["content_saved"]
    assert "content_uploaded" in actions(news, "content")


def amid_comparing(monkeypatch, happens):
    """Have something happen whenever the files have been compared with what patients see."""

    def compared(session, holdings):
        found = served_texts(session, holdings)
        happens()
        return found

    monkeypatch.setattr("careline.editorial.uploads.served_texts", compared)


def test_others_can_write_while_the_files_are_compared(news, texts, monkeypatch):
    waited = []

    def write():
        with news.database.write() as session:
            session.execute(text("SELECT 1"))

    def somebody_writes():
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(2)
        waited.append(writer.is_alive())

    amid_comparing(monkeypatch, somebody_writes)
    assert news.room.uploads.take(EDITOR, {ARTICLE: texts[ARTICLE].replace(OLD, NEW)}).changed == [ARTICLE]
    assert waited == [False]


def test_what_somebody_begins_while_the_files_are_compared_is_left_alone(news, texts, monkeypatch):
    begun = []

    def somebody_edits():
        if not begun:
            begun.append(news.edit(ARTICLE, OLD, NEW, editor=OTHER_EDITOR))

    amid_comparing(monkeypatch, somebody_edits)
    given = {ARTICLE: texts[ARTICLE].replace(OLD, "id: ear_pain # mine")}
    assert news.room.uploads.take(EDITOR, given).left == {ARTICLE: Left.BUSY}
    assert news.newest(ARTICLE).author == OTHER_EDITOR.id


def test_the_lines_of_the_audit_trail_that_are_written_together_are_whole(news, texts):
    news.room.uploads.take(EDITOR, {ARTICLE: texts[ARTICLE].replace(OLD, NEW), FLAGS: f"{texts[FLAGS]}# mine\n"})
    assert actions(news, FLAGS) == ["content_saved"]
    news.edit(WORDS, "=", "= ", editor=OTHER_EDITOR)
    assert actions(news, WORDS) == ["content_saved"]
    with news.database.read() as session:
        assert check_open(session, None).verdict is Verdict.UNANCHORED  # all lines fit; here is no anchor


def test_a_text_that_was_altered_in_the_database_is_not_given_out(news):
    news.publish(ARTICLE, OLD, NEW)
    with news.database.write() as session:
        session.execute(
            text("UPDATE content_revisions SET text = 'x' WHERE path = :path AND number = 2"), {"path": ARTICLE}
        )
    with pytest.raises(NotSignedError):
        news.room.folder.published()
