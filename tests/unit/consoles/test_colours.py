"""The consoles' colours can be read (WCAG 2.2: 1.4.3 text, 1.4.11 controls), computed from the sheet itself."""

import re

import pytest

from careline.consoles.shell.pages import STATIC

SHEET = (STATIC / "console.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", SHEET))
THEME = (STATIC.parent / "theme.scss").read_text(encoding="utf-8")
TEXT, CONTROL = 4.5, 3.0


def luminance(colour):
    """Relative luminance of an sRGB colour, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first, second):
    """Contrast of two colours, from 1 to 21."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_computation_gives_the_known_extremes():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("on-brand", "brand", TEXT),
        ("on-brand", "brand-dark", TEXT),
        ("text", "page", TEXT),
        ("text", "panel", TEXT),
        ("text", "error-panel", TEXT),
        ("text", "success-panel", TEXT),
        ("quiet", "page", TEXT),
        ("quiet", "panel", TEXT),
        ("link", "page", TEXT),
        ("link", "panel", TEXT),
        ("link-hover", "page", TEXT),
        ("link-hover", "panel", TEXT),
        ("error", "page", TEXT),
        ("error", "panel", TEXT),
        ("success", "page", TEXT),
        ("brand", "page", TEXT),
        ("on-focus", "focus", TEXT),
        ("border", "page", CONTROL),
        ("border", "panel", CONTROL),
        ("on-focus", "page", CONTROL),
        ("focus", "brand", CONTROL),
    ],
)
def test_colours_that_stand_on_each_other_can_be_told_apart(front, back, least):
    assert contrast(COLOURS[front], COLOURS[back]) >= least


def test_the_compiled_theme_has_the_same_colours():
    compiled = set(re.findall(r"#[0-9a-f]{6}", THEME))
    assert compiled
    assert compiled <= set(COLOURS.values())
