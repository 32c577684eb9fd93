"""What a clinician's console reads of a consultation besides its messages."""

from __future__ import annotations

from careline.clinical.assessment import protocols_of
from careline.consultation.consultation import House
from careline.consultation.conversation_store import consultation_of
from careline.consultation.release import ContentReleases
from careline.consultation.tables import ConversationRow
from careline.storage.database import Database


class CaseReading:
    """Reads cases for clinicians."""

    def __init__(self, database: Database, house: House, releases: ContentReleases) -> None:
        """Take the parts."""
        self._database = database
        self._house = house
        self._releases = releases

    def safety_net(self, conversation_id: str | None) -> tuple[str, ...]:
        """Return what the content says to watch for in this case, most specific first; of no case, nothing."""
        if conversation_id is None:
            return ()
        with self._database.read() as session:
            row = session.get(ConversationRow, conversation_id)
            if row is None or row.erased_at is not None:
                return ()
            c = consultation_of(session, row, self._house, self._releases)
        lines = [line for item in protocols_of(c.memory.case, c.release.book) for line in item.protocol.safety_net]
        if c.acuity is not None:
            lines += c.release.book.dispositions[c.acuity].if_worse
        return tuple(dict.fromkeys(lines))

    def flag_title(self, flag_id: str) -> str:
        """Return a red flag by its title in the newest release; by its id when it is there no more."""
        compiled = self._releases.newest.book.red_flags.get(flag_id)
        return compiled.flag.title if compiled is not None else flag_id.replace("_", " ")
