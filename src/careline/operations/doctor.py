"""`careline doctor`: what this installation has, what it lacks, and what to do about it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from careline.operations.addresses import is_port_free
from careline.operations.errors import NotSetUpError, StartError
from careline.operations.installation import Installation
from careline.operations.locks import differences_from_lock

APP_PYTHON = (3, 11)
RASA_PYTHON = "3.10"
# Both environments take 5 GB; a first start adds the model, the index and the database.
FREE_DISK_BYTES = 2 * 10**9
# The budgets of app and Rasa (350 and 650 MB), and as much again for training.
MEMORY_BYTES = 2 * 10**9
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Check:
    """One thing looked at.

    Attributes:
        name: What was looked at.
        ok: Whether it is as it should be.
        found: What is there, in a few words.
        remedy: What to do; empty when nothing is to be done.
        needed: False if the installation works without it.
    """

    name: str
    ok: bool
    found: str
    remedy: str = ""
    needed: bool = True


def check(
    installation: Installation,
    *,
    keys_file: Path,
    attempts: Iterable[tuple[str, Callable[[], object], str]] = (),
) -> list[Check]:
    """Look at everything, change nothing.

    Args:
        installation: What to look at.
        keys_file: Where the encryption keys are, or will be.
        attempts: What only other rooms can tell, as (name, what to try, remedy): in order if the try raises nothing.
            Its text says what was found. `NotSetUpError` says that it is missing, and not needed.
    """
    return [
        check_app_python(sys.version_info[:2]),
        check_rasa_python(installation.rasa_python),
        check_installer(installation.root),
        check_locked("app's libraries", Path(sys.prefix), [installation.root / "requirements" / "app.txt"]),
        check_locked(
            "Rasa's libraries", installation.root / ".venv-rasa", [installation.root / "requirements" / "rasa.txt"]
        ),
        check_rasa_model(installation),
        check_index(installation.data_dir),
        *(check_attempt(name, attempt, remedy) for name, attempt, remedy in attempts),
        check_keys_file(keys_file, installation.data_dir),
        *check_ports(installation),
        check_disk(installation.data_dir),
        check_memory(),
        check_browser(),
    ]


def is_healthy(checks: Sequence[Check]) -> bool:
    """Whether nothing that is needed is amiss."""
    return all(check.ok for check in checks if check.needed)


def as_json(checks: Sequence[Check]) -> str:
    """The checks for programs: `{ok, checks: [...]}`."""
    return json.dumps({"ok": is_healthy(checks), "checks": [asdict(check) for check in checks]}, indent=2)


def check_attempt(name: str, attempt: Callable[[], object], remedy: str) -> Check:
    """Whether something can be done; an error's message is what was found."""
    try:
        found = attempt()
    except NotSetUpError as error:
        return Check(name, False, str(error), remedy, needed=False)
    except Exception as error:  # noqa: BLE001 - whatever it is, the doctor reports it and goes on
        return Check(name, False, str(error) or type(error).__name__, remedy)
    return Check(name, True, str(found) if isinstance(found, str | Path) else "in order")


def check_app_python(version: tuple[int, int]) -> Check:
    """Whether the app runs on a Python that it was written for."""
    found = ".".join(map(str, version))
    if version >= APP_PYTHON:
        return Check("app's Python", True, found)
    return Check("app's Python", False, found, "Remove .venv and run `make setup`; it looks for Python 3.11 or later.")


