"""The shapes of clinical content, as the files in `knowledge/` must have them.

Strict: an unknown key, a missing key or a wrong type is refused by `content_files`. A JSON Schema of each
shape is written by `careline content schema`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.clinical.acuity import Acuity

Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
Text = Annotated[str, Meta(min_length=1, max_length=600)]
Basis = Literal["read", "mixed", "general"]  # read: seen in a copy of the named page; general: medical knowledge
Unit = Literal[
    "years", "months", "weeks", "days", "hours", "minutes", "celsius", "fahrenheit", "percent", "bpm",
    "per_minute", "mmhg", "mmol_per_l", "mg_per_dl", "score", "times_per_day",
]  # fmt: skip
Service = Literal[
    "ambulance", "ed", "maternity", "oncology_line", "mh_crisis", "poison", "urgent_care", "gp", "dental", "eye",
    "sexual_health", "sarc", "police", "safeguarding", "pharmacist", "midwife", "diabetes_team", "home",
]  # fmt: skip


FALLBACK_PROTOCOL = "general"  # for a complaint that no other protocol covers


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all shapes: immutable, and no key that is not known."""


class Review(Shape, frozen=True, kw_only=True):
    """Who has checked an item and until when; `unreviewed` until a clinician signs."""

    reviewer: str = "unreviewed"
    reviewed_on: dt.date | None = None
    review_by: dt.date
    effective_from: dt.date

    @property
    def is_signed(self) -> bool:
        """Whether a clinician has signed the item."""
        return self.reviewer != "unreviewed" and self.reviewed_on is not None


class Source(Shape, frozen=True, kw_only=True):
    """A reference that items cite by id."""

    title: str
    organisation: str
    url: str | None = None
    accessed: dt.date | None = None  # when the text was really read, never invented
    read_as: Literal["live page", "copy", "not read"] = "not read"


class FindingEntry(Shape, frozen=True, kw_only=True):
    """One finding of the catalogue, named by its worrying side.

    Attributes:
        title: What summaries call it, in plain words, as a noun phrase.
        kind: `sign` is present or absent; `quantity` has a number in `unit`; `choice` has one of `values`; `note`
            holds a patient's own words (kept in the consultation, never used by a rule).
        may_be_watched: Whether somebody who has it may be watched by whoever harms them: see `RedFlag`.
    """

    id: Id
    title: Text
    kind: Literal["sign", "quantity", "choice", "note"] = "sign"
    unit: Unit | None = None
    values: tuple[Id, ...] = ()
    may_be_watched: bool = False


class SomeOf(Shape, frozen=True, kw_only=True):
    """At least `count` of the conditions hold."""

    count: Annotated[int, Meta(ge=2)]
    of: tuple[Condition, ...]


class Clause(Shape, frozen=True, kw_only=True):
    """A condition that is more than the presence of one sign. Exactly one of the forms is used.

    all / any / some: other conditions. finding with at_least, above, at_most or below: a quantity. finding with
    is_: a choice. complaint: one of these is a presenting complaint. There is no `not`: rules use presence only.
    """

    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    some: SomeOf | None = None
    complaint: tuple[Id, ...] | None = None
    finding: Id | None = None
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None
    is_: tuple[Id, ...] | None = msgspec.field(name="is", default=None)


Condition = str | Clause  # a plain string is the id of a sign that must be present


class Option(Shape, frozen=True, kw_only=True):
    """One button of a question, and what choosing it settles."""

    value: Id
    title: Annotated[str, Meta(min_length=1, max_length=120)]
    present: tuple[Id, ...] = ()
    absent: tuple[Id, ...] = ()
    choice: Id | None = None  # value of the question's `finding` when that is a choice
    says: tuple[str, ...] = ()  # other words for it, as patients type


class NumberInput(Shape, frozen=True, kw_only=True):
    """A number with its unit: limits are in the first unit."""

    units: tuple[Unit, ...]
    min: float
    max: float
    step: float = 1


class Question(Shape, frozen=True, kw_only=True):
    """One question, in a patient's words, and the findings it settles.

    Attributes:
        input: `yes_no` settles `finding`; `single` settles what each option names; `multi` is a checklist, each option
            one finding, with "none of these" and "not sure" added; `number` settles a quantity; `text` keeps a note.
        worrying: For `yes_no`: the answer that makes `finding` present.
        life_threat: Whether leaving it unknown must not end in reassurance.
        if_unknown: Floor of the acuity when the question stays unknown; compulsory with `life_threat`.
        ask_when: Asked unless this is known to be false.
        why: Why we ask, in one plain sentence.
    """

    id: Id
    text: Text
    why: Text
    input: Literal["yes_no", "single", "multi", "number", "text"] = "yes_no"
    finding: Id | None = None
    worrying: Literal["yes", "no"] = "yes"
    options: tuple[Option, ...] = ()
    number: NumberInput | None = None
    life_threat: bool = False
    if_unknown: Acuity | None = None
    ask_when: Condition | None = None


