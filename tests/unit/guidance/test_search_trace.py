"""What editors see of a search: the verdict that patients get, and what it went by."""

import datetime as dt

import msgspec
import pytest

from careline.guidance.search import SearchFilter
from careline.guidance.search_trace import Why, Withheld
from tests.support.guidance import TODAY, article, guidance_of, rules

EAR = article("earache", text="A warm flannel helps an earache.")
OLD = msgspec.structs.replace(article("hiccups", text="Sip cold water."), review_by=dt.date(2026, 1, 1))
GUIDANCE = guidance_of(EAR, OLD, search_rules=rules(topic_words=("cat",)))
FILTERS = SearchFilter(today=TODAY)


@pytest.mark.parametrize(
    ("query", "filters", "why"),
    [
        ("earache", FILTERS, Why.SURE),
        ("my cat has earache", FILTERS, Why.OTHER_TOPIC),
        ("i dont have earache", FILTERS, Why.DENIED_OR_AMOUNT),
        ("bicycle", FILTERS, Why.NOT_SURE),
        ("earache", msgspec.structs.replace(FILTERS, complaint="cough"), Why.OTHER_COMPLAINT),
        ("earache", msgspec.structs.replace(FILTERS, language="fr"), Why.NOBODY_LIKE_THIS),
        ("hiccups", FILTERS, Why.WITHHELD),
        ("  ", FILTERS, Why.NOTHING_ASKED),
    ],
)
def test_it_says_why_and_has_the_verdict_that_patients_get(query, filters, why):
    trace = GUIDANCE.trace(query, filters)
    assert trace.why is why
    assert trace.verdict == GUIDANCE.search(query, filters).verdict


def test_what_is_withheld_is_listed_with_its_reason():
    best = GUIDANCE.trace("hiccups", FILTERS).articles[0]
    assert (best.article_id, best.withheld) == ("hiccups", Withheld.OUT_OF_DATE)


def test_scores_and_the_section_that_fits_stand_beside_each_article():
    best = GUIDANCE.trace("warm flannel earache", FILTERS).articles[0]
    assert best.section == "What you can do"
    assert 0 < best.similarity <= 1
