"""The colours of the clinicians' pages can be read, computed from the sheet as for the shared ones."""

import re

import pytest

from careline.consoles.shell.pages import STATIC
from tests.unit.consoles.test_colours import COLOURS, CONTROL, TEXT, contrast

SHEET = (STATIC / "clinician" / "clinician.css").read_text(encoding="utf-8")
OWN = COLOURS | dict(re.findall(r"--([a-z_-]+):\s*(#[0-9a-f]{6});", SHEET)) | {"white": "#ffffff"}
LEVELS = [name for name in OWN if name.startswith("level-")]


def test_every_level_has_its_bar():
    assert len(LEVELS) == 7


@pytest.mark.parametrize("level", LEVELS)
def test_a_levels_bar_stands_out_from_the_page_and_white_words_on_it_can_be_read(level):
    assert contrast(OWN[level], OWN["page"]) >= CONTROL
    assert contrast(OWN["white"], OWN[level]) >= TEXT


@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        *(("text", back, TEXT) for back in ("note", "reply", "patient", "ours")),
        *(("quiet", back, TEXT) for back in ("note", "reply", "patient", "ours", "error-panel")),
        *(("error", back, TEXT) for back in ("panel", "patient", "note", "page")),
        ("white", "quiet", TEXT),
        ("white", "error", TEXT),
        ("note-edge", "page", CONTROL),
        ("reply-edge", "page", CONTROL),
    ],
)
def test_colours_that_stand_on_each_other_can_be_told_apart(front, back, least):
    assert contrast(OWN[front], OWN[back]) >= least
