"""Publishing: what is shown is what was signed, and what is refused leaves the old release whole.

On SQLite and on a real PostgreSQL.
"""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from careline.consultation.release_files import ReleaseFiles
from careline.editorial.errors import (
    ContentRefusedError,
    NotAllowedError,
    NotSignedError,
    OverlappingError,
    WrongStateError,
)
from careline.editorial.life_cycle import State
from tests.support.editorial import (
    ADMIN,
    ARTICLE,
    CLINICIAN,
    FLAGS,
    NEW,
    OLD,
    PROTOCOL,
    WORDS,
    newsroom,
    states,
)

pytestmark = pytest.mark.slow  # takes long


class TestPublishing:
    def test_a_text_that_was_altered_after_it_was_signed_is_not_served(self, news):
        news.sign(news.edit(ARTICLE, OLD, NEW))
        with news.database.write() as session:
            session.execute(
                text("UPDATE content_revisions SET text = :text WHERE path = :path AND number = 2"),
                {"text": "altered", "path": ARTICLE},
            )
        with pytest.raises(NotSignedError, match="is not the text that was signed"):
            news.room.publishing.publish(ADMIN, [ARTICLE])

    def test_what_the_checks_refuse_is_not_published_and_the_old_release_stays_whole(self, news):
        before = news.files.newest_id()
        news.sign(news.edit(PROTOCOL, "title: Cough", "nonsense: 1\ntitle: Cough"))
        with pytest.raises(ContentRefusedError, match=r"protocols/cough\.yml: .*nonsense"):
            news.room.publishing.publish(ADMIN, [PROTOCOL])
        assert news.files.newest_id() == before
        assert news.files.knowledge_of(before) is not None
        assert news.newest(PROTOCOL).state is State.SIGNED
        assert not list((news.files.folder.parent / "staging").iterdir())

    def test_a_preview_says_what_would_change_and_what_is_wrong_and_alters_nothing(self, news):
        news.sign(news.edit(ARTICLE, OLD, NEW))
        before = news.files.newest_id()
        seen = news.room.publishing.preview([ARTICLE])
        assert (seen.problems, [change.path for change in seen.changes]) == ((), [ARTICLE])
        assert f"+{NEW}" in seen.changes[0].patch
        assert news.files.newest_id() == before
        assert news.newest(ARTICLE).state is State.SIGNED

    def test_a_sentence_that_needs_what_nobody_gives_is_refused(self, news):
        news.sign(news.edit(WORDS, "{ $title }", "{ $titel }"))
        with pytest.raises(ContentRefusedError, match=r"'assessment-heading' needs \$titel"):
            news.room.publishing.publish(ADMIN, [WORDS])

    def test_what_is_scheduled_is_published_when_its_time_has_come(self, news, clock):
        signed = news.sign(news.edit(ARTICLE, OLD, NEW))
        news.room.editing.schedule(ADMIN, ARTICLE, signed.number, at=clock.now + dt.timedelta(hours=2))
        clock.pass_by(hours=1)
        news.room.look_after()
        assert NEW not in news.text(ARTICLE)
        clock.pass_by(hours=1)
        news.room.look_after()
        assert NEW in news.text(ARTICLE)
        assert [line.occasion for line in news.room.publishing.history()] == ["schedule", "import"]

    def test_what_is_scheduled_and_refused_is_told_once_and_leaves_the_old_release(self, news, clock, caplog):
        signed = news.sign(news.edit(PROTOCOL, "title: Cough", "nonsense: 1\ntitle: Cough"))
        news.room.editing.schedule(ADMIN, PROTOCOL, signed.number, at=clock.now)
        before = news.files.newest_id()
        for _ in range(3):
            news.room.look_after()
        assert news.files.newest_id() == before
        assert caplog.text.count("scheduled content refused") == 1

    def test_two_publishings_at_once_give_one_release_after_the_other_or_a_refusal(self, news, empty, tmp_path, clock):
        news.sign(news.edit(ARTICLE, OLD, NEW))

        def meanwhile(knowledge):
            news.room.publishing.publish(ADMIN, [ARTICLE])
            return ReleaseFiles(news.files.folder, knowledge).build(lambda _knowledge, folder: None)

        other = newsroom(empty, tmp_path, clock, built=meanwhile)
        news.sign(news.edit(PROTOCOL, "title: Cough", "title: Coughing"))
        with pytest.raises(OverlappingError, match="Somebody published in between"):
            other.room.publishing.publish(ADMIN, [PROTOCOL])
        assert NEW in news.text(ARTICLE)
        assert "title: Coughing" not in news.text(PROTOCOL)

    def test_a_text_that_is_sent_back_while_it_is_being_checked_is_not_published(self, news, empty, tmp_path, clock):
        signed = news.sign(news.edit(ARTICLE, OLD, NEW))

        def send_back(_knowledge):
            news.room.editing.send_back(CLINICIAN, ARTICLE, signed.number, why="Wait.")
            return []

        other = newsroom(empty, tmp_path, clock, checks=send_back)
        with pytest.raises(OverlappingError):
            other.room.publishing.publish(ADMIN, [ARTICLE])
        assert NEW not in news.text(ARTICLE)

    def test_a_withdrawn_article_is_served_as_withdrawn(self, news):
        news.room.publishing.withdraw(CLINICIAN, ARTICLE)
        assert "status: withdrawn" in news.text(ARTICLE)
        assert states(news, ARTICLE) == [State.WITHDRAWN]
        with pytest.raises(WrongStateError):
            news.room.publishing.withdraw(CLINICIAN, ARTICLE)

    @pytest.mark.parametrize("path", [FLAGS, PROTOCOL, "dispositions.yml"])
    def test_what_guards_patients_is_changed_and_never_withdrawn(self, news, path):
        with pytest.raises(NotAllowedError, match="only articles are withdrawn"):
            news.room.publishing.withdraw(ADMIN, path)
