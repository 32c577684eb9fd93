"""The shapes of `medicines.yml`: common remedies, and for whom they are not a matter of course."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from careline.clinical.content import Basis, Condition, Id, Review, Shape, Text

Action = Literal["emergency", "block", "ask_doctor", "ask_pharmacist", "follow_packet"]  # strictest first


class Medicine(Shape, frozen=True, kw_only=True):
    """A medicine, or a group that shares its rules.

    Attributes:
        title: What patients call it, in the middle of a sentence.
        names: Substances and brands, in the lexicon's pattern language, as people type them.
        mentioned_as: Other words of our own texts that may mean it, such as "painkiller".
    """

    id: Id
    title: Text
    names: Annotated[tuple[str, ...], Meta(min_length=1)]
    mentioned_as: tuple[str, ...] = ()


class MedicineRule(Shape, frozen=True, kw_only=True):
    """For whom a medicine needs care.

    Attributes:
        medicines: Ids; none means every medicine.
        when: None: always.
        unless_known: Findings of which one that is unknown makes the rule hold, whatever `when` says.
        text: What the patient reads: whole sentences, plain, no dose.
    """

    id: Id
    medicines: tuple[Id, ...] = ()
    when: Condition | None = None
    unless_known: tuple[Id, ...] = ()
    action: Action
    text: Text
    sources: Annotated[tuple[str, ...], Meta(min_length=1)]
    basis: Basis


class MedicineRequests(Shape, frozen=True, kw_only=True):
    """What patients ask for that is not ours to give, in the lexicon's pattern language.

    Attributes:
        dose: Words that ask how much of a medicine to take or give.
        amount: Words that ask for an amount; of a dose only when a medicine is named beside them.
        prescription: Words that ask us to prescribe, renew or get one.
    """

    dose: Annotated[tuple[str, ...], Meta(min_length=1)]
    amount: Annotated[tuple[str, ...], Meta(min_length=1)]
    prescription: Annotated[tuple[str, ...], Meta(min_length=1)]


class MedicinesFile(Shape, frozen=True, kw_only=True):
    """`medicines.yml`."""

    language: str
    review: Review
    requests: MedicineRequests
    medicines: tuple[Medicine, ...]
    rules: tuple[MedicineRule, ...]
