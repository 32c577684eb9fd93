"""How the console says things: every name has its words, and times read as clinicians read them."""

import datetime as dt
from typing import Any

import pytest

from careline.consoles.clinician import words
from careline.consoles.clinician.note_lines import note_parts
from careline.consoles.shell.plots import Bar, bars, columns
from careline.escalation.escalation import Acuity, Event, Reason, Sbar, State, Verdict


def test_every_level_reason_state_verdict_and_event_has_words():
    assert set(words.LEVELS) == {*Acuity, None}
    assert set(words.REASONS) == set(Reason)
    assert set(words.STATES) == set(State)
    assert set(words.VERDICTS) == set(Verdict)
    assert set(words.EVENTS) == set(Event)


@pytest.mark.parametrize(
    ("time", "shown"),
    [({"seconds": 252}, "04:12"), ({"hours": 1, "seconds": 5}, "1:00:05"), ({"seconds": -3}, "00:00")],
)
def test_a_running_wait_reads_like_a_stopwatch(time, shown):
    assert words.stopwatch(dt.timedelta(**time)) == shown


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        ({"seconds": 20}, "under 1 min"),
        ({"minutes": 5}, "5 min"),
        ({"minutes": 200}, "3 h 20 min"),
        ({"hours": 2}, "2 h"),
        ({"days": 3}, "3 days"),
    ],
)
def test_a_target_reads_in_words(time, shown):
    assert words.span(dt.timedelta(**time)) == shown


class Line:
    text, message_ids, kind = "Chest pain", (3, 9), "danger"

    def __str__(self):
        return self.text


def test_a_line_of_the_note_links_to_the_messages_that_are_shown_by_number_or_by_its_words():
    lines: tuple[Any, ...] = ('rule — patient wrote: "tight" (message 3)', Line())
    sbar = Sbar(situation=lines)
    (_, (plain, numbered)), *_ = note_parts(sbar, {1, 2, 3})
    assert (plain.text, plain.messages) == ('rule — patient wrote: "tight"', (3,))
    assert (numbered.text, numbered.messages, numbered.kind) == ("Chest pain", (3,), "danger")
    (_, (erased, _)), *_ = note_parts(sbar, set())
    assert (erased.text, erased.messages) == ('rule — patient wrote: "tight" (message 3)', ())


def test_pictures_escape_what_they_are_given_and_are_left_out_by_screen_readers():
    picture = bars([Bar("<b>", 1.0, "1 & 2", "plot__bar", 2.0)])
    assert "&lt;b&gt;" in picture
    assert "1 &amp; 2" in picture
    assert 'aria-hidden="true"' in picture
    assert columns({}).startswith("<svg")
