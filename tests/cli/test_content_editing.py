"""`careline content import|export|publish|rollback|history|due` as it is typed."""

import datetime as dt
import json

import pytest
from typer.testing import CliRunner

from careline.cli.commands import app
from careline.cli.content_editing import opened_room
from careline.consultation.release_files import ReleaseFiles
from careline.settings import Settings
from tests.support.editorial import ARTICLE, CLINICIAN, EDITOR, FLAGS, alter, small_content
from tests.support.house import migrated_file

pytestmark = pytest.mark.slow  # checks run in processes of their own


@pytest.fixture
def knowledge(tmp_path, monkeypatch):
    folder = small_content(tmp_path / "knowledge")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "careline.db").write_bytes(migrated_file())
    monkeypatch.setenv("CARELINE_KNOWLEDGE_DIR", str(folder))
    monkeypatch.setenv("CARELINE_DATA_DIR", str(tmp_path / "var"))
    return folder


def typed(*words):
    return CliRunner().invoke(app, ["content", *words])


def published(knowledge):
    return ReleaseFiles(Settings().data_dir / "releases", knowledge).publish(lambda _knowledge, _folder: None)


def signed(path, old, new):
    with opened_room(Settings()) as room:
        text = room.editing.item(path).revision(1).text
        draft = room.editing.save(EDITOR, path, text.replace(old, new), base=1)
        room.editing.submit(EDITOR, path, draft.number)
        room.editing.sign(CLINICIAN, path, draft.number, read=draft.text_hash)


def test_what_is_imported_is_exported_again_and_nothing_differs(knowledge, tmp_path):
    files = {path.relative_to(knowledge) for path in knowledge.rglob("*") if path.is_file()}
    assert typed("import").stdout == f"{len(files)} new, 0 changed, 0 changed beside local edits\n"
    assert typed("export").stdout == "0 files altered\n"
    assert json.loads(typed("export", str(tmp_path / "out"), "--json").stdout) == {
        "written": sorted(str(file) for file in files)
    }


def test_what_a_newer_program_changed_waits_as_drafts_and_it_is_said_how_they_go_out(knowledge):
    published(knowledge)
    typed("import")
    alter(knowledge / ARTICLE, "title: Earache", "title: A newer earache")
    said = typed("import").stdout
    assert "0 new, 1 changed, 0 changed beside local edits" in said
    assert "1 wait as drafts" in said
    assert typed("publish").stdout == "up to date: patients see all of it already\n"
    assert ARTICLE in typed("publish", "--from-program", "--preview", "--json").stdout


def test_a_release_that_patients_see_already_is_the_first_of_the_history(knowledge):
    release_id = published(knowledge)
    typed("import")
    (line,) = json.loads(typed("history", "--json").stdout)
    assert (line["number"], line["release_id"], line["occasion"]) == (1, release_id, "import")


def test_a_preview_runs_all_checks_names_files_as_editors_know_them_and_ends_with_1(knowledge):
    published(knowledge)
    typed("import")
    signed(ARTICLE, "title: Earache", "title: Sore ear")
    result = typed("publish", ARTICLE, "--preview")
    assert result.exit_code == 1
    assert "article_limits.yml: cannot be read (No such file or directory)" in result.stderr.splitlines()[1]
    assert "editorial" not in result.stderr, "no path of the staging folder"
    assert ARTICLE in result.stdout


def test_an_item_shows_its_revisions_with_who_signed(knowledge):
    typed("import")
    signed(ARTICLE, "title: Earache", "title: Sore ear")
    newest, first = json.loads(typed("history", ARTICLE, "--json").stdout)
    assert (newest["number"], newest["state"], newest["sign_off"]["name"]) == (2, "signed", CLINICIAN.name)
    assert (first["author"], first["sign_off"]) == ("app", None)
    assert "Dr Example, GP" in typed("history", ARTICLE).stdout


def test_rules_past_their_review_date_are_named_and_the_exit_code_is_1(knowledge):
    assert typed("due").exit_code == 1 or json.loads(typed("due", "--json").stdout) == []
    flags = knowledge / FLAGS
    today = dt.datetime.now(dt.UTC).date()
    flags.write_text(flags.read_text().replace("2027-05-21", str(today - dt.timedelta(days=1))))
    typed("import")
    result = typed("due", "--json")
    assert result.exit_code == 1
    told = {one["path"]: one for one in json.loads(result.stdout)}
    assert (told[FLAGS]["days"], told[FLAGS]["effect"], told[FLAGS]["alarm"]) == (-1, "stays", True)


def test_without_a_way_back_it_is_said_what_is_missing(knowledge):
    result = typed("rollback")
    assert "There is no way back" in str(result.exception)


def test_where_content_is_edited_build_takes_the_files_in_and_publishes_from_there(knowledge):
    release_id = published(knowledge)
    typed("import")
    result = typed("build")
    assert "up to date: patients see all of it already" in result.stdout
    assert ReleaseFiles(Settings().data_dir / "releases", knowledge).newest_id() == release_id
