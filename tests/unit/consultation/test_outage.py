"""The dialogue engine is down, hangs or breaks: a patient is never left without an answer."""

import asyncio
import shutil

import pytest

from careline.consultation.consultation import Incoming
from careline.consultation.errors import DialogueUnavailableError
from careline.consultation.fallback import answer_without_dialogue
from careline.consultation.ports import Intention
from careline.consultation.tables import TurnRow
from careline.consultation.wording import Wording
from tests.support.dialogue import ScriptedDialogueEngine
from tests.support.house import KNOWLEDGE, reassuring, scripted
from tests.support.interview import Interview
from tests.support.talk import (
    ARM,
    THROAT,
    BrokenDialogueEngine,
    StandingDialogueEngine,
    Stopwatch,
    Talk,
)

pytestmark = [pytest.mark.anyio, pytest.mark.slow]  # slow: takes long

ODD = "my hair feels odd"
QUESTION = "can I take ibuprofen with this?"


async def agreed(careline, words=None):
    """A patient who has agreed, and has written `words` before."""
    talk = Talk(careline)
    if words is not None:
        await talk.write(words)
    await talk.press("agree")
    return talk


def turn_states(talk):
    with talk.careline.database.read() as session:
        rows = session.query(TurnRow).filter_by(conversation_id=talk.id).order_by(TurnRow.id)
        return [(row.state, row.route) for row in rows]


def is_safe(message):
    return message["kind"] == "error" and "999" in message["text"]


class TestDown:
    @pytest.fixture
    def engine(self):
        engine = scripted()
        engine.is_down = True
        return engine

    async def test_the_first_answer_says_so_with_the_emergency_number_and_goes_on(self, furnish, engine):
        talk = await agreed(furnish(engine))
        turn = await talk.press("self")
        assert is_safe(turn.messages[0])
        assert "I can still go on with my questions" in turn.messages[0]["text"]
        assert turn.messages[-1]["kind"] == "question"
        assert turn_states(talk)[-1] == ("answered", "safe")

    async def test_it_is_said_once(self, furnish, engine):
        talk = await agreed(furnish(engine))
        await talk.press("self")
        turn = await talk.press({"number": 24, "unit": "years"})
        assert [message["kind"] for message in turn.messages] == ["question"]

    async def test_plain_words_answer_the_pending_question(self, furnish, engine):
        talk = await agreed(furnish(engine))
        await talk.write("me")
        await talk.write("I'm 24")
        present = {f["id"]: f["value"] for f in talk.careline.conversations.summary(talk.id)["findings"]}
        assert present["age_years"] == 24

    async def test_triage_ends_with_an_assessment_that_is_marked_as_degraded(self, furnish, engine):
        talk = await agreed(furnish(engine), THROAT)
        answers = {"q_for_whom": "self", "q_age": {"number": 24, "unit": "years"}, "q_sex": "male"}
        while not (status := talk.history())["final"]:
            await talk.press(answers.get(talk.question_id) or reassuring(talk.question_id))
        assessment = next(message for message in talk.messages if message["kind"] == "assessment")
        assert assessment["data"]["degraded"] is True
        assert any("Part of my system was not working" in caution for caution in assessment["data"]["cautions"])
        assert status["acuity"] == "self_care"

    async def test_a_free_question_is_refused_honestly_and_the_pending_one_comes_back(self, furnish, engine):
        talk = await agreed(furnish(engine), THROAT)
        pending = talk.question_id
        turn = await talk.write(QUESTION)
        assert "I cannot look up answers right now" in turn.messages[1]["text"]
        assert talk.question_id == pending

    @pytest.mark.parametrize("words", ["can I speak to a person", "I want to talk to a human"])
    async def test_who_asks_for_a_person_gets_one_or_the_truth(self, furnish, engine, words):
        talk = await agreed(furnish(engine))
        turn = await talk.write(words)
        assert is_safe(turn.messages[0])
        assert turn.messages[1]["kind"] == "handoff"
        assert "nobody is marked as on duty" in turn.messages[1]["text"].lower()
        assert turn.status["escalation"]["state"] == "open"

    async def test_an_emergency_is_answered_as_ever(self, furnish, engine):
        talk = await agreed(furnish(engine))
        turn = await talk.write(ARM)
        assert turn.messages[0]["kind"] == "emergency"
        assert turn.status["escalation"]["state"] == "open"

    async def test_it_is_left_alone_for_a_while_so_that_nobody_waits_for_it_again(self, furnish, engine):
        watch = Stopwatch()
        talk = await agreed(furnish(engine, monotonic=watch, pause_seconds=5))
        await talk.press("self")
        watch.seconds += 4.9
        await talk.write(ODD)
        assert len(engine.turns) == 1
        watch.seconds += 0.2
        await talk.write(ODD)
        assert len(engine.turns) == 2

    async def test_it_is_not_told_of_a_red_flag_meanwhile_either(self, furnish, engine):
        talk = await agreed(furnish(engine, monotonic=Stopwatch()))
        await talk.press("self")
        engine.is_down = False
        await talk.write(ARM)
        await talk.careline.turns.drain()
        assert engine.told == []

    async def test_once_it_is_back_questions_are_looked_up_again(self, furnish, engine):
        watch = Stopwatch()
        talk = await agreed(furnish(engine, monotonic=watch))
        await talk.press("self")
        engine.is_down = False
        watch.seconds += 5
        turn = await talk.write(QUESTION)
        assert any("cannot look up guidance" in message["text"] for message in turn.messages)


