"""Which complaints are asked about: what words, findings or a choice named, and what fits the patient."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from careline.clinical.conditions import Truth, truth
from careline.clinical.content import FALLBACK_PROTOCOL
from careline.clinical.finding import Finding, Presence
from careline.clinical.recognition.recogniser import Proposal
from careline.clinical.rulebook import CompiledProtocol
from careline.consultation.consultation import Consultation

log = logging.getLogger(__name__)

_MOST_COMPLAINTS = 2  # asked about in one consultation: more would tire a patient before the end


def begin_complaint(c: Consultation, complaint: str) -> None:
    """Ask about this complaint too; the complaint itself is a finding."""
    if complaint in c.memory.complaints or len(c.memory.complaints) >= _MOST_COMPLAINTS:
        return
    c.memory.complaints.append(complaint)
    served = c.release.book.protocols.get(complaint)
    if served is not None:
        c.memory.keep(c.memory.case.merged([Finding(served.protocol.finding)]))


def take_up(c: Consultation, complaints: Sequence[str]) -> None:
    """Ask about these first, whatever was asked about before: a card has named them."""
    memory = c.memory
    if not memory.complaints:
        memory.reported = list(dict.fromkeys((*complaints, *memory.reported)))
        return
    memory.complaints = list(dict.fromkeys((*complaints, *memory.complaints)))
    served = [c.release.book.protocols[complaint] for complaint in complaints if complaint in c.release.book.protocols]
    memory.keep(memory.case.merged(Finding(each.protocol.finding) for each in served))


def choose_complaints(c: Consultation) -> bool:
    """Begin the reported complaints that fit the patient; return whether any did. Narrower ones stand for wider."""
    protocols = c.release.book.protocols
    fitting = [each for each in c.memory.reported if each in protocols and _may_apply(c, protocols[each])]
    covered = {other for complaint in fitting for other in protocols[complaint].protocol.covers}
    for complaint in fitting:
        if complaint not in covered:
            begin_complaint(c, complaint)
    return bool(c.memory.complaints)


def report_by_findings(c: Consultation) -> bool:
    """Return whether a complaint is known; a finding that is itself a complaint counts when the words named none.

    Last, words that surely read like a complaint count as naming it.
    """
    if not c.memory.reported:
        case = c.memory.case
        c.memory.reported = [
            protocol.protocol.id
            for protocol in c.release.book.protocols.values()
            if case.presence(protocol.protocol.finding) is Presence.PRESENT
        ]
    if not c.memory.reported and (sure := proposed_complaints(c).sure) is not None:
        c.log("complaint_recognised", complaint=sure)
        c.memory.reported = [sure]
    return bool(c.memory.reported)


def offered_complaints(c: Consultation) -> dict[str, CompiledProtocol]:
    """Return the protocols that a patient may choose."""
    return {
        complaint: protocol
        for complaint, protocol in c.release.book.protocols.items()
        if complaint != FALLBACK_PROTOCOL and _may_apply(c, protocol)
    }


def proposed_complaints(c: Consultation) -> Proposal:
    """Return which complaint the first words read like, where the lexicon knows none of them."""
    if c.release.recogniser is None or c.memory.words is None or c.language not in c.release.book.languages.read:
        return Proposal()  # it was trained on words of ours
    try:
        return c.release.recogniser.propose(c.memory.words, offered_complaints(c))
    except Exception:  # the list is offered all the same
        log.exception("recogniser failed", extra={"consultation": c.id})
        return Proposal()


def _may_apply(c: Consultation, protocol: CompiledProtocol) -> bool:
    return protocol.applies is None or truth(protocol.applies, c.memory.case) is not Truth.NO
