"""Reading the operator's file of sites."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from careline.channels.web.errors import SitesFileError
from careline.channels.web.sites import NO_SITES, Site, SitesFile, checked_sites
from careline.clinical.content_files import read_yaml
from careline.clinical.errors import ContentError
from careline.clinical.rulebook import RuleBook
from careline.consultation.wording import Wording


def load_sites(path: Path, wording: Wording, book: RuleBook) -> Mapping[str, Site]:
    """Return the sites by id; none when there is no file: the chat then stands alone.

    Raises:
        SitesFileError: It cannot be used; names file, field and remedy.
    """
    if not path.exists():
        return NO_SITES
    try:
        content = read_yaml(path, SitesFile)
    except ContentError as error:
        raise SitesFileError(str(error)) from error
    return checked_sites(content, path, languages=wording.languages, countries=frozenset(book.countries))
