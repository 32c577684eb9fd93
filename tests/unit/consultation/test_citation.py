"""A citation says of its source only what is true of it: when it was read, or as what, or that it was not."""

import pytest

from careline.consultation.citation import cited
from tests.support.interview import wording

COPY = {"title": "A page", "organisation": "A service", "read_as": "copy"}
LINK = {"title": "A link", "organisation": "Another", "read_as": "not read"}


def say(sentence, **values):
    return wording().say(sentence, "en", **values)


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ([{**COPY, "read_as": "live page", "accessed": "2026-11-01"}], "A page, A service, read on 2026-11-01."),
        ([COPY], "A page, A service, read as a copy."),
        ([LINK], "A link, Another, not read for this page."),
        ([LINK, COPY], "A page, A service, read as a copy."),
    ],
)
def test_a_source_is_said_to_have_been_read_only_when_it_was_and_one_that_was_goes_first(sources, said):
    assert said in cited({"sources": sources, "review_by": "2027-05-21"}, say)
