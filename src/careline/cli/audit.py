"""`careline audit`: whether the record of what staff did is as it was written.

Exit codes: 0 whole; 1 it could not be checked; 3 broken, and the first line that does not fit is named; 4 all lines
fit, but whether some are missing at the end cannot be told, as the anchor is not there.
"""

from __future__ import annotations

import sys

import typer

from careline.app.services import open_database
from careline.cli.output import AsJson, errors, print_json
from careline.settings import Settings
from careline.staff.audit_anchor import AnchorFile
from careline.staff.audit_check import AuditCheck, Verdict, check_trail
from careline.staff.services import anchor_path

audit = typer.Typer(no_args_is_help=True, help="The audit trail of what staff did.")

_EXIT_CODES = {Verdict.WHOLE: 0, Verdict.BROKEN: 3, Verdict.UNANCHORED: 4}


@audit.callback()
def _keep_as_group() -> None:
    """The audit trail of what staff did."""


@audit.command()
def verify(as_json: AsJson = False) -> None:
    """Check every line; exit code 0 whole, 3 broken, 4 without anchor, 1 not to be checked."""
    settings = Settings()
    database, _ = open_database(settings)
    try:
        found = check_trail(database, AnchorFile(anchor_path(settings.data_dir)))
    finally:
        database.close()
    if as_json:
        print_json(found)
    elif found.verdict is Verdict.WHOLE:
        print(f"audit trail: whole, {found.lines} lines")
    else:
        errors.print(_in_words(found), style="red", markup=False)
    sys.exit(_EXIT_CODES[found.verdict])


def _in_words(found: AuditCheck) -> str:
    if found.verdict is Verdict.UNANCHORED:
        return f"audit trail: all {found.lines} lines fit, but the anchor is missing: some may be cut off at the end"
    where = f"line {found.broken_at}: " if found.broken_at else ""
    return f"audit trail: BROKEN. {where}{found.reason}. The {found.lines} lines before fit."
