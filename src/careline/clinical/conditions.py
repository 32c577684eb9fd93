"""Conditions of rules, over three values: holds, does not hold, not known."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from careline.clinical.content import Clause, Condition
from careline.clinical.finding import Case, Presence


class Truth(enum.IntEnum):
    """Kleene's three values, ordered: `min` is and, `max` is or."""

    NO = 0
    UNKNOWN = 1
    YES = 2


_OF_PRESENCE = {Presence.PRESENT: Truth.YES, Presence.ABSENT: Truth.NO, Presence.UNKNOWN: Truth.UNKNOWN}


@dataclass(frozen=True)
class Sign:
    """A sign is present."""

    finding: str


@dataclass(frozen=True)
class Comparison:
    """A quantity lies within limits; None is no limit."""

    finding: str
    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None

    def holds_for(self, number: float) -> bool:
        """Return whether `number`, in the catalogue's unit, lies within the limits."""
        return (
            (self.at_least is None or number >= self.at_least)
            and (self.above is None or number > self.above)
            and (self.at_most is None or number <= self.at_most)
            and (self.below is None or number < self.below)
        )


@dataclass(frozen=True)
class OneOfValues:
    """A choice has one of these values."""

    finding: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class OneOfComplaints:
    """One of these is a presenting complaint."""

    complaints: tuple[str, ...]


@dataclass(frozen=True)
class Several:
    """At least `count` of the parts hold: all, any and some in one."""

    count: int
    parts: tuple[Expression, ...]


Expression = Sign | Comparison | OneOfValues | OneOfComplaints | Several


class ConditionError(ValueError):
    """A condition has no form, or more than one."""


def compiled(condition: Condition) -> Expression:
    """Return the condition as an expression.

    Raises:
        ConditionError: It has no form or several, or an empty list.
    """
    if isinstance(condition, str):
        return Sign(condition)
    limits = (condition.at_least, condition.above, condition.at_most, condition.below)
    forms = {
        "all": condition.all is not None,
        "any": condition.any is not None,
        "some": condition.some is not None,
        "complaint": condition.complaint is not None,
        "finding": condition.finding is not None,
    }
    used = [name for name, is_used in forms.items() if is_used]
    if len(used) != 1:
        raise ConditionError(f"use exactly one of {', '.join(forms)}; found {', '.join(used) or 'none'}")
    if used != ["finding"] and (any(limit is not None for limit in limits) or condition.is_ is not None):
        raise ConditionError("limits and 'is' go with 'finding'")
    return _compiled_form(condition, has_limits=any(limit is not None for limit in limits))


def _compiled_form(condition: Clause, *, has_limits: bool) -> Expression:
    if condition.complaint is not None:
        return OneOfComplaints(condition.complaint)
    if condition.finding is not None:
        if has_limits == (condition.is_ is not None):
            raise ConditionError(f"{condition.finding}: give either limits (at_least, above, at_most, below) or 'is'")
        if condition.is_ is not None:
            return OneOfValues(condition.finding, condition.is_)
        return Comparison(
            condition.finding, condition.at_least, condition.above, condition.at_most, condition.below
        )  # fmt: skip
    if condition.some is not None:
        count, of = condition.some.count, condition.some.of
    else:
        of = condition.all if condition.all is not None else (condition.any or ())
        count = len(of) if condition.all is not None else 1
    if not of or count > len(of):
        raise ConditionError("a list of conditions is empty, or shorter than its count")
    return Several(count, tuple(compiled(part) for part in of))


def truth(expression: Expression, case: Case) -> Truth:
    """Return whether the expression holds in the case; unknown is not no."""
    if isinstance(expression, Sign):
        return _OF_PRESENCE[case.presence(expression.finding)]
    if isinstance(expression, OneOfComplaints):
        return Truth.YES if set(expression.complaints) & set(case.complaints) else Truth.NO
    if isinstance(expression, Several):
        return _enough((truth(part, case) for part in expression.parts), expression)
    return _truth_of_value(expression, case)


def _enough(parts: Iterator[Truth], expression: Several) -> Truth:
    """Return whether enough parts hold, looking at no more of them than decide it."""
    held, unknown, left = 0, 0, len(expression.parts)
    for part in parts:
        left -= 1
        held += part is Truth.YES
        unknown += part is Truth.UNKNOWN
        if held >= expression.count:
            return Truth.YES
        if held + unknown + left < expression.count:
            return Truth.NO
    return Truth.UNKNOWN


def _truth_of_value(expression: Comparison | OneOfValues, case: Case) -> Truth:
    if case.presence(expression.finding) is Presence.ABSENT:
        return Truth.NO
    values = case.values(expression.finding)
    if not values:
        return Truth.UNKNOWN
    if isinstance(expression, OneOfValues):
        return Truth.YES if set(values) & set(expression.values) else Truth.NO
    numbers = [value for value in values if isinstance(value, int | float)]
    return Truth.YES if any(expression.holds_for(number) for number in numbers) else Truth.NO


def could_hold(expression: Expression, case: Case, still_open: frozenset[str]) -> Truth:
    """Return YES if it holds; UNKNOWN if answers to the findings in `still_open` could make it hold; else NO."""
    if isinstance(expression, Several):
        return _enough((could_hold(part, case, still_open) for part in expression.parts), expression)
    now = truth(expression, case)
    if now is Truth.UNKNOWN and not isinstance(expression, OneOfComplaints):
        return Truth.UNKNOWN if expression.finding in still_open else Truth.NO
    return now


def open_findings(expression: Expression, case: Case, still_open: frozenset[str]) -> frozenset[str]:
    """Return the unknown findings whose answers could help to make the expression hold."""
    if could_hold(expression, case, still_open) is not Truth.UNKNOWN:
        return frozenset()
    if isinstance(expression, Several):
        return frozenset().union(*(open_findings(part, case, still_open) for part in expression.parts))
    return frozenset(findings_used(expression))


def live_findings(expression: Expression, case: Case, still_open: frozenset[str]) -> frozenset[str]:
    """Return the unknown findings of every part that is not ruled out, also beside parts that hold already.

    One more present finding never takes another out of this set, as it may out of `open_findings`.
    """
    if could_hold(expression, case, still_open) is Truth.NO:
        return frozenset()
    if isinstance(expression, Several):
        return frozenset().union(*(live_findings(part, case, still_open) for part in expression.parts))
    return still_open.intersection(findings_used(expression))


def findings_used(expression: Expression) -> Iterator[str]:
    """Yield the ids of the findings that the expression reads."""
    if isinstance(expression, Several):
        for part in expression.parts:
            yield from findings_used(part)
    elif not isinstance(expression, OneOfComplaints):
        yield expression.finding


def needs_of(expression: Expression) -> tuple[frozenset[str], ...]:
    """Return sets of findings: of each, one must be present for the expression to hold.

    Conditions go by presence alone. So most rules need not be looked at when their findings are not there.
    """
    if isinstance(expression, OneOfComplaints):
        return ()
    if not isinstance(expression, Several):
        return (frozenset({expression.finding}),)
    parts = [needs_of(part) for part in expression.parts]
    if expression.count == len(parts):
        return tuple(dict.fromkeys(needed for part in parts for needed in part))
    known = [part for part in parts if part]
    if expression.count > len(parts) - len(known):  # one of these holds at least
        return (frozenset().union(*(min(part, key=len) for part in known)),)
    return ()


def present_findings(expression: Expression, case: Case) -> Iterable[str]:
    """Return the findings because of which the expression holds, for quoting the patient's words."""
    for finding_id in findings_used(expression):
        if case.presence(finding_id) is Presence.PRESENT:
            yield finding_id
