"""What the consoles' routes work with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from careline.consoles.shell.pages import NavigationLink, Pages
from careline.staff.services import Staff


@dataclass(frozen=True)
class ShellServices:
    """The services behind the pages that all consoles share.

    Attributes:
        has_secure_cookies: Cookies go over TLS alone; off only where the app is reached on this machine itself.
        navigation: Links of all consoles, in order; each page shows those that the person's roles open.
    """

    staff: Staff
    operator: str | None
    has_secure_cookies: bool
    pages: Pages
    navigation: Sequence[NavigationLink] = field(default=())
