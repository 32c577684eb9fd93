"""What is published is what this process and the others serve, at once or within seconds."""

import shutil
import time
from pathlib import Path

import pytest

from careline.app.content_releases import Content, ReleaseWatch
from careline.consultation.release import ContentReleases
from careline.consultation.release_files import ReleaseFiles
from careline.consultation.wording import Wording
from careline.editorial.life_cycle import TERMINAL
from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys
from tests.support.editorial import ADMIN, FLAGS, WORDS, newsroom, small_content
from tests.support.house import KNOWLEDGE, client_for, furnished, migrated_file, scripted

pytestmark = pytest.mark.slow  # loads rules again and again

TITLE = "rf_blue"


class Process:
    """What one app process has in memory."""

    def __init__(self, files, is_edited):
        newest = files.load_newest(None)
        self.releases = ContentReleases(newest, lambda release_id: files.load(release_id, None))
        self.wording = Wording(KNOWLEDGE / "wording")
        self.watch = ReleaseWatch(Content(self.releases, files, None), self.wording, is_edited)


@pytest.fixture
def processes(tmp_path, clock):
    """A room, the process that it runs in, and another one."""
    (tmp_path / "careline.db").write_bytes(migrated_file())
    database = Database(f"sqlite:///{tmp_path / 'careline.db'}", load_or_make_keys(tmp_path / "keys.json")[0])
    news = newsroom(database, tmp_path, clock)
    news.room.folder.import_from(TERMINAL, news.knowledge)
    news.room.publishing.adopt()
    own, other = (Process(news.files, news.room.folder.is_in_use) for _ in range(2))
    yield newsroom(database, tmp_path, clock, in_force=own.watch.look), own, other
    database.close()


def test_the_process_that_publishes_serves_it_at_once_and_others_when_they_look(processes):
    news, own, other = processes
    news.publish(FLAGS, "Blue lips", "Very blue lips")
    assert own.releases.newest.book.red_flags[TITLE].flag.title == "Very blue lips"
    assert other.releases.newest.book.red_flags[TITLE].flag.title == "Blue lips"
    other.watch.look()
    assert other.releases.newest.id == own.releases.newest.id == news.files.newest_id()


def test_a_consultation_under_way_keeps_the_release_it_began_with_also_through_a_roll_back(processes):
    news, own, _ = processes
    first = own.releases.newest
    news.publish(FLAGS, "Blue lips", "Very blue lips")
    second = own.releases.newest
    assert own.releases.of(first.id) is first
    news.room.publishing.roll_back(ADMIN)
    assert own.releases.newest.book.red_flags[TITLE].flag.title == "Blue lips"
    assert own.releases.of(second.id) is second


def test_an_edited_sentence_is_said_from_then_on_and_no_more_after_a_roll_back(processes):
    news, own, other = processes
    said = own.wording.say("not-a-diagnosis")
    news.publish(WORDS, "This is not a diagnosis.", "I do not know what you have.")
    assert own.wording.say("not-a-diagnosis").startswith("I do not know what you have.")
    other.watch.look()
    assert other.wording.say("not-a-diagnosis") == own.wording.say("not-a-diagnosis")
    news.room.publishing.roll_back(ADMIN)
    assert own.wording.say("not-a-diagnosis") == said


def test_where_nothing_is_edited_the_programs_own_sentences_are_said(tmp_path):
    knowledge = small_content(tmp_path / "knowledge")
    words = knowledge / WORDS
    words.write_text(words.read_text().replace("This is not a diagnosis.", "Old words."))
    files = ReleaseFiles(tmp_path / "releases", knowledge)
    files.publish(lambda _knowledge, folder: None)
    process = Process(files, lambda: False)
    process.watch.look()
    assert process.wording.say("not-a-diagnosis").startswith("This is not a diagnosis.")


def test_a_release_that_cannot_be_used_leaves_the_one_before_it_in_force(processes, caplog):
    news, own, other = processes
    news.publish(FLAGS, "Blue lips", "Very blue lips")
    before = other.releases.newest
    (news.files.folder / news.files.newest_id() / "knowledge" / "vitals.yml").write_text("nonsense: true\n")
    other.watch.look()
    other.watch.look()
    assert other.releases.newest is before
    assert caplog.text.count("content release unusable") == 1
    assert own.releases.newest.id == news.files.newest_id()


def test_a_running_app_serves_what_another_process_published_within_seconds(tmp_path, clock):
    careline = furnished(tmp_path, scripted(), clock=clock)
    with client_for(careline):
        assert careline.releases.newest.id == "testrelease"
        knowledge = small_content(tmp_path / "knowledge")
        release_id = ReleaseFiles(careline.content.files.folder, knowledge).publish(lambda _knowledge, folder: None)
        began = time.monotonic()
        while careline.releases.newest.id != release_id and time.monotonic() - began < 20:
            time.sleep(0.05)
        assert careline.releases.newest.id == release_id
    careline.database.close()


def test_the_whole_content_goes_in_and_comes_out_byte_for_byte(tmp_path, clock):
    (tmp_path / "careline.db").write_bytes(migrated_file())
    database = Database(f"sqlite:///{tmp_path / 'careline.db'}", load_or_make_keys(tmp_path / "keys.json")[0])
    shutil.copytree("tests/support/small_knowledge", tmp_path / "knowledge")
    room = newsroom(database, tmp_path, clock).room
    room.folder.import_from(TERMINAL, KNOWLEDGE)
    room.folder.export_to(tmp_path / "out")
    assert content_of(tmp_path / "out") == content_of(KNOWLEDGE)
    dated = {line.path for line in room.editing.items() if line.review_by is not None}
    assert dated == {path for path, data in content_of(KNOWLEDGE).items() if says_its_review(path, data)}
    database.close()


def content_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def says_its_review(path: str, data: bytes) -> bool:
    """Whether a file of the repository's content names the day of its next review."""
    if path.startswith(("articles/", "protocols/", "red_flags/")):
        return True
    is_edited = not path.startswith(("retrieval/", "phrases/", "vignettes/")) and path != "canned_replies.yml"
    return is_edited and b"\nreview:" in data


def test_a_release_that_is_only_announced_is_served_by_nobody(processes):
    news, own, other = processes
    before = other.releases.newest.id
    news.sign(news.edit(FLAGS, "Blue lips", "Very blue lips"))
    ready = news.room.publishing.begin_preparing(ADMIN, [FLAGS])()
    other.watch.look()
    assert other.releases.newest.id == own.releases.newest.id == before != ready.made.release_id
    news.room.publishing.publish(ADMIN, [FLAGS], prepared=ready.checksum)
    other.watch.look()
    assert other.releases.newest.id == own.releases.newest.id == ready.made.release_id
