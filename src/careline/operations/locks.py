"""Comparing an environment with the lock that it was made from."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name


def differences_from_lock(lock: Path, environment: Path) -> list[str]:
    """Return what an environment lacks or has in another version, one line each; what it has besides is not looked at.

    Args:
        lock: A requirements file with exact versions.
        environment: The folder of a virtual environment, of any Python.
    """
    folders = sorted(environment.glob("lib/python3.*/site-packages"))
    if not folders:
        return [f"{environment} is missing"]
    if not lock.exists():
        return [f"{lock} is missing"]
    installed = {
        canonicalize_name(distribution.name): distribution.version
        for distribution in metadata.distributions(path=[str(folders[0])])
    }
    version = folders[0].parent.name.removeprefix("python")
    return [
        f"{wanted.name} {installed.get(canonicalize_name(wanted.name), 'is missing')} (locked: {wanted.specifier})"
        for wanted in _locked(lock, python=version)
        if installed.get(canonicalize_name(wanted.name)) not in {s.version for s in wanted.specifier}
    ]


def _locked(lock: Path, *, python: str) -> Iterator[Requirement]:
    """The lock's lines that hold for a Python; comments and hashes are passed over."""
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line[:1].isspace() or line.startswith(("#", "-")) or not line:
            continue
        try:
            wanted = Requirement(line.removesuffix("\\").strip())
        except InvalidRequirement:
            continue
        environment = {"python_version": python, "python_full_version": f"{python}.0"}
        if wanted.marker is None or wanted.marker.evaluate(environment):
            yield wanted
