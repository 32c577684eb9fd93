"""What browsers get from others is what was written down, and loads nothing from elsewhere."""

import hashlib
import re
import tomllib
from pathlib import Path

from careline.consoles.shell.pages import STATIC

VENDOR = STATIC / "vendor"
LIST = tomllib.loads((VENDOR / "VENDORED.toml").read_text(encoding="utf-8"))


def test_every_vendored_file_is_as_it_was_fetched():
    listed = {path: digest for package in LIST["package"] for path, digest in package["sha256"].items()}
    found = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDORED.toml"
    }
    assert found == listed


def test_each_comes_with_its_licence_and_source_and_exact_version():
    for package in LIST["package"]:
        assert any(path.endswith("/LICENSE") for path in package["sha256"]), package["name"]
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
        assert package["source"].startswith("https://")
        assert all(package["version"] in path for path in package["sha256"])


def test_each_is_named_in_the_notices():
    notices = Path("THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    assert [package["name"] for package in LIST["package"] if package["name"] not in notices] == []


def test_no_sheet_loads_anything_from_elsewhere_or_uses_the_nhs_font():
    for sheet in STATIC.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        addresses = set(re.findall(r"url\(\s*[\"']?([^)\"']*)", text))
        assert [
            each for each in addresses if not each.startswith("data:") and not (sheet.parent / each).is_file()
        ] == []
        assert not re.search("frutiger|@import|@font-face", text, re.IGNORECASE), sheet
