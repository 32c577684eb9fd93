"""The manual in docs/specification/ says what the rules say now."""

from pathlib import Path

from careline.clinical.specification import write_specification
from tests.support.house import rule_book

WRITTEN = Path("docs/specification")


def test_the_manual_is_as_make_spec_writes_it(tmp_path):
    pages = write_specification(rule_book(), tmp_path)
    assert {path.name for path in pages} == {path.name for path in WRITTEN.glob("*.md")}, "Run: make spec"
    stale = [path.name for path in pages if path.read_text() != (WRITTEN / path.name).read_text()]
    assert not stale, f"Run: make spec ({', '.join(stale)})"
