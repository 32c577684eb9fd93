"""Live events (SSE): every message once and in order, also after a break."""

import asyncio
import dataclasses
import json
import queue

import pytest

from tests.support.house import Patient
from tests.support.talk import with_deadlines

pytestmark = pytest.mark.slow  # takes long

SOON = 10  # seconds; only a broken stream takes so long


class Follower:
    """Follows a conversation's events as a browser does, and can leave."""

    def __init__(self, patient, query="", **headers):
        self._frames = queue.SimpleQueue()
        self._app = patient.client.app
        self._portal = patient.client.portal
        self.status = None
        sent = {"host": "testserver", **patient.headers, **{name.replace("_", "-"): v for name, v in headers.items()}}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": f"{patient.path}/events",
            "raw_path": f"{patient.path}/events".encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
            "client": ("127.0.0.1", 50000),
            "server": ("testserver", 80),
        }
        self._left = self._portal.call(_new_event)
        self._running = self._portal.start_task_soon(self._follow, scope)

    async def _follow(self, scope):
        await self._app(scope, self._receive(), self._send)
        self._frames.put(None)

    def _receive(self):
        asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive():
            for message in asked:
                return message
            await self._left.wait()
            return {"type": "http.disconnect"}

        return receive

    async def _send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
        for frame in message.get("body", b"").decode().split("\n\n"):
            if frame.strip():
                self._frames.put(dict(line.split(": ", 1) for line in frame.splitlines()))

    def next(self):
        """The next event; None when the stream has ended."""
        return self._frames.get(timeout=SOON)

    def until_end(self):
        """All events up to the end of the stream."""
        return list(iter(self.next, None))

    def messages(self, number):
        """The next so many messages; other events between them are passed over."""
        found = []
        while len(found) < number:
            event = self.next()
            if event["event"] == "message":
                found.append(json.loads(event["data"]))
        return found

    def state(self):
        """The next state."""
        while (event := self.next())["event"] != "state":
            pass
        return json.loads(event["data"])

    def leave(self):
        self._portal.call(self._left.set)
        self._running.result(timeout=SOON)


async def _new_event():
    return asyncio.Event()


def test_begins_with_all_messages_and_the_state(patient):
    follower = Follower(patient)
    assert follower.messages(2) == patient.opened["messages"]
    state = follower.state()
    assert (state["state"], state["expects"], state["final"]) == ("consent", 2, False)
    assert set(state) == {"state", "expects", "acuity", "final", "escalation", "quick_exit", "clinician"}
    follower.leave()


def test_what_is_written_and_answered_comes_live_the_patients_own_words_too(patient):
    follower = Follower(patient)
    follower.messages(2)
    turn = patient.agree()
    assert follower.messages(1 + len(turn["messages"])) == [turn["received"], *turn["messages"]]
    follower.leave()


def test_the_state_comes_when_it_changes(patient):
    follower = Follower(patient)
    follower.state()
    patient.write("I have chest pain going into my left arm")
    states = [follower.state()]
    while not states[-1]["final"]:
        states.append(follower.state())
    assert states[-1]["acuity"] == "emergency_now"
    assert states[-1]["escalation"]["state"] == "open"
    follower.leave()


def test_only_messages_have_an_id_and_it_is_theirs(patient):
    patient.press("decline")
    events = Follower(patient).until_end()
    assert all(("id" in event) == (event["event"] == "message") for event in events)
    messages = [event for event in events if event["event"] == "message"]
    assert [int(event["id"]) for event in messages] == [json.loads(event["data"])["id"] for event in messages]
    assert [event["event"] for event in events[-2:]] == ["state", "end"]


@pytest.mark.parametrize(("query", "headers"), [("after=2", {}), ("", {"last_event_id": "2"})])
def test_goes_on_after_the_last_message_that_was_received(patient, query, headers):
    patient.press("decline")
    events = Follower(patient, query, **headers).until_end()
    assert next(int(event["id"]) for event in events if event["event"] == "message") == 3


def test_the_last_received_event_counts_for_more_than_the_address(patient):
    patient.press("decline")
    events = Follower(patient, "after=0", last_event_id="3").until_end()
    assert next(event["id"] for event in events if event["event"] == "message") == "4"


def test_after_every_break_nothing_is_missing_and_nothing_comes_twice(patient):
    received, last = [], 0
    for words in ("one", "two", "three", "four"):
        follower = Follower(patient, last_event_id=str(last))
        turn = patient.write(words)
        while last < turn["messages"][-1]["id"]:
            (message,) = follower.messages(1)
            received.append(message)
            last = message["id"]
        follower.leave()
    assert received == patient.read("messages")["messages"]


def test_ends_when_the_conversation_closes(patient):
    follower = Follower(patient)
    follower.messages(2)
    patient.press("decline")
    assert json.loads(follower.until_end()[-1]["data"]) == {"reason": "closed"}


def test_ends_when_the_conversation_is_erased(patient, client):
    follower = Follower(patient)
    follower.state()
    client.delete(patient.path, headers=patient.headers)
    (end,) = follower.until_end()
    assert (end["event"], json.loads(end["data"])) == ("end", {"reason": "erased"})


def test_ends_without_a_word_when_the_process_stops_so_that_the_browser_connects_again(patient, careline, client):
    follower = Follower(patient)
    follower.state()
    client.portal.call(careline.wakeups.stop)
    assert follower.until_end() == []


def test_another_patients_words_never_come(patient, client):
    other = Patient(client)
    follower = Follower(patient, "after=2")
    follower.state()
    other.write("not for you")
    patient.press("decline")
    assert not any("not for you" in event["data"] for event in follower.until_end())


def test_a_message_of_which_nobody_was_told_comes_after_the_next_look(patient, client, careline, dialogue):
    """Another process took it: the database is the truth."""
    client.app.state.web = dataclasses.replace(client.app.state.web, poll_seconds=0.01)
    follower = Follower(patient)
    follower.messages(2)
    unheard = dataclasses.replace(careline, wakeups=type(careline.wakeups)())
    client.app.state.web = dataclasses.replace(client.app.state.web, turns=with_deadlines(unheard, dialogue).turns)
    turn = patient.agree()
    assert follower.messages(1) == [turn["received"]]
    follower.leave()


def test_a_follower_who_leaves_is_forgotten(patient, client, careline):
    follower = Follower(patient)
    follower.state()
    follower.leave()
    assert careline.wakeups._followers == {}


def test_is_never_kept_by_a_cache_and_never_held_back_by_a_proxy(patient, client):
    patient.press("decline")
    answer = client.get(f"{patient.path}/events", headers=patient.headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] in ("no-cache", "no-store")
    assert answer.headers["x-accel-buffering"] == "no"
