"""The queue as clinicians look at it, the search over past cases, and the figures."""

import datetime as dt
from typing import cast

import pytest

from careline.clinical.acuity import Acuity
from careline.clinical.finding import Presence
from careline.escalation.case_snapshot import Advice, Quote, SeenQuestion
from careline.escalation.escalation import Clinician, Closing, EscalationRequest, Event, Reason, Verdict
from careline.escalation.figures import EscalationFigures
from careline.escalation.handling import EscalationHandling
from careline.escalation.note import sbar_of
from careline.escalation.opening import escalate
from careline.escalation.patient import PatientSide
from careline.escalation.queue import EscalationQueue, Search, View
from careline.escalation.sbar import Sbar, plain_lines
from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys
from tests.support.handoff import case_of, sign
from tests.support.house import migrated_file

ADA, BEN = Clinician("ada", "Ada Example", "nurse"), Clinician("ben", "Ben Example", "doctor")
DONE = Closing("advised", "self_care", "Come back if it gets worse.", Verdict.RIGHT)


@pytest.fixture
def database(tmp_path):
    (tmp_path / "careline.db").write_bytes(migrated_file())
    database = Database(f"sqlite:///{tmp_path / 'careline.db'}", load_or_make_keys(tmp_path / "keys.json")[0])
    yield database
    database.close()


@pytest.fixture
def queue(database):
    return EscalationQueue(database, lambda escalation: escalation)


@pytest.fixture
def handling(database, clock):
    return EscalationHandling(
        database, cast(PatientSide, None), lambda *_: None, clock
    )  # none of these has a patient to tell


@pytest.fixture
def opened(database, clock):
    def open_one(acuity=None, minutes=None, reason=Reason.RED_FLAG, **more):
        within = dt.timedelta(minutes=minutes) if minutes is not None else None
        request = EscalationRequest(reason, acuity, None, respond_within=within, **more)
        with database.write() as session:
            return escalate(session, request, now=clock()).escalation.id

    return open_one


def ids(escalations):
    return [escalation.id for escalation in escalations]


class TestQueue:
    def test_the_most_urgent_stands_first_then_the_nearest_deadline_then_the_oldest(self, queue, opened):
        routine = opened(Acuity.ROUTINE)
        late, soon = opened(Acuity.ED_NOW, 20), opened(Acuity.ED_NOW, 5)
        unknown, same_day = opened(None), opened(Acuity.SAME_DAY)
        first = opened(Acuity.EMERGENCY_NOW, 30)
        assert ids(queue.rows(View.ALL, staff_id="ada")) == [first, soon, late, unknown, same_day, routine]

    def test_each_view_shows_its_own(self, queue, opened, handling):
        free, mine, theirs, closed = (opened(Acuity.SAME_DAY) for _ in range(4))
        handling.claim(mine, ADA)
        handling.claim(theirs, BEN)
        handling.close(closed, ADA, DONE)
        views = {view: ids(queue.rows(view, staff_id="ada")) for view in View}
        assert views == {
            View.UNCLAIMED: [free],
            View.MINE: [mine],
            View.ALL: [free, mine, theirs],
            View.CLOSED: [closed],
        }
        assert queue.counts(staff_id="ada") == {view: len(shown) for view, shown in views.items()}

    def test_a_filter_leaves_the_others_out(self, queue, opened):
        opened(Acuity.SAME_DAY)
        crisis = opened(Acuity.SAME_DAY, reason=Reason.CRISIS)
        assert ids(queue.rows(View.ALL, staff_id="ada", reason=Reason.CRISIS)) == [crisis]
        assert queue.rows(View.ALL, staff_id="ada", acuity=Acuity.ED_NOW) == []


