"""Escalations and their cases, made by hand or by chance."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from careline.clinical.acuity import Acuity
from careline.clinical.finding import Presence
from careline.escalation.case_snapshot import (
    Advice,
    CaseSnapshot,
    Quote,
    SeenFinding,
    SeenFlag,
    SeenQuestion,
    SeenRule,
    Told,
)
from careline.escalation.escalation import Clinician, Escalation, PatientOutline, Reason, State
from careline.escalation.note import sbar_of
from careline.escalation.sbar import CitedSource, Sbar
from careline.escalation.vital_signs import UNITS

AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
SOURCE = CitedSource(title="A guideline", organisation="A college", url="https://example.org/guideline")
VERSIONS = {"app": "1.2.3", "content": "c0ffee", "model": "m0del"}


def sign(name: str, presence: Presence = Presence.PRESENT, **more: Any) -> SeenFinding:
    """A finding whose title is its id."""
    given: dict[str, Any] = {"id": name, "title": name, "presence": presence, "message_id": 2, "at": AT}
    return SeenFinding(**given | more)


def measured(name: str, value: float, unit: str, **more: Any) -> SeenFinding:
    """A quantity that was told."""
    return sign(name, value=value, unit=unit, kind="quantity", **more)


def case_of(**more: Any) -> CaseSnapshot:
    """A case with little in it."""
    given: dict[str, Any] = {
        "taken_at": AT,
        "started_at": AT,
        "last_message": 7,
        "language": "en",
        "versions": VERSIONS,
        "signed": False,
        "degraded": False,
        "acuity": Acuity.ED_NOW,
        "asks_for": Acuity.ED_NOW,
        "advice": Advice(title="Go now", where="To the hospital.", within="Now.", if_worse=("Call.",)),
    }
    return CaseSnapshot(**given | more)


def escalation_of(case: CaseSnapshot | None = None, **more: Any) -> Escalation:
    """An escalation with the note of its case."""
    given: dict[str, Any] = {
        "id": "esc_1",
        "conversation_id": "con_1",
        "reason": Reason.RED_FLAG,
        "acuity": case.acuity if case is not None else Acuity.ED_NOW,
        "state": State.OPEN,
        "red_flags": (),
        "opened_at": AT,
        "raised_at": None,
        "deadline_at": AT + dt.timedelta(minutes=5),
        "patient": PatientOutline(),
        "contact": None,
        "note": None,
        "sbar": sbar_of(case) if case is not None else Sbar(),
    }
    return Escalation(**given | more)


words = st.text(max_size=40)
_names = st.sampled_from([f"sign_{number}" for number in range(6)])
_times = st.one_of(st.none(), st.just(AT))
_numbers = st.one_of(st.none(), st.integers(1, 9))
_acuities = st.one_of(st.none(), st.sampled_from(list(Acuity)))
_vitals = st.sampled_from(["temperature_celsius", "oxygen_percent", "systolic_mmhg", "diastolic_mmhg", "pain_score"])
_plain_floats = st.floats(allow_nan=False, allow_infinity=False)  # as JSON stores them
_values = st.one_of(st.none(), _plain_floats, words)
quotes = st.builds(Quote, words, st.integers(1, 9), _times)
findings = st.builds(
    SeenFinding,
    id=st.one_of(_names, _vitals),
    title=words,
    kind=st.sampled_from(["sign", "quantity", "choice", "note"]),
    presence=st.sampled_from(list(Presence)),
    value=_values,
    unit=st.one_of(st.none(), st.sampled_from(sorted(UNITS))),
    earlier=st.lists(st.one_of(_plain_floats, words), max_size=2).map(tuple),
    message_id=_numbers,
    at=_times,
)
questions = st.builds(
    SeenQuestion,
    id=_names.map(lambda name: f"q_{name}"),
    text=words,
    stage=st.sampled_from(["intake", "interview"]),
    life_threat=st.booleans(),
    is_asked=st.booleans(),
    findings=st.lists(findings, min_size=1, max_size=3, unique_by=lambda each: each.id).map(tuple),
)
_sources = st.lists(
    st.builds(CitedSource, title=words, organisation=words, url=st.one_of(st.none(), words)), max_size=2
).map(tuple)
_because = st.lists(_names, max_size=2).map(tuple)
_optional_quotes = st.one_of(st.none(), quotes)
flags = st.builds(
    SeenFlag,
    id=_names.map(lambda name: f"rf_{name}"),
    title=words,
    kind=st.sampled_from(["emergency", "crisis", "safeguarding"]),
    acuity=_acuities,
    holds=st.booleans(),
    quote=_optional_quotes,
    sources=_sources,
    because_of=_because,
)
rules = st.builds(
    SeenRule,
    id=_names,
    text=words,
    acuity=_acuities,
    quote=_optional_quotes,
    sources=_sources,
    because_of=_because,
)
told = st.builds(
    Told,
    message_id=st.integers(10, 19),
    kind=st.sampled_from(["emergency", "crisis", "assessment", "handoff"]),
    text=words,
    at=st.just(AT),
    answer=_optional_quotes,
)


def _few(strategy: st.SearchStrategy[Any], key: str) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=3, unique_by=lambda each: getattr(each, key)).map(tuple)


_plain_cases = st.builds(
    case_of,
    acuity=_acuities,
    asks_for=st.sampled_from(list(Acuity)),
    signed=st.booleans(),
    degraded=st.booleans(),
    is_floored=st.booleans(),
    is_assessed=st.booleans(),
    versions=st.dictionaries(st.sampled_from(["app", "content", "model"]), words),
    complaints=st.lists(words, max_size=2).map(tuple),
    red_flags=_few(flags, "id"),
    rules=_few(rules, "id"),
    unsure_flags=st.lists(words, max_size=2).map(tuple),
    findings=_few(findings, "id"),
    questions=_few(questions, "id"),
    words=_few(quotes, "message_id"),
    told=_few(told, "message_id"),
)
cases = st.builds(
    lambda case, earlier: case_of(
        **{name: getattr(case, name) for name in case.__struct_fields__} | {"earlier": tuple(earlier)}
    ),
    _plain_cases,
    st.lists(_plain_cases, max_size=1),
)
escalations = st.builds(
    lambda case, **more: escalation_of(case, **more),
    st.one_of(st.none(), cases),
    state=st.sampled_from(list(State)),
    reason=st.sampled_from(list(Reason)),
    acuity=_acuities,
    red_flags=st.lists(_names, max_size=2).map(tuple),
    note=st.one_of(st.none(), words),
    patient=st.builds(
        PatientOutline,
        age_band=st.one_of(st.none(), st.just("40-64")),
        sex=st.one_of(st.none(), words),
        country=st.one_of(st.none(), words),
    ),
    owner=st.one_of(st.none(), st.builds(Clinician, id=words, name=words, role=words)),
    claimed_at=_times,
    changed_at=_times,
    words_erased_at=_times,
)
