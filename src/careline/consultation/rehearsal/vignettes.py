"""Replaying vignettes: whether anybody would be told less than their author asks for, and what each comes to.

How one of them ends depends on the rules, the phrases, the sentences and the program, and on nothing else here: no
article and no recogniser, which could only raise. So it is remembered by their hash, and what is known is not replayed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping

import msgspec

from careline.clinical.acuity import Acuity
from careline.clinical.vignette_content import Vignette
from careline.consultation.errors import ConsultationError
from careline.consultation.rehearsal.in_process import Clinic, play_vignette


class Ending(msgspec.Struct, frozen=True):
    """How a vignette ended.

    Attributes:
        acuity: None when it ended without a level, or did not end.
        red_flags: Those that were raised on the way.
        broke: Class of the error by which it did not come to an end; empty mostly.
    """

    acuity: Acuity | None
    red_flags: tuple[str, ...] = ()
    broke: str = ""


def vignette_hash(vignette: Vignette) -> str:
    """Return the SHA-256 (hex) of a vignette, by which its ending is remembered."""
    return hashlib.sha256(msgspec.json.encode(vignette, order="deterministic")).hexdigest()


def endings(
    vignettes: Iterable[Vignette],
    known: Mapping[str, Ending],
    clinic: Callable[[], Clinic],
    progress: Callable[[int], None] = lambda _done: None,
) -> dict[str, Ending]:
    """Return the ending of each vignette by its hash.

    Args:
        vignettes: All that count.
        known: Endings that are remembered of exactly these rules, by hash.
        clinic: Opens the clinic, when one has to be replayed.
        progress: Told how many have been looked at.
    """
    found: dict[str, Ending] = {}
    opened: Clinic | None = None
    for number, vignette in enumerate(vignettes):
        progress(number)
        key = vignette_hash(vignette)
        if key in known:
            found[key] = known[key]
            continue
        opened = opened or clinic()
        found[key] = _ending(vignette, opened)
    return found


def problem_of(vignette: Vignette, ending: Ending) -> str | None:
    """Return why this ending must not come before patients; None when it may."""
    where = f"vignettes: {vignette.id!r}"
    if ending.broke:
        return f"{where}: could not be replayed to its end ({ending.broke}). Mend the rules or the vignette."
    if ending.acuity is None or ending.acuity < vignette.acuity:
        got = ending.acuity.value if ending.acuity is not None else "no level"
        return (
            f"{where}: UNDER-TRIAGE. This patient needs {vignette.acuity.value} and would get {got}. "
            f"Why: {vignette.why} Mend the rule, or have the vignette changed and signed as well."
        )
    missing = sorted(set(vignette.red_flags) - set(ending.red_flags))
    if missing:
        return f"{where}: the red flag {', '.join(missing)} would not be raised any more. Mend the rule or its words."
    return None


def _ending(vignette: Vignette, clinic: Clinic) -> Ending:
    try:
        outcome = play_vignette(vignette, clinic)
    except ConsultationError as error:
        return Ending(None, (), type(error).__name__)
    except (LookupError, ValueError, TypeError) as error:  # rules that are broken enough to stop the engine
        return Ending(None, (), type(error).__name__)
    return Ending(outcome.acuity, tuple(sorted(outcome.red_flags)))
