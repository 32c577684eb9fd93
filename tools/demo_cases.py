"""The invented cases of the demo: what patients wrote, when, and what clinicians did. Nobody of these exists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class DemoCase:
    """One consultation and what became of it.

    Attributes:
        minutes_ago: When it began.
        opening: The patient's first words.
        answers: To questions by id; the rest gets the answer that worries least.
        then: What happens afterwards, in order: `patient`, `claim`, `reply`, `note`, `release`, `acknowledge`, `close`;
            a pair of the kind and the words, or the closing.
        by: Which clinician acts: 0 or 1.
        person: Who writes, where two cases are the same person's.
        asks_for_human: Whether the patient asks for a person before the interview is over.
        pause: Minutes between two steps of `then`.
    """

    minutes_ago: float
    opening: str
    answers: dict[str, Any] = field(default_factory=dict)
    then: tuple[tuple[str, Any], ...] = ()
    by: int = 0
    person: str | None = None
    asks_for_human: bool = False
    pause: float = 1.0


def _closing(outcome: str, disposition: str, verdict: str | None, why: str = "") -> tuple[str, dict[str, Any]]:
    return "close", {"outcome": outcome, "disposition": disposition, "verdict": verdict, "why": why}


_HOUR, _DAY = 60, 24 * 60
CASES = (
    DemoCase(
        9 * _DAY,
        "my face has dropped on one side and my speech is slurred",
        then=(
            ("claim", ""),
            ("reply", "This is the nurse on duty. Have you called 999?"),
            ("patient", "yes they are on the way"),
            _closing("ambulance", "emergency_now", "right"),
        ),
        by=1,
        pause=0.4,
    ),
    DemoCase(
        6 * _DAY,
        "I have chest pain when I press on my ribs, I can't breathe well",
        then=(
            ("acknowledge", ""),
            ("claim", ""),
            ("reply", "Hello. Is it worse when you press on the spot, or when you walk?"),
            ("patient", "only when I press it, I fell on it on saturday"),
            _closing("advised", "same_day", "too_high", "Bruised ribs after a fall; breathing was not short of air."),
        ),
        pause=1.5,
    ),
    DemoCase(
        5 * _DAY,
        "I've had a sore throat for two days",
        {"q_age": {"number": 24, "unit": "years"}, "q_sex": "female"},
        then=(
            ("claim", ""),
            ("reply", "Hello. Can you swallow water and open your mouth fully?"),
            ("patient", "not really, and my voice sounds muffled"),
            _closing("referred", "ed_now", "too_low", "Muffled voice and a mouth that does not open: seen today."),
        ),
        asks_for_human=True,
        pause=7,
    ),
    DemoCase(
        4 * _DAY,
        "I vomited blood this morning",
        {"q_age": {"number": 61, "unit": "years"}, "q_sex": "male"},
        then=(("claim", ""), ("note", "Phoned twice, no answer."), _closing("not_reached", "ed_now", None)),
        by=1,
        pause=3,
    ),
    DemoCase(
        3 * _DAY,
        "lol is this a bot, I want to speak to a human",
        then=(_closing("spam", "", None),),
        asks_for_human=True,
        pause=20,
    ),
    DemoCase(
        30 * _HOUR,
        "it burns when i wee since yesterday",
        {"q_age": {"number": 31, "unit": "years"}, "q_sex": "female"},
        then=(
            ("claim", ""),
            ("reply", "Hello. Do you have a fever, shivering or pain in your back?"),
            ("patient", "no just the burning"),
            _closing("advised", "gp_soon", "right"),
        ),
        person="returning",
        asks_for_human=True,
        pause=4,
    ),
    DemoCase(
        95,
        "bad back since lifting boxes on monday",
        {"q_age": {"number": 43, "unit": "years"}, "q_sex": "male"},
        then=(
            ("claim", ""),
            ("note", "No red flags when asked again. Wants a sick note; explained that the practice writes it."),
            ("release", "Asks for a sick note. Nothing urgent."),
        ),
        by=1,
        asks_for_human=True,
        pause=9,
    ),
    DemoCase(
        48,
        "burning when I wee is back and now I have a high fever and shivering",
        {"q_age": {"number": 31, "unit": "years"}, "q_sex": "female"},
        then=(("patient", "should I wait for the antibiotics to work?"),),
        person="returning",
        asks_for_human=True,
    ),
    DemoCase(
        13.5,
        "my 3 year old has a temperature of 38.5 and a runny nose",
        {"q_for_whom": "child", "q_sex": "male"},
        then=(
            ("claim", ""),
            ("reply", "Hello. Thank you for telling us. Is he drinking, and when was his last wet nappy?"),
            ("patient", "he drinks a little, last wet nappy was this morning"),
            ("note", "Drinks a little, one wet nappy today. Ask about rash next."),
            ("reply", "Thank you. Please look at his skin now: do you see any spots or a rash?"),
            ("patient", "no rash, he is playing a bit now"),
        ),
        asks_for_human=True,
        pause=1.5,
    ),
    DemoCase(
        12,
        "I don't want to live any more",
        then=(("acknowledge", ""),),
        by=1,
        pause=2,
    ),
    DemoCase(
        4,
        "my chest feels tight and it goes down my left arm",
        then=(("patient", "I'm sweating and I feel sick"),),
    ),
    DemoCase(
        2,
        "cough for four weeks now",
        {"q_age": {"number": 58, "unit": "years"}, "q_sex": "male"},
        asks_for_human=True,
    ),
)
