"""Fetches what browsers get from others, at exact versions, and writes it down with its hashes.

Needs node and npm, and the network; serving and building the wheel need neither. Run: python -m tools.vendor
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

TARGET = Path("src/careline/consoles/shell/static/vendor")
LIST = TARGET / "VENDORED.toml"
SASS = "sass@1.108.2"
THEME = Path("src/careline/consoles/shell/theme.scss")


@dataclass(frozen=True)
class Package:
    """A package of the npm registry: files to copy (from its folder, to ours), and where its licence text stands."""

    name: str
    version: str
    licence: str
    source: str
    files: tuple[tuple[str, str], ...] = ()
    licence_file: str | None = "LICENSE"

    @property
    def folder(self) -> str:
        """Ours, with the version, so that browsers may keep the files for ever."""
        return f"{self.name.removesuffix('.org')}-{self.version}"


HTMX = Package(
    "htmx.org",
    "4.0.1",
    "0BSD",
    "https://github.com/bigskysoftware/htmx",
    (("dist/htmx.min.js", "htmx.min.js"), ("dist/ext/hx-sse.min.js", "hx-sse.min.js")),
)
# Its package comes without the licence text: the file LICENSE in its folder is that of its repository.
NHSUK = Package("nhsuk-frontend", "10.6.1", "MIT", "https://github.com/nhsuk/nhsuk-frontend", licence_file=None)


def main() -> int:
    """Fetch, compile, copy, and write the list."""
    npm = shutil.which("npm")
    if npm is None:
        print("npm is missing: install Node.js 20 or later.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "package.json").write_text("{}")
        wanted = [f"{each.name}@{each.version}" for each in (HTMX, NHSUK)]
        options = ["--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
        subprocess.run([npm, "install", *options, *wanted, SASS], cwd=work, check=True)
        _copy(work / "node_modules" / HTMX.name, HTMX)
        _compile(work)
    LIST.write_text(_listed(), encoding="utf-8")
    return 0


def _copy(package: Path, wanted: Package) -> None:
    into = TARGET / wanted.folder
    into.mkdir(parents=True, exist_ok=True)
    for theirs, ours in wanted.files:
        shutil.copyfile(package / theirs, into / ours)
    if wanted.licence_file:
        shutil.copyfile(package / wanted.licence_file, into / "LICENSE")


def _compile(work: Path) -> None:
    into = TARGET / NHSUK.folder
    into.mkdir(parents=True, exist_ok=True)
    sass = [str(work / "node_modules" / ".bin" / "sass"), "--style=compressed", "--no-source-map", "--quiet"]
    loads = f"--load-path={work / 'node_modules'}"
    sheet = into / "console.css"
    subprocess.run([*sass, loads, str(THEME), str(sheet)], check=True)
    images = work / "node_modules" / NHSUK.name / "dist" / "nhsuk" / "assets" / "images"
    for name in sorted(set(re.findall(r'url\("images/([\w-]+\.svg)"\)', sheet.read_text(encoding="utf-8")))):
        (into / "images").mkdir(exist_ok=True)
        shutil.copyfile(images / name, into / "images" / name)


def _listed() -> str:
    blocks = ["# Written by tools/vendor.py; tests/unit/consoles/test_vendored.py hashes the files again."]
    for package in (HTMX, NHSUK):
        blocks.append(
            "\n".join(
                [
                    "\n[[package]]",
                    *(
                        f"{key} = {json.dumps(value)}"
                        for key, value in (
                            ("name", package.name),
                            ("version", package.version),
                            ("licence", package.licence),
                            ("source", package.source),
                        )
                    ),
                    "\n[package.sha256]",
                    *(
                        f"{json.dumps(str(path.relative_to(TARGET)))} = "
                        f'"{hashlib.sha256(path.read_bytes()).hexdigest()}"'
                        for path in sorted((TARGET / package.folder).rglob("*"))
                        if path.is_file()
                    ),
                ]
            )
        )
    return "\n".join(blocks) + "\n"


if __name__ == "__main__":
    sys.exit(main())
