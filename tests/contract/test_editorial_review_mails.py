"""Mails about review dates, to a real mail server: each once, again until it is taken, and the alarm to the lead.

On SQLite and on a real PostgreSQL.
"""

from __future__ import annotations

import datetime as dt

import pytest

from careline.editorial.expiry import Expiry
from careline.editorial.life_cycle import State
from careline.editorial.review_mails import ReviewMails
from careline.escalation.delivery.configuration import load_delivery_file
from careline.escalation.errors import DeliveryFileError
from careline.staff.services import build_staff
from tests.support.editorial import ARTICLE, FLAGS, LAST_DAY, PROTOCOL, states
from tests.support.mail_server import EDITORS, FILE, LEAD, REVIEWS_PAGE, post_by, running_mail_server

pytestmark = pytest.mark.slow  # takes long


@pytest.fixture
def server():
    with running_mail_server() as server:
        yield server


@pytest.fixture
def expiry(news, server, tmp_path, clock):
    """Makes what looks after review dates, as after a restart."""
    post = post_by(server.port, tmp_path)

    def make():
        audit = build_staff(news.database, tmp_path, clock).audit
        return Expiry(news.database, audit, ReviewMails(news.database, post, clock), clock)

    return make


def on(clock, *, days_left):
    clock.now = dt.datetime.combine(LAST_DAY - dt.timedelta(days=days_left), dt.time(9), dt.UTC)


def test_editors_are_warned_60_30_and_7_days_ahead_once_each_also_after_a_restart(expiry, server, clock):
    for days_left in (70, 60, 59, 45, 30, 29, 8, 7, 1, 0):
        on(clock, days_left=days_left)
        expiry().act()
        expiry().act()
    said = [mail["Subject"] for mail in server.to(EDITORS) if FLAGS in mail.get_content()]
    assert [subject.split(" within ")[1] for subject in said] == [
        "60 days (Test Clinic)", "30 days (Test Clinic)", "7 days (Test Clinic)",
    ]  # fmt: skip
    assert server.to(LEAD) == []


def test_many_items_of_one_day_come_in_one_mail(expiry, server, clock):
    on(clock, days_left=60)
    expiry().act()
    first = server.to(EDITORS)[0].get_content()
    assert FLAGS in first
    assert PROTOCOL in first
    assert REVIEWS_PAGE in first


def test_past_its_date_a_red_flag_stays_in_force_and_the_clinical_lead_is_alarmed(expiry, news, server, clock):
    on(clock, days_left=-31)
    expiry().act()
    (alarm,) = server.to(LEAD)
    assert alarm["Subject"].strip().startswith("ALARM: ")
    assert f"{FLAGS}: review by 2027-05-21: IT STAYS IN FORCE" in alarm.get_content()
    assert ARTICLE not in alarm.get_content()
    (to_editors,) = server.to(EDITORS)
    assert f"{ARTICLE}: review by 2027-05-21: patients are shown it no more" in to_editors.get_content()
    in_force = alarm.get_content().count("IT STAYS IN FORCE")
    assert (
        f"ALARM: {in_force} items of content past the review date, and in force; 1 article hidden"
        in (to_editors["Subject"])
    )
    assert f"ALARM: {in_force} items of content past the review date, and in force (Test Clinic)" in alarm["Subject"]
    assert states(news, FLAGS) == [State.PUBLISHED]
    assert states(news, ARTICLE) == [State.EXPIRED]
    assert "rf_blue" in news.text(FLAGS)


def test_what_the_server_does_not_take_is_sent_again_under_the_same_id_until_it_is(expiry, server, clock):
    on(clock, days_left=-1)
    server.refuses = True
    expiry().act()
    assert server.mails == []
    server.refuses = False
    clock.pass_by(minutes=5)
    expiry().act()
    assert len(server.to(LEAD)) == 1
    clock.pass_by(hours=2)
    expiry().act()
    assert len(server.to(LEAD)) == 1


def test_whoever_dies_after_sending_sends_once_more_and_the_id_is_the_same(expiry, server, clock, monkeypatch):
    on(clock, days_left=-1)

    class KilledError(BaseException):
        """The process ends here."""

    def die(*_given):
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(ReviewMails, "_record", die)
        with pytest.raises(KilledError):
            expiry().act()
    assert len(server.mails) == 1
    clock.pass_by(minutes=11)
    expiry().act()
    ids = [mail["Message-ID"] for recipients, mail in server.mails if recipients == server.mails[0][0]]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_a_file_whose_review_mails_go_through_no_mail_server_is_refused(tmp_path, server):
    path = tmp_path / "delivery.yml"
    path.write_text(FILE.replace("PORT", str(server.port)).replace("through: mail", "through: male"))
    with pytest.raises(DeliveryFileError, match=r"reviews\.through: 'male' is no e-mail channel"):
        load_delivery_file(path)
