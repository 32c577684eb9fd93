"""The pages of the editors' console, in the order of the second row of links; one line for each."""

from __future__ import annotations

from careline.consoles.shell.pages import NavigationLink

SECTIONS = (
    NavigationLink("All content", "/console/content"),
    NavigationLink("Coverage", "/console/content/coverage"),
)
