"""The operator's sites: which pages may embed the chat, and how it looks and speaks there.

The file is `sites.yml` in the data dir; `app` reads it (docs/guides/widget.md shows one).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.channels.web.errors import SitesFileError

Origin = Annotated[str, Meta(pattern=r"^https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$")]
Colour = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
_LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3, for text of any size
_MOST_LOGO_BYTES = 50_000
_LOGO_KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg"}
_PAIRS = (("button_text", "button"), ("text", "page"), ("button", "page"))


@dataclass(frozen=True)
class FixedColours:
    """What no site chooses: the colours of an emergency, and that of lines."""

    scheme: Literal["light", "dark"]
    urgent: str
    urgent_text: str
    line: str


_FIXED = (FixedColours("light", "#b00020", "#ffffff", "#6b7580"), FixedColours("dark", "#ff8a94", "#1b0004", "#97a3af"))


def fixed_colours(page: str) -> FixedColours:
    """Return those that are seen best on a page of a colour."""
    return max(_FIXED, key=lambda fixed: contrast(fixed.urgent, page))


class Colours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site's colours; `button` is also that of links, so it must be seen on `page`."""

    button: Colour = "#0b57a4"
    button_text: Colour = "#ffffff"
    page: Colour = "#ffffff"
    text: Colour = "#1b1f23"


class SiteEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One site as it stands in the file."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    origins: Annotated[tuple[Origin, ...], Meta(min_length=1)]
    name: Annotated[str, Meta(min_length=1, max_length=60)] | None = None
    colours: Colours | None = None
    logo: str | None = None
    position: Literal["left", "right"] = "right"
    language: Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)] | None = None
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")] | None = None


class SitesFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    sites: Annotated[tuple[SiteEntry, ...], Meta(min_length=1)]


@dataclass(frozen=True)
class Logo:
    """A picture: its media type and its bytes."""

    media_type: str
    content: bytes


@dataclass(frozen=True)
class Site:
    """A site whose entry has been checked.

    Attributes:
        origins: Who may embed the chat: `frame-ancestors`.
        name: What the chat is called there; None for the operator's name.
    """

    id: str
    origins: tuple[str, ...]
    name: str | None = None
    colours: Colours | None = None
    logo: Logo | None = None
    position: Literal["left", "right"] = "right"
    language: str | None = None
    country: str | None = None


NO_SITES: Mapping[str, Site] = MappingProxyType({})


def checked_sites(
    content: SitesFile, path: Path, *, languages: Collection[str], countries: Collection[str]
) -> Mapping[str, Site]:
    """Return the sites by id.

    Args:
        content: What the file says.
        path: Where it lies; logos lie beside it or below.
        languages: Those that there is a catalogue for.
        countries: Those whose telephone numbers are known.

    Raises:
        SitesFileError: Something cannot be used; names file, field and remedy.
    """
    problems: list[str] = []
    sites: dict[str, Site] = {}
    for entry in content.sites:
        where = f"{path}: site {entry.id!r}"
        problems += [f"{where}: {problem}" for problem in _problems(entry, languages, countries)]
        if entry.id in sites:
            problems.append(f"{where}: id: it stands twice. Give each site its own.")
        try:
            logo = _logo(entry.logo, path.parent) if entry.logo else None
        except ValueError as error:
            problems.append(f"{where}: logo: {error}")
            logo = None
        sites[entry.id] = Site(
            entry.id, entry.origins, entry.name, entry.colours, logo, entry.position, entry.language, entry.country
        )
    if problems:
        raise SitesFileError("\n".join(problems))
    return MappingProxyType(sites)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21.

    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0

    Source:
        WCAG 2.2, definitions of contrast ratio and relative luminance.
    """
    darker, lighter = sorted(_luminance(colour) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _problems(entry: SiteEntry, languages: Collection[str], countries: Collection[str]) -> Iterator[str]:
    for origin in entry.origins:
        host = origin.removeprefix("http://").partition(":")[0]
        if origin.startswith("http://") and host not in ("localhost", "127.0.0.1") and not host.endswith(".localhost"):
            yield f"origins: {origin} is not encrypted. Write https://."
    if entry.colours is not None:
        for one, other in _PAIRS:
            ratio = contrast(getattr(entry.colours, one), getattr(entry.colours, other))
            if ratio < _LEAST_CONTRAST:
                yield (
                    f"colours: {one} on {other} has a contrast of {ratio:.1f}, and {_LEAST_CONTRAST} is needed to be "
                    f"read by all. Make one darker or the other lighter."
                )
        ratio = contrast(fixed_colours(entry.colours.page).urgent, entry.colours.page)
        if ratio < _LEAST_CONTRAST:
            yield (
                f"colours: the emergency number on page has a contrast of {ratio:.1f}, and {_LEAST_CONTRAST} is needed "
                f"to be read by all. Make page much lighter or much darker."
            )
    if entry.language is not None and entry.language.split("-")[0].lower() not in languages:
        yield f"language: there are no words in {entry.language!r}. Choose one of: {', '.join(sorted(languages))}."
    if entry.country is not None and entry.country not in countries:
        yield f"country: no telephone numbers are known for {entry.country!r}. Mend it, or add them to the content."


def _logo(named: str, folder: Path) -> Logo:
    if named.startswith("data:"):
        head, _, encoded = named.removeprefix("data:").partition(",")
        media_type, _, coding = head.partition(";")
        if media_type not in _LOGO_KINDS.values() or coding != "base64":
            raise ValueError("Write data:image/png;base64,… (or svg+xml, webp, jpeg).")
        try:
            content = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise ValueError("The part after the comma is not base64. Encode the picture again.") from None
    else:
        path = (folder / named).resolve()
        if not path.is_relative_to(folder.resolve()) or path.suffix not in _LOGO_KINDS:
            raise ValueError(f"{named} is no picture in the data dir. Name one ({', '.join(sorted(_LOGO_KINDS))}).")
        if not path.is_file():
            raise ValueError(f"There is no {named} in the data dir. Put it there, or leave the logo out.")
        media_type, content = _LOGO_KINDS[path.suffix], path.read_bytes()
    if len(content) > _MOST_LOGO_BYTES:
        raise ValueError(
            f"It has {len(content)} bytes; at most {_MOST_LOGO_BYTES} load fast on a phone. Make it smaller."
        )
    return Logo(media_type, content)