class Rule(Shape, frozen=True, kw_only=True):
    """When these findings are present, the case is at least this urgent.

    Attributes:
        acuity: The level, or None when the rule raises what the others found (`raise_by`).
        reason: Why, in one plain sentence that a patient understands; no diagnosis.
    """

    id: Id
    when: Condition
    acuity: Acuity | None = None
    raise_by: Annotated[int, Meta(ge=1, le=1)] | None = None
    reason: Text
    service: Service | None = None
    max_hours: float | None = None
    sources: Annotated[tuple[str, ...], Meta(min_length=1)]
    basis: Basis


class Protocol(Shape, frozen=True, kw_only=True):
    """One presenting complaint: its questions and its rules.

    Attributes:
        finding: The sign that the complaint itself is.
        presenting: Lay phrases, in the lexicon's pattern language.
        applies: Not chosen when this is known to be false.
        baseline: The level when no rule holds.
        covers: Wider complaints that need no questions of their own beside this one.
    """

    id: Id
    title: Text
    language: str
    review: Review
    sources: Annotated[tuple[str, ...], Meta(min_length=1)]
    basis: Basis
    finding: Id
    presenting: tuple[str, ...]
    applies: Condition | None = None
    red_flags: tuple[Id, ...] = ()
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    baseline: Acuity
    baseline_reason: Text
    self_care: tuple[Text, ...] = ()
    safety_net: Annotated[tuple[Text, ...], Meta(min_length=1)]
    articles: tuple[str, ...] = ()
    covers: tuple[Id, ...] = ()


class NearMiss(Shape, frozen=True, kw_only=True):
    """Words that look like the flag and are not; a test of each, never proof that somebody is well.

    Attributes:
        soft_check: Whether a gentle question is in order all the same.
        raises: Whether they raise the flag all the same: known, and borne, because narrower words would miss people.
    """

    text: Text
    kind: Literal[
        "negated", "past_history", "figurative", "someone_else_not_the_patient", "hypothetical_or_information",
        "benign_look_alike",
    ]  # fmt: skip
    soft_check: bool = False
    raises: bool = False


class RedFlag(Shape, frozen=True, kw_only=True):
    """A rule screened in every message.

    Attributes:
        title: What the card calls it, in plain words; a sign, not a diagnosis.
        kind: Which card answers it.
        level: For a crisis: how near the danger is.
        advice: What to do until help comes; one idea each; no telephone number (the card shows the country's).
        advice_for_another: The same to whoever writes for somebody else; empty: `advice` fits both.
        protocol: What is asked on after a card that leaves time to ask, whatever the words named.
        expressions: Lay phrases that mean it by themselves, in the lexicon's pattern language.
        alone: Words that mean it when they are the whole message: somebody in danger may type no more.
        when: Findings that mean it together; across messages and answers.
        question: Asked when a message only reads like the flag: closed, plain, and yes means that it is there.
        asks_for_unknown: Whether its question is the one to ask where words read like danger, and like no flag in
            particular. At most one flag's is.
        population: Whom alone it can be about, as the intake names them; None: anybody. It limits only the question:
            words and findings that mean the flag raise it, whoever is said to be the patient.
        may_be_watched: Whether somebody may see the patient's screen, phone or messages: a way to leave at once is
            offered, nobody writes or calls unasked, and before a call we ask whether it is safe.
    """

    id: Id
    title: Text
    kind: Literal["emergency", "crisis", "safeguarding"] = "emergency"
    level: Literal["imminent", "active", "passive"] | None = None
    acuity: Acuity
    service: Service
    max_minutes: int
    advice: Annotated[tuple[Text, ...], Meta(min_length=1)]
    advice_for_another: tuple[Text, ...] = ()
    protocol: Id | None = None
    expressions: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    when: Condition | None = None
    question: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\?$")] | None = None
    asks_for_unknown: bool = False
    population: Id | None = None
    may_be_watched: bool = False
    near_misses: tuple[NearMiss, ...] = ()
    sources: Annotated[tuple[str, ...], Meta(min_length=1)]
    basis: Basis


class Disposition(Shape, frozen=True, kw_only=True):
    """What an acuity tells the patient: where, how soon, what to do if worse.

    Attributes:
        service: Who helps at this level when no rule names a service.
        by_service: `where` for a rule that names one.
        respond_within_minutes: Target for a clinician; None: no escalation by itself.
        check_in_hours: When a patient who wants it is asked how they are; None: not at this level.
    """

    acuity: Acuity
    service: Service
    title: Text
    where: Text
    within: Text
    if_worse: tuple[Text, ...]
    by_service: dict[Service, Text] = {}
    respond_within_minutes: int | None = None
    check_in_hours: Annotated[int, Meta(ge=1, le=336)] | None = None


