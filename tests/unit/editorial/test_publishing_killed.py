"""A publishing that is killed (kill -9) leaves the old release whole, or the new one; never half of one."""

import signal
import subprocess
import sys

import pytest

from careline.editorial.life_cycle import State
from tests.support.editorial import ADMIN, ARTICLE
from tests.support.killable_publishing import POINTS

pytestmark = pytest.mark.slow

OLD, NEW = "id: ear_pain", "id: ear_pain # edited"
WRITTEN_DOWN = {"written down", "in force"}  # the transaction is over: it is the new release that counts


@pytest.fixture
def signed(news):
    """A room in which the article's new text is signed and waits."""
    news.sign(news.edit(ARTICLE, OLD, NEW))
    return news


@pytest.mark.parametrize("point", POINTS)
def test_whoever_dies_while_publishing_leaves_one_whole_release_and_it_can_be_published_again(signed, tmp_path, point):
    news = signed
    old = news.files.newest_id()
    command = [sys.executable, "-m", "tests.support.killable_publishing", str(tmp_path), point]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr

    in_force = news.files.newest_id()
    assert news.files.knowledge_of(in_force) is not None, "what patients see is whole"
    assert (in_force == old) == (point != "in force")
    assert (NEW in news.text(ARTICLE)) == (point == "in force")

    news.room.publishing.recover()
    assert (NEW in news.text(ARTICLE)) == (point in WRITTEN_DOWN)
    expected = State.PUBLISHED if point in WRITTEN_DOWN else State.SIGNED
    assert news.newest(ARTICLE).state is expected, "items and release say the same"

    if point not in WRITTEN_DOWN:
        news.room.publishing.publish(ADMIN, [ARTICLE])
    assert NEW in news.text(ARTICLE)
    assert news.room.publishing.publish(ADMIN) is None
    release = news.files.folder / news.files.newest_id()
    assert (release / "index.txt").read_text() == "built"
