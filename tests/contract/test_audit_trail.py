"""The audit trail on SQLite and on a real PostgreSQL: whole under many writers, and every alteration is found."""

import concurrent.futures
import datetime as dt
import json
import random

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from careline.app.migrations import migrate
from careline.staff.audit import read_lines
from careline.staff.audit_check import Verdict, check_open, check_trail
from careline.staff.errors import AuditDetailError, AuditUnreadableError
from careline.staff.services import build_staff
from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys, rotate_keys

pytestmark = pytest.mark.slow  # takes long

SEED = 20261121


@pytest.fixture
def trail(empty, tmp_path, clock):
    """A staff room on an empty, migrated database."""
    migrate(empty)
    return build_staff(empty, tmp_path, clock)


def record(trail, number=0, **detail):
    with trail.database.write() as session:
        trail.audit.record(session, "sta_1", "case_claimed", f"esc_{number}", detail)


def filled(trail, lines):
    with trail.database.write() as session:
        for number in range(lines):
            trail.audit.record(session, f"sta_{number % 3}", "case_claimed", f"esc_{number}", {"n": number})
    return trail


def _record_and_fail(trail):
    with trail.database.write() as session:
        trail.audit.record(session, "sta_1", "case_claimed", "esc_1")
        session.execute(text("INSERT INTO staff_accounts (id) VALUES ('sta_1')"))


def check(trail):
    return check_trail(trail.database, trail.anchor)


def alter(trail, *statements):
    """Do what only somebody with full rights in the database can do."""
    off = (
        ["DROP TRIGGER IF EXISTS audit_trail_no_update", "DROP TRIGGER IF EXISTS audit_trail_no_delete"]
        if trail.database.is_sqlite
        else ["DROP TRIGGER IF EXISTS audit_trail_no_change ON audit_trail"]
    )
    with trail.database.write() as session:
        for statement in (*off, *statements):
            session.execute(text(statement))


class TestRecording:
    def test_lines_are_numbered_from_one_and_read_newest_first(self, trail):
        filled(trail, 5)
        assert [line.number for line in read_lines(trail.database, most=10)] == [5, 4, 3, 2, 1]
        assert (check(trail).verdict, check(trail).lines) == (Verdict.WHOLE, 5)

    def test_they_can_be_asked_for_by_person_and_thing_and_page(self, trail):
        filled(trail, 9)
        assert [line.number for line in read_lines(trail.database, actor="sta_1", most=2)] == [8, 5]
        assert [line.number for line in read_lines(trail.database, actor="sta_1", before=5, most=2)] == [2]
        assert [line.number for line in read_lines(trail.database, object="esc_6", most=2)] == [7]

    def test_a_line_is_there_exactly_when_what_it_tells_of_is(self, trail):
        record(trail)
        with pytest.raises(IntegrityError):
            _record_and_fail(trail)
        assert [line.number for line in read_lines(trail.database, most=10)] == [1]
        record(trail)
        assert (check(trail).verdict, check(trail).lines) == (Verdict.WHOLE, 2)

    def test_an_inner_step_that_was_taken_back_leaves_no_gap_and_no_false_alarm(self, trail):
        with trail.database.write() as session:
            trail.audit.record(session, "sta_1", "case_claimed", "esc_1")
            inner = session.begin_nested()
            trail.audit.record(session, "sta_1", "case_claimed", "esc_2")
            inner.rollback()
        assert (check(trail).verdict, check(trail).lines) in {(Verdict.WHOLE, 1), (Verdict.UNANCHORED, 1)}
        record(trail)
        assert (check(trail).verdict, check(trail).lines) == (Verdict.WHOLE, 2)

    def test_the_anchor_waits_for_the_commit(self, trail):
        with trail.database.write() as session:
            with session.begin_nested():
                trail.audit.record(session, "sta_1", "case_claimed", "esc_1")
            assert trail.anchor.read() is None
        assert trail.anchor.read().number == 1

    def test_a_full_disk_for_the_anchor_does_not_undo_what_was_done(self, trail, caplog):
        trail.anchor.path.mkdir()
        record(trail)
        assert len(read_lines(trail.database, most=10)) == 1
        assert "audit anchor not written" in caplog.text

    @pytest.mark.parametrize("detail", [{"text": "x" * 201}, {"Bad name": 1}, {"a": {"b": 1}}, {"a": [1.5]}])
    def test_texts_are_not_kept(self, trail, detail):
        with pytest.raises(AuditDetailError):
            record(trail, **detail)
        assert read_lines(trail.database, most=10) == []

    @pytest.mark.parametrize("statement", ["UPDATE audit_trail SET actor = 'sta_2'", "DELETE FROM audit_trail"])
    def test_the_database_refuses_to_change_or_delete_a_line(self, trail, statement):
        record(trail)
        with pytest.raises(DBAPIError, match="only added to"), trail.database.write() as session:
            session.execute(text(statement))

    @pytest.mark.slow
    def test_many_writers_at_once_make_one_chain(self, trail):
        writers, each = 8, 25

        def write(writer):
            for number in range(each):
                record(trail, writer * 1000 + number)

        with concurrent.futures.ThreadPoolExecutor(writers) as pool:
            list(pool.map(write, range(writers)))
        assert (check(trail).verdict, check(trail).lines) == (Verdict.WHOLE, writers * each)
        assert trail.anchor.read().number == writers * each

    def test_the_chain_goes_on_after_the_keys_were_rotated(self, trail, any_database, tmp_path, clock):
        filled(trail, 3)
        rotate_keys(tmp_path / "keys.json")
        after = Database(any_database, load_or_make_keys(tmp_path / "keys.json")[0])
        try:
            later = build_staff(after, tmp_path, clock)
            record(later)
            assert (check(later).verdict, check(later).lines) == (Verdict.WHOLE, 4)
        finally:
            after.close()

    def test_a_chain_made_with_other_keys_is_broken(self, trail, any_database, tmp_path, clock):
        """Whoever can write to the database but has not the keys cannot make a chain that fits."""
        filled(trail, 3)
        others = load_or_make_keys(tmp_path / "others.json")[0]
        ours = load_or_make_keys(tmp_path / "keys.json")[0]
        named_alike = type(others)(ours.current, {ours.current: others.keys[others.current]})
        forger = Database(any_database, named_alike)
        try:
            alter(trail, "DELETE FROM audit_trail WHERE number = 3")
            record(build_staff(forger, tmp_path / "elsewhere", clock))
        finally:
            forger.close()
        assert (check(trail).verdict, check(trail).broken_at) == (Verdict.BROKEN, 3)


