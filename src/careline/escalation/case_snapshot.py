"""What is known of a case when a clinician is asked for: the facts that note and FHIR bundle are made of.

The consultation takes it; it is stored sealed with the escalation and goes when the patient's words are erased. So a
bundle needs neither the consultation nor the content release, and says years later what was known then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Literal

import msgspec

from careline.clinical.acuity import Acuity
from careline.clinical.finding import Presence
from careline.escalation.sbar import CitedSource

_MOST_EARLIER = 3  # cases before a new start; the most urgent are kept


class Quote(msgspec.Struct, frozen=True):
    """Words of a message, exact."""

    text: str
    message_id: int
    at: dt.datetime | None = None


class SeenFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding with its title, as the content release of the consultation names it.

    Attributes:
        kind: As in the finding catalogue: `sign`, `quantity`, `choice` or `note`.
        presence: Unknown is what was asked and not known; what was never asked is in no list but the questions'.
        unit: Of a quantity, as the catalogue names it.
        earlier: Other values that were told before.
    """

    id: str
    title: str
    kind: str = "sign"
    presence: Presence = Presence.UNKNOWN
    value: float | str | None = None
    unit: str | None = None
    earlier: tuple[float | str, ...] = ()
    message_id: int | None = None
    at: dt.datetime | None = None


class SeenQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question that was asked, that words answered unasked, or that is still open.

    Attributes:
        stage: `intake` for what everybody is asked, `interview` for the complaint's.
        life_threat: Whether it must not be left unknown.
        is_asked: Whether it was put to the patient.
        findings: What it settles; unknown ones stay unknown.
    """

    id: str
    text: str
    stage: Literal["intake", "interview"]
    life_threat: bool = False
    is_asked: bool = False
    findings: tuple[SeenFinding, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether any of it is not known."""
        return any(finding.presence is Presence.UNKNOWN for finding in self.findings)


class SeenFlag(msgspec.Struct, frozen=True, kw_only=True):
    """A red flag that was raised.

    Attributes:
        holds: Whether it still holds; else the patient took back what raised it.
    """

    id: str
    title: str
    kind: str = "emergency"
    acuity: Acuity | None = None
    holds: bool = True
    quote: Quote | None = None
    sources: tuple[CitedSource, ...] = ()
    because_of: tuple[str, ...] = ()


class SeenRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that holds and is no red flag; without an acuity it raises what the others found."""

    id: str
    text: str
    acuity: Acuity | None = None
    quote: Quote | None = None
    sources: tuple[CitedSource, ...] = ()
    because_of: tuple[str, ...] = ()


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the patient was told, and what they wrote or pressed next."""

    message_id: int
    kind: str
    text: str
    at: dt.datetime
    answer: Quote | None = None


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """The disposition: where, how soon, what if it gets worse, and what to be careful with."""

    title: str
    where: str
    within: str
    if_worse: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """A message in a language that was not read: nothing in it was screened.

    Attributes:
        language: What it may be; None when that is not known.
    """

    message_id: int
    language: str | None = None


class CaseSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The whole case.

    Attributes:
        acuity: The level that was decided; None while the interview runs and no flag was raised.
        asks_for: What is known so far asks for at least.
        is_floored: Whether open life-threat questions raised the level.
        last_message: Number of the newest message that it takes in.
        signed: Whether a clinician has signed all content that it goes by.
        degraded: Whether part of the system was down.
        may_be_watched: Whether somebody who harms the patient may read along or answer their phone.
        not_applicable: Ids of intake findings that are not asked of such a patient.
        complaints: Titles of the presenting complaints.
        unsure_flags: Titles of red flags that were asked about and left open.
        denied_flags: Titles of red flags that were asked about and that the patient said no to.
        waiting_flags: Titles of red flags that were asked about and that the patient has not answered yet.
        watch_asked: Whether one of these is that somebody harms the patient.
        earlier: Cases before the patient started over.
    """

    taken_at: dt.datetime
    started_at: dt.datetime
    last_message: int
    language: str
    versions: dict[str, str]
    signed: bool
    degraded: bool
    may_be_watched: bool = False
    unread: tuple[Unread, ...] = ()
    acuity: Acuity | None
    asks_for: Acuity
    is_floored: bool = False
    advice: Advice
    is_assessed: bool = False
    complaints: tuple[str, ...] = ()
    red_flags: tuple[SeenFlag, ...] = ()
    rules: tuple[SeenRule, ...] = ()
    unsure_flags: tuple[str, ...] = ()
    denied_flags: tuple[str, ...] = ()
    waiting_flags: tuple[str, ...] = ()
    watch_asked: bool = False
    findings: tuple[SeenFinding, ...] = ()
    questions: tuple[SeenQuestion, ...] = ()
    not_applicable: tuple[str, ...] = ()
    words: tuple[Quote, ...] = ()
    told: tuple[Told, ...] = ()
    earlier: tuple[CaseSnapshot, ...] = ()

    def finding(self, finding_id: str) -> SeenFinding | None:
        """Return a finding that something is known of."""
        return next((finding for finding in self.findings if finding.id == finding_id), None)

    def all_flags(self) -> tuple[SeenFlag, ...]:
        """Return the red flags, those before a new start too; the newest mention of each."""
        flags = {flag.id: flag for case in reversed(self.earlier) for flag in case.red_flags}
        return tuple((flags | {flag.id: flag for flag in self.red_flags}).values())


def with_earlier(case: CaseSnapshot, before: CaseSnapshot | None, *, started_over: bool) -> CaseSnapshot:
    """Return the case with those before a new start beside it: a new start takes nothing from the clinician."""
    if before is None:
        return case
    bare = (msgspec.structs.replace(before, earlier=()),) if started_over else ()
    kept = sorted((*bare, *before.earlier), key=_urgency, reverse=True)[:_MOST_EARLIER]
    return msgspec.structs.replace(case, earlier=tuple(kept))


def with_words_of(case: CaseSnapshot, before: CaseSnapshot, still_there: Collection[int]) -> CaseSnapshot:
    """Return the case with the words that the note quoted before: taking a finding back unsays nothing.

    Args:
        case: As it is now.
        before: As the note had it.
        still_there: Numbers of the patient's messages whose words have not been erased.
    """
    quotes = {quote.message_id: quote for quote in (*before.words, *case.words) if quote.message_id in still_there}
    flags_before = {flag.id: flag.quote for flag in before.red_flags}
    flags = []
    for flag in case.red_flags:
        quote = flag.quote or flags_before.get(flag.id)
        kept = quote if quote is not None and quote.message_id in still_there else None
        flags.append(msgspec.structs.replace(flag, quote=kept))
    words = tuple(quotes[number] for number in sorted(quotes))
    return msgspec.structs.replace(case, words=words, red_flags=tuple(flags))


def stored_case(case: CaseSnapshot) -> dict[str, Any]:
    """Return the case as it is stored."""
    stored: dict[str, Any] = msgspec.to_builtins(case)
    return stored


def case_from(stored: Mapping[str, Any]) -> CaseSnapshot:
    """Return the case as it was stored."""
    return msgspec.convert(stored, CaseSnapshot)


def _urgency(case: CaseSnapshot) -> tuple[Acuity, int]:
    return max(case.asks_for, case.acuity or case.asks_for), case.last_message
