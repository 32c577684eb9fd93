"""Engines and units of work on SQLite; what both databases share is in tests/contract."""

import datetime as dt
import subprocess
import sys

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from careline.consultation.tables import UnansweredQuestionRow
from careline.storage.errors import SingleWriterError

AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
CLAIM = """
import sys
from careline.storage.database import Database
from careline.storage.errors import SingleWriterError
from careline.storage.keys import KeyRing
try:
    Database(sys.argv[1], KeyRing("k", {"k": bytes(32)})).claim_writer()
except SingleWriterError as error:
    sys.exit(str(error))
"""


def question(**more):
    return UnansweredQuestionRow(**{"at": AT, "release": "r", "language": "en", "question": "can I swim"} | more)


def pragma(session, name):
    return session.execute(text(f"PRAGMA {name}")).scalar()


class TestWriter:
    def test_waits_for_the_disk_at_every_commit_so_that_no_acknowledged_message_is_lost(self, database):
        with database.write() as session:
            assert pragma(session, "journal_mode") == "wal"
            assert pragma(session, "synchronous") == 2  # FULL
            assert pragma(session, "foreign_keys") == 1

    def test_commits_at_the_end(self, database):
        with database.write() as session:
            session.add(question())
        with database.read() as session:
            assert session.query(UnansweredQuestionRow).count() == 1

    def test_rolls_back_everything_when_the_unit_of_work_fails(self, database):
        def fail_half_way():
            with database.write() as session:
                session.add(question())
                session.flush()
                raise RuntimeError("half way")

        with pytest.raises(RuntimeError, match="half way"):
            fail_half_way()
        with database.read() as session:
            assert session.query(UnansweredQuestionRow).count() == 0

    def test_refuses_a_row_whose_conversation_does_not_exist(self, database):
        with pytest.raises(IntegrityError), database.write() as session:
            session.add(question(conversation_id="con_none"))

    def test_an_error_of_the_database_quotes_no_row(self, database):
        with pytest.raises(IntegrityError) as refused, database.write() as session:
            session.add(question(conversation_id="con_none"))
        assert "con_none" not in str(refused.value)

    def test_is_writable_while_nothing_is_wrong(self, database):
        assert database.is_writable()


class TestReader:
    def test_cannot_write(self, database):
        with pytest.raises(OperationalError, match="readonly"), database.read() as session:
            session.execute(text("DELETE FROM conversations"))

    def test_sees_what_was_committed_before_and_not_what_is_under_way(self, database):
        with database.write() as session:
            session.add(question())
            session.flush()
            with database.read() as other:
                assert other.query(UnansweredQuestionRow).count() == 0


class TestSingleWriter:
    @pytest.mark.slow  # starts a process
    def test_another_process_is_refused_and_told_what_to_do(self, database):
        database.claim_writer()
        other = subprocess.run([sys.executable, "-c", CLAIM, str(database.url)], capture_output=True, text=True)
        assert other.returncode == 1
        assert "Another Careline already writes to" in other.stderr
        assert "CARELINE_DATA_DIR" in other.stderr
        assert "CARELINE_DATABASE_URL" in other.stderr

    def test_the_next_one_may_write_once_the_first_has_closed(self, database, opened):
        database.claim_writer()
        database.close()
        opened().claim_writer()

    def test_claiming_twice_is_the_same_claim(self, database, opened):
        database.claim_writer()
        database.claim_writer()
        with pytest.raises(SingleWriterError):
            opened().claim_writer()


class TestTimes:
    def test_a_time_without_zone_is_refused(self, database):
        with pytest.raises(StatementError, match="Use an aware UTC time"), database.write() as session:
            session.add(question(at=dt.datetime(2026, 11, 21, 9, 0)))  # noqa: DTZ001 - that is the point

    def test_comes_back_in_utc_whatever_zone_it_was_given_in(self, database):
        at = dt.datetime(2026, 11, 21, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
        with database.write() as session:
            session.add(question(at=at))
        with database.read() as session:
            (row,) = session.query(UnansweredQuestionRow)
            assert (row.at, row.at.tzinfo) == (dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC), dt.UTC)
