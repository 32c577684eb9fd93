"""The shapes of the files about who writes, and in which language; see `content`."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from careline.clinical.acuity import Acuity
from careline.clinical.content import Basis, Condition, Id, Review, Shape, Text


class YoungPeopleFile(Shape, frozen=True, kw_only=True):
    """`young_people.yml`: who is met as a young person that writes alone. It changes words, never an acuity."""

    review: Review
    when: Condition
    sources: Annotated[tuple[str, ...], Meta(min_length=1)]
    basis: Basis


class LanguagesFile(Shape, frozen=True, kw_only=True):
    """`languages.yml`: which languages are read, and what is done about a message in another.

    Attributes:
        read: Codes (ISO 639) of the languages whose words the lexicon knows.
        by_buttons: Codes of the languages, besides those, in which a consultation can be held by buttons: what is asked
            and answered there is translated, and free words are still not read.
        acuity: How urgently a clinician is asked to look at a message that was not read.
        floor: The least advice at the end of a consultation in which a message was not read.
        names: What clinicians call other languages, by code.
    """

    review: Review
    read: Annotated[tuple[str, ...], Meta(min_length=1)]
    by_buttons: tuple[str, ...] = ()
    acuity: Acuity
    floor: Acuity
    names: dict[str, Text]
    sources: Annotated[tuple[str, ...], Meta(min_length=1)]
    basis: Basis


class ExpressionsFile(Shape, frozen=True, kw_only=True):
    """`lexicon/<language>/*.yml`: words of a language that is not read which mean a red flag by themselves.

    Attributes:
        expressions: By red flag, in the lexicon's pattern language. They may raise it and clear nothing.
    """

    language: str
    review: Review
    expressions: dict[Id, Annotated[tuple[str, ...], Meta(min_length=1)]]
