"""A Careline to try: invented patients, staff and content, in a folder of its own, on the models that `make run` uses.

Run: make demo. It fills `demo` in the data folder once, says how to sign in, and becomes `careline run`.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from careline.app.migrations import migrate
from careline.app.services import open_database
from careline.settings import Settings
from tools.demo_accounts import DemoAccount, keep_accounts, kept_accounts
from tools.fill_demo import DemoPerson, fill

_DUTY = """time_zone: Europe/London
weekly:
  - {days: [mon, tue, wed, thu, fri, sat, sun], from: "08:00", to: "20:00", staff_id: nurse, name: Demo Nurse}
  - {days: [mon, tue, wed, thu, fri, sat, sun], from: "20:00", to: "08:00", staff_id: doctor, name: Dr Demo Doctor}
  - {days: [sat, sun], from: "10:00", to: "16:00", staff_id: doctor, name: Dr Demo Doctor, order: 2}
"""


def main() -> int:
    """Fill the demo unless it is filled, say how to sign in, and run it."""
    built = Settings().data_dir
    folder = built / "demo"
    accounts = kept_accounts(folder)
    if accounts is None and folder.exists():
        print(f"{folder} was not made by this version. Delete it, and run `make demo` again.", file=sys.stderr)
        return 1
    if accounts is None:
        print("demo: inventing patients; once, in half a minute", flush=True)
        accounts = make_demo(built)
    os.environ |= environment_of(folder)
    _show(accounts, f"{settings_of(folder).address}/console", folder)
    os.execv(sys.executable, [sys.executable, "-m", "careline.cli.running"])  # noqa: S606 - a program of ours


def environment_of(folder: Path) -> dict[str, str]:
    """Return the settings of a demo in this folder: none leads to a real installation's database, receivers or bot."""
    given = {
        "DATA_DIR": folder,
        "KEYS_FILE": folder.parent / f"careline-keys-{folder.name}.json",
        "DELIVERY_FILE": folder / "delivery.yml",
        "DUTY_FILE": folder / "duty.yml",
        "SITES_FILE": folder / "sites.yml",
        "DATABASE_URL": "",
        "TELEGRAM_TOKEN": "",
        "TELEGRAM_WEBHOOK": "false",
        "OPERATOR": "Demo Clinic",
        "COUNTRY": "GB",
    }
    return {f"CARELINE_{name}": str(value) for name, value in given.items()}


def settings_of(folder: Path) -> Settings:
    """Return the same, as settings."""
    given: dict[str, Any] = environment_of(folder)
    return Settings(**{name.removeprefix("CARELINE_").lower(): value for name, value in given.items()})


def make_demo(built: Path) -> list[DemoAccount]:
    """Make the folder `demo` in a data folder whose models and content are built: all of it, or nothing.

    Returns:
        Whom one signs in as.
    """
    begun = built / ".demo-begun"
    shutil.rmtree(begun, ignore_errors=True)  # of one that was interrupted
    folder = begun / "demo"
    folder.mkdir(parents=True)
    (folder / "models").symlink_to((built / "models").resolve())
    _copy_release(built / "releases", folder / "releases")
    (folder / "duty.yml").write_text(_DUTY, encoding="utf-8")
    settings = settings_of(folder)
    database, _ = open_database(settings)
    migrate(database)
    database.close()
    accounts = [account_of(one) for one in asyncio.run(fill(settings))]
    keep_accounts(folder, accounts)
    settings.keys_path.replace(built / settings.keys_path.name)
    folder.rename(built / folder.name)
    begun.rmdir()
    return accounts


def account_of(person: DemoPerson) -> DemoAccount:
    """Return what is told of somebody."""
    return DemoAccount(person.user_name, person.password, person.does, person.secret)


def _copy_release(source: Path, target: Path) -> None:
    """Copy the release in force: what is published in the demo stays in it."""
    release_id = (source / "current").read_text(encoding="utf-8").strip()
    shutil.copytree(source / release_id, target / release_id)
    shutil.copy(source / "current", target)


def _show(accounts: Sequence[DemoAccount], console: str, folder: Path) -> None:
    print(f"\nSign in at {console} as")
    for one in accounts:
        print(f"  {one.user_name:7} password {one.password}   {one.does}")
    print("\nThe code that it asks for: `make demo-code` in another terminal, as often as you like.")
    print("To have codes in an authenticator app, enter there:", end=" ")
    print(", ".join(f"{one.user_name} {one.secret}" for one in accounts))
    print(f"To begin anew, delete {folder}.\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
