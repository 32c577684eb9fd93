"""What the chat shows: words as words, numbers to press, colours that can be read."""

import itertools
import re
from pathlib import Path

import pytest

from careline.channels.web.chat_view import Block, Number, blocks_of, direction_of, with_numbers
from careline.channels.web.sites import Colours, contrast

STYLE = Path("src/careline/channels/web/static/chat/chat.css").read_text(encoding="utf-8")
# Foreground and background that stand on each other in the style.
PAIRS = [
    *(("text", back) for back in ("page", "mine", "calm")),
    *(("button", back) for back in ("page", "mine")),
    ("button-text", "button"),
    ("urgent", "page"),
    ("urgent-text", "urgent"),
]
LINES = [("line", back) for back in ("page", "mine", "calm")]


def palettes():
    """The variables of the light and of the dark look."""
    found = re.findall(r":root \{([^}]*)\}", STYLE)
    light, dark = (dict(re.findall(r"--([\w-]+): (#\w+)", one)) for one in found)
    return {"light": light, "dark": light | dark}


def whole(colour):
    return colour if len(colour) == 7 else "#" + "".join(part * 2 for part in colour[1:])


@pytest.mark.parametrize(("look", "pair"), list(itertools.product(("light", "dark"), PAIRS)))
def test_every_text_can_be_read_on_its_ground(look, pair):
    palette = palettes()[look]
    assert contrast(whole(palette[pair[0]]), whole(palette[pair[1]])) >= 4.5


@pytest.mark.parametrize(("look", "pair"), list(itertools.product(("light", "dark"), LINES)))
def test_the_edge_of_what_can_be_pressed_can_be_seen(look, pair):
    palette = palettes()[look]
    assert contrast(whole(palette[pair[0]]), whole(palette[pair[1]])) >= 3


def test_the_colours_of_a_site_that_names_none_can_be_read():
    colours = Colours()
    assert contrast(colours.button_text, colours.button) >= 4.5
    assert contrast(colours.text, colours.page) >= 4.5


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_that_of_the_guidelines(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


def test_lines_with_a_dash_are_a_list_below_what_leads_into_it():
    assert blocks_of("Why:\n- One.\n• Two.\n\nBye.") == (Block("Why:", ("One.", "Two.")), Block("Bye."))
    assert blocks_of("- One.") == (Block("", ("One.",)),)


def test_a_telephone_number_is_a_link_and_nothing_else_is_markup():
    shown = with_numbers("<b>Call</b> 999, not 1999.", [Number("999", "")])
    assert shown == '&lt;b&gt;Call&lt;/b&gt; <a href="tel:999">999</a>, not 1999.'
    assert Number("0800 1111", "").href == "tel:08001111"


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("fa-IR", "rtl"), ("es", "ltr")])
def test_languages_are_written_in_their_direction(language, direction):
    assert direction_of(language) == direction
