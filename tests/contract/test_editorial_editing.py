"""From draft to sign-off: who may do what, and that nobody overwrites anybody.

On SQLite and on a real PostgreSQL.
"""

from __future__ import annotations

import concurrent.futures
import datetime as dt

import pytest

from careline.editorial.errors import (
    NotAllowedError,
    PathError,
    StaleRevisionError,
    UnknownItemError,
    WrongStateError,
)
from careline.editorial.life_cycle import State
from tests.support.editorial import (
    ADMIN,
    ARTICLE,
    CLINICIAN,
    EDITOR,
    FLAGS,
    NEW,
    OLD,
    OTHER_EDITOR,
    WRITING_CLINICIAN,
    actions,
    states,
)

pytestmark = pytest.mark.slow  # takes long


class TestEditing:
    def test_a_text_goes_from_draft_to_patients_and_says_who_signed_it(self, news):
        draft = news.edit(ARTICLE, OLD, NEW)
        assert (draft.number, draft.base, draft.state, draft.author) == (2, 1, State.DRAFT, EDITOR.id)
        signed = news.sign(draft)
        assert (signed.state, signed.sign_off.reviewer) == (State.SIGNED, "Dr Example, GP")
        published = news.room.publishing.publish(ADMIN, [ARTICLE])
        assert [(change.path, change.state) for change in published.changes] == [(ARTICLE, "changed")]
        served = news.text(ARTICLE)
        assert NEW in served
        assert 'reviewer: "Dr Example, GP"\nreviewed_on: 2026-11-21\n' in served
        assert states(news, ARTICLE) == [State.SUPERSEDED, State.PUBLISHED]

    def test_every_step_is_in_the_audit_trail(self, news):
        news.publish(ARTICLE, OLD, NEW)
        news.room.editing.comment(CLINICIAN, ARTICLE, 2, "Well done.")
        assert actions(news, ARTICLE) == ["content_saved", "content_submitted", "content_signed", "content_commented"]
        assert actions(news, "content")[-1] == "content_published"
        assert [(one.author, one.text) for one in news.room.editing.item(ARTICLE).comments] == [
            (CLINICIAN.id, "Well done.")
        ]

    def test_two_who_began_from_the_same_text_do_not_overwrite_each_other(self, news):
        begun = news.newest(ARTICLE)
        news.edit(ARTICLE, OLD, NEW)
        with pytest.raises(StaleRevisionError) as caught:
            news.room.editing.save(OTHER_EDITOR, ARTICLE, begun.text.replace(OLD, "id: ear_pain # mine"), base=1)
        assert caught.value.newest == 2
        assert f"-{NEW}" in caught.value.difference.unified
        assert "+id: ear_pain # mine" in caught.value.difference.unified
        kinds = {piece.text: piece.kind for piece in caught.value.difference.pieces}
        assert (kinds["edited"], kinds["mine"]) == ("removed", "added")
        assert len(states(news, ARTICLE)) == 2

    def test_of_many_who_save_at_once_one_is_kept(self, news):
        begun = news.newest(ARTICLE)

        def save(number):
            words = begun.text.replace(OLD, f"id: ear_pain # {number}")
            return news.room.editing.save(EDITOR, ARTICLE, words, base=1)

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            errors = [future.exception() for future in [pool.submit(save, number) for number in range(6)]]
        assert sum(error is None for error in errors) == 1
        assert sum(isinstance(error, StaleRevisionError) for error in errors) == 5

    def test_whoever_wrote_any_part_since_the_last_sign_off_does_not_sign(self, news):
        news.edit(ARTICLE, OLD, NEW, editor=WRITING_CLINICIAN)
        second = news.edit(ARTICLE, NEW, "id: ear_pain # again", editor=EDITOR)
        news.room.editing.submit(EDITOR, ARTICLE, second.number)
        with pytest.raises(NotAllowedError, match="Ask another clinician"):
            news.room.editing.sign(WRITING_CLINICIAN, ARTICLE, second.number, read=second.text_hash)
        news.room.editing.sign(CLINICIAN, ARTICLE, second.number, read=second.text_hash)

    def test_after_a_sign_off_who_wrote_the_text_before_may_sign_what_another_wrote(self, news):
        news.sign(news.edit(ARTICLE, OLD, NEW, editor=WRITING_CLINICIAN))
        second = news.edit(ARTICLE, NEW, "id: ear_pain # again")
        assert news.sign(second, clinician=WRITING_CLINICIAN).state is State.SIGNED

    def test_a_sign_off_that_was_taken_back_frees_no_author(self, news):
        first = news.sign(news.edit(ARTICLE, OLD, NEW, editor=WRITING_CLINICIAN))
        news.room.editing.send_back(CLINICIAN, ARTICLE, first.number, why="The dose is wrong.")
        assert news.newest(ARTICLE).sign_off is None
        second = news.edit(ARTICLE, NEW, "id: ear_pain # again")
        news.room.editing.submit(EDITOR, ARTICLE, second.number)
        with pytest.raises(NotAllowedError):
            news.room.editing.sign(WRITING_CLINICIAN, ARTICLE, second.number, read=second.text_hash)

    def test_only_the_text_that_was_read_is_signed(self, news):
        draft = news.edit(ARTICLE, OLD, NEW)
        news.room.editing.submit(EDITOR, ARTICLE, draft.number)
        with pytest.raises(WrongStateError, match="is not the text that was read"):
            news.room.editing.sign(
                CLINICIAN, ARTICLE, draft.number, read=news.room.editing.item(ARTICLE).revision(1).text_hash
            )

    def test_a_new_text_after_the_sign_off_has_to_be_signed_anew(self, news):
        news.sign(news.edit(ARTICLE, OLD, NEW))
        news.edit(ARTICLE, NEW, "id: ear_pain # again")
        with pytest.raises(WrongStateError, match=r"is draft\. Only a signed text is published"):
            news.room.publishing.publish(ADMIN, [ARTICLE])

    def test_a_new_item_begins_without_a_base(self, news):
        path = "articles/earwax.md"
        words = news.newest(ARTICLE).text.replace(OLD, "id: earwax")
        draft = news.room.editing.save(EDITOR, path, words, base=None)
        assert (draft.number, news.room.editing.item(path).served) == (1, None)
        news.sign(draft)
        news.room.publishing.publish(ADMIN, [path])
        assert "id: earwax" in news.text(path)

    def test_what_the_search_was_fitted_on_is_not_edited_here(self, news):
        with pytest.raises(NotAllowedError, match="comes with the program"):
            news.room.editing.save(EDITOR, "retrieval/thresholds.yml", "a: 1", base=None)

    @pytest.mark.parametrize("path", ["../x.yml", "/etc/passwd", "articles//a.md", "articles/.a.md", "a" * 81])
    def test_a_path_that_leads_elsewhere_is_refused(self, news, path):
        with pytest.raises(PathError):
            news.room.editing.save(EDITOR, path, "words", base=None)

    def test_what_is_not_there_is_said(self, news):
        with pytest.raises(UnknownItemError, match="no such content item"):
            news.room.editing.item("articles/nothing.md")
        with pytest.raises(UnknownItemError, match="no revision 9"):
            news.room.editing.submit(EDITOR, ARTICLE, 9)

    def test_the_list_shows_where_each_item_stands(self, news):
        news.edit(ARTICLE, OLD, NEW)
        lines = {line.path: line for line in news.room.editing.items()}
        assert (lines[ARTICLE].state, lines[ARTICLE].newest, lines[ARTICLE].served) == (State.DRAFT, 2, 1)
        assert (lines[FLAGS].state, lines[FLAGS].review_by) == (State.PUBLISHED, dt.date(2027, 5, 21))
