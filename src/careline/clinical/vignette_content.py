"""The shapes of invented patients in `knowledge/vignettes/`; they test the content and change nothing for a patient."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.clinical.acuity import Acuity
from careline.clinical.content import Id, Shape, Text

Answer = str | tuple[str, ...] | dict[str, float | str]  # as in the HTTP contract's `value`, or plain text
Form = Literal["full", "terse", "messy"]


class Vignette(Shape, frozen=True, kw_only=True):
    """An invented patient, for tests: what they write and answer, and how urgent the case is.

    Attributes:
        opening: The first message.
        answers: By question id, intake included. What is not listed gets the reassuring answer.
        unsure: Questions answered with "not sure".
        acuity: The level it must end in.
        red_flags: The flags that must have been raised on the way (others may be).
    """

    id: Id
    complaint: Id
    opening: str
    answers: dict[Id, Answer]
    unsure: tuple[Id, ...] = ()
    acuity: Acuity
    red_flags: tuple[Id, ...] = ()
    why: Text
    sources: Annotated[tuple[str, ...], Meta(min_length=1)]


class VignettesFile(Shape, frozen=True, kw_only=True):
    """`vignettes/*.yml`."""

    vignettes: tuple[Vignette, ...]


class Person(Shape, frozen=True, kw_only=True):
    """Whom a scripted case is about; "unknown" where the reporter cannot know."""

    age: Annotated[str, Meta(pattern=r"^\d+ (years|months|weeks|days)$")]
    sex: Literal["female", "male"]
    pregnant: str = "no"  # no, unknown, or weeks or time since birth in words
    conditions: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()


class Fact(Shape, frozen=True, kw_only=True):
    """What the patient says when asked.

    Attributes:
        ask: The question, in one or more wordings.
        polarity: Whether the first wording is answered yes or no, or with a value.
    """

    ask: Annotated[tuple[str, ...], Meta(min_length=1)]
    answer: str
    polarity: Literal["yes", "no", "value"]


class Knowledge(Shape, frozen=True, kw_only=True):
    """What opening, person, facts and denials of a case mean in findings, read by somebody who did not see our rules.

    It lets a program match questions to facts by meaning. What is in none of these gets the case's `unstated`.
    """

    present: tuple[Id, ...] = ()
    absent: tuple[Id, ...] = ()
    values: dict[Id, float | str] = msgspec.field(default_factory=dict)  # in the catalogue's unit, or one of its values


class Gold(Shape, frozen=True, kw_only=True):
    """The reference level, and those that a second clinician could defend."""

    acuity: Acuity
    acceptable: Annotated[tuple[Acuity, ...], Meta(min_length=1)]


class ScriptedPatient(Shape, frozen=True, kw_only=True):
    """An invented patient who answers honestly: what was asked, and nothing more.

    Attributes:
        opening: The same first message in three forms; one is sent.
        denies: What the patient says no to.
        unstated: The reply to everything that nothing here settles.
        red_flag_in_opening: Whether that form alone calls for emergency care.
    """

    id: Id
    complaint: Id
    reporter: Literal["self", "parent", "partner", "carer", "bystander"]
    person: Person
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]
    opening: dict[Form, str]
    facts: tuple[Fact, ...]
    denies: tuple[str, ...] = ()
    knows: Knowledge = Knowledge()
    unstated: Literal["no", "not sure"]
    gold: Gold
    red_flag_in_opening: dict[Form, bool]
    why: str
    source: str


class ScriptedPatientsFile(Shape, frozen=True, kw_only=True):
    """`vignettes/scripted/*.yml`."""

    patients: tuple[ScriptedPatient, ...]
