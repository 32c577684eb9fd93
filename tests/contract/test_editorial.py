"""Editing content on SQLite and on a real PostgreSQL: what is shown is what was signed, and the way back."""

from __future__ import annotations

import concurrent.futures
import datetime as dt
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from careline.app.migrations import migrate
from careline.consultation.release_files import ReleaseFiles
from careline.editorial.errors import (
    ContentRefusedError,
    NotAllowedError,
    NotSignedError,
    OverlappingError,
    PathError,
    ReleaseMissingError,
    StaleRevisionError,
    TextError,
    UnknownItemError,
    WrongStateError,
)
from careline.editorial.life_cycle import TERMINAL, State
from careline.staff.audit import read_lines
from tests.support.editorial import (
    ADMIN,
    ARTICLE,
    CLINICIAN,
    EDITOR,
    FLAGS,
    OTHER_EDITOR,
    PROTOCOL,
    WORDS,
    WRITING_CLINICIAN,
    Newsroom,
    newsroom,
)
from tests.support.house import migrated_file

pytestmark = pytest.mark.slow  # takes long

OLD, NEW = "id: ear_pain", "id: ear_pain # edited"
TITLE = "title: "


@pytest.fixture
def news(empty, tmp_path, clock) -> Newsroom:
    """A room whose content is what patients see."""
    if empty.is_sqlite:
        Path(str(empty.url.database)).write_bytes(migrated_file())  # the same, in less time
    else:
        migrate(empty)
    news = newsroom(empty, tmp_path, clock)
    news.room.folder.import_from(TERMINAL, news.knowledge)
    assert news.room.publishing.adopt()
    return news


def states(news, path):
    return [revision.state for revision in news.room.editing.item(path).revisions]


def actions(news, path):
    return [line.action for line in reversed(read_lines(news.database, object=path, most=50))]


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

    def test_a_newer_programs_text_goes_into_the_next_release_where_nobody_edited(self, news):
        alter(news.knowledge / ARTICLE, OLD, NEW)
        assert news.room.folder.import_from(TERMINAL, news.knowledge).taken == [ARTICLE]
        assert NEW not in news.text(ARTICLE)
        news.room.publishing.publish(TERMINAL)
        assert NEW in news.text(ARTICLE)
        assert states(news, ARTICLE) == [State.SUPERSEDED, State.PUBLISHED]

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


class TestReviewDates:
    def due(self, news):
        return {one.path: (one.warned_at, one.effect) for one in news.room.expiry.due()}

    @pytest.mark.parametrize(
        ("day", "stage"),
        [
            (dt.date(2027, 3, 21), None),
            (dt.date(2027, 3, 22), 60),
            (dt.date(2027, 4, 21), 30),
            (dt.date(2027, 5, 14), 7),
            (dt.date(2027, 5, 21), 7),
        ],
    )
    def test_a_red_flag_is_warned_of_60_and_30_and_7_days_ahead(self, news, clock, day, stage):
        clock.now = dt.datetime.combine(day, dt.time(9), dt.UTC)
        assert self.due(news).get(FLAGS) == (None if stage is None else (stage, "none"))

    def test_past_its_date_an_article_is_hidden_and_rules_stay_and_are_an_alarm(self, news, clock, caplog):
        before = news.files.newest_id()
        clock.now = dt.datetime(2027, 6, 21, 9, tzinfo=dt.UTC)
        news.room.look_after()
        assert self.due(news)[ARTICLE] == (None, "hidden")
        assert self.due(news)[FLAGS] == self.due(news)[PROTOCOL] == (None, "stays")
        assert states(news, ARTICLE) == [State.EXPIRED]
        assert states(news, FLAGS) == states(news, PROTOCOL) == [State.PUBLISHED]
        assert news.files.newest_id() == before
        assert "rf_blue" in news.text(FLAGS)
        assert "rules past their review date stay in force" in caplog.text

    def test_each_warning_is_given_once(self, news, clock):
        clock.now = dt.datetime(2027, 3, 25, 9, tzinfo=dt.UTC)
        assert FLAGS in {one.path for one in news.room.expiry.act()}
        assert news.room.expiry.act() == []
        clock.pass_by(days=30)
        assert FLAGS in {one.path for one in news.room.expiry.act()}

    def test_a_text_with_a_later_date_that_is_signed_ends_the_warning(self, news, clock):
        clock.now = dt.datetime(2027, 5, 20, 9, tzinfo=dt.UTC)
        assert FLAGS in self.due(news)
        news.publish(FLAGS, "review_by: 2027-05-21", "review_by: 2028-05-01")
        assert FLAGS not in self.due(news)

    def test_a_new_text_for_an_expired_article_is_served_again(self, news, clock):
        clock.now = dt.datetime(2027, 6, 21, 9, tzinfo=dt.UTC)
        news.room.look_after()
        day = news.newest(ARTICLE).review_by
        news.publish(ARTICLE, f"review_by: {day}", "review_by: 2027-12-01")
        assert states(news, ARTICLE) == [State.SUPERSEDED, State.PUBLISHED]


def alter(path: Path, old: str, new: str) -> None:
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new), encoding="utf-8")