class Measured(Shape, frozen=True, kw_only=True):
    """What a finding is called that is measured, too: "has a temp" is a fever, "has a temp of 37" is none.

    Attributes:
        quantity: What is measured.
        at_least: From here on the number means the finding.
        named: Words for the quantity that say nothing of how much, in the pattern language; none where there are none.
        meant: Words beside them that mean the finding, whatever the number.
        unless: Words anywhere in the message with which the number proves nothing: a medicine that lowers it.
    """

    quantity: Id
    at_least: float
    named: tuple[str, ...] = ()
    meant: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    sources: Annotated[tuple[str, ...], Meta(min_length=1)]


class LexiconEntry(Shape, frozen=True, kw_only=True):
    """Lay phrases that mean a finding, in the pattern language of `understanding`."""

    finding: Id
    phrases: Annotated[tuple[str, ...], Meta(min_length=1)]
    measured: Measured | None = None


class PhoneNumber(Shape, frozen=True, kw_only=True):
    """A number that a patient can call.

    Attributes:
        for_young: Whether it is a line for children and young people: shown first to them, last to others.
    """

    tel: Annotated[str, Meta(pattern=r"^[0-9+*# -]{2,20}$")]
    label: Text
    kind: Literal["emergency", "crisis", "poison", "urgent_care"]
    hours: str | None = None
    for_young: bool = False
    verified_on: dt.date | None = None


class Country(Shape, frozen=True, kw_only=True):
    """The telephone numbers of a country, and what its services are called there."""

    code: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]
    name: Text
    names: tuple[str, ...] = ()  # as people type it
    numbers: Annotated[tuple[PhoneNumber, ...], Meta(min_length=1)]
    services: dict[Service, Text] = {}
    sources: Annotated[tuple[str, ...], Meta(min_length=1)]
    basis: Basis


# One file each
class SourcesFile(Shape, frozen=True, kw_only=True):
    """`sources.yml`."""

    sources: dict[str, Source]


class FindingsFile(Shape, frozen=True, kw_only=True):
    """`findings/*.yml`."""

    findings: tuple[FindingEntry, ...]


class LexiconFile(Shape, frozen=True, kw_only=True):
    """`lexicon/*.yml`."""

    language: str
    entries: tuple[LexiconEntry, ...]


class WithoutProtocol(Shape, frozen=True, kw_only=True):
    """What is advised when no protocol may be served for a complaint (signed content only)."""

    acuity: Acuity
    reason: Text
    sources: Annotated[tuple[str, ...], Meta(min_length=1)]


class Population(Shape, frozen=True, kw_only=True):
    """People whom alone some red flags can be about: newborns, women after a birth.

    Attributes:
        fits: Holds for who is one of them; what is not known about the patient leaves it open.
        hints: Words that hint at one of them, in the lexicon's pattern language. They only let a question be asked,
            so many are better than few.
    """

    id: Id
    title: Text
    fits: Condition
    hints: Annotated[tuple[str, ...], Meta(min_length=1)]
    sources: Annotated[tuple[str, ...], Meta(min_length=1)]


class IntakeFile(Shape, frozen=True, kw_only=True):
    """`intake.yml`: what is asked of everybody, in this order."""

    language: str
    review: Review
    questions: tuple[Question, ...]
    before_danger: Annotated[tuple[Id, ...], Meta(min_length=1)]  # asked first; then the complaint's life threats
    self_care_needs: tuple[Id, ...]  # findings without which self-care is not offered
    without_them: Acuity  # the floor then
    without_protocol: WithoutProtocol
    populations: tuple[Population, ...] = ()


class RulesFile(Shape, frozen=True, kw_only=True):
    """`modifiers.yml` and `vitals.yml`: rules that hold whatever the complaint."""

    language: str
    review: Review
    rules: tuple[Rule, ...]


class RedFlagsFile(Shape, frozen=True, kw_only=True):
    """`red_flags/*.yml`."""

    language: str
    review: Review
    red_flags: tuple[RedFlag, ...]


class HandoffRules(Shape, frozen=True, kw_only=True):
    """When a clinician is asked without a word of the patient's.

    Attributes:
        repeat_within_hours: Who was escalated and comes back within this time is seen by a clinician again.
        repeat_respond_as: The level whose target holds then at least.
        abandoned_after_minutes: How long a patient may be silent before an interview counts as abandoned.
        abandoned_from: The level from which an abandoned interview with an open life-threat question is escalated.
        worse_at_least: What somebody who says at a check-in that they are worse is advised, and seen as, at least.
    """

    repeat_within_hours: Annotated[int, Meta(ge=1)]
    repeat_respond_as: Acuity
    abandoned_after_minutes: Annotated[int, Meta(ge=1)]
    abandoned_from: Acuity
    worse_at_least: Acuity


class DispositionsFile(Shape, frozen=True, kw_only=True):
    """`dispositions.yml`."""

    language: str
    review: Review
    handoff: HandoffRules
    dispositions: tuple[Disposition, ...]


class NumbersFile(Shape, frozen=True, kw_only=True):
    """`emergency_numbers.yml`."""

    review: Review
    international: Annotated[tuple[PhoneNumber, ...], Meta(min_length=1)]  # shown when the country is unknown
    countries: tuple[Country, ...]
