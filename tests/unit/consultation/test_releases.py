"""Content releases: whole, several at once, on disk and in memory."""

import logging
import shutil
from pathlib import Path

import pytest

from careline.clinical.errors import ContentError
from careline.clinical.understanding.lexicon import Lexicon
from careline.consultation.release import ContentRelease, ContentReleases
from careline.consultation.release_files import ReleaseFiles
from tests.support.guidance import WordEncoder
from tests.support.house import lexicon, rule_book

SMALL = Path("tests/support/small_knowledge")


def release(release_id):
    return ContentRelease(release_id, rule_book(), lexicon())


class TestInMemory:
    def test_a_consultation_keeps_the_release_it_began_with(self):
        releases = ContentReleases(release("old"), lambda _id: None)
        releases.publish(release("new"))
        assert releases.newest.id == "new"
        assert releases.of("old").id == "old"

    def test_an_older_one_is_loaded_once(self):
        asked = []

        def load(release_id):
            asked.append(release_id)
            return release(release_id)

        releases = ContentReleases(release("new"), load)
        assert [releases.of("old").id for _ in range(3)] == ["old"] * 3
        assert asked == ["old"]

    def test_for_one_that_is_gone_the_newest_stands_in_and_that_is_logged(self, caplog):
        releases = ContentReleases(release("new"), lambda _id: None)
        with caplog.at_level(logging.WARNING):
            assert releases.of("gone").id == "new"
        assert "content release gone" in caplog.text


@pytest.mark.slow  # each reads a whole content anew
class TestOnDisk:
    @pytest.fixture
    def knowledge(self, tmp_path):
        return Path(shutil.copytree(SMALL, tmp_path / "knowledge"))

    @pytest.fixture
    def files(self, tmp_path, knowledge):
        return ReleaseFiles(tmp_path / "releases", knowledge)

    def publish(self, files):
        return files.publish(lambda _knowledge, folder: (folder / "index.txt").write_text("built"))

    def test_before_the_first_is_published_the_rules_are_used_as_they_stand(self, files):
        assert files.newest_id() is None
        found = files.load_newest(None)
        assert found.id == files.id_of_content()
        assert isinstance(found.lexicon, Lexicon)
        assert found.guidance is None

    def test_a_published_one_is_the_newest_and_is_loaded_from_its_own_copy(self, files, knowledge):
        release_id = self.publish(files)
        shutil.rmtree(knowledge)
        assert files.newest_id() == release_id
        assert files.load_newest(None).id == release_id

    def test_the_same_content_is_the_same_release_and_any_change_is_another(self, files, knowledge):
        first = files.id_of_content()
        assert files.id_of_content() == first
        dispositions = knowledge / "dispositions.yml"
        dispositions.write_text(dispositions.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
        assert files.id_of_content() != first

    def test_what_only_tests_read_is_no_part_of_a_release(self, files, knowledge):
        before = files.id_of_content()
        (knowledge / "vignettes").mkdir()
        (knowledge / "vignettes" / "one.yml").write_text("a: 1\n")
        assert files.id_of_content() == before
        assert not (files.folder / self.publish(files) / "knowledge" / "vignettes").exists()

    def test_published_again_it_is_whole_again(self, files):
        release_id = self.publish(files)
        (files.folder / release_id / "index.txt").write_text("damaged")
        assert self.publish(files) == release_id
        assert (files.folder / release_id / "index.txt").read_text() == "built"
        assert not list(files.folder.glob("*.part"))

    def test_rules_that_cannot_be_used_are_not_published(self, files, knowledge):
        newest = self.publish(files)
        (knowledge / "dispositions.yml").write_text("nonsense: true\n")
        with pytest.raises(ContentError):
            self.publish(files)
        assert files.newest_id() == newest

    def test_an_index_that_cannot_be_built_leaves_the_newest_as_it_was(self, files, knowledge):
        newest = self.publish(files)
        (knowledge / "extra.txt").write_text("x")

        def fail(_knowledge, _folder):
            raise OSError("disk full")

        with pytest.raises(OSError, match="disk full"):
            files.publish(fail)
        assert files.newest_id() == newest
        assert files.load_newest(None).id == newest

    def test_a_pointer_to_a_release_that_is_gone_is_logged_and_the_rules_are_used_as_they_stand(self, files, caplog):
        shutil.rmtree(files.folder / self.publish(files))
        assert files.load_newest(None).id == files.id_of_content()
        assert "content release missing" in caplog.text

    def test_an_edited_article_is_in_force_with_the_rules_that_are_loaded_already(self, files, knowledge):
        (knowledge / "articles").mkdir()
        (knowledge / "articles" / "one.md").write_text("Old words.")
        self.publish(files)
        before = files.load_newest(None)
        (knowledge / "articles" / "one.md").write_text("New words.")
        self.publish(files)
        after = files.load_newest(None)
        assert after.id != before.id
        assert after.book is before.book
        assert after.lexicon is before.lexicon

    @pytest.mark.parametrize("name", ["vitals.yml", "lexicon", "protocols", "red_flags", "findings"])
    def test_an_edited_rule_is_read_anew(self, files, knowledge, name):
        self.publish(files)
        before = files.load_newest(None)
        path = knowledge / name if name.endswith(".yml") else next((knowledge / name).glob("*.yml"))
        path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
        self.publish(files)
        after = files.load_newest(None)
        assert after.book.version != before.book.version
        assert after.lexicon is not before.lexicon

    def test_rules_that_are_damaged_on_disk_are_refused_though_the_same_release_is_loaded(self, files):
        release_id = self.publish(files)
        files.load_newest(None)
        (files.folder / release_id / "knowledge" / "vitals.yml").write_text("nonsense: true\n")
        with pytest.raises(ContentError):
            files.load(release_id, None)

    def test_a_release_that_is_not_there_is_none(self, files):
        assert files.load("nothing", None) is None

    def test_an_index_that_cannot_be_used_costs_the_guidance_and_not_the_triage(self, files, caplog):
        release_id = self.publish(files)
        found = files.load(release_id, WordEncoder())
        assert found.guidance is None
        assert found.book.protocols
        assert "index unusable" in caplog.text
