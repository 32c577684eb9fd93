"""`careline run` itself: a process that starts the app and Rasa and looks after them, and loads nothing of either.

It stays in memory as long as they run; what the other commands load would be two hundred megabytes for nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pydantic import ValidationError

from careline.operations import supervisor
from careline.operations.errors import StartError
from careline.operations.installation import Installation
from careline.settings import Settings


def installation_of(settings: Settings) -> Installation:
    """Return what is installed in this folder."""
    return Installation(
        root=Path.cwd(),
        data_dir=settings.data_dir,
        host=settings.host,
        port=settings.port,
        rasa_url=settings.rasa_url,
        actions_port=settings.actions_port,
        public_url=str(settings.public_url) if settings.public_url else None,
    )


def settings_problems(error: ValidationError) -> list[str]:
    """Return a line for each setting that cannot be used: its name, what is wrong, where to read on."""
    return [
        f"CARELINE_{'_'.join(str(part) for part in problem['loc']).upper()}: {problem['msg']}. See docs/settings.md."
        for problem in error.errors()
    ]


def main() -> None:
    """Run until told to stop; an expected error is said in plain words and ends with exit code 1."""
    try:
        sys.exit(supervisor.run(installation_of(Settings())))
    except StartError as error:
        sys.exit(str(error))
    except ValidationError as error:
        sys.exit("\n".join(settings_problems(error)))


if __name__ == "__main__":
    main()
