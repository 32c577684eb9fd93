"""Schemas of the content files for other programs, and the errors of the room."""

from __future__ import annotations

import datetime as dt

import pytest

from careline.clinical.content import Review
from careline.clinical.content_schema import content_schemas
from careline.clinical.errors import AnswerError, ClinicalError, ContentError


def test_every_kind_of_file_has_a_schema_that_allows_no_other_key():
    schemas = content_schemas()
    assert {"intake.yml", "protocols/*.yml", "red_flags/*.yml", "vignettes/*.yml"} <= set(schemas)
    for schema in schemas.values():
        assert all(
            shape.get("additionalProperties") is False for shape in schema["$defs"].values() if "properties" in shape
        )


def test_the_schema_of_a_protocol_asks_for_its_safety_net():
    assert "safety_net" in content_schemas()["protocols/*.yml"]["$defs"]["Protocol"]["required"]


@pytest.mark.parametrize(
    ("reviewer", "reviewed_on", "signed"),
    [("unreviewed", None, False), ("Dr A", None, False), ("Dr A", dt.date(2026, 10, 1), True)],
)
def test_an_item_is_signed_by_a_named_reviewer_on_a_date(reviewer, reviewed_on, signed):
    day = dt.date(2027, 5, 21)
    review = Review(reviewer=reviewer, reviewed_on=reviewed_on, review_by=day, effective_from=day)
    assert review.is_signed is signed


def test_errors_keep_what_callers_need():
    error = AnswerError("unknown_option", "q_age: choose a unit.")
    assert (error.code, error.detail, str(error)) == (
        "unknown_option",
        "q_age: choose a unit.",
        "q_age: choose a unit.",
    )
    assert issubclass(ContentError, ClinicalError)
