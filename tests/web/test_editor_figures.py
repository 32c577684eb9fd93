"""The editors' figures: counts of what happened in chats, each picture beside a table with the same numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from careline.consultation.insight.tables import GuidanceSearchRow
from tests.support.console import signed_in_browser
from tests.support.desk import asked_careline, editor_of
from tests.support.guidance import article, guidance_of
from tests.support.house import START, Patient
from tests.support.staff import person

pytestmark = pytest.mark.slow

FIGURES = "/console/content/figures"


@pytest.fixture
def client(tmp_path) -> Iterator[TestClient]:
    with asked_careline(
        tmp_path, guidance=guidance_of(article("earache", text="A warm flannel helps an earache."))
    ) as client:
        yield client


def test_questions_their_answers_and_votes_are_counted(client):
    for question in ("what helps an earache?", "how is a fungal nail treated?"):
        patient = Patient(client)
        patient.agree()
        patient.write(question)
        voted = client.post(f"{patient.path}/feedback", json={"helpful": "yes"}, headers=patient.headers)
        assert voted.status_code < 300, voted.text
    with client.careline.database.read() as session:
        rows = session.scalars(select(GuidanceSearchRow).order_by(GuidanceSearchRow.id)).all()
        assert [(row.day, row.verdict, row.article_id) for row in rows] == [
            (START.date(), "answer", "earache"),
            (START.date(), "none", None),
        ]
    browser = editor_of(client)
    browser.open(FIGURES)
    assert "Questions asked in chats 2" in browser.text
    assert "“I do not know” 1" in browser.text
    assert "21 Nov 2026 2 1 0 1 0" in browser.text
    assert "Earache 1 0 0" in browser.text


def test_what_is_overdue_is_listed_and_every_picture_is_hidden_from_readers_of_tables(client):
    client.clock.now += dt.timedelta(days=400)
    browser = signed_in_browser(client, person(client.careline.staff, client.clock, "clinician", user_name="doctor"))
    browser.open(f"{FIGURES}?days=7")
    assert "Overdue" in browser.text
    assert 'aria-current="page">Last 7 days' in browser.page.text
    assert browser.page.text.count('<svg class="plot"') == browser.page.text.count('aria-hidden="true" focusable')


def test_with_nothing_to_count_it_says_so(client):
    browser = signed_in_browser(client, person(client.careline.staff, client.clock, "admin", user_name="ada"))
    browser.open(FIGURES)
    assert browser.page.status_code == 200
    assert "Nobody has said so in this time" in browser.text
