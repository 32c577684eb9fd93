"""Reading a message that came without the app's findings, as in `rasa shell`: the one call into `careline.clinical`."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List

from careline.clinical.rulebook import load_rule_book
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.message import read_message

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    return Lexicon.of(load_rule_book(KNOWLEDGE))


def findings_of(text: str) -> List[Dict[str, Any]]:
    """Return what the text says about the patient, in the form in which the app sends findings."""
    return [
        {
            "entity": "finding",
            "value": finding.id,
            "start": finding.start,
            "end": finding.end,
            "presence": finding.presence.value,
        }
        for finding in read_message(text, _lexicon()).findings
        if finding.start is not None and finding.end is not None
    ]
