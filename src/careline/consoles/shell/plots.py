"""Pictures of figures as SVG, drawn here; each stands beside a table with the same numbers, so readers skip them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_WIDTH, _HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 8, 12, 28
_NEAR = 70  # behind a bar: where the words stand


@dataclass(frozen=True)
class Bar:
    """A bar with its label; `mark` is a line across it, such as a target."""

    label: str
    value: float
    shown: str
    css: str
    mark: float | None = None


def columns(days: Mapping[dt.date, int]) -> Markup:
    """Return one column a day."""
    most = max([*days.values(), 1])
    step = (_WIDTH - _LEFT - _RIGHT) / max(1, len(days))
    high = _HEIGHT - _TOP - _BOTTOM
    parts = [_line(_LEFT, _HEIGHT - _BOTTOM, _WIDTH - _RIGHT, _HEIGHT - _BOTTOM)]
    for value in sorted({most, most // 2} - {0}):
        y = _HEIGHT - _BOTTOM - high * value / most
        parts += [_line(_LEFT, y, _WIDTH - _RIGHT, y, "plot__grid"), _text(_LEFT - 6, y + 5, str(value), "end")]
    every = max(1, len(days) // 6)
    for place, (day, count) in enumerate(days.items()):
        x, tall = _LEFT + place * step, high * count / most
        parts.append(_rect(x + step * 0.15, _HEIGHT - _BOTTOM - tall, step * 0.7, tall, "plot__column"))
        if place % every == 0:
            parts.append(_text(x + step / 2, _HEIGHT - 8, day.strftime("%-d %b"), "middle"))
    return _picture(parts, _HEIGHT)


def bars(rows: Sequence[Bar]) -> Markup:
    """Return one bar a row, each on a scale that all share."""
    left, tall = 130, 34
    most = max([*(bar.value for bar in rows), *(bar.mark or 0 for bar in rows), 1e-9])
    wide = _WIDTH - left - 110
    parts = []
    for place, bar in enumerate(rows):
        y = place * tall + 4
        parts.append(_text(left - 8, y + 19, bar.label, "end"))
        parts.append(_rect(left, y + 4, max(1.0, wide * bar.value / most), tall - 12, bar.css))
        end = left + wide * bar.value / most
        x = left + wide * bar.mark / most if bar.mark is not None else end
        after = x if end < x < end + _NEAR else end  # a line through the words would make them hard to read
        parts.append(_text(after + 8, y + 19, bar.shown, "start"))
        if bar.mark is not None:
            parts.append(_line(x, y, x, y + tall - 4, "plot__target"))
    return _picture(parts, len(rows) * tall + 8)


def _picture(parts: Sequence[Markup], high: int) -> Markup:
    head = Markup('<svg class="plot" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">')
    return head.format(_WIDTH, high) + Markup("").join(parts) + Markup("</svg>")


def _rect(x: float, y: float, wide: float, tall: float, css: str) -> Markup:
    shape = Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}"/>')
    return shape.format(x, y, wide, tall, css)


def _line(x1: float, y1: float, x2: float, y2: float, css: str = "plot__axis") -> Markup:
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>').format(x1, y1, x2, y2, css)


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    shape = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" class="plot__text">{}</text>')
    return shape.format(x, y, anchor, escape(text))
