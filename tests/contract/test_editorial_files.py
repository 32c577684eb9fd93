"""Content as files: taken in, given out byte for byte, and the texts of a newer program beside local edits.

On SQLite and on a real PostgreSQL.
"""

from __future__ import annotations

import pytest
from sqlalchemy import text

from careline.editorial.errors import (
    PathError,
    TextError,
    WrongStateError,
)
from careline.editorial.life_cycle import TERMINAL, State
from tests.support.editorial import (
    ARTICLE,
    EDITOR,
    FLAGS,
    NEW,
    OLD,
    alter,
    states,
)

pytestmark = pytest.mark.slow  # takes long


class TestFiles:
    def test_what_is_imported_comes_out_again_byte_for_byte(self, news, tmp_path):
        news.room.folder.export_to(tmp_path / "out")
        files = {path.relative_to(news.knowledge) for path in news.knowledge.rglob("*") if path.is_file()}
        assert files == {path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*") if path.is_file()}
        for name in files:
            assert (tmp_path / "out" / name).read_bytes() == (news.knowledge / name).read_bytes()

    @pytest.mark.parametrize(
        "data", [b"", b"\xef\xbb\xbfa: 1\n", b"a: 1\r\nb: 2\r\n", b"no end of line", "  é \u2028 \U0001f600\n".encode()]
    )
    def test_no_byte_of_an_odd_file_is_altered(self, news, tmp_path, data):
        (news.knowledge / "findings" / "odd.yml").write_bytes(data)
        news.room.folder.import_from(TERMINAL, news.knowledge)
        with news.database.write() as session:
            session.execute(text("UPDATE content_items SET served = 1 WHERE path = 'findings/odd.yml'"))
        news.room.folder.export_to(tmp_path / "out")
        assert (tmp_path / "out" / "findings" / "odd.yml").read_bytes() == data

    def test_an_export_over_the_same_files_alters_only_what_was_edited(self, news):
        assert news.room.folder.export_to(news.knowledge) == []
        news.publish(ARTICLE, OLD, NEW)
        assert news.room.folder.export_to(news.knowledge) == [ARTICLE]
        assert 'reviewer: "Dr Example, GP"' in (news.knowledge / ARTICLE).read_text()

    def test_the_same_folder_again_changes_nothing(self, news):
        found = news.room.folder.import_from(TERMINAL, news.knowledge)
        assert (found.begun, found.new, found.taken, found.offered, found.missing) == (False, [], [], [], [])

    def test_an_exported_edit_that_comes_back_is_no_news(self, news):
        news.publish(ARTICLE, OLD, NEW)
        news.room.folder.export_to(news.knowledge)
        found = news.room.folder.import_from(TERMINAL, news.knowledge)
        assert (found.taken, found.offered) == ([], [])

    def test_a_newer_programs_text_arrives_as_a_draft_and_goes_out_as_it_came_when_an_admin_chooses_it(self, news):
        alter(news.knowledge / ARTICLE, OLD, NEW)
        assert news.room.folder.import_from(TERMINAL, news.knowledge).taken == [ARTICLE]
        assert states(news, ARTICLE) == [State.PUBLISHED, State.DRAFT]
        assert news.room.publishing.publish_due() is None
        assert news.room.publishing.publish(TERMINAL) is None
        assert NEW not in news.text(ARTICLE)
        assert news.room.editing.from_program() == [ARTICLE]
        news.room.publishing.publish(TERMINAL, [ARTICLE])
        assert NEW in news.text(ARTICLE)
        assert states(news, ARTICLE) == [State.SUPERSEDED, State.PUBLISHED]
        assert news.room.editing.from_program() == []

    def test_a_file_that_is_new_in_a_newer_program_waits_as_a_draft_too(self, news):
        added = "findings/more.yml"
        (news.knowledge / added).write_text("findings:\n  - {id: itch, title: itching}\n")
        assert news.room.folder.import_from(TERMINAL, news.knowledge).new == [added]
        assert states(news, added) == [State.DRAFT]
        assert news.room.publishing.publish_due() is None
        news.room.publishing.publish(TERMINAL, [added])
        assert "itching" in news.text(added)

    def test_what_somebody_here_has_edited_or_edits_never_goes_out_as_the_program_has_it(self, news):
        news.edit(ARTICLE, OLD, NEW)
        alter(news.knowledge / ARTICLE, OLD, "id: ear_pain # theirs")
        news.room.folder.import_from(TERMINAL, news.knowledge)
        assert news.room.editing.from_program() == []
        with pytest.raises(WrongStateError, match="Only a signed text is published"):
            news.room.publishing.publish(TERMINAL, [ARTICLE])

    def test_beside_a_local_edit_it_waits_as_a_draft_and_overwrites_nothing(self, news):
        news.publish(ARTICLE, OLD, NEW)
        alter(news.knowledge / ARTICLE, OLD, "id: ear_pain # theirs")
        assert news.room.folder.import_from(TERMINAL, news.knowledge).offered == [ARTICLE]
        item = news.room.editing.item(ARTICLE)
        assert (item.served, item.newest, item.offered) == (2, 2, (3,))
        assert news.room.publishing.publish(TERMINAL) is None
        assert NEW in news.text(ARTICLE)

    def test_beside_a_draft_that_nobody_published_it_waits_too(self, news):
        draft = news.edit(ARTICLE, OLD, NEW)
        alter(news.knowledge / ARTICLE, OLD, "id: ear_pain # theirs")
        assert news.room.folder.import_from(TERMINAL, news.knowledge).offered == [ARTICLE]
        assert news.newest(ARTICLE) == draft

    def test_an_editor_takes_an_offered_text_in_and_it_waits_no_more(self, news):
        draft = news.edit(ARTICLE, OLD, NEW)
        alter(news.knowledge / ARTICLE, OLD, "id: ear_pain # theirs")
        news.room.folder.import_from(TERMINAL, news.knowledge)
        both = draft.text.replace(NEW, "id: ear_pain # both")
        news.room.editing.save(EDITOR, ARTICLE, both, base=draft.number, takes=3)
        item = news.room.editing.item(ARTICLE)
        assert (item.newest, item.offered) == (4, ())

    def test_a_file_that_is_missing_takes_nothing_away(self, news):
        (news.knowledge / FLAGS).unlink()
        assert news.room.folder.import_from(TERMINAL, news.knowledge).missing == [FLAGS]
        assert news.room.publishing.publish(TERMINAL) is None
        assert "rf_blue" in news.text(FLAGS)

    @pytest.mark.parametrize(("name", "data", "error"), [("a.yml", b"\xff", TextError), ("é.yml", b"a: 1", PathError)])
    def test_a_file_that_cannot_be_kept_is_named_and_nothing_is_taken_in(self, news, name, data, error):
        (news.knowledge / name).write_bytes(data)
        alter(news.knowledge / ARTICLE, OLD, NEW)
        with pytest.raises(error, match=name):
            news.room.folder.import_from(TERMINAL, news.knowledge)
        assert states(news, ARTICLE) == [State.PUBLISHED]
