"""Inbox and outbox of the Telegram channel, on SQLite and on PostgreSQL; two processes share the chats."""

import datetime as dt
import threading

import pytest
from sqlalchemy.exc import IntegrityError

from careline.channels.telegram import inbox, outbox
from careline.channels.telegram.api import Outcome
from careline.channels.telegram.chats import LEASE, hold_leases, locked_chat, release_leases, take_lease
from careline.channels.telegram.erasing import erase_chats_of
from careline.channels.telegram.inbox import Effects
from careline.channels.telegram.kept_waiting import kept_waiting, tell
from careline.channels.telegram.rendering import Part, Renderer
from careline.channels.telegram.tables import TelegramChatRow, TelegramSendRow, TelegramUpdateRow

pytestmark = pytest.mark.slow

CHAT = {"id": 7_000_000_123, "type": "private"}


def update(number, text="hello"):
    return {"update_id": number, "message": {"message_id": number, "chat": CHAT, "from": CHAT, "text": text}}


@pytest.fixture
def store(careline):
    def store(*updates):
        with careline.database.write() as session:
            return inbox.store(
                session,
                careline.database.keys,
                updates,
                language_for=careline.house.wording.language_for,
                now=careline.house.now(),
            )

    return store


@pytest.fixture
def finish(careline):
    def finish(number, *replies):
        with careline.database.write() as session:
            effects = Effects(replies=[{"html": reply, "keyboard": None} for reply in replies])
            renderer = Renderer(careline.house.wording, None)
            inbox.finish(session, locked_chat(session, 1), number, effects, renderer, now=careline.house.now())

    return finish


def taken(careline, owner, clock_forward=dt.timedelta()):
    with careline.database.write() as session:
        row = take_lease(session, 1, owner, careline.house.now() + clock_forward)
        return row.id if row is not None else None


def next_send(careline, owner="a", forward=dt.timedelta()):
    now = careline.house.now() + forward
    with careline.database.write() as session:
        chat = take_lease(session, 1, owner, now)
        return outbox.next_send(session, chat, now=now) if chat is not None else None


def record(careline, sending, outcome):
    with careline.database.write() as session:
        outbox.record_outcome(session, sending.id, outcome, now=careline.house.now())


def sends(careline):
    with careline.database.read() as session:
        return session.query(TelegramSendRow).order_by(TelegramSendRow.id).all()


def test_an_update_that_comes_again_is_stored_once_and_its_words_go_when_it_is_done(careline, store, finish):
    assert store(update(5), update(5), update(6)) == 2
    assert store(update(5, "other words")) == 0
    finish(5, "hi")
    finish(5, "hi again")
    with careline.database.read() as session:
        assert session.query(TelegramChatRow).count() == 1
        assert session.get(TelegramUpdateRow, 5).payload is None
        assert session.get(TelegramUpdateRow, 6).payload["message"]["text"] == "hello"
    assert len(sends(careline)) == 1


def test_the_database_itself_refuses_an_update_or_a_cause_twice(careline, store, finish):
    store(update(5))
    finish(5, "hi")
    for double in (
        TelegramUpdateRow(update_id=5, chat_id=1, received_at=careline.house.now(), state="new", attempts=0),
        TelegramSendRow(
            chat_id=1, source="u5:0", state="pending", attempts=0, repeats=0, created_at=careline.house.now()
        ),
    ):
        with pytest.raises(IntegrityError), careline.database.write() as session:
            session.add(double)


def test_chats_are_taken_up_in_the_order_in_which_they_wait(careline, store, finish):
    def of(number, chat):
        said = {"id": chat, "type": "private"}
        return {"update_id": number, "message": {"message_id": number, "chat": said, "from": said, "text": "hello"}}

    def waiting(through, *at_work):
        with careline.database.read() as session:
            return inbox.chats_to_handle(session, through, at_work)

    store(of(7, 300), of(5, 100), of(6, 200), of(8, 100))
    assert waiting(9) == [1, 2, 3]
    assert waiting(6) == [1, 2]  # what is before them may still come
    finish(5)
    assert waiting(9) == [2, 3, 1]  # of each chat the update that waits longest counts
    assert waiting(9, 2) == [3, 1]


