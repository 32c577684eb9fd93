"""Reading the operator's file of sites."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from careline.channels.web.errors import SitesFileError
from careline.channels.web.sites import NO_SITES, Site, SitesFile, checked_sites
from careline.clinical.rulebook import RuleBook
from careline.consultation.wording import Wording
from careline.operator_file import read_operator_file


def load_sites(path: Path, wording: Wording, book: RuleBook) -> Mapping[str, Site]:
    """Return the sites by id; none when there is no file: the chat then stands alone.

    Raises:
        SitesFileError: It cannot be used; names file, field and remedy.
    """
    content = read_operator_file(path, SitesFile, SitesFileError)
    if content is None:
        return NO_SITES
    return checked_sites(content, path, languages=wording.languages, countries=frozenset(book.countries))
