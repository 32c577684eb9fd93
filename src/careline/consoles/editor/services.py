"""What the editors' routes work with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from careline.consoles.editor.catalogue import Catalogue
from careline.consoles.editor.translating import Translating
from careline.consoles.editor.unsaved import UnsavedForms
from careline.editorial.services import Editorial


@dataclass(frozen=True)
class EditorServices:
    """The services behind the editors' pages.

    Attributes:
        editorial: Drafts, review, sign-off, publishing.
        catalogue: All items as the list shows them.
        names: Of the staff, by account id.
        knowledge: The folder with the content that came with the program.
        problems: Checks the text of an item together with all others: a line for each problem.
        problems_of: The same for several texts, by path.
        lacks: What an article still lacks before it can be published, by path and text.
        unsaved: Forms that somebody has not saved yet.
        languages: In which patients can be answered: code and name.
        translating: Sentences beside their translation.
        complaints: Titles of the presenting complaints that patients can be asked about now, by id.
    """

    editorial: Editorial
    catalogue: Catalogue
    names: Callable[[], Mapping[str, str]]
    knowledge: Path
    problems: Callable[[str, str], Sequence[str]]
    problems_of: Callable[[Mapping[str, str]], Sequence[str]]
    lacks: Callable[[str, str], Sequence[str]]
    unsaved: UnsavedForms
    complaints: Callable[[], Mapping[str, str]]
    languages: Callable[[], Mapping[str, str]]
    translating: Translating
    now: Callable[[], dt.datetime]
