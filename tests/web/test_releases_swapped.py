"""Fifty releases are put in force while patients search and talk: no search fails, and none mixes two releases."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from careline.app.content_releases import Content
from careline.app.services import Careline, build
from careline.consultation.release import ContentRelease, ContentReleases
from careline.consultation.release_files import ReleaseFiles
from careline.editorial.life_cycle import TERMINAL
from careline.guidance.article_files import load_articles
from careline.guidance.index_build import snapshot_content, write_snapshot
from careline.guidance.search import SearchFilter
from tests.support.editorial import ADMIN, ARTICLE, FLAGS, Newsroom, newsroom, small_content
from tests.support.guidance import WordEncoder, rules
from tests.support.house import START, Clock, Patient, client_for, migrated_file, scripted, settings_for

pytestmark = pytest.mark.slow  # takes long

SWAPS = 50
MARK = re.compile(r"release number (\d+)")
FLAG = "rf_blue"
TITLES = {ARTICLE: "title: Earache", FLAGS: 'title: "Blue lips'}


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def news(tmp_path: Path, clock: Clock, encoder: WordEncoder) -> Iterator[tuple[Newsroom, Careline]]:
    """A room, and the running app whose patients see what it publishes."""

    def index(knowledge: Path, folder: Path) -> None:
        content = snapshot_content(load_articles(knowledge / "articles").values())
        vectors = encoder.encode([passage.encoded for passage in content.passages])
        write_snapshot(folder, content, rules(answer=0.0, ask=0.0), encoder, vectors)

    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "careline.db").write_bytes(migrated_file())
    settings = settings_for(tmp_path, messages_per_minute=100_000)

    def built(knowledge: Path) -> str:
        return ReleaseFiles(tmp_path / "releases", knowledge).build(index)

    knowledge = small_content(tmp_path / "knowledge")
    mark(knowledge / ARTICLE, TITLES[ARTICLE])
    mark(knowledge / FLAGS, TITLES[FLAGS])
    files = ReleaseFiles(tmp_path / "releases", knowledge)
    files.publish(index)
    releases = ContentReleases(files.load_newest(encoder), lambda release_id: files.load(release_id, encoder))
    dialogue = scripted()
    careline = build(settings, dialogue, content=Content(releases, files, encoder), now=clock)
    dialogue.actions = careline.turns
    room = newsroom(careline.database, tmp_path, clock, built=built, in_force=careline.release_watch.look)
    room.room.folder.import_from(TERMINAL, knowledge)
    assert room.room.publishing.adopt()
    yield room, careline
    careline.database.close()


def mark(path: Path, title: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert title in text
    text = text.replace(title, f"{title} release number 0")
    if path.suffix == ".md":
        text = re.sub(r"\n## (.+)\n", r"\n## \1\n\nThis is release number 0.\n", text)
    path.write_text(text, encoding="utf-8")


def numbers_in(release: ContentRelease) -> set[str]:
    """The numbers that rules, index and texts of a release bear."""
    assert release.guidance is not None
    found = release.guidance.search("what helps earache", SearchFilter(today=START.date()))
    assert found.verdict == "answer"
    assert found.release == release.id
    page = release.guidance.article("ear_pain", today=START.date(), signed_only=False)
    assert page is not None
    said = [release.book.red_flags[FLAG].flag.title, page.title, *(hit.title + hit.text for hit in found.hits)]
    return {number for text in said for number in MARK.findall(text)}


def test_fifty_releases_under_load_and_none_is_mixed_and_a_consultation_keeps_its_own(news):
    room, careline = news
    is_over = threading.Event()
    seen: set[str] = set()

    def search() -> int:
        done = 0
        while not is_over.is_set():
            numbers = numbers_in(careline.releases.newest)
            assert len(numbers) == 1, f"text, rules and index of several releases: {numbers}"
            seen.update(numbers)
            done += 1
        return done

    with client_for(careline) as client, ThreadPoolExecutor(4) as threads:
        under_way = Patient(client)
        under_way.agree()
        began_with = under_way.read("summary")["versions"]["content"]

        def talk() -> int:
            done = 0
            while not is_over.is_set():
                patient = Patient(client)
                patient.agree()
                own = patient.read("summary")["versions"]["content"]
                assert patient.write("I have a cough")["messages"]
                assert patient.read("summary")["versions"]["content"] == own
                assert under_way.read("summary")["versions"]["content"] == began_with
                done += 1
            return done

        running = [threads.submit(work) for work in (search, search, talk)]
        try:
            for number in range(1, SWAPS + 1):
                publish(room, number)
                assert numbers_in(careline.releases.newest) == {str(number)}, "served once it is published"
        finally:
            is_over.set()
        searches, more, turns = (one.result() for one in running)
        assert under_way.write("my lips are blue")["messages"][0]["kind"] == "emergency"
        assert under_way.read("summary")["versions"]["content"] == began_with
    assert searches + more > SWAPS
    assert turns > 5
    assert len(seen) > SWAPS // 4
    assert len(careline.releases._loaded) <= 5, "memory does not grow with each release"


def publish(room: Newsroom, number: int) -> None:
    for path in (ARTICLE, FLAGS):
        room.sign(room.edit(path, f"release number {number - 1}", f"release number {number}"))
    assert room.room.publishing.publish(ADMIN, [ARTICLE, FLAGS]) is not None
