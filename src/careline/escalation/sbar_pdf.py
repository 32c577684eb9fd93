"""The handoff note as PDF.

The font is DejaVu Sans 2.37 (npm package dejavu-fonts-ttf 2.37.3; licence beside it): Latin of all Europe, Greek and
Cyrillic in one file. What it has no letter for, and what is written from right to left, is replaced visibly: a page
that showed such words wrong would be worse than one that sends the reader to the conversation.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from careline.escalation.escalation import Escalation
from careline.escalation.sbar import PARTS, LineKind
from careline.escalation.sbar_text import headline

FONT = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
FONT_SHA256 = "7da195a74c55bef988d0d48f9508bd5d849425c1770dba5d7bfc6ce9ed848954"

_MARGIN_MM = 15
_LINE_MM = 5.2
_INK, _RED, _AMBER, _GREY = (26, 26, 26), (150, 0, 0), (120, 70, 0), (85, 85, 85)
_COLOURS = {LineKind.DANGER: _RED, LineKind.UNKNOWN: _AMBER, LineKind.MARK: _GREY, LineKind.FACT: _INK}
_SIGNS = {LineKind.DANGER: "!", LineKind.UNKNOWN: "?", LineKind.MARK: "*", LineKind.FACT: "-"}
_OTHER_SCRIPT = "[words in a script that this page cannot show]"
_KEY = "! danger   ? not known, which is not a no   * about this note"


def sbar_pdf(escalation: Escalation) -> bytes:
    """Return the note as PDF; the same escalation gives the same pages, whatever characters are in it."""
    # Loaded when first asked for: 20 MB that most installations never need.
    library: Any = importlib.import_module("fpdf")
    pdf = library.FPDF(format="A4")
    pdf.set_creation_date(escalation.raised_at or escalation.opened_at)
    pdf.set_title(f"Handoff note {escalation.id}")
    pdf.set_lang("en")
    pdf.set_margin(_MARGIN_MM)
    pdf.set_auto_page_break(auto=True, margin=_MARGIN_MM)
    pdf.str_alias_nb_pages = ""  # else these letters in a patient's words would become a number
    pdf.add_font("DejaVu", fname=FONT)
    pdf.set_font("DejaVu", size=9)
    pdf.footer = lambda: _footer(pdf, escalation.id)
    pdf.add_page()
    for number, line in enumerate(headline(escalation)):
        _write(pdf, line, size=13 if number == 0 else 9)
    _write(pdf, _KEY, colour=_GREY, size=8)
    for part in PARTS:
        _heading(pdf, part)
        for line in getattr(escalation.sbar, part) or ():
            _write(pdf, line.text, colour=_COLOURS[line.kind], sign=_SIGNS[line.kind])
    written = bytes(pdf.output())
    _close_fonts(pdf)
    return written


def printable(words: str) -> str:
    """Return words with all that the font cannot show replaced by what says so.

    >>> printable("ból głowy \N{FACE WITH THERMOMETER}")
    'ból głowy [face with thermometer]'
    """
    shown = "".join(_replaced(words))
    while f"{_OTHER_SCRIPT} {_OTHER_SCRIPT}" in shown:  # a sentence is replaced once, not word by word
        shown = shown.replace(f"{_OTHER_SCRIPT} {_OTHER_SCRIPT}", _OTHER_SCRIPT)
    return shown


def _replaced(words: str) -> Iterator[str]:
    for kind, run in itertools.groupby(words, key=_kind_of):
        letters = "".join(run)
        if kind == "shown":
            yield letters
        elif kind == "script":
            yield _OTHER_SCRIPT
        elif kind == "symbol":
            yield "".join(f"[{unicodedata.name(letter, 'sign').lower()}]" for letter in letters)
        else:
            yield " " if kind == "blank" else "\N{REPLACEMENT CHARACTER}"


def _kind_of(letter: str) -> str:
    if letter.isspace():
        return "shown" if letter in " \n" else "blank"
    if unicodedata.bidirectional(letter) in ("R", "AL", "AN", "RLE", "RLO", "RLI"):
        return "script"
    if ord(letter) in _letters_shown() and unicodedata.category(letter)[0] != "C":
        return "shown"
    category = unicodedata.category(letter)
    if category[0] in "LMN":
        return "script"
    return "symbol" if category[0] in "SP" else "unprintable"


@functools.cache
def _letters_shown() -> frozenset[int]:
    library: Any = importlib.import_module("fpdf")
    pdf = library.FPDF()
    pdf.add_font("DejaVu", fname=FONT)
    letters = frozenset(pdf.fonts["dejavu"].cmap)
    _close_fonts(pdf)
    return letters


def _close_fonts(pdf: Any) -> None:  # noqa: ANN401 - fpdf2 is loaded late
    """Close the font files, which the library leaves open."""
    for font in pdf.fonts.values():
        if hasattr(font, "ttfont"):
            font.ttfont.close()


def _footer(pdf: Any, escalation_id: str) -> None:  # noqa: ANN401 - fpdf2 is loaded late
    pdf.set_y(-_MARGIN_MM + 4)
    pdf.set_font_size(8)
    pdf.set_text_color(*_GREY)
    pdf.cell(0, 4, f"{escalation_id} · generated, check with the patient · page {pdf.page_no()}")


def _heading(pdf: Any, part: str) -> None:  # noqa: ANN401 - fpdf2 is loaded late
    if pdf.will_page_break(4 * _LINE_MM):
        pdf.add_page()
    pdf.ln(2)
    pdf.set_font_size(11)
    pdf.set_fill_color(26, 26, 26)
    pdf.set_text_color(255, 255, 255)
    pdf.cell(0, 7, f" {part.upper()}", fill=True, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(1)


def _write(
    pdf: Any,  # noqa: ANN401 - fpdf2 is loaded late
    words: str,
    *,
    colour: tuple[int, int, int] = _INK,
    size: int = 9,
    sign: str | None = None,
) -> None:
    pdf.set_font_size(size)
    pdf.set_text_color(*colour)
    if sign is not None:
        pdf.cell(5, _LINE_MM, sign)
    pdf.multi_cell(0, _LINE_MM, printable(words), align="L", wrapmode="WORD", new_x="LMARGIN", new_y="NEXT")
