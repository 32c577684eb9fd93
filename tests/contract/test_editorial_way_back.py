"""The way back: rules, texts and the state of items in one step.

On SQLite and on a real PostgreSQL.
"""

from __future__ import annotations

import shutil

import pytest

from careline.app.migrations import migrate
from careline.editorial.errors import (
    ReleaseMissingError,
)
from careline.editorial.life_cycle import State
from tests.support.editorial import (
    ADMIN,
    ARTICLE,
    EDITOR,
    FLAGS,
    NEW,
    OLD,
    PROTOCOL,
    alter,
    newsroom,
    states,
)

pytestmark = pytest.mark.slow  # takes long


class TestTheWayBack:
    def test_rules_and_texts_and_the_state_of_items_go_back_in_one_step(self, news):
        first = news.files.newest_id()
        news.sign(news.edit(ARTICLE, OLD, NEW))
        news.sign(news.edit(PROTOCOL, "title: Cough", "title: Coughing"))
        news.room.publishing.publish(ADMIN, [ARTICLE, PROTOCOL])
        assert news.files.newest_id() != first
        done = news.room.publishing.roll_back(ADMIN)
        assert (done.release_id, news.files.newest_id()) == (first, first)
        assert {change.path for change in done.changes} == {ARTICLE, PROTOCOL}
        for path in (ARTICLE, PROTOCOL):
            assert states(news, path) == [State.PUBLISHED, State.SUPERSEDED]
            assert news.newest(path).number == 1
        assert news.room.publishing.publish(ADMIN) is None, "items and release say the same"
        assert [line.occasion for line in news.room.publishing.history()] == ["roll_back", "publish", "import"]

    def test_one_can_go_forward_again(self, news):
        news.publish(ARTICLE, OLD, NEW)
        second = news.files.newest_id()
        news.room.publishing.roll_back(ADMIN)
        news.room.publishing.roll_back(ADMIN, 2)
        assert news.files.newest_id() == second
        assert states(news, ARTICLE) == [State.SUPERSEDED, State.PUBLISHED]
        assert news.room.publishing.publish(ADMIN) is None

    def test_going_back_again_goes_further_back_and_never_to_what_was_gone_back_from(self, news):
        first = news.files.newest_id()
        news.publish(ARTICLE, OLD, NEW)
        news.publish(ARTICLE, NEW, "id: ear_pain # third")
        news.room.publishing.roll_back(ADMIN)
        assert NEW in news.text(ARTICLE)
        news.room.publishing.roll_back(ADMIN)
        assert news.files.newest_id() == first
        with pytest.raises(ReleaseMissingError, match="no earlier release"):
            news.room.publishing.roll_back(ADMIN)

    def test_an_item_that_was_new_is_gone_after_it(self, news):
        path = "articles/earwax.md"
        words = news.newest(ARTICLE).text.replace(OLD, "id: earwax")
        news.sign(news.room.editing.save(EDITOR, path, words, base=None))
        news.room.publishing.publish(ADMIN, [path])
        news.room.publishing.roll_back(ADMIN)
        assert news.room.editing.item(path).served is None
        assert news.room.publishing.publish(ADMIN) is None

    def test_an_open_draft_outlives_it(self, news):
        news.publish(ARTICLE, OLD, NEW)
        draft = news.edit(PROTOCOL, "title: Cough", "title: Coughing")
        news.room.publishing.roll_back(ADMIN)
        assert news.newest(PROTOCOL) == draft

    def test_a_release_with_one_altered_byte_is_not_gone_back_to(self, news):
        first = news.files.newest_id()
        news.publish(ARTICLE, OLD, NEW)
        alter(news.files.folder / first / "knowledge" / FLAGS, "rf_blue", "rf_grey")
        before = news.files.newest_id()
        with pytest.raises(ReleaseMissingError, match="is not whole on disk"):
            news.room.publishing.roll_back(ADMIN)
        assert news.files.newest_id() == before

    def test_before_anything_was_published_there_is_none(self, empty, tmp_path, clock):
        migrate(empty)
        with pytest.raises(ReleaseMissingError, match="no way back"):
            newsroom(empty, tmp_path, clock).room.publishing.roll_back(ADMIN)

    def test_a_pointer_that_a_crash_left_behind_is_put_right(self, news):
        first = news.files.newest_id()
        news.publish(ARTICLE, OLD, NEW)
        second = news.files.newest_id()
        news.files.point_to(first)
        assert news.room.publishing.recover()
        assert news.files.newest_id() == second
        assert not news.room.publishing.recover()

    def test_what_cannot_be_put_right_is_told_and_the_old_release_stays(self, news, caplog):
        first = news.files.newest_id()
        news.publish(ARTICLE, OLD, NEW)
        shutil.rmtree(news.files.folder / news.files.newest_id())
        news.files.point_to(first)
        assert not news.room.publishing.recover()
        assert news.files.newest_id() == first
        assert "content release missing" in caplog.text