class TestSearch:
    def test_all_the_words_stand_in_the_note_or_its_flags(self, queue, opened):
        found = opened(sbar=Sbar(situation=plain_lines("Chest pain into the left arm")), red_flags=("rf_acs",))
        opened(sbar=Sbar(situation=plain_lines("Pain in the left ear")))
        assert ids(queue.search(Search("CHEST arm"))) == [found]
        assert ids(queue.search(Search("rf_acs"))) == [found]
        assert ids(queue.search(Search(found[:12]))) == [found]
        assert len(queue.search(Search("left"))) == 2
        assert queue.search(Search("chest ear")) == []

    def test_a_case_is_not_found_by_what_the_patient_denied_was_not_asked_or_was_advised(self, queue, opened):
        """By these nearly every case would be about chest pain."""
        asked = SeenQuestion(
            id="q_conditions",
            text="Any of these?",
            stage="intake",
            is_asked=True,
            findings=(sign("diabetes", Presence.PRESENT), sign("spleen", Presence.ABSENT)),
        )
        note = sbar_of(
            case_of(
                questions=(asked,),
                findings=(sign("cough", Presence.PRESENT), sign("fever", Presence.ABSENT)),
                denied_flags=("Stroke",),
                unsure_flags=("Sepsis",),
                words=(Quote("I said no to: tea", 3),),
                advice=Advice(title="Go", where="Home.", within="Now.", if_worse=("Call if the chest hurts.",)),
            )
        )
        found = opened(sbar=note)
        for word in ("diabetes", "cough", "sepsis", "tea"):
            assert ids(queue.search(Search(word))) == [found], word
        for word in ("spleen", "fever", "stroke", "chest"):
            assert queue.search(Search(word)) == [], word

    def test_by_time_state_verdict_and_outcome(self, queue, opened, handling, clock):
        old = opened()
        clock.pass_by(days=3)
        new = opened()
        handling.close(old, ADA, DONE)
        assert ids(queue.search(Search(since=clock() - dt.timedelta(days=1)))) == [new]
        assert ids(queue.search(Search(until=clock() - dt.timedelta(days=1)))) == [old]
        assert ids(queue.search(Search(verdict=Verdict.RIGHT))) == [old]
        assert queue.search(Search(verdict=Verdict.TOO_LOW)) == []
        assert ids(queue.search(Search(outcome="advised"))) == [old]

    def test_there_is_an_end_to_what_is_shown(self, queue, opened):
        newest = [opened() for _ in range(5)][::-1]
        assert ids(queue.search(Search(), limit=3)) == newest[:3]


class TestFigures:
    def test_waits_lateness_and_verdicts_of_each_level(self, database, opened, handling, clock):
        began = clock()
        for minutes in (1, 3, 30):
            escalation = opened(Acuity.ED_NOW, 10)
            clock.pass_by(minutes=minutes)
            handling.claim(escalation, ADA)
        handling.close(escalation, ADA, Closing("advised", "gp_soon", "…", Verdict.TOO_HIGH, "a pulled muscle"))
        opened(Acuity.EMERGENCY_NOW, 1)
        clock.pass_by(minutes=2)
        figures = EscalationFigures(database)
        emergency, ed = figures.by_level(since=began, until=clock())
        assert (emergency.acuity, emergency.opened, emergency.overdue, emergency.in_time) == (
            Acuity.EMERGENCY_NOW,
            1,
            1,
            0,
        )
        assert (ed.opened, ed.still_open, ed.overdue) == (3, 2, 0)
        assert (ed.in_time, ed.with_deadline) == (2, 3)
        assert ed.waits[Event.CLAIMED].median == 180
        assert ed.waits[Event.ANSWERED].count == 0
        assert dict(ed.verdicts) == {Verdict.TOO_HIGH: 1}

    def test_a_day_without_any_is_shown_as_one(self, database, opened, clock):
        began = clock()
        opened()
        clock.pass_by(days=2)
        opened()
        clock.pass_by(minutes=1)
        assert list(EscalationFigures(database).opened_by_day(since=began, until=clock()).values()) == [1, 0, 1]
