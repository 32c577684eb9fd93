"""Invented patients on disk: reading them, and checking that what they name exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from careline.clinical.content_files import read_yaml
from careline.clinical.errors import ContentError
from careline.clinical.rulebook import RuleBook
from careline.clinical.vignette_content import ScriptedPatient, ScriptedPatientsFile, Vignette, VignettesFile


def load_vignettes(knowledge: Path) -> list[Vignette]:
    """Return all vignettes, in the order of the files.

    Raises:
        ContentError: A file does not have its shape.
    """
    files = sorted((knowledge / "vignettes").glob("*.yml"))
    return [vignette for path in files for vignette in read_yaml(path, VignettesFile).vignettes]


def load_scripted_patients(knowledge: Path) -> list[ScriptedPatient]:
    """Return all scripted patients, in the order of the files.

    Raises:
        ContentError: A file does not have its shape.
    """
    files = sorted((knowledge / "vignettes" / "scripted").glob("*.yml"))
    return [patient for path in files for patient in read_yaml(path, ScriptedPatientsFile).patients]


def check_vignettes(knowledge: Path, book: RuleBook) -> dict[str, int]:
    """Return how many there are of each kind.

    Raises:
        ContentError: A file does not have its shape, an id stands twice, or a complaint or finding does not exist.
    """
    vignettes, scripted = load_vignettes(knowledge), load_scripted_patients(knowledge)
    everybody: list[Vignette | ScriptedPatient] = [*vignettes, *scripted]
    problems = list(_repeated(everybody))
    for each in everybody:
        if each.complaint not in book.protocols:
            problems.append(f"vignettes: {each.id!r}: there is no protocol {each.complaint!r}. Mend the complaint.")
    for patient in scripted:
        problems += _unknown_findings(patient, book)
    if problems:
        raise ContentError(*problems)
    return {"vignettes": len(vignettes), "scripted patients": len(scripted)}


def _unknown_findings(patient: ScriptedPatient, book: RuleBook) -> Iterator[str]:
    knows = patient.knows
    for finding in (*knows.present, *knows.absent, *knows.values):
        if finding not in book.findings and finding not in book.red_flags:
            yield f"vignettes/scripted: {patient.id!r}.knows: {finding!r} is no finding. Mend the id or take it out."
    for finding in sorted(set(knows.present) & set(knows.absent)):
        yield f"vignettes/scripted: {patient.id!r}.knows: {finding!r} is both present and absent. Keep one."


def _repeated(items: Iterable[Vignette | ScriptedPatient]) -> Iterator[str]:
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            yield f"vignettes: the id {item.id!r} stands twice. Give one of them another."
        seen.add(item.id)
