"""The demo's accounts: kept in its folder, so that whoever tries it can sign in as often as they like.

Run: make demo-code. It prints the codes that an authenticator app would show now.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyotp

from careline.settings import Settings

_STEP_SECONDS = 30  # of the codes, as every authenticator app has it


@dataclass(frozen=True)
class DemoAccount:
    """An account as it is told to whoever tries the demo.

    Attributes:
        does: What it may do, in words.
        secret: What an authenticator app makes its codes from.
    """

    user_name: str
    password: str
    does: str
    secret: str


def accounts_path(folder: Path) -> Path:
    """Return where a demo keeps its accounts."""
    return folder / "accounts.json"


def keep_accounts(folder: Path, accounts: Sequence[DemoAccount]) -> None:
    """Write them, for nobody else on this machine to read."""
    handle = os.open(accounts_path(folder), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump([asdict(one) for one in accounts], file, indent=1)


def kept_accounts(folder: Path) -> list[DemoAccount] | None:
    """Return the accounts of a demo; None when it was not filled."""
    try:
        found = json.loads(accounts_path(folder).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return [DemoAccount(**one) for one in found]


def main() -> int:
    """Print accounts and codes."""
    settings = Settings()
    accounts = kept_accounts(settings.data_dir / "demo")
    if accounts is None:
        print("There is no demo yet. Run `make demo`, and this beside it in another terminal.", file=sys.stderr)
        return 1
    now = time.time()
    print(f"{settings.address}/console")
    for one in accounts:
        print(f"  {one.user_name:7} password {one.password}   code {pyotp.TOTP(one.secret).at(int(now))}   {one.does}")
    print(f"The codes hold for {_STEP_SECONDS - int(now) % _STEP_SECONDS} seconds, and each signs in once.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
