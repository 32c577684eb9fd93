"""A courtesy has a word of one; what has none may be a patient's report that nobody could read."""

from pathlib import Path

import pytest

from careline.clinical.understanding.courtesies import may_be_courtesy

NLU = Path("bot/data/nlu")


def examples(intent: str) -> list[str]:
    """The messages of an intent that the dialogue engine learns from."""
    found: list[str] = []
    for path in sorted(NLU.glob("*.yml")):
        _, _, rest = path.read_text(encoding="utf-8").partition(f"- intent: {intent}\n")
        body = rest.partition("- intent:")[0]
        found += [line.strip()[2:] for line in body.splitlines() if line.strip().startswith("- ")]
    return found


@pytest.mark.parametrize("intent", ["thanks", "greet"])
def test_what_the_dialogue_engine_learns_as_a_courtesy_may_be_one(intent):
    learnt = examples(intent)
    assert len(learnt) > 40
    # "How do" begins too many questions about an illness.
    assert [text for text in learnt if not may_be_courtesy(text) and text != "how do"] == []


@pytest.mark.parametrize(
    "text",
    [
        "soar thraot for days",
        "mi tumy hurst",
        "cofing al nite",
        "feverish n achey",
        "mornings are worst for my knees",
        "my ear is throbing sins fryday",
        "a kind of pressure behind the eye",
    ],
)
def test_a_misspelt_report_is_no_courtesy(text):
    assert not may_be_courtesy(text)
