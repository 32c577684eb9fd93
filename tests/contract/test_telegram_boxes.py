"""Inbox and outbox of the Telegram channel, on SQLite and on PostgreSQL; two processes share the chats."""

import datetime as dt

import pytest
from sqlalchemy.exc import IntegrityError

from careline.channels.telegram import inbox, outbox
from careline.channels.telegram.api import Outcome
from careline.channels.telegram.chats import LEASE, release_leases, take_lease
from careline.channels.telegram.inbox import Effects
from careline.channels.telegram.rendering import Renderer
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
            inbox.finish(session, number, effects, renderer, now=careline.house.now())

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


def test_one_process_has_a_chat_until_its_lease_is_over_and_then_the_other(careline, store):
    store(update(5))
    assert taken(careline, "a") == 1
    assert taken(careline, "b") is None
    assert taken(careline, "b", LEASE) == 1
    assert taken(careline, "a", LEASE) is None


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


def test_what_was_erased_meanwhile_is_not_sent(careline, store):
    store(update(5))
    conversation = careline.conversations.open(channel="telegram").conversation_id
    with careline.database.write() as session:
        chat = session.get(TelegramChatRow, 1)
        chat.conversation_id = conversation
        outbox.plan_messages(session, chat, Renderer(careline.house.wording, None), now=careline.house.now())
    careline.conversations.erase(conversation)
    assert next_send(careline) is None
    assert {(row.state, row.payload) for row in sends(careline)} == {("dropped", None)}
