"""Review dates: warned ahead, articles hidden, red flags kept and an alarm.

On SQLite and on a real PostgreSQL.
"""

from __future__ import annotations

import datetime as dt

import pytest

from careline.editorial.life_cycle import State
from tests.support.editorial import (
    ARTICLE,
    FLAGS,
    PROTOCOL,
    states,
)

pytestmark = pytest.mark.slow  # takes long


class TestReviewDates:
    def due(self, news):
        return {one.path: (one.warned_at, one.effect) for one in news.room.expiry.due()}

    @pytest.mark.parametrize(
        ("day", "stage"),
        [
            (dt.date(2027, 3, 21), None),
            (dt.date(2027, 3, 22), 60),
            (dt.date(2027, 4, 21), 30),
            (dt.date(2027, 5, 14), 7),
            (dt.date(2027, 5, 21), 7),
        ],
    )
    def test_a_red_flag_is_warned_of_60_and_30_and_7_days_ahead(self, news, clock, day, stage):
        clock.now = dt.datetime.combine(day, dt.time(9), dt.UTC)
        assert self.due(news).get(FLAGS) == (None if stage is None else (stage, "none"))

    def test_past_its_date_an_article_is_hidden_and_rules_stay_and_are_an_alarm(self, news, clock, caplog):
        before = news.files.newest_id()
        clock.now = dt.datetime(2027, 6, 21, 9, tzinfo=dt.UTC)
        news.room.look_after()
        assert self.due(news)[ARTICLE] == (None, "hidden")
        assert self.due(news)[FLAGS] == self.due(news)[PROTOCOL] == (None, "stays")
        assert states(news, ARTICLE) == [State.EXPIRED]
        assert states(news, FLAGS) == states(news, PROTOCOL) == [State.PUBLISHED]
        assert news.files.newest_id() == before
        assert "rf_blue" in news.text(FLAGS)
        assert "rules past their review date stay in force" in caplog.text

    def test_each_warning_is_given_once(self, news, clock):
        clock.now = dt.datetime(2027, 3, 25, 9, tzinfo=dt.UTC)
        assert FLAGS in {one.path for one in news.room.expiry.act()}
        assert news.room.expiry.act() == []
        clock.pass_by(days=30)
        assert FLAGS in {one.path for one in news.room.expiry.act()}

    def test_a_text_with_a_later_date_that_is_signed_ends_the_warning(self, news, clock):
        clock.now = dt.datetime(2027, 5, 20, 9, tzinfo=dt.UTC)
        assert FLAGS in self.due(news)
        news.publish(FLAGS, "review_by: 2027-05-21", "review_by: 2028-05-01")
        assert FLAGS not in self.due(news)

    def test_a_new_text_for_an_expired_article_is_served_again(self, news, clock):
        clock.now = dt.datetime(2027, 6, 21, 9, tzinfo=dt.UTC)
        news.room.look_after()
        day = news.newest(ARTICLE).review_by
        news.publish(ARTICLE, f"review_by: {day}", "review_by: 2027-12-01")
        assert states(news, ARTICLE) == [State.SUPERSEDED, State.PUBLISHED]
