"""A small lexicon that stays as it is while the real one grows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from careline.clinical.content import FindingEntry, LexiconEntry, RedFlag
from careline.clinical.rulebook import CompiledFlag, RuleBook
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.message import MessageReading, read_message
from tests.support.clinical_case import small_book

SIGNS = {
    "chest_pain": ["chest (pain|pains|hurts)", "pain .. chest"],
    "cough": ["cough", "coughing"],
    "fever": ["(fever|feverish|temperature)"],
    "headache": ["headache*", "head hurts"],
    "rash": ["rash"],
    "vomiting": ["vomiting", "being sick"],
    "numb_arm": ["arm .. numb"],
    "pregnant": ["pregnant"],
}
QUANTITIES = {
    "age_years": "years", "temperature_celsius": "celsius", "oxygen_percent": "percent", "heart_rate_bpm": "bpm",
    "breaths_per_minute": "per_minute", "systolic_mmhg": "mmhg", "diastolic_mmhg": "mmhg",
    "glucose_mmol_per_l": "mmol_per_l", "pain_score": "score", "pregnancy_weeks": "weeks", "duration_days": "days",
}  # fmt: skip
CHOICES = {"sex": ("female", "male", "other"), "for_whom": ("self", "child", "adult")}
FLAGS = {
    "rf_breath": ["(cant|couldnt) (breathe|breath)", "not breathing", "stopped breathing"],
    "rf_unconscious": ["unconscious", "wont wake [up]", "collapsed"],
    "rf_heart": ["crushing chest pain", "heart attack"],
    "rf_fit": ["(having|had) a (fit|seizure)", "seizure*"],
    "rf_choking": ["choking", "choked"],
    "rf_neck": ["(neck .. rigid|stiff neck|neck .. sore) ~ (feverish|fever|roasting)"],
    "rf_bleeding": ["bleeding wont stop", "bleeding"],
}
CRISES = {"rf_despair": ["want to die", "suicidal", "thoughts of dying", "dying"]}


def book_of_phrases() -> RuleBook:
    """The small rule book with the findings and phrases above."""
    entries = [
        *({"id": name, "title": name} for name in SIGNS),
        *({"id": name, "title": name, "kind": "quantity", "unit": unit} for name, unit in QUANTITIES.items()),
        *({"id": name, "title": name, "kind": "choice", "values": values} for name, values in CHOICES.items()),
    ]
    catalogue = msgspec.convert(entries, tuple[FindingEntry, ...])
    kinds = [("emergency", None, FLAGS), ("crisis", "active", CRISES)]
    flags = [_flag(name, kind, level, words) for kind, level, part in kinds for name, words in part.items()]
    return replace(
        small_book(),
        findings={**small_book().findings, **{entry.id: entry for entry in catalogue}},
        lexicon=tuple(LexiconEntry(finding=name, phrases=tuple(words)) for name, words in SIGNS.items()),
        red_flags={flag.id: CompiledFlag(flag, None) for flag in flags},
    )


def _flag(name: str, kind: str, level: str | None, words: list[str]) -> RedFlag:
    about = {"title": name, "kind": kind, "level": level, "acuity": "emergency_now", "service": "ambulance"}
    proof = {"sources": ["gk"], "basis": "general", "advice": ["Call."], "max_minutes": 0}
    return msgspec.convert({"id": name, "expressions": words, **about, **proof}, RedFlag)


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return Lexicon.of(book_of_phrases())


@pytest.fixture(scope="session")
def read(lexicon: Lexicon) -> Callable[[str], MessageReading]:
    """Read a message with the small lexicon."""
    return lambda text: read_message(text, lexicon)