def test_one_process_has_a_chat_until_its_lease_is_over_and_then_the_other(careline, store):
    store(update(5))
    assert taken(careline, "a") == 1
    assert taken(careline, "b") is None
    assert taken(careline, "b", LEASE) == 1
    assert taken(careline, "a", LEASE) is None


def test_a_process_that_lives_keeps_a_chat_for_as_long_as_it_works_on_it(careline, store):
    store(update(5))
    assert taken(careline, "a") == 1
    with careline.database.write() as session:
        hold_leases(session, "a", {1}, careline.house.now() + LEASE / 2)
        hold_leases(session, "b", {1}, careline.house.now() + LEASE * 9)  # not its own: nothing to hold
    assert taken(careline, "b", LEASE) is None
    assert taken(careline, "b", LEASE * 3 / 2) == 1


def test_an_update_that_two_processes_end_at_once_has_one_effect(careline, store, finish):
    store(update(5))
    threads = [threading.Thread(target=finish, args=(5, "hi")) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.source for row in sends(careline)] == ["u5:0"]


def test_a_send_that_many_ask_for_at_once_is_given_to_one(careline, store, finish):
    store(update(5))
    finish(5, "one", "two")
    given = []
    threads = [
        threading.Thread(target=lambda owner: given.append(next_send(careline, owner)), args=(f"p{number}",))
        for number in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [sending.payload["html"] for sending in given if sending is not None] == ["one"]


def test_what_a_dead_process_was_sending_is_made_once_more_and_counted(careline, store, finish):
    store(update(5))
    finish(5, "one", "two")
    first = next_send(careline, "a")
    assert (first.payload["html"], first.repeats) == ("one", 0)
    assert next_send(careline, "b") is None
    again = next_send(careline, "b", LEASE)
    assert (again.id, again.repeats) == (first.id, 1)
    record(careline, again, Outcome("sent", 77))
    assert next_send(careline, "b", LEASE).payload["html"] == "two"


def test_a_start_of_the_only_process_takes_all_leases_back(careline, store, finish):
    store(update(5))
    finish(5, "one")
    next_send(careline, "a")
    with careline.database.write() as session:
        release_leases(session)
    assert next_send(careline, "b").repeats == 1


def test_nothing_overtakes_a_send_that_must_wait(careline, store, finish):
    store(update(5))
    finish(5, "one", "two")
    record(careline, next_send(careline), Outcome("later", seconds=30))
    assert next_send(careline) is None
    with careline.database.read() as session:
        assert outbox.chats_to_send_to(session, careline.house.now()) == []
        assert outbox.chats_to_send_to(session, careline.house.now() + dt.timedelta(seconds=30)) == [1]
    assert next_send(careline, forward=dt.timedelta(seconds=30)).payload["html"] == "one"


def test_words_to_be_sent_are_gone_once_they_are_sent_or_cannot_be(careline, store, finish):
    store(update(5))
    finish(5, "one", "two")
    record(careline, next_send(careline), Outcome("sent", 77))
    record(careline, next_send(careline), Outcome("blocked", error="Forbidden"))
    assert [(row.state, row.payload) for row in sends(careline)] == [("sent", None), ("failed", None)]


def test_what_is_in_the_outbox_when_they_block_the_bot_comes_once_they_are_back(careline, store, finish):
    def to_send():
        return [row.source for row in sends(careline) if row.state == "pending"]

    def set_state(state):
        with careline.database.write() as session:
            chat = locked_chat(session, 1)
            chat.state = state
            outbox.plan_messages(session, chat, Renderer(careline.house.wording, None), now=careline.house.now())

    store(update(5))
    conversation = careline.conversations.open(channel="telegram").conversation_id
    with careline.database.write() as session:
        locked_chat(session, 1).conversation_id = conversation
    set_state("open")
    planned = to_send()
    record(careline, next_send(careline), Outcome("sent", 77))
    set_state("blocked")  # Telegram says so in an update, before a send is refused
    assert next_send(careline) is None
    set_state("open")
    assert to_send() == planned[1:] != []


@pytest.fixture
def said(careline, store, finish):
    """A conversation in the chat: an update that brought words, what was said to it, some of it sent."""
    store(update(5), update(6))
    conversation = careline.conversations.open(channel="telegram").conversation_id
    with careline.database.write() as session:
        chat = session.get(TelegramChatRow, 1)
        chat.conversation_id = conversation
        chat.picked = {"number": 2, "values": ["fever"]}
        outbox.plan_messages(session, chat, Renderer(careline.house.wording, None), now=careline.house.now())
    finish(5, "hi")
    record(careline, next_send(careline), Outcome("sent", 77))
    with careline.database.write() as session:
        inbox.postpone(session, 6, (), now=careline.house.now())
    return conversation


def kept(careline):
    with careline.database.read() as session:
        updates = session.query(TelegramUpdateRow).order_by(TelegramUpdateRow.update_id)
        return [(row.update_id, row.state, row.message_id, row.payload) for row in updates]


def erased_by_the_patient(careline, conversation):
    careline.conversations.erase(conversation)


def erased_by_time(careline, _conversation):
    careline.house.now.pass_by(days=31)
    assert careline.conversations.erase_expired() == 1


@pytest.mark.parametrize("erase", [erased_by_the_patient, erased_by_time])
def test_with_a_conversation_goes_all_that_inbox_and_outbox_keep_of_it(careline, said, erase):
    erase(careline, said)
    assert [row.source for row in sends(careline) if row.conversation_id is not None or row.ended_at] == []
    with careline.database.read() as session:
        chat = session.get(TelegramChatRow, 1)
        assert (chat.conversation_id, chat.picked) == (None, None)
    # A number alone, for a day: what Telegram brings again is known, and not taken as something new.
    assert all(row[1:] == ("done", None, None) for row in kept(careline))


def test_an_update_that_comes_again_after_its_words_were_erased_is_not_taken_anew(careline, store, said):
    careline.conversations.erase(said)
    assert store(update(5), update(6)) == 0


def test_what_nobody_has_looked_at_yet_is_still_screened_after_an_erasure(careline, store, said):
    store(update(7, "crushing chest pain"))
    careline.conversations.erase(said)
    assert [(row[0], row[1]) for row in kept(careline)][-1] == (7, "new")


def test_chats_keep_what_they_had_when_an_erasure_breaks_off(careline, said):
    before = (kept(careline), [(row.id, row.state) for row in sends(careline)])

    class Crash(Exception):
        pass

    def crash():
        with careline.database.write() as session:
            erase_chats_of(session, said, careline.house.now())
            session.flush()
            raise Crash

    with pytest.raises(Crash):
        crash()
    assert (kept(careline), [(row.id, row.state) for row in sends(careline)]) == before
    careline.conversations.erase(said)
    assert careline.conversations.exists(said) is False


def test_a_send_that_was_under_way_while_it_was_erased_leaves_nothing(careline, said):
    sending = next_send(careline)
    careline.conversations.erase(said)
    record(careline, sending, Outcome("sent", 78))
    assert [row.id for row in sends(careline) if row.conversation_id is not None] == []


def test_what_was_erased_meanwhile_is_not_sent(careline, said):
    careline.conversations.erase(said)
    while (sending := next_send(careline)) is not None:
        assert sending.payload["html"] == "hi"  # the bot's own words
        record(careline, sending, Outcome("sent", 79))


def test_a_chat_is_forgotten_once_nothing_of_it_is_left_and_known_anew_when_it_writes_again(careline, store, finish):
    def a_week_passes():
        with careline.database.write() as session:
            outbox.forget_old(session, careline.house.now() + dt.timedelta(days=1))
            return session.query(TelegramChatRow).count()

    store(update(5))
    finish(5, "hi")
    assert a_week_passes() == 1  # "hi" is still to be sent
    record(careline, next_send(careline), Outcome("sent", 1))
    with careline.database.write() as session:
        locked_chat(session, 1).conversation_id = "con_1"
    assert a_week_passes() == 1
    with careline.database.write() as session:
        erase_chats_of(session, "con_1", careline.house.now())
    store(update(6))
    assert a_week_passes() == 1  # a message that nobody has looked at
    finish(6)
    assert a_week_passes() == 0
    assert store(update(7)) == 1


class TestKeptWaiting:
    """Who waits for an answer too long."""

    @pytest.fixture
    def told(self, careline):
        """Tells who waits too long, some time from now; returns whom, by the number of the update."""

        def told(seconds, *, sent=True):
            now = careline.house.now() + dt.timedelta(seconds=seconds)
            with careline.database.write() as session:
                found = kept_waiting(session, now, ())
                for waiting in found:
                    tell(session, locked_chat(session, waiting.chat_id), waiting.update_id, [Part("slow")], now=now)
                rows = session.query(TelegramSendRow).filter(TelegramSendRow.source.startswith("slow:"))
                for row in rows if sent else ():
                    row.state = "sent"
                return [int(row.source.split(":")[1]) for row in rows.order_by(TelegramSendRow.id)]

        return told

    @pytest.fixture
    def done(self, careline):
        """Ends an update some time from now, with nothing said that is still to be sent."""

        def done(number, seconds):
            with careline.database.write() as session:
                row = session.get_one(TelegramUpdateRow, number)
                row.state, row.done_at = "done", careline.house.now() + dt.timedelta(seconds=seconds)

        return done

    @pytest.fixture
    def came(self, careline, store):
        """Stores an update that comes some time from now."""

        def came(number, seconds):
            store(update(number))
            with careline.database.write() as session:
                row = session.get_one(TelegramUpdateRow, number)
                row.received_at = careline.house.now() + dt.timedelta(seconds=seconds)

        return came

    def test_nobody_is_told_before_it_takes_long_and_then_once(self, told, came):
        came(5, 0)
        assert told(6.9) == []
        assert told(7) == [5]
        assert told(60) == [5]

    def test_who_has_an_answer_is_told_nothing(self, told, came, done):
        came(5, 0)
        done(5, 3)
        assert told(60) == []

    def test_messages_that_wait_together_are_told_of_once_though_they_are_answered_one_by_one(self, told, came, done):
        came(5, 0)
        came(6, 1)
        assert told(9) == [5]
        came(7, 11)
        done(5, 12)
        done(6, 14)
        assert told(30) == [5]

    def test_who_was_answered_and_waits_again_is_told_again(self, told, came, done):
        came(5, 0)
        assert told(9) == [5]
        done(5, 12)
        came(6, 13)
        assert told(23) == [5, 6]

    def test_while_something_is_on_its_way_nothing_is_added_and_afterwards_it_is(self, careline, told, came, finish):
        came(5, 0)
        finish(5, "an answer")
        came(6, 0)
        assert told(10) == []
        record(careline, next_send(careline), Outcome("sent", 1))
        assert told(10) == [6]

    def test_who_was_told_that_they_write_too_much_is_not_told_that_it_is_slow(self, careline, told, came):
        came(5, 0)
        came(6, 0)
        with careline.database.write() as session:
            inbox.postpone(session, 5, [Part("wait")], now=careline.house.now())
        assert told(30) == []

    def test_who_has_blocked_the_bot_is_told_nothing(self, careline, told, came):
        came(5, 0)
        with careline.database.write() as session:
            locked_chat(session, 1).state = "blocked"
        assert told(30) == []
