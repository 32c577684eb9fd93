"""Turns: one after the other, fenced, and never twice."""

import asyncio

import pytest

from careline.consultation.errors import ErasedError, RefusedError, StaleTurnError
from careline.consultation.ports import Intention
from careline.consultation.tables import ConversationRow
from tests.support.house import reassuring, scripted
from tests.support.interview import ADULT
from tests.support.talk import ARM, THROAT, StandingDialogueEngine, Stopwatch, Talk, every_row, until

pytestmark = [pytest.mark.anyio, pytest.mark.slow]  # slow: takes long

ODD = "my hair feels odd"


def late(talk, turn, **other):
    """What an action does that comes late for its turn."""
    call = {"sender": turn.sender, "turn_id": turn.turn_id, "fencing_token": turn.fencing_token} | other
    return talk.careline.turns.act(Intention.TURN, **call)


async def standing_turn(talk, engine, words=ODD):
    """A turn that stands still in the dialogue engine."""
    await talk.press("agree")
    task = asyncio.create_task(talk.write(words))
    return task, await engine.standing.get()


class TestTheWay:
    async def test_an_ordinary_turn_passes_through_the_dialogue_engine(self, talk, dialogue):
        await talk.press("agree")
        await talk.write(ODD)
        assert [turn.text for turn in dialogue.turns] == [ODD]

    async def test_the_value_of_a_button_never_leaves_the_app(self, talk, dialogue):
        await talk.press("agree")
        await talk.press("self")
        assert [turn.text for turn in dialogue.turns] == [None]

    async def test_the_engine_gets_findings_with_places_and_no_more_than_the_message(self, talk, dialogue):
        await talk.press("agree")
        await talk.write(THROAT)
        (turn,) = dialogue.turns
        found = {finding.entity: turn.text[finding.start : finding.end] for finding in turn.findings}
        assert found["sore_throat"] == "sore throat"

    async def test_an_emergency_never_reaches_it_before_the_patient_is_answered(self, talk, dialogue):
        await talk.press("agree")
        await talk.write(ARM)
        assert dialogue.turns == []


class TestFencing:
    async def test_an_action_that_comes_after_the_turn_was_answered_changes_nothing(self, talk, dialogue):
        await talk.press("agree")
        await talk.write(ODD)
        before = every_row(talk.careline.database)
        with pytest.raises(StaleTurnError):
            await late(talk, dialogue.turns[-1])
        assert every_row(talk.careline.database) == before

    async def test_an_action_that_comes_after_an_emergency_overtook_the_turn_changes_nothing(self, furnish):
        engine = StandingDialogueEngine()
        talk = Talk(furnish(engine))
        task, turn = await standing_turn(talk, engine)
        card = (await talk.write(ARM)).messages[0]
        before = every_row(talk.careline.database)
        with pytest.raises(StaleTurnError):
            await late(talk, turn)
        engine.go_on()
        assert (await task).messages[0] == card
        assert every_row(talk.careline.database) == before

    async def test_an_action_runs_once_in_a_turn(self, furnish):
        engine = StandingDialogueEngine(acts_first=True)
        talk = Talk(furnish(engine))
        task, turn = await standing_turn(talk, engine)
        with pytest.raises(StaleTurnError):
            await late(talk, turn)
        engine.go_on()
        assert (await task).messages

    @pytest.mark.parametrize("other", [{"sender": "somebody-else"}, {"fencing_token": 99}, {"turn_id": 99}])
    async def test_an_action_for_another_conversation_or_turn_is_refused(self, furnish, other):
        engine = StandingDialogueEngine()
        talk = Talk(furnish(engine))
        task, turn = await standing_turn(talk, engine)
        before = every_row(talk.careline.database)
        with pytest.raises(StaleTurnError):
            await late(talk, turn, **other)
        assert every_row(talk.careline.database) == before
        engine.go_on()
        await task

    async def test_a_turn_whose_conversation_is_erased_meanwhile_says_so_and_keeps_no_word(self, furnish):
        engine = StandingDialogueEngine()
        talk = Talk(furnish(engine))
        task, _ = await standing_turn(talk, engine)
        talk.careline.conversations.erase(talk.id)
        engine.go_on()
        with pytest.raises(ErasedError):
            await task
        rows = every_row(talk.careline.database)
        assert rows["messages"] == rows["turns"] == rows["case_events"] == []


