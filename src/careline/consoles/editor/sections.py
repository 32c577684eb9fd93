"""The pages of the editors' console, in the order of the second row of links; one line for each."""

from __future__ import annotations

from careline.consoles.shell.pages import NavigationLink
from careline.staff.account import Role

SECTIONS = (
    NavigationLink("All content", "/console/content"),
    NavigationLink("Coverage", "/console/content/coverage"),
    NavigationLink("Start an article", "/console/content/article", frozenset({Role.EDITOR})),
    NavigationLink("Test bench", "/console/content/bench"),
    NavigationLink("Try a protocol", "/console/content/try"),
    NavigationLink("Gaps", "/console/content/gaps", frozenset({Role.EDITOR})),
    NavigationLink("Verdicts", "/console/content/verdicts", frozenset({Role.EDITOR})),
    NavigationLink("How it does", "/console/content/figures"),
    NavigationLink("Releases", "/console/releases"),
    NavigationLink("Prepare a release", "/console/releases/prepare"),
    NavigationLink("Reviews", "/console/releases/reviews"),
)