class TestAlterations:
    @pytest.mark.parametrize(
        ("statement", "broken_at"),
        [
            ("UPDATE audit_trail SET actor = 'sta_9' WHERE number = 3", 3),
            ("UPDATE audit_trail SET action = 'case_closed' WHERE number = 1", 1),
            ("UPDATE audit_trail SET object = 'esc_99' WHERE number = 5", 5),
            ("UPDATE audit_trail SET detail = '{\"n\": 2}' WHERE number = 3", 3),
            ("UPDATE audit_trail SET key_id = 'other' WHERE number = 2", 2),
            ("DELETE FROM audit_trail WHERE number = 1", 1),
            ("DELETE FROM audit_trail WHERE number = 3", 3),
            ("DELETE FROM audit_trail WHERE number = 5", 5),
            ("DELETE FROM audit_trail WHERE number > 2", 3),
            ("DELETE FROM audit_trail", 1),
            ("UPDATE audit_trail SET number = 6 WHERE number = 5", 5),
        ],
    )
    def test_the_first_line_that_does_not_fit_is_named(self, trail, statement, broken_at):
        filled(trail, 5)
        alter(trail, statement)
        found = check(trail)
        assert (found.verdict, found.broken_at, found.lines) == (Verdict.BROKEN, broken_at, broken_at - 1)
        assert found.reason

    def test_two_lines_that_changed_places_are_found(self, trail):
        filled(trail, 5)
        moves = [f"UPDATE audit_trail SET number = {new} WHERE number = {old}" for old, new in ((2, 9), (4, 2), (9, 4))]
        alter(trail, *moves)
        assert check(trail).broken_at == 2

    def test_without_its_anchor_a_trail_is_not_called_whole(self, trail):
        filled(trail, 5)
        trail.anchor.path.unlink()
        assert check(trail).verdict is Verdict.UNANCHORED

    def test_an_anchor_that_was_altered_is_found(self, trail):
        filled(trail, 5)
        altered = json.loads(trail.anchor.path.read_bytes()) | {"mac": "00" * 32}
        trail.anchor.path.write_text(json.dumps(altered))
        assert (check(trail).verdict, check(trail).broken_at) == (Verdict.BROKEN, 5)
        trail.anchor.path.write_text("nonsense")
        assert check(trail).verdict is Verdict.BROKEN

    def test_an_empty_trail_is_whole(self, trail):
        assert (check(trail).verdict, check(trail).lines) == (Verdict.WHOLE, 0)

    def test_a_database_without_trail_cannot_be_checked(self, empty, tmp_path, clock):
        with pytest.raises(AuditUnreadableError, match="careline migrate"):
            check(build_staff(empty, tmp_path, clock))

    @pytest.mark.slow
    def test_each_of_a_thousand_alterations_is_found(self, trail):
        """Random edits of every column, deletions, swaps, insertions and truncations (goal S5)."""
        chance, lines = random.Random(SEED), 40
        filled(trail, lines)
        alter(trail)
        missed = []
        for number in range(1000):
            session = Session(trail.database.engine)
            try:
                done = _mutate(session, chance, lines)
                if _check_in(trail, session).verdict is not Verdict.BROKEN:
                    missed.append((number, done))
            finally:
                session.rollback()
                session.close()
        assert missed == []
        assert check(trail).verdict is Verdict.WHOLE