class TestOneAfterTheOther:
    async def test_the_second_message_waits_for_the_first(self, furnish):
        engine = StandingDialogueEngine()
        watch = Stopwatch()
        talk = Talk(furnish(engine, monotonic=watch, poll_seconds=0))
        first, _ = await standing_turn(talk, engine, "first")
        second, looks = asyncio.create_task(talk.write("second")), watch.looks
        await until(lambda: watch.looks > looks + 20)
        assert talk.written[1:] == ["first"]
        engine.go_on()
        await asyncio.gather(first, second)
        froms = [message["from"] for message in talk.messages if message["id"] >= first.result().received["id"]]
        assert talk.written[1:] == ["first", "second"]
        assert froms[:2] == ["patient", "assistant"]
        assert froms.count("patient") == 2

    async def test_a_turn_that_takes_too_long_is_overtaken_and_answered_safely(self, furnish):
        engine = StandingDialogueEngine()
        watch = Stopwatch()
        talk = Talk(furnish(engine, monotonic=watch, wait_seconds=5, poll_seconds=0))
        first, _ = await standing_turn(talk, engine, "first")
        second, looks = asyncio.create_task(talk.write("second")), watch.looks
        await until(lambda: watch.looks > looks + 4)
        watch.seconds += 5
        await engine.standing.get()  # the second has begun
        engine.go_on()
        await asyncio.gather(first, second)
        assert first.result().messages[0]["kind"] == "error"
        assert "999" in first.result().messages[0]["text"]
        assert second.result().messages[0]["kind"] != "error"

    async def test_another_conversation_does_not_wait(self, furnish):
        engine = StandingDialogueEngine()
        careline = furnish(engine)
        one, other = Talk(careline), Talk(careline)
        first, _ = await standing_turn(one, engine)
        second, _ = await standing_turn(other, engine)  # stands still too: both are under way
        engine.go_on()
        await asyncio.gather(first, second)
        assert first.result().messages
        assert second.result().messages


class TestSentTwice:
    @pytest.mark.parametrize("words", [ODD, ARM])
    async def test_the_second_time_gets_the_same_answer_and_nothing_is_stored(self, talk, words):
        await talk.press("agree")
        first = await talk.write(words, key="key-1")
        before = every_row(talk.careline.database)
        second = await talk.write(words, key="key-1")
        assert (second.received, second.messages) == (first.received, first.messages)
        assert every_row(talk.careline.database) == before

    async def test_while_the_first_is_under_way_the_second_waits_for_its_answer(self, furnish):
        engine = StandingDialogueEngine()
        watch = Stopwatch()
        talk = Talk(furnish(engine, monotonic=watch, poll_seconds=0))
        await talk.press("agree")
        first = asyncio.create_task(talk.write(ODD, key="key-1"))
        await engine.standing.get()
        second, looks = asyncio.create_task(talk.write(ODD, key="key-1")), watch.looks
        await until(lambda: watch.looks > looks + 20)
        assert not second.done()
        engine.go_on()
        await asyncio.gather(first, second)
        assert second.result().messages == first.result().messages
        assert talk.written.count(ODD) == 1

    async def test_a_second_that_has_waited_as_long_as_a_turn_may_take_waits_no_longer(self, furnish):
        engine = StandingDialogueEngine()
        watch = Stopwatch()
        talk = Talk(furnish(engine, monotonic=watch, poll_seconds=0))
        await talk.press("agree")
        first = asyncio.create_task(talk.write(ODD, key="key-1"))
        await engine.standing.get()
        second, looks = asyncio.create_task(talk.write(ODD, key="key-1")), watch.looks
        await until(lambda: watch.looks > looks + 4)
        watch.seconds += 10
        assert (await second).received["text"] == ODD
        engine.go_on()
        assert (await first).messages

    async def test_a_button_pressed_twice_answers_once(self, talk):
        first = await talk.press("agree", key="key-1")
        again = await talk.press("agree", reply_to=2, key="key-1")
        assert again.messages == first.messages


