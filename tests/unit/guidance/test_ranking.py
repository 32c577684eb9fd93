"""What puts articles in order: meaning, words, and for whom they are; and how sure we are of the first."""

import numpy as np
import pytest

from careline.guidance.article import Audience
from careline.guidance.confidence import STANDING_SIGNS, confidence_signs
from careline.guidance.evidence import RANKING_SIGNS
from careline.guidance.guards import names_child
from careline.guidance.index_build import in_memory_index, snapshot_content
from careline.guidance.ranking import Ranker
from careline.guidance.search_rules import ConfidenceWeights, RankingWeights
from tests.support.guidance import NOW, WordEncoder, article, rules, unanswered

COUGH = article("cough", title="Cough", text="Drink honey.")
CROUP = article("croup", title="Cough in a child", text="Sit up.", audience=Audience(max_age_years=5))
BUMP = article("bump", title="Cough in pregnancy", text="Rest.", audience=Audience(pregnancy="pregnant_only"))
ALL = (COUGH, CROUP, BUMP)


def ranker(**changes):
    encoder = WordEncoder()
    return Ranker(in_memory_index(snapshot_content(ALL), rules(**changes), encoder, now=NOW), encoder)


def signs_of(article_id, query, named=()):
    evidence = ranker().reader.evidence(query, [each.id for each in ALL], named)
    row = [each.id for each in evidence.articles].index(article_id)
    return dict(zip(RANKING_SIGNS, evidence.signs[row], strict=True))


def first(query, named=(), **weights):
    chosen = RankingWeights(**({"similarity": 1.0} | weights))
    return ranker(ranking=chosen).ranked(query, [each.id for each in ALL], named).articles[0].article.id


def test_a_complaint_that_the_words_name_brings_its_article_forward():
    assert first("cough", named=["croup"], complaint=5.0) == "croup"
    assert first("cough", named=["bump"], complaint=5.0) == "bump"
    assert first("cough", named=["cough"], other_complaint=-5.0) == "cough"


def test_whom_the_words_speak_of_is_told_apart():
    assert signs_of("croup", "cough")["child_unnamed"] == 1
    assert signs_of("croup", "my child has a cough")["child_named"] == 1
    assert signs_of("bump", "cough")["pregnancy_unnamed"] == 1
    assert signs_of("bump", "pregnant with a cough")["pregnancy_named"] == 1
    assert {signs_of("cough", "my child, pregnant, cough")[sign] for sign in RANKING_SIGNS[-4:]} == {0.0}


def test_a_child_is_found_in_whole_words_only():
    guards = rules().guards
    assert names_child("is my child ill", guards)
    assert not names_child("my childhood", guards)


def test_words_count_in_the_passage_in_the_article_and_in_its_name():
    signs = signs_of("cough", "honey")
    assert signs["words"] == signs["article_words"] == 1
    assert signs["named"] == 0
    assert signs_of("cough", "cough")["named"] == 1


@pytest.mark.parametrize("query", ["", "?!", "\x00", "zzz"])
def test_words_that_say_nothing_have_finite_signs(query):
    evidence = ranker().reader.evidence(query, [each.id for each in ALL])
    assert np.isfinite(evidence.signs).all()


def test_no_article_gives_no_rank():
    assert ranker().ranked("cough", []).articles == ()


def test_the_first_of_two_that_are_as_near_is_less_sure_than_one_alone():
    weights = ConfidenceWeights(share=1.0)
    both = ranker(confidence=weights).ranked("cough", ["cough", "croup"]).articles
    alone = ranker(confidence=weights).ranked("cough", ["cough"]).articles
    assert both[0].confidence < alone[0].confidence == pytest.approx(0)


def test_shares_of_large_scores_stay_finite():
    evidence = ranker().reader.evidence("cough", [each.id for each in ALL])
    assert np.isfinite(confidence_signs(evidence, np.array([1e4, -1e4, 0.0]))).all()


def standing_of(scores):
    """What each article's standing is, for three articles with some scores."""
    evidence = ranker().reader.evidence("cough", [each.id for each in ALL])
    signs = confidence_signs(evidence, np.array(scores))
    return [dict(zip((*RANKING_SIGNS, *STANDING_SIGNS), row, strict=True)) for row in signs]


def test_only_the_first_article_leads():
    assert [each["lead"] for each in standing_of([3.0, 1.0, 2.0])] == [1.0, -2.0, -1.0]


def test_an_article_alone_leads_by_nothing():
    evidence = ranker().reader.evidence("cough", ["cough"])
    alone = dict(zip((*RANKING_SIGNS, *STANDING_SIGNS), confidence_signs(evidence, np.array([3.0]))[0], strict=True))
    assert (alone["lead"], alone["question_lead"], alone["covered_lead"]) == (0, 0, 0)


def test_doubt_is_greatest_when_all_articles_are_as_near():
    even, sure = standing_of([1.0, 1.0, 1.0])[0], standing_of([9.0, 0.0, 0.0])[0]
    assert even["doubt"] == pytest.approx(np.log(3))
    assert sure["doubt"] < 0.01


def test_a_rare_word_covers_more_of_a_question_than_one_that_all_articles_have():
    signs = signs_of("cough", "cough honey zebra")
    assert signs["covered"] == pytest.approx(np.log(4 / 2) / (np.log(4 / 2) + np.log(4 / 1)))
    assert signs_of("bump", "cough honey zebra")["covered"] == 0


def test_the_best_words_are_measured_among_the_articles_for_this_person():
    """Otherwise an article that may not be shown would make all others look worse."""
    evidence = ranker().reader.evidence("honey cough", ["croup", "bump"])
    assert max(row["article_words"] for row in signs_by_row(evidence)) == 1


def signs_by_row(evidence):
    return [dict(zip(RANKING_SIGNS, row, strict=True)) for row in evidence.signs]


def test_the_mean_of_many_questions_counts_what_is_missing_as_far_off():
    signs = signs_of("cough", "cough")
    assert signs["similarity"] == signs["title"] == pytest.approx(1)
    assert signs["many_questions"] < signs["questions"] < signs["question"]


def test_a_question_of_the_index_can_be_read_as_if_it_were_not_there():
    encoder = WordEncoder()
    content = snapshot_content(ALL, unanswered(["eczema on hands"]))
    reader = Ranker(in_memory_index(content, rules(), encoder, now=NOW), encoder).reader
    place = [passage.kind for passage in content.passages].index("not_covered")
    ids = [each.id for each in ALL]
    assert reader.evidence("eczema on hands", ids).not_covered[0] == pytest.approx(1)
    assert reader.evidence("eczema on hands", ids, without=place).not_covered[0] < 0.5
