"""What is asked of whom: the safety questions of the recogniser, once it is known who the patient is.

Each message is taken as one of several people's: a red flag of some people alone as one of theirs, all else as each of
a man, a woman, an old woman and a child. Facts that a message tells itself stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from benchmarks.proportions import Proportion
from careline.clinical.conditions import Truth
from careline.clinical.doubted import doubted_flags
from careline.clinical.finding import Case, Finding, Presence
from careline.clinical.phrases import Phrase
from careline.clinical.populations import Known, is_hinted_at, may_be_asked, recognised_of
from careline.clinical.recognition.recogniser import Band, Recogniser
from careline.clinical.red_flags import emergency_flags, raised_red_flags
from careline.clinical.rulebook import RuleBook
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.message import read_message

_NOT = ("pregnant", "recently_gave_birth", "birth_in_last_year")
_ANYBODY: Mapping[str, Mapping[str, float | str | bool]] = {
    "a man of 40": {"age_years": 40.0, "sex": "male", **dict.fromkeys(_NOT, False)},
    "a woman of 30": {"age_years": 30.0, "sex": "female", **dict.fromkeys(_NOT, False)},
    "a woman of 70": {"age_years": 70.0, "sex": "female", **dict.fromkeys(_NOT, False)},
    "a girl of 6": {"age_years": 6.0, "sex": "female", **dict.fromkeys(_NOT, False)},
}
_THEIRS: Mapping[str, Mapping[str, float | str | bool]] = {
    "baby": {"age_years": 0.1},
    "child": {"age_years": 1.0},
    "may_be_pregnant": {"age_years": 30.0, "sex": "female"},
    "pregnant": {"age_years": 30.0, "sex": "female", "pregnant": True},
    "pregnant_or_after_birth": {"age_years": 30.0, "sex": "female", "pregnant": True},
    "after_birth": {"age_years": 30.0, "sex": "female", "recently_gave_birth": True},
    "male_parts": {"age_years": 30.0, "sex": "male"},
    "female_parts": {"age_years": 30.0, "sex": "female"},
    "over_50": {"age_years": 70.0, "sex": "female"},
}


def of_known_patients(
    phrases: Iterable[Phrase], book: RuleBook, lexicon: Lexicon, recogniser: Recogniser, flags: frozenset[str]
) -> dict[str, Proportion]:
    """Return how many messages get card or question, and how many questions are about somebody else.

    Before: as if a flag could be about anybody. `phrases` are messages about a red flag that has a card, and messages
    with nothing to report.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for phrase in phrases:
        kind = "present" if phrase.kind == "present" else "nothing to report"
        reading = read_message(phrase.text, lexicon)
        is_doubted = bool(doubted_flags(reading, Case(), book))
        told = Case().merged(reading.without_doubtful().findings if is_doubted else reading.findings)
        is_carded = bool(emergency_flags(raised_red_flags(told, book)))
        alone = recogniser.recognise(phrase.text, flags)
        for facts in _patients(phrase, book):
            counts[kind, "all"] += 1
            if is_carded or is_doubted or alone.band is not Band.QUESTION:
                is_answered = is_carded or is_doubted or alone.band is Band.CARD
                counts[kind, "answered before"] += is_answered
                counts[kind, "answered"] += is_answered
                continue
            case = told.merged(each for each in facts if each.id not in told.findings)
            known = Known(case, [question.question.id for question in book.intake.questions])
            found, _ = recognised_of(phrase.text, known, recogniser, book, lexicon, among=flags)
            counts[kind, "answered before"] += 1
            counts[kind, "answered"] += found.band is not Band.NONE
            for when, recognition in (("before", alone), ("now", found)):
                if recognition.band is Band.QUESTION:
                    counts[kind, f"questions {when}"] += len(recognition.flags)
                    counts[kind, f"of others {when}"] += sum(
                        not is_hinted_at(flag, phrase.text, book, lexicon)
                        and may_be_asked(flag, known, book) is Truth.NO
                        for flag in recognition.flags
                    )
    return dict(_rows(counts))


def _patients(phrase: Phrase, book: RuleBook) -> Iterator[list[Finding]]:
    compiled = book.red_flags.get(phrase.about or "")
    population = compiled.flag.population if compiled is not None and phrase.kind == "present" else None
    people: Sequence[Mapping[str, float | str | bool]] = (
        list(_ANYBODY.values()) if population is None else [_THEIRS[population]]
    )
    for person in people:
        yield [_fact(name, value) for name, value in person.items()]


def _fact(name: str, value: float | str | bool) -> Finding:
    if isinstance(value, bool):
        return Finding(name, Presence.PRESENT if value else Presence.ABSENT)
    return Finding(name, value=value)


def _rows(counts: Counter[tuple[str, str]]) -> Iterator[tuple[str, Proportion]]:
    for kind in ("present", "nothing to report"):
        yield f"{kind}: card or question, before", Proportion(counts[kind, "answered before"], counts[kind, "all"])
        yield f"{kind}: card or question", Proportion(counts[kind, "answered"], counts[kind, "all"])
        for when in ("before", "now"):
            asked = counts[kind, f"questions {when}"]
            yield f"{kind}: questions about other people, {when}", Proportion(counts[kind, f"of others {when}"], asked)