class TestHanging:
    async def test_the_patient_is_answered_when_the_deadline_is_over(self, furnish):
        talk = await agreed(furnish(StandingDialogueEngine(), dialogue_seconds=0.02, least_dialogue_seconds=0))
        turn = await talk.press("self")
        assert is_safe(turn.messages[0])
        assert turn.messages[-1]["kind"] == "question"

    async def test_with_too_little_time_left_it_is_not_asked(self, furnish):
        engine = scripted()
        talk = await agreed(furnish(engine, monotonic=Stopwatch(), turn_seconds=1, least_dialogue_seconds=2))
        assert is_safe((await talk.press("self")).messages[0])
        assert engine.turns == []

    async def test_telling_it_of_a_red_flag_ends_too(self, furnish):
        class NeverTold(ScriptedDialogueEngine):
            async def notify_red_flag(self, sender, red_flag_ids):
                await asyncio.Event().wait()

        talk = Talk(furnish(NeverTold(), dialogue_seconds=0.01))
        assert (await talk.write(ARM)).messages[0]["kind"] == "emergency"
        await talk.careline.turns.drain()


class TestBroken:
    async def test_an_answer_without_an_action_is_no_answer(self, furnish):
        class Pretending(ScriptedDialogueEngine):
            async def converse(self, turn):
                return 1

        talk = await agreed(furnish(Pretending()))
        turn = await talk.press("self")
        assert is_safe(turn.messages[0])
        assert turn.messages[-1]["kind"] == "question"

    async def test_replies_that_the_action_stored_are_given_although_the_answer_was_lost(self, furnish):
        talk = await agreed(furnish(BrokenDialogueEngine(DialogueUnavailableError("lost"), acts_first=True)))
        turn = await talk.press("self")
        assert [message["kind"] for message in turn.messages] == ["question"]
        assert turn_states(talk)[-1] == ("answered", "dialogue")

    async def test_an_error_that_nobody_foresaw_becomes_the_safe_reply_and_the_question_comes_back(self, furnish):
        talk = await agreed(furnish(BrokenDialogueEngine(RuntimeError("broken"))))
        pending = talk.question_id
        turn = await talk.press("self")
        assert is_safe(turn.messages[0])
        assert "Please try again" in turn.messages[0]["text"]
        assert talk.question_id == pending
        assert turn_states(talk)[-1] == ("failed", "safe")

    async def test_an_error_after_the_action_gives_the_safe_reply_alone(self, furnish):
        talk = await agreed(furnish(BrokenDialogueEngine(RuntimeError("broken"), acts_first=True)))
        turn = await talk.press("self")
        assert is_safe(turn.messages[0])
        assert [message["kind"] for message in turn.messages].count("question") == 1

    async def test_an_action_that_fails_changes_nothing_and_the_patient_gets_the_safe_reply(
        self, furnish, tmp_path, dialogue
    ):
        careline = without_sentence(furnish(dialogue), tmp_path, "started-over")
        talk = await agreed(careline, THROAT)
        found = careline.conversations.summary(talk.id)["findings"]
        turn = await talk.write("please start over")
        assert is_safe(turn.messages[0])
        assert careline.conversations.summary(talk.id)["findings"] == found

    async def test_the_next_turn_goes_its_ordinary_way_and_the_assessment_stays_marked(self, furnish, dialogue):
        dialogue.before_acting = fail_once(RuntimeError("broken"))
        talk = await agreed(furnish(dialogue))
        assert is_safe((await talk.press("self")).messages[0])
        turn = await talk.press("self")
        assert [message["kind"] for message in turn.messages] == ["question"]
        assert talk.careline.conversations.summary(talk.id)["degraded"] is True

    async def test_an_error_after_an_emergency_overtook_the_turn_adds_nothing_to_the_card(self, furnish):
        class BreaksLater(StandingDialogueEngine):
            async def converse(self, turn):
                await self._stand_still(turn)
                raise RuntimeError("broken")

        engine = BreaksLater()
        talk = await agreed(furnish(engine))
        task = asyncio.create_task(talk.write(ODD))
        await engine.standing.get()
        await talk.write(ARM)
        said = talk.messages
        engine.go_on()
        assert (await task).messages[0]["kind"] == "emergency"
        assert talk.messages == said


def fail_once(error):
    left = [error]

    def fail(_turn):
        if left:
            raise left.pop()

    return fail


def without_sentence(careline, folder, sentence_id):
    """The same Careline, whose catalogue lacks a sentence: what needs it fails."""
    catalogue = folder / "wording"
    shutil.copytree(KNOWLEDGE / "wording", catalogue)
    for path in (catalogue / "en").glob("*.ftl"):
        lines = path.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith(f"{sentence_id} =")]
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    object.__setattr__(careline.house, "wording", Wording(catalogue))
    return careline


@pytest.mark.parametrize("intention", Intention)
async def test_an_engine_may_choose_any_intention_at_any_time(furnish, intention):
    engine = ScriptedDialogueEngine(lambda _text: intention)
    talk = await agreed(furnish(engine), THROAT)
    turn = await talk.write("well well well")
    assert turn.messages
    assert turn.messages[0]["kind"] != "error"


def test_thanks_are_returned_without_the_dialogue_engine():
    interview = Interview()
    interview.press("agree")
    incoming = Incoming(interview.last_number + 1, interview.asked, text="thank you!")
    answer_without_dialogue(interview.c, incoming)
    said = " ".join(draft.text for draft in interview.c.drafts)
    assert "did not understand" not in said
    assert "welcome" in said
