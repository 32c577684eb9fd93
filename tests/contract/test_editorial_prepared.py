"""A release that was prepared is published as it was prepared, or prepared anew: never unchecked.

On SQLite and on a real PostgreSQL.
"""

from __future__ import annotations

import shutil

import pytest

from careline.editorial.errors import ContentRefusedError, OverlappingError, WrongStateError
from tests.support.editorial import ADMIN, ARTICLE, CLINICIAN, NEW, OLD, PROTOCOL, checked, newsroom

pytestmark = pytest.mark.slow  # takes long


@pytest.fixture
def ran():
    """How often the checks ran."""
    return []


@pytest.fixture
def room(news, empty, tmp_path, clock, ran):
    def checks(knowledge):
        ran.append(knowledge)
        return checked(knowledge)

    return newsroom(empty, tmp_path, clock, checks=checks)


def prepared(room, *paths):
    return room.room.publishing.begin_preparing(ADMIN, paths)()


def test_what_was_prepared_and_passed_is_published_without_being_checked_again(room, ran):
    room.sign(room.edit(ARTICLE, OLD, NEW))
    ready = prepared(room, ARTICLE)
    assert (ready.state, [change.path for change in ready.changes]) == ("ready", [ARTICLE])
    assert NEW not in room.text(ARTICLE)
    done = room.room.publishing.publish(ADMIN, [ARTICLE], prepared=ready.checksum)
    assert done is not None
    assert done.release_id == ready.made.release_id
    assert len(ran) == 1
    assert NEW in room.text(ARTICLE)


def test_a_text_that_changed_after_the_preparation_is_not_published_on_its_strength(room, ran):
    room.sign(room.edit(ARTICLE, OLD, NEW))
    ready = prepared(room, ARTICLE)
    room.room.editing.send_back(CLINICIAN, ARTICLE, 2, why="Wait.")
    room.sign(room.edit(ARTICLE, NEW, f"{NEW} again"))
    with pytest.raises(OverlappingError, match="Prepare it again"):
        room.room.publishing.publish(ADMIN, [ARTICLE], prepared=ready.checksum)
    room.room.publishing.publish(ADMIN, [ARTICLE])
    assert len(ran) == 2, "checked anew"
    assert f"{NEW} again" in room.text(ARTICLE)


def test_a_prepared_release_that_is_damaged_on_disk_is_made_anew(room, ran):
    room.sign(room.edit(ARTICLE, OLD, NEW))
    ready = prepared(room, ARTICLE)
    shutil.rmtree(room.files.folder / ready.made.release_id / "knowledge" / "protocols")
    room.room.publishing.publish(ADMIN, [ARTICLE], prepared=ready.checksum)
    assert len(ran) == 2
    assert room.files.knowledge_of(room.files.newest_id()) is not None


def test_what_the_checks_refuse_cannot_be_published_and_says_why(room):
    room.sign(room.edit(PROTOCOL, "title: Cough", "nonsense: 1\ntitle: Cough"))
    refused = prepared(room, PROTOCOL)
    assert refused.state == "refused"
    assert "nonsense" in refused.made.problems[0]
    with pytest.raises(ContentRefusedError, match="nonsense"):
        room.room.publishing.publish(ADMIN, [PROTOCOL], prepared=refused.checksum)


def test_two_are_not_prepared_at_once_and_one_that_died_does_not_stand_in_the_way(room, clock):
    room.sign(room.edit(ARTICLE, OLD, NEW))
    room.room.publishing.begin_preparing(ADMIN, [ARTICLE])  # and whoever should carry it out dies
    with pytest.raises(WrongStateError, match="being prepared already"):
        room.room.publishing.begin_preparing(ADMIN, [ARTICLE])
    clock.pass_by(minutes=6)
    assert room.room.publishing.preparations.newest().state == "broken_off"
    assert prepared(room, ARTICLE).state == "ready"
