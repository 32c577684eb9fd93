"""The figures of an evaluation, as the field defines them; every proportion with its exact interval."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.proportions import Proportion
from careline.clinical.acuity import Acuity
from careline.consultation.rehearsal.conversation import Outcome

_GROUPS = {
    "emergent": (Acuity.EMERGENCY_NOW, Acuity.ED_NOW),
    "non-emergent": (Acuity.SAME_DAY, Acuity.GP_SOON, Acuity.ROUTINE),
    "self-care": (Acuity.SELF_CARE,),
}


@dataclass(frozen=True)
class Result:
    """One patient: what they needed and what they were told.

    Attributes:
        flagged_opening: Whether the opening alone called for emergency care.
        traits: Age band, sex and so on, to break the figures down by.
    """

    id: str
    complaint: str
    needed: Acuity
    acceptable: tuple[Acuity, ...]
    outcome: Outcome
    flagged_opening: bool = False
    traits: tuple[tuple[str, str], ...] = ()

    @property
    def told(self) -> Acuity | None:
        """The level they were told; None when they were told none."""
        return self.outcome.acuity

    @property
    def is_under(self) -> bool:
        """Whether they were told less than they need, or nothing."""
        return self.told is None or self.told < self.needed

    @property
    def is_over(self) -> bool:
        """Whether they were told more than they need."""
        return self.told is not None and self.told > self.needed

    @property
    def is_severely_under(self) -> bool:
        """Whether they were told two or more levels less, or nothing."""
        return self.told is None or self.told.raised(1) < self.needed

    @property
    def is_unacceptable(self) -> bool:
        """Whether they were told a level that cannot be defended."""
        return self.told not in self.acceptable


@dataclass(frozen=True)
class Figures:
    """Figures over some results."""

    results: Sequence[Result]

    def _share(self, part: Iterable[Result], whole: Sequence[Result] | None = None) -> Proportion:
        return Proportion(len(list(part)), len(self.results if whole is None else whole))

    @property
    def agreement(self) -> Proportion:
        """Told the very level."""
        return self._share(r for r in self.results if r.told is r.needed)

    @property
    def acceptable(self) -> Proportion:
        """Told a level that can be defended."""
        return self._share(r for r in self.results if not r.is_unacceptable)

    @property
    def strictly_safe(self) -> Proportion:
        """Told at least as much as needed."""
        return self._share(r for r in self.results if not r.is_under)

    @property
    def under(self) -> Proportion:
        """Told less than needed, or nothing."""
        return self._share(r for r in self.results if r.is_under)

    @property
    def severely_under(self) -> Proportion:
        """Told two or more levels less, or nothing."""
        return self._share(r for r in self.results if r.is_severely_under)

    @property
    def over(self) -> Proportion:
        """Told more than needed."""
        return self._share(r for r in self.results if r.is_over)

    @property
    def inclination_to_over(self) -> Proportion:
        """Of the errors, those on the urgent side."""
        wrong = [r for r in self.results if r.told is not r.needed]
        return self._share((r for r in wrong if r.is_over), wrong)

    @property
    def emergency_recall(self) -> Proportion:
        """Of those who need emergency care, told so."""
        return self._emergencies(lambda r: r.needed.is_emergency)

    @property
    def ambulance_recall(self) -> Proportion:
        """Of those who need an ambulance, told to get emergency care."""
        return self._emergencies(lambda r: r.needed is Acuity.EMERGENCY_NOW)

    @property
    def self_care_recall(self) -> Proportion:
        """Of those who can look after themselves, told so."""
        whole = [r for r in self.results if r.needed is Acuity.SELF_CARE]
        return self._share((r for r in whole if r.told is Acuity.SELF_CARE), whole)

    @property
    def first_message_recall(self) -> Proportion:
        """Of the openings that alone call for emergency care, those answered so at once."""
        whole = [r for r in self.results if r.flagged_opening]
        return self._share((r for r in whole if r.outcome.carded_at_once), whole)

    @property
    def handed_over(self) -> Proportion:
        """Passed to a human."""
        return self._share(r for r in self.results if r.outcome.handed_over)

    @property
    def complete(self) -> Proportion:
        """Ended with a level."""
        return self._share(r for r in self.results if r.told is not None)

    @property
    def understood(self) -> Proportion:
        """The complaint was found in the patient's words."""
        return self._share(r for r in self.results if r.outcome.understood)

    @property
    def three_levels(self) -> Proportion:
        """Told the right one of three levels, as published studies count."""
        return self._share(r for r in self.results if _group(r.told) == _group(r.needed))

    def _emergencies(self, is_one: Callable[[Result], bool]) -> Proportion:
        whole = [r for r in self.results if is_one(r)]
        return self._share((r for r in whole if r.told is not None and r.told.is_emergency), whole)

    def asked(self, count: Callable[[Outcome], int], *, emergencies: bool | None = None) -> tuple[float, float]:
        """Return the median and 90th percentile of a count; of all, or of those told of an emergency or not."""
        counts = sorted(
            count(r.outcome)
            for r in self.results
            if emergencies is None or (r.told is not None and r.told.is_emergency) is emergencies
        )
        if len(counts) < 2:
            return (float(counts[0]),) * 2 if counts else (0.0, 0.0)
        return statistics.median(counts), statistics.quantiles(counts, n=10, method="inclusive")[-1]

    @property
    def proportions(self) -> dict[str, Proportion]:
        """All shares by name, safety first."""
        return {
            "emergency recall": self.emergency_recall,
            "of these, needing an ambulance": self.ambulance_recall,
            "severe under-triage": self.severely_under,
            "strict safety": self.strictly_safe,
            "under-triage": self.under,
            "accuracy, acceptable": self.acceptable,
            "accuracy, exact": self.agreement,
            "accuracy, three levels": self.three_levels,
            "self-care recall": self.self_care_recall,
            "over-triage": self.over,
            "inclination to over-triage": self.inclination_to_over,
            "first-message recall": self.first_message_recall,
            "ended with a level": self.complete,
            "complaint understood": self.understood,
            "handed to a human": self.handed_over,
        }

    @property
    def counts(self) -> dict[str, tuple[float, float]]:
        """Median and 90th percentile of what was asked."""
        return {
            "questions": self.asked(lambda o: o.questions),
            "questions after the intake": self.asked(lambda o: o.interview_questions),
            "items shown after the intake": self.asked(lambda o: o.items),
            "questions after the intake, not an emergency": self.asked(
                lambda o: o.interview_questions, emergencies=False
            ),
            "questions, emergencies": self.asked(lambda o: o.questions, emergencies=True),
        }

    def as_data(self) -> dict[str, Any]:
        """Return the figures for programs."""
        shown = {
            name: {"part": share.part, "whole": share.whole, "interval_95": list(share.interval)}
            for name, share in self.proportions.items()
        }
        counts = {name: {"median": median, "p90": p90} for name, (median, p90) in self.counts.items()}
        return {"n": len(self.results), "proportions": shown, "counts": counts}


def _group(level: Acuity | None) -> str | None:
    return next((name for name, levels in _GROUPS.items() if level in levels), None)
