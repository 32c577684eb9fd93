"""Searching the guidance: who may see what, and when the search says that it does not know."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.clinical.acuity import Acuity
from careline.guidance.article import ACUITY_NAMES, Audience
from careline.guidance.search import SearchFilter
from careline.guidance.search_rules import ConfidenceWeights, RankingWeights
from tests.support.guidance import TODAY, article, guidance_of, rules, signed

COUGH = article("cough", text="Drink honey with warm water.")
THROAT = article("sore_throat", text="Gargle with salt water.")
GUIDANCE = guidance_of(COUGH, THROAT)


def found(guidance, query: str, *, limit: int = 3, **filters) -> list[str]:
    result = guidance.search(query, SearchFilter(**{"today": TODAY, **filters}), limit=limit)
    return [hit.article_id for hit in result.hits]


def verdict(guidance, query: str, **filters) -> str:
    return guidance.search(query, SearchFilter(**{"today": TODAY, **filters})).verdict


def test_a_question_that_an_article_answers_is_answered_from_it():
    result = guidance_of(COUGH, THROAT).search("cough honey water", SearchFilter(today=TODAY))
    assert result.verdict == "answer"
    assert result.suggest is None
    hit = result.hits[0]
    assert (hit.article_id, hit.section, hit.text) == ("cough", "What you can do", "Drink honey with warm water.")
    assert (hit.url, hit.passage_id, hit.sources) == ("/guidance/cough", "cough.1.0", COUGH.sources)


def test_of_a_long_section_the_whole_is_shown_so_that_no_list_loses_what_it_means():
    asked = "hoarse voice husky whisper croaky"
    signs = "".join(f"- swollen {number} neck fever rash spit ear\n" for number in range(20))
    long = article("sore_throat", text=f"See a doctor in the next few days if:\n\n{signs}- {asked}", questions=(asked,))
    hit = guidance_of(long).search(asked, SearchFilter(today=TODAY)).hits[0]
    assert hit.passage_id == "sore_throat.1.1"
    assert hit.text.splitlines()[0] == "See a doctor in the next few days if:"
    assert hit.text.splitlines()[-1] == f"• {asked}"


def test_a_question_near_an_article_is_asked_back():
    result = guidance_of(COUGH, THROAT).search("sore thumb", SearchFilter(today=TODAY))
    assert result.verdict == "ask"
    assert result.suggest is not None
    assert (result.suggest.article_id, result.suggest.url) == ("sore_throat", "/guidance/sore_throat")
    assert result.hits == ()


@pytest.mark.parametrize("query", ["train timetable", "", "   ", "?!", "\x00", "🙂", "\ud800"])
def test_a_question_near_no_article_is_not_answered(query):
    result = guidance_of(COUGH, THROAT).search(query, SearchFilter(today=TODAY))
    assert (result.verdict, result.hits, result.suggest) == ("none", (), None)


def test_a_question_like_one_that_is_not_covered_is_not_answered():
    some_rules = rules(
        answer=2, ask=0.4, confidence=ConfidenceWeights(signs=RankingWeights(similarity=1), lead_not_covered=1)
    )
    alike = ["whooping cough vaccine", "the whooping cough vaccine", "a whooping cough vaccine"]
    assert verdict(guidance_of(COUGH, search_rules=some_rules), "whooping cough vaccine") == "ask"
    assert verdict(guidance_of(COUGH, search_rules=some_rules, not_covered=alike), "whooping cough vaccine") == "none"


def test_each_article_is_found_once():
    assert found(guidance_of(COUGH), "cough what is it, what to avoid", limit=10) == ["cough"]


def test_no_more_hits_than_asked_for_and_the_nearest_first():
    guidance = guidance_of(
        *(article(f"cough_{number}", title="Cough", text="Drink honey.") for number in range(5)), THROAT
    )
    assert found(guidance, "cough honey", limit=2) == ["cough_0", "cough_1"]


def test_the_release_that_answered_is_named():
    assert guidance_of(COUGH, release="r7").search("cough", SearchFilter(today=TODAY)).release == "r7"


def test_a_misspelt_word_is_mended_from_the_articles():
    guidance = guidance_of(COUGH, unknown_words=["honney", "watr"])
    assert found(guidance, "warm honney with water") == ["cough"]


@pytest.mark.slow  # a hundred texts of any kind
@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_a_result(query):
    result = GUIDANCE.search(query, SearchFilter(today=TODAY))
    assert bool(result.hits) is (result.verdict == "answer")
    assert (result.suggest is not None) is (result.verdict == "ask")


@pytest.mark.slow  # hundreds of searches in threads
def test_searches_at_the_same_time_do_not_disturb_each_other():
    guidance = guidance_of(COUGH, THROAT)
    questions = ["cough honey water", "sore throat salt", "train timetable", "gargle"] * 50
    alone = [guidance.search(question, SearchFilter(today=TODAY)) for question in questions]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda question: guidance.search(question, SearchFilter(today=TODAY)), questions))
    assert together == alone


# ---- language, age, pregnancy


@pytest.mark.parametrize(("language", "ids"), [("en", ["cough"]), ("en-GB", ["cough"]), ("EN", ["cough"]), ("es", [])])
def test_only_articles_in_the_patients_language_are_found(language, ids):
    assert found(guidance_of(COUGH), "cough", language=language) == ids


@pytest.mark.parametrize(
    ("age", "ids"),
    [(17.9, []), (18, ["cough"]), (40, ["cough"]), (65, ["cough"]), (65.1, []), (None, ["cough"])],
)
def test_an_article_is_found_for_the_ages_it_is_for_or_when_the_age_is_unknown(age, ids):
    adult = article("cough", audience=Audience(min_age_years=18, max_age_years=65))
    assert found(guidance_of(adult), "cough", age_years=age) == ids


@pytest.mark.parametrize(
    ("audience", "pregnant", "ids"),
    [
        ("any", True, ["cough"]),
        ("any", False, ["cough"]),
        ("not_pregnant", True, []),
        ("not_pregnant", False, ["cough"]),
        ("not_pregnant", None, ["cough"]),
        ("pregnant_only", True, ["cough"]),
        ("pregnant_only", False, []),
        ("pregnant_only", None, ["cough"]),
    ],
)
def test_an_article_is_withheld_when_pregnancy_is_known_to_rule_it_out(audience, pregnant, ids):
    assert (
        found(guidance_of(article("cough", audience=Audience(pregnancy=audience))), "cough", pregnant=pregnant) == ids
    )


@pytest.mark.parametrize(
    ("audience", "sentence"),
    [
        (Audience(), ""),
        (Audience(min_age_years=16), "This page is for people aged 16 years or over."),
        (Audience(max_age_years=0.25), "This page is for children up to 3 months old."),
        (Audience(min_age_years=1, max_age_years=12), "This page is for people aged 12 months to 12 years."),
        (Audience(pregnancy="not_pregnant"), "This page is for people who are not pregnant."),
        (
            Audience(min_age_years=16, pregnancy="pregnant_only"),
            "This page is for people aged 16 years or over and pregnancy.",
        ),
    ],
)
def test_a_hit_says_for_whom_it_is(audience, sentence):
    """An unknown age or pregnancy leaves an article in, so the reader must be able to tell."""
    result = guidance_of(article("cough", audience=audience)).search("cough", SearchFilter(today=TODAY))
    assert result.hits[0].audience == sentence


def test_the_article_for_another_age_does_not_hide_the_one_for_this_age():
    adult = article("fever_adult", title="Fever", audience=Audience(min_age_years=16))
    child = article("fever_child", title="Fever child", audience=Audience(max_age_years=15))
    assert found(guidance_of(adult, child), "fever", age_years=5) == ["fever_child"]


def test_a_question_about_a_child_is_not_answered_for_adults_while_the_age_is_unknown():
    adult = article("fever_adult", title="Fever", audience=Audience(min_age_years=16))
    child = article("fever_child", title="Fever in a child", audience=Audience(max_age_years=15))
    guidance = guidance_of(adult, child, search_rules=rules(answer=0.3))
    assert found(guidance, "fever")[0] == "fever_adult"
    assert found(guidance, "my child has a fever") == ["fever_child"]
    assert found(guidance, "my child has a fever", age_years=17) == ["fever_adult"]


# ---- acuity, dates, signatures


def test_the_scale_of_acuity_is_that_of_the_clinical_room():
    assert tuple(level.value for level in Acuity) == ACUITY_NAMES


@pytest.mark.parametrize(
    ("ceiling", "acuity", "ids"),
    [
        ("self_care", "self_care", ["cough"]),
        ("self_care", "routine", []),
        ("gp_soon", "gp_soon", ["cough"]),
        ("gp_soon", "same_day", []),
        ("gp_soon", "emergency_now", []),
        ("emergency_now", "emergency_now", ["cough"]),
        ("gp_soon", None, ["cough"]),
    ],
)
def test_nothing_that_says_stay_at_home_is_shown_to_a_patient_who_must_not(ceiling, acuity, ids):
    assert found(guidance_of(article("cough", acuity_ceiling=ceiling)), "cough", acuity=acuity) == ids


def test_the_next_best_article_does_not_stand_in_for_one_that_is_withheld():
    calm = article("cough", text="Drink honey.", acuity_ceiling="self_care")
    other = article("syrup", text="Cough syrup has sugar.", acuity_ceiling="emergency_now")
    guidance = guidance_of(calm, other, search_rules=rules(answer=0.3, ask=0.2, spread=0.05))
    assert found(guidance, "cough honey", acuity="ed_now") == []
    assert found(guidance, "cough honey", acuity="self_care") == ["cough"]


@pytest.mark.parametrize(
    ("today", "ids"),
    [(dt.date(2027, 5, 21), ["cough"]), (dt.date(2027, 5, 22), [])],
)
def test_an_article_is_withheld_from_the_day_after_its_review_was_due(today, ids):
    assert found(guidance_of(COUGH), "cough", today=today) == ids


def test_only_signed_articles_are_found_where_that_is_asked_for():
    guidance = guidance_of(COUGH, signed(THROAT))
    assert found(guidance, "cough", signed_only=True) == []
    assert found(guidance, "sore throat", signed_only=True) == ["sore_throat"]


def test_a_hit_says_whether_a_clinician_has_signed_it():
    guidance = guidance_of(COUGH, signed(THROAT))
    assert guidance.search("cough", SearchFilter(today=TODAY)).hits[0].signed is False
    assert guidance.search("sore throat", SearchFilter(today=TODAY)).hits[0].signed is True


# ---- topic


def test_an_article_about_another_complaint_is_confirmed_first():
    guidance = guidance_of(COUGH, THROAT)
    assert verdict(guidance, "cough", complaint="cough") == "answer"
    assert verdict(guidance, "cough", complaint="back_pain") == "ask"


def test_an_article_about_no_complaint_in_particular_fits_any():
    assert verdict(guidance_of(article("paracetamol", complaints=())), "paracetamol", complaint="cough") == "answer"


def test_a_word_that_names_another_topic_is_not_answered_by_a_similar_article():
    guidance = guidance_of(COUGH, search_rules=rules(topic_words=("dog", "codeine")))
    assert verdict(guidance, "cough") == "answer"
    assert verdict(guidance, "dog cough") == "none"
    assert verdict(guidance, "codeine cough") == "none"


def test_what_the_patient_does_not_have_is_asked_back_about():
    guidance = guidance_of(COUGH)
    assert verdict(guidance, "I have a cough") == "answer"
    assert verdict(guidance, "I don't have a cough") == "ask"


def test_what_is_denied_besides_the_topic_changes_nothing():
    assert verdict(guidance_of(COUGH, search_rules=rules(answer=0.5)), "a cough but I don't have a fever") == "answer"


def test_a_question_for_an_amount_is_answered_only_by_the_article_it_names():
    paracetamol = article("paracetamol", text="Tablets each day: follow the packet.")
    guidance = guidance_of(paracetamol, search_rules=rules(answer=0.5, ask=0.3))
    assert verdict(guidance, "how many paracetamol tablets each day") == "answer"
    assert verdict(guidance, "how many tablets each day") == "ask"


# ---- articles by id


def test_named_articles_come_in_the_order_asked_for_with_what_one_can_do():
    hits = guidance_of(COUGH, THROAT).hits_for(["sore_throat", "cough"], SearchFilter(today=TODAY))
    assert [(hit.article_id, hit.section, hit.score) for hit in hits] == [
        ("sore_throat", "What you can do", 1.0),
        ("cough", "What you can do", 1.0),
    ]


def test_named_articles_that_are_unknown_or_withheld_are_left_out():
    guidance = guidance_of(COUGH, article("rest", acuity_ceiling="self_care"))
    hits = guidance.hits_for(["nowhere", "rest", "cough"], SearchFilter(today=TODAY, acuity="gp_soon"))
    assert [hit.article_id for hit in hits] == ["cough"]


def test_the_page_of_an_article_is_there_only_while_it_may_be_shown():
    guidance = guidance_of(COUGH, signed(THROAT))
    assert guidance.article("cough", today=TODAY, signed_only=False) == COUGH
    assert guidance.article("cough", today=TODAY, signed_only=True) is None
    assert guidance.article("cough", today=dt.date(2030, 1, 1), signed_only=False) is None
    assert guidance.article("nowhere", today=TODAY, signed_only=False) is None
    assert guidance.article("sore_throat", today=TODAY, signed_only=True) == signed(THROAT)


def test_a_question_about_a_baby_finds_pages_for_mothers_and_leaves_out_those_for_other_adults():
    for_mothers = article("feeding", title="Baby and breastfeeding", audience=Audience(min_age_years=12))
    for_adults = article("fatigue", title="Tired with a baby", audience=Audience(min_age_years=16))
    some_rules = rules()
    guards = msgspec.structs.replace(
        some_rules.guards, child_words=("baby",), pregnancy_words=("pregnant", "breastfeeding")
    )
    search = guidance_of(for_mothers, for_adults, search_rules=msgspec.structs.replace(some_rules, guards=guards))
    assert search.articles_for("tired with my baby", SearchFilter(today=TODAY)) == ["feeding"]
    assert search.articles_for("tired", SearchFilter(today=TODAY)) == ["feeding", "fatigue"]
