"""Before publishing, an editor sees what would change for patients."""

import shutil
from pathlib import Path

import pytest

from careline.consultation.errors import ReleaseError
from careline.consultation.release_difference import difference
from careline.consultation.release_files import ReleaseFiles

SMALL = Path("tests/support/small_knowledge")


@pytest.fixture
def knowledge(tmp_path):
    return Path(shutil.copytree(SMALL, tmp_path / "knowledge"))


@pytest.fixture
def files(tmp_path, knowledge):
    files = ReleaseFiles(tmp_path / "releases", knowledge)
    files.publish(lambda _knowledge, folder: (folder / "index.txt").write_text("built"))
    return files


def test_what_was_just_published_differs_in_nothing(files):
    assert difference(files).is_empty


def test_added_removed_and_changed_files_are_told_apart_with_the_part_that_changed(files, knowledge):
    protocol = sorted((knowledge / "protocols").glob("*.yml"))[0]
    protocol.write_text(protocol.read_text() + "\nsafety_net:\n  - New words.\n")
    removed = sorted((knowledge / "findings").glob("*.yml"))[0]
    removed.unlink()
    (knowledge / "articles").mkdir(exist_ok=True)
    (knowledge / "articles" / "new.md").write_text("## What it is\n\nWords.\n")
    found = {file.path: file for file in difference(files).files}
    assert found["articles/new.md"].state == "added"
    assert found[f"findings/{removed.name}"].state == "removed"
    changed = found[f"protocols/{protocol.name}"]
    assert changed.state == "changed"
    assert "safety_net" in changed.parts
    assert "+  - New words." in changed.patch


def test_a_changed_section_is_named_by_its_heading(files, knowledge):
    article = knowledge / "articles" / "page.md"
    article.parent.mkdir(exist_ok=True)
    article.write_text("---\nid: page\n---\n\n## What it is\n\nWords.\n\n## What to avoid\n\nOld.\n")
    files.publish(lambda _knowledge, folder: (folder / "index.txt").write_text("built"))
    article.write_text(article.read_text().replace("Old.", "New."))
    assert [file.parts for file in difference(files).files] == [("What to avoid",)]


def test_vignettes_are_no_content_that_patients_see(files, knowledge):
    (knowledge / "vignettes").mkdir(exist_ok=True)
    (knowledge / "vignettes" / "more.yml").write_text("x: 1\n")
    assert difference(files).is_empty


@pytest.mark.parametrize("release", ["0123456789", "../knowledge"])
def test_a_release_that_is_not_there_is_named_with_what_to_do(files, release):
    with pytest.raises(ReleaseError, match="not on disk"):
        difference(files, release)


def test_before_the_first_release_it_says_how_to_publish(tmp_path, knowledge):
    with pytest.raises(ReleaseError, match="careline content build"):
        difference(ReleaseFiles(tmp_path / "none", knowledge))
