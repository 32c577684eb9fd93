"""Whoever looks after review dates is killed (kill -9) while mails go out: each is told, and repeats have the same id.

What holds: each recipient is told at least once. A death between the moment at which the mail server has a mail and the
moment at which that is written down costs one repeat of that one mail, under the same Message-ID; no other death does.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from careline.editorial.expiry import Expiry
from careline.editorial.review_mails import ReviewMails
from careline.staff.services import build_staff
from tests.support.editorial import ARTICLE, FLAGS, OVERDUE, PROTOCOL, Newsroom
from tests.support.house import Clock
from tests.support.killable_reviews import BY_THE_SERVER, POINTS
from tests.support.mail_server import EDITORS, LEAD, MailServer, post_by, running_mail_server

pytestmark = pytest.mark.slow

IT_HAD_ARRIVED = {"sent", BY_THE_SERVER}
LEASE_MINUTES = 11  # and a little more: then the dead process's attempt counts as over


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture
def killed(news: Newsroom, server: MailServer, tmp_path: Path) -> Callable[..., None]:
    """Looks at the review dates in a process of its own, which dies at a point."""

    def look(point: str, *, minutes: int = 0) -> None:
        command = [sys.executable, "-m", "tests.support.killable_reviews", str(tmp_path), str(server.port), point]
        process = subprocess.Popen([*command, str(minutes)])
        if point == BY_THE_SERVER:
            server.on_mail = process.kill
        assert process.wait(timeout=120) == -signal.SIGKILL
        server.on_mail = lambda: None

    return look


@pytest.fixture
def look(news: Newsroom, server: MailServer, tmp_path: Path, clock: Clock) -> Callable[..., None]:
    """Looks at the review dates after a restart, so many minutes later."""

    def look(*, minutes: int) -> None:
        clock.now = OVERDUE
        clock.pass_by(minutes=minutes)
        audit = build_staff(news.database, tmp_path, clock).audit
        Expiry(news.database, audit, ReviewMails(news.database, post_by(server.port, tmp_path), clock), clock).act()

    return look


def counts(server: MailServer) -> Counter[str]:
    return Counter(address for recipients, _ in server.mails for address in recipients)


@pytest.mark.parametrize("point", [*POINTS, BY_THE_SERVER])
def test_whoever_is_killed_tells_everybody_and_repeats_at_most_the_one_mail_that_was_on_its_way(
    server: MailServer, killed: Callable[..., None], look: Callable[..., None], point: str
) -> None:
    killed(point)
    assert len(server.mails) == (point in IT_HAD_ARRIVED)
    for minutes in (1, LEASE_MINUTES, 60, 24 * 60, 48 * 60):
        look(minutes=minutes)
    assert sorted(counts(server).values()) == ([1, 2] if point in IT_HAD_ARRIVED else [1, 1])
    for address in (EDITORS, LEAD):
        assert len({mail["Message-ID"] for mail in server.to(address)}) == 1, "a repeat can be known by its id"
        assert len({mail.get_content() for mail in server.to(address)}) == 1
    assert all(path in server.to(EDITORS)[0].get_content() for path in (ARTICLE, FLAGS, PROTOCOL))
    assert FLAGS in server.to(LEAD)[0].get_content()


def test_killed_again_and_again_each_death_costs_one_repeat_and_nothing_is_lost(
    server: MailServer, killed: Callable[..., None], look: Callable[..., None]
) -> None:
    deaths = 3
    for number in range(deaths):
        killed(BY_THE_SERVER, minutes=number * LEASE_MINUTES)
    look(minutes=deaths * LEASE_MINUTES)
    look(minutes=24 * 60)
    assert set(counts(server)) == {EDITORS, LEAD}
    assert len(server.mails) == 2 + deaths
    assert len({mail["Message-ID"] for _, mail in server.mails}) == 2


def test_while_the_dead_processs_attempt_may_still_be_under_way_it_is_not_repeated(
    server: MailServer, killed: Callable[..., None], look: Callable[..., None]
) -> None:
    killed("sent")
    look(minutes=9)
    assert sorted(counts(server).values()) == [1, 1]
