"""Findings: single facts about the patient, each present, absent or unknown."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

Value = float | str


class Presence(str, enum.Enum):
    """Whether a finding holds. Unknown is never treated as absent."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Subject(str, enum.Enum):
    """Whom a finding is about: the person who needs help now, or anybody else (family history, a film, a pet)."""

    PATIENT = "patient"
    OTHER = "other"


class Timing(str, enum.Enum):
    """When a finding held: now (or within the time its rule looks back), or only in the past."""

    NOW = "now"
    PAST = "past"


@dataclass(frozen=True)
class Finding:
    """One fact, as found in a message or settled by an answer.

    Attributes:
        id: Key of the finding catalogue, or of a red flag whose expression was recognised.
        presence: Present, absent or unknown.
        value: For a quantity a number in the catalogue's unit; for a choice one of its values; else None.
        subject: Whom it is about.
        timing: Now or past.
        start: Where it stands in the message, as an offset in characters; None for a button.
        end: Where it ends.
        message_id: The message it comes from, once it is stored.
        earlier: Other values that were told before; rules go by all of them, since a later one must not reassure.
    """

    id: str
    presence: Presence = Presence.PRESENT
    value: Value | None = None
    subject: Subject = Subject.PATIENT
    timing: Timing = Timing.NOW
    start: int | None = None
    end: int | None = None
    message_id: int | None = None
    earlier: tuple[Value, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether rules may use it: it is about the patient, and about now."""
        return self.subject is Subject.PATIENT and self.timing is Timing.NOW

    def in_message(self, message_id: int) -> Finding:
        """Return the same finding, traced to the message it came from."""
        return Finding(
            self.id,
            self.presence,
            self.value,
            self.subject,
            self.timing,
            self.start,
            self.end,
            message_id,
            self.earlier,
        )


@dataclass(frozen=True)
class Case:
    """All that is known of the patient: the latest state of each finding, and the complaints.

    Attributes:
        findings: Latest finding by id. What is not in it is unknown.
        complaints: Presenting complaints, the one being asked about first.
        unsure_flags: Red flags that were asked about and left open: they set a floor.
    """

    findings: Mapping[str, Finding] = field(default_factory=dict)
    complaints: tuple[str, ...] = ()
    unsure_flags: tuple[str, ...] = ()

    def presence(self, finding_id: str) -> Presence:
        """Return whether the finding holds; unknown when nothing is known."""
        found = self.findings.get(finding_id)
        return found.presence if found is not None else Presence.UNKNOWN

    @cached_property
    def present(self) -> frozenset[str]:
        """Ids of all findings that are present."""
        return frozenset(found.id for found in self.findings.values() if found.presence is Presence.PRESENT)

    def value(self, finding_id: str) -> Value | None:
        """Return the latest value of a quantity or choice; None when unknown."""
        found = self.findings.get(finding_id)
        return found.value if found is not None and found.presence is Presence.PRESENT else None

    def values(self, finding_id: str) -> tuple[Value, ...]:
        """Return all values told of a quantity or choice, the latest first; empty when unknown."""
        found = self.findings.get(finding_id)
        if found is None or found.presence is not Presence.PRESENT or found.value is None:
            return ()
        return (found.value, *found.earlier)

    def merged(self, findings: Iterable[Finding]) -> Case:
        """Return the case with what a message or answer adds; it may raise, never clear.

        A finding once present stays present, whatever a later message says; only `corrected` takes it back.
        """
        known = dict(self.findings)
        for new in findings:
            old = known.get(new.id)
            if not new.counts or (old is not None and not _adds(new, old)):
                continue
            known[new.id] = _with_earlier(new, old)
        return replace(self, findings=known)

    def corrected(self, findings: Iterable[Finding]) -> Case:
        """Return the case with an explicit correction of an answer: the only way a finding is taken back."""
        known = dict(self.findings)
        for new in findings:
            known[new.id] = new
        return replace(self, findings=known)


def _with_earlier(new: Finding, old: Finding | None) -> Finding:
    if old is None or old.value is None or new.value is None:
        return new
    return replace(new, earlier=tuple(dict.fromkeys((old.value, *old.earlier))))


def _adds(new: Finding, old: Finding) -> bool:
    if old.presence is Presence.PRESENT:
        return new.presence is Presence.PRESENT and new.value is not None and new.value != old.value
    return new.presence is not Presence.UNKNOWN