def _check_in(trail, session):
    """Check in the transaction that altered, so that it can be rolled back."""
    session.expire_all()
    return check_open(session, trail.anchor.read())


def _mutate(session, chance, lines):
    """Alter the trail somehow; return what was done."""
    at = chance.randint(1, lines)
    other = chance.choice([n for n in range(1, lines + 1) if n != at])
    kind = chance.choice(["text", "time", "key", "mac", "delete", "swap", "truncate", "insert", "copy"])
    column = chance.choice(["actor", "action", "object", "detail"])
    do = session.connection().execute
    if kind == "text":
        value = do(text(f"SELECT {column} FROM audit_trail WHERE number = :n"), {"n": at}).scalar_one()
        place = chance.randrange(len(value) + 1)
        changed = value[:place] + chance.choice("abc 019\u00e9") + value[place + chance.randint(0, 1) :]
        changed = changed if changed != value else value + "x"
        do(text(f"UPDATE audit_trail SET {column} = :v WHERE number = :n"), {"v": changed, "n": at})
    elif kind == "time":
        moved = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=chance.randint(0, 10**7))
        do(text("UPDATE audit_trail SET at = :v WHERE number = :n"), {"v": moved.isoformat(" "), "n": at})
    elif kind == "key":
        do(
            text("UPDATE audit_trail SET key_id = :v WHERE number = :n"),
            {"v": f"{chance.getrandbits(32):08x}", "n": at},
        )
    elif kind == "mac":
        flipped = bytearray(do(text("SELECT mac FROM audit_trail WHERE number = :n"), {"n": at}).scalar_one())
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        do(text("UPDATE audit_trail SET mac = :v WHERE number = :n"), {"v": bytes(flipped), "n": at})
    elif kind == "delete":
        do(text("DELETE FROM audit_trail WHERE number = :n"), {"n": at})
        if chance.random() < 0.5:  # and close the gap
            for later in range(at + 1, lines + 1):
                do(text("UPDATE audit_trail SET number = :m WHERE number = :n"), {"m": later - 1, "n": later})
    elif kind == "swap":
        for old, new in ((at, 10_000), (other, at), (10_000, other)):
            do(text("UPDATE audit_trail SET number = :new WHERE number = :old"), {"new": new, "old": old})
    elif kind == "truncate":
        do(text("DELETE FROM audit_trail WHERE number >= :n"), {"n": at})
    else:  # a line more, made up or copied, at some place
        source = at if kind == "copy" else other
        place = chance.randint(1, lines)
        for later in range(lines, place - 1, -1):
            do(text("UPDATE audit_trail SET number = :m WHERE number = :n"), {"m": later + 1, "n": later})
        source += source >= place
        columns = "at, actor, action, object, detail, key_id"
        new_mac = "mac" if kind == "copy" else ":mac"
        insert = (
            f"INSERT INTO audit_trail (number, {columns}, mac) "
            f"SELECT CAST(:p AS INTEGER), {columns}, {new_mac} FROM audit_trail WHERE number = :s"
        )
        made_up = {} if kind == "copy" else {"mac": chance.randbytes(32)}
        do(text(insert), {"p": place, "s": source, **made_up})
    return kind, at, other