class TestMeanwhile:
    """Something else happens to the conversation between the screen and the writing."""

    async def test_a_yes_whose_question_has_been_answered_meanwhile_is_an_ordinary_turn(self, talk, clock):
        await talk.write("I have had a headache for two days")
        await talk.press("agree")
        while talk.question_id != "q_headache_sudden":
            await talk.press(ADULT.get(talk.question_id) or reassuring(talk.question_id))
        asked, other = talk.expects, Talk(talk.careline)
        other.id = talk.id

        def answer_no():
            asyncio.run(other.press("no", reply_to=asked))

        object.__setattr__(talk.careline.house, "now", Once(clock, answer_no))
        turn = await talk.write("yes")
        assert "emergency" not in [message["kind"] for message in talk.messages]
        assert turn.received["text"] == "yes"
        assert turn.messages
        assert talk.written[-2:] == ["No", "yes"]

    async def test_an_erasure_between_the_screen_and_the_writing_keeps_the_words_out(self, talk, clock):
        def erase():
            talk.careline.conversations.erase(talk.id)

        object.__setattr__(talk.careline.house, "now", Once(clock, erase))
        with pytest.raises(ErasedError):
            await talk.write(ARM)
        assert every_row(talk.careline.database)["messages"] == []


class Once:
    """A clock that lets something happen when it is looked at first."""

    def __init__(self, clock, happens):
        self._clock = clock
        self._happens = [happens]

    def __call__(self):
        if self._happens:
            self._happens.pop()()
        return self._clock()


class TestRefused:
    @pytest.mark.parametrize(
        ("reply_to", "value", "code"),
        [(2, "perhaps", "unknown_option"), (1, "agree", "unknown_reply_to"), (99, "agree", "unknown_reply_to")],
    )
    async def test_a_button_that_was_not_offered_stores_nothing(self, talk, reply_to, value, code):
        before = every_row(talk.careline.database)
        with pytest.raises(RefusedError) as refused:
            await talk.press(value, reply_to=reply_to)
        assert refused.value.code == code
        assert every_row(talk.careline.database) == before

    async def test_it_does_not_hold_up_the_next_message(self, talk):
        with pytest.raises(RefusedError):
            await talk.press("perhaps")
        assert (await talk.press("agree")).status["state"] == "intake"


class TestClosed:
    async def test_what_is_written_afterwards_is_answered_with_the_number_and_decides_nothing(self, talk, dialogue):
        await talk.press("decline")
        turn = await talk.write(ODD)
        assert "This chat is closed" in turn.messages[0]["text"]
        assert "999" in turn.messages[0]["text"]
        assert turn.status["state"] == "closed"
        assert dialogue.turns == []

    async def test_an_emergency_is_still_answered(self, talk):
        await talk.press("decline")
        assert (await talk.write(ARM)).messages[0]["kind"] == "emergency"


async def test_the_patient_writes_to_the_clinician_who_has_taken_over_and_the_bot_is_silent(talk, dialogue):
    await talk.press("agree")
    with_clinician(talk)
    turn = await talk.write(ODD)
    assert turn.messages == []
    assert turn.status["state"] == "with_clinician"
    assert dialogue.turns == []


async def test_the_screen_is_not_silent_when_a_clinician_has_taken_over(talk):
    await talk.press("agree")
    with_clinician(talk)
    turn = await talk.write(ARM)
    assert turn.messages[0]["kind"] == "emergency"
    assert turn.status["state"] == "with_clinician"


def with_clinician(talk):
    """What a claim will do to the conversation."""
    with talk.careline.database.write() as session:
        session.get_one(ConversationRow, talk.id).state = "with_clinician"


async def test_a_dialogue_engine_that_is_told_of_a_flag_and_fails_does_not_disturb_the_patient(furnish):
    engine = scripted()
    talk = Talk(furnish(engine))
    engine.is_down = True
    assert (await talk.write(ARM)).messages[0]["kind"] == "emergency"
    await talk.careline.turns.drain()
    assert engine.told == []
