"""What the editors' routes work with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from careline.consoles.editor.catalogue import Catalogue
from careline.editorial.services import Editorial


@dataclass(frozen=True)
class EditorServices:
    """The services behind the editors' pages.

    Attributes:
        editorial: Drafts, review, sign-off, publishing.
        catalogue: All items as the list shows them.
        names: Of the staff, by account id.
        complaints: Titles of the presenting complaints that patients can be asked about now, by id.
    """

    editorial: Editorial
    catalogue: Catalogue
    names: Callable[[], Mapping[str, str]]
    complaints: Callable[[], Mapping[str, str]]
    now: Callable[[], dt.datetime]