def check_rasa_python(python: Path) -> Check:
    """Whether Rasa's environment has an interpreter that runs and is the one that Rasa needs."""
    remedy = "Remove .venv-rasa and run `make setup`."
    command = [str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.strip()  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return Check("Rasa's Python", False, f"{python} does not run", remedy)
    return Check("Rasa's Python", found == RASA_PYTHON, found, "" if found == RASA_PYTHON else remedy)


def check_installer(root: Path) -> Check:
    """Whether uv is there; only set-up needs it."""
    found = next((str(path) for path in (root / ".tools" / "bin" / "uv",) if path.exists()), shutil.which("uv"))
    if found:
        return Check("installer uv", True, found, needed=False)
    return Check("installer uv", False, "not found", "Run `make setup`, which fetches it.", needed=False)


def check_locked(name: str, environment: Path, locks: Sequence[Path]) -> Check:
    """Whether an environment holds what its locks say."""
    different = [line for lock in locks for line in differences_from_lock(lock, environment)]
    if not different:
        return Check(name, True, "as locked")
    more = f" and {len(different) - 3} more" if len(different) > 3 else ""
    return Check(name, False, "; ".join(different[:3]) + more, "Run `make setup`.")


def check_rasa_model(installation: Installation) -> Check:
    """Whether Rasa is trained, and on the files that are here now."""
    name, remedy = "Rasa's model", "Run `make train`."
    manifest_path = installation.rasa_model.with_name("manifest.json")
    if not installation.rasa_model.exists():
        return Check(name, False, "not trained", remedy)
    try:
        manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
        inputs, model = dict(manifest["inputs"]), str(manifest["model"])
    except (OSError, ValueError, KeyError, TypeError):
        return Check(name, False, f"{manifest_path} is missing or damaged", remedy)
    if _sha256(installation.rasa_model) != model:
        return Check(name, False, "is not the file that was trained here; do not start it", remedy)
    stale = [path for path, digest in inputs.items() if _sha256(installation.root / path) != digest]
    if stale:
        return Check(name, False, f"older than {', '.join(sorted(stale)[:3])}", remedy)
    return Check(name, True, "trained and up to date")


def check_index(data_dir: Path) -> Check:
    """Whether a release of rules, articles and index is in use."""
    pointer = data_dir / "releases" / "current"
    remedy = "Run `make index`."
    try:
        release = os.readlink(pointer) if pointer.is_symlink() else pointer.read_text(encoding="utf-8").strip()
    except OSError:
        return Check("content release", False, "none", remedy)
    folder = pointer.parent / release
    missing = [name for name in ("index.faiss", "passages.json", "manifest.json") if not (folder / name).exists()]
    if missing:
        return Check("content release", False, f"{folder} lacks {', '.join(missing)}", remedy)
    return Check("content release", True, release)


def check_keys_file(keys_file: Path, data_dir: Path) -> Check:
    """Whether only its owner can read the keys, and a backup of the data dir does not hold them."""
    name = "keys file"
    if keys_file.resolve().is_relative_to(data_dir.resolve()):
        remedy = "Move it, and set CARELINE_KEYS_FILE to where it is now: a backup must not hold the keys to itself."
        return Check(name, False, f"{keys_file} lies in the data dir", remedy)
    if not keys_file.exists():
        return Check(name, True, "not there yet; made at first start")
    mode = stat.S_IMODE(keys_file.stat().st_mode)
    if mode & 0o077:
        return Check(name, False, f"others can read {keys_file} ({mode:o})", f"Run: chmod 600 {keys_file}")
    return Check(name, True, str(keys_file))


def check_ports(installation: Installation) -> list[Check]:
    """Whether app and Rasa could listen, or do so already."""
    try:
        rasa_port = installation.rasa_port
    except StartError as error:
        return [Check("Rasa's port", False, str(error), "Set CARELINE_RASA_URL.")]
    running = _answers(f"{installation.local_url}/healthz")
    return [
        _check_port("app's port", installation.host, installation.port, running, "CARELINE_PORT"),
        _check_port("Rasa's port", "127.0.0.1", rasa_port, running, "CARELINE_RASA_URL"),
    ]


def _check_port(name: str, host: str, port: int, running: bool, setting: str) -> Check:
    if is_port_free(host, port):
        return Check(name, True, f"{port} is free")
    if running:
        return Check(name, True, f"{port}, in use while Careline runs")
    return Check(name, False, f"{port} is in use", f"Stop the program that uses it, or change {setting}.")


def check_disk(data_dir: Path) -> Check:
    """Whether there is room for the data."""
    folder = next(path for path in (data_dir.resolve(), *data_dir.resolve().parents) if path.exists())
    free = shutil.disk_usage(folder).free
    found = f"{free / 10**9:.1f} GB free"
    if free >= FREE_DISK_BYTES:
        return Check("disk", True, found)
    return Check(
        "disk", False, found, f"Make room, or set CARELINE_DATA_DIR to a disk with {FREE_DISK_BYTES / 1e9:.0f} GB."
    )


def check_memory() -> Check:
    """Whether the machine is large enough for app and Rasa."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    found = f"{total / 10**9:.1f} GB"
    if total >= MEMORY_BYTES:
        return Check("memory", True, found)
    return Check("memory", False, found, f"Careline needs a machine with {MEMORY_BYTES / 1e9:.0f} GB.")


def check_browser() -> Check:
    """Whether the browser tests find a browser; only they need one."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return Check("browser for the tests", True, found, needed=False)
    return Check("browser for the tests", False, "not found", "Run `make test`, which fetches one.", needed=False)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1.0, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _sha256(path: Path) -> str:
    """The file's hash; empty when there is no such file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
