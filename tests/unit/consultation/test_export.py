"""What a patient can take away: everything that is kept, questions without an answer and feedback too."""

import pytest

from careline.consultation.ports import Intention
from tests.support.dialogue import ScriptedDialogueEngine
from tests.support.guidance import article, guidance_of
from tests.support.house import furnished
from tests.support.talk import Talk

pytestmark = [pytest.mark.anyio, pytest.mark.slow]  # migrates a database

QUESTION = "which violin should my neighbour buy in spring?"
THANKS = "that was kind of you"


@pytest.fixture
def talk(tmp_path, clock):
    engine = ScriptedDialogueEngine(
        lambda text: Intention.TAKE_FEEDBACK if text == THANKS else Intention.ANSWER_QUESTION
    )
    house = furnished(tmp_path, engine, clock=clock, country="GB", guidance=guidance_of(article("sore_throat")))
    yield Talk(house)
    house.database.close()


async def test_holds_messages_log_questions_and_feedback(talk):
    await talk.press("agree")
    await talk.write(QUESTION)
    await talk.write(THANKS)
    export = talk.careline.conversations.export(talk.id)
    assert export["messages"] == talk.messages
    assert export["unanswered_questions"] == [QUESTION]
    assert export["feedback"] == [{"text": THANKS, "helpful": None, "happened": None}]
    assert [line["kind"] for line in export["log"]] == ["consented"]
    assert (export["country"], export["channel"]) == ("GB", "web")


async def test_holds_no_token_and_no_pseudonym(talk):
    export = repr(talk.careline.conversations.export(talk.id))
    assert talk.token not in export
    assert "sender" not in export
