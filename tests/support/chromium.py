"""The Chromium that is installed on the machine, and how it is started."""

from __future__ import annotations

import os
import shutil

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


def installed_chromium() -> str | None:
    """The path of it; None where Playwright's own is to be used."""
    named = os.environ.get("CHROMIUM_PATH")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
