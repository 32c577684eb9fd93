"""What a crash leaves is answered, once."""

import asyncio

import pytest

from careline.consultation.errors import StaleTurnError
from careline.consultation.ports import Intention
from careline.consultation.tables import TurnRow
from tests.support.house import scripted
from tests.support.talk import THROAT, StandingDialogueEngine, Talk, with_deadlines

pytestmark = [pytest.mark.anyio, pytest.mark.slow]  # slow: takes long

ODD = "my hair feels odd"


@pytest.fixture
def crashed(furnish):
    """A turn that ended in the middle, as with the process; and a Careline that was started afterwards."""

    async def crash(words, *, acts_first):
        engine = StandingDialogueEngine(acts_first=acts_first)
        talk = Talk(furnish(engine))
        await talk.press("agree")
        task = asyncio.create_task(talk.write(words))
        turn = await engine.standing.get()
        task.cancel()
        await asyncio.wait([task])
        restarted = scripted()
        talk.careline = with_deadlines(talk.careline, restarted)
        talk.expects = talk.history()["expects"]
        return talk, turn

    return crash


def states(talk):
    with talk.careline.database.read() as session:
        return [row.state for row in session.query(TurnRow).order_by(TurnRow.id)]


async def test_replies_that_were_stored_and_not_sent_are_sent_once(crashed):
    talk, _ = await crashed(THROAT, acts_first=True)
    said = talk.messages
    assert states(talk)[-1] == "acted"
    assert talk.careline.turns.recover(everything=True) == 1
    answers = talk.messages[len(said) :]
    assert answers
    assert all(message["kind"] != "error" for message in answers)
    assert talk.careline.turns.recover(everything=True) == 0
    assert talk.messages == [*said, *answers]
    assert states(talk)[-1] == "answered"


async def test_a_message_whose_action_never_ran_gets_the_safe_reply_once(crashed):
    talk, _ = await crashed(ODD, acts_first=False)
    said = talk.messages
    assert talk.careline.turns.recover(everything=True) == 1
    (safe, asked_again) = talk.messages[len(said) :]
    assert safe["kind"] == "error"
    assert "999" in safe["text"]
    assert asked_again["kind"] == "question"
    assert talk.careline.turns.recover(everything=True) == 0
    assert states(talk)[-1] == "failed"


@pytest.mark.parametrize("acts_first", [True, False])
async def test_an_action_that_comes_after_that_is_refused(crashed, acts_first):
    talk, turn = await crashed(ODD, acts_first=acts_first)
    talk.careline.turns.recover(everything=True)
    said = talk.messages
    with pytest.raises(StaleTurnError):
        await talk.careline.turns.act(
            Intention.TURN, sender=turn.sender, turn_id=turn.turn_id, fencing_token=turn.fencing_token
        )
    assert talk.messages == said


async def test_another_process_leaves_a_turn_alone_until_its_lock_has_run_out(crashed, clock):
    talk, _ = await crashed(ODD, acts_first=False)
    clock.pass_by(seconds=11)
    assert talk.careline.turns.recover() == 0
    clock.pass_by(seconds=2)
    assert talk.careline.turns.recover() == 1


async def test_a_turn_that_begins_before_the_sweep_answers_what_was_left_first(crashed, clock):
    talk, _ = await crashed(ODD, acts_first=False)
    clock.pass_by(seconds=13)
    turn = await talk.press("self")
    kinds = [message["kind"] for message in talk.messages if message["id"] < turn.received["id"]]
    assert kinds[-2:] == ["error", "question"]
    assert turn.messages[0]["kind"] == "question"
    assert states(talk)[-2:] == ["failed", "answered"]


async def test_a_message_sent_again_after_the_crash_gets_the_recovered_answer(furnish):
    engine = StandingDialogueEngine(acts_first=True)
    talk = Talk(furnish(engine))
    await talk.press("agree")
    task = asyncio.create_task(talk.write(THROAT, key="key-1"))
    await engine.standing.get()
    task.cancel()
    await asyncio.wait([task])
    talk.careline.turns.recover(everything=True)
    again = await talk.write(THROAT, key="key-1")
    assert talk.written.count(THROAT) == 1
    assert again.messages
    assert all(message["kind"] != "error" for message in again.messages)


async def test_followers_are_woken(crashed):
    talk, _ = await crashed(ODD, acts_first=False)
    woken = talk.careline.wakeups.follow(talk.id)
    await asyncio.to_thread(talk.careline.turns.recover, everything=True)
    await asyncio.wait_for(woken.wait(), timeout=5)
    talk.careline.wakeups.unfollow(talk.id, woken)


async def test_nothing_left_is_nothing_done(talk):
    await talk.press("agree")
    said = talk.messages
    assert talk.careline.turns.recover(everything=True) == 0
    assert talk.messages == said
