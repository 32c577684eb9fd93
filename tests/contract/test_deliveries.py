"""The outbox on SQLite and on a real PostgreSQL, with real receivers on loopback: what is told, and how."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text
from standardwebhooks import Webhook

from careline.clinical.acuity import Acuity
from careline.escalation.delivery.tables import AttemptRow, DeliveryRow
from careline.escalation.escalation import EscalationRequest, Reason
from careline.escalation.opening import escalate
from tests.support.outbox import SECRET
from tests.support.receivers import running_receiver

pytestmark = pytest.mark.slow  # takes long


class TestWritten:
    def test_with_the_escalation_or_not_at_all(self, outbox):
        def a_turn_that_fails() -> None:
            with outbox.database.write() as session:
                request = EscalationRequest(Reason.RED_FLAG, Acuity.ED_NOW, "con_1")
                escalate(session, request, now=outbox.clock())
                raise RuntimeError("the turn failed")

        with pytest.raises(RuntimeError):
            a_turn_that_fails()
        assert outbox.run() == 0
        assert outbox.deliveries == []

    def test_a_worse_level_and_a_new_red_flag_are_told_and_the_same_again_is_not(self, outbox, receiver):
        outbox.escalate(red_flags=("rf_a",))
        outbox.escalate(red_flags=("rf_a",))
        outbox.escalate(red_flags=("rf_b",))
        outbox.escalate(red_flags=("rf_b",), acuity=Acuity.EMERGENCY_NOW)
        outbox.run()
        told = sorted(one.json["type"] for one in receiver.received)  # sent side by side: no order is promised
        assert told == ["escalation.new_red_flag", "escalation.opened", "escalation.raised"]


class TestSent:
    def test_it_is_signed_and_holds_ids_levels_times_and_a_link_and_no_words(self, outbox, receiver):
        escalation_id = outbox.escalate(red_flags=("rf_a",), note="my budgerigar bit me")
        assert outbox.run() == 1
        (one,) = receiver.received
        assert one.headers["webhook-id"] == outbox.deliveries[0].id
        at = dt.datetime.fromtimestamp(int(one.headers["webhook-timestamp"]), dt.UTC)
        assert at == outbox.clock()
        assert one.headers["webhook-signature"] == Webhook(SECRET).sign(
            one.headers["webhook-id"], at, one.body.decode()
        )
        assert one.json == {
            "type": "escalation.opened",
            "timestamp": "2026-11-21T09:00:00Z",
            "data": {
                "escalation_id": escalation_id,
                "conversation_id": "con_1",
                "reason": "red_flag",
                "acuity": "ed_now",
                "state": "open",
                "red_flags": ["rf_a"],
                "opened_at": "2026-11-21T09:00:00Z",
                "raised_at": None,
                "deadline_at": None,
                "link": f"https://console.test/console/cases/{escalation_id}",
            },
        }
        assert outbox.states == [("hook", "sent")]

    def test_once_taken_it_is_never_sent_again(self, outbox, receiver, clock):
        outbox.escalate()
        outbox.run()
        clock.pass_by(days=4)
        assert outbox.run() == 0
        assert len(receiver.received) == 1

    def test_while_a_secret_is_changed_all_of_them_sign(self, outbox, receiver):
        new = "whsec_bmV3LXNlY3JldC1mb3ItdGhlLXJvdGF0aW9u"
        outbox.secrets["hook"] = [new, SECRET]
        outbox.escalate()
        outbox.run()
        headers, body = receiver.received[0].headers, receiver.received[0].body.decode()
        at = dt.datetime.fromtimestamp(int(headers["webhook-timestamp"]), dt.UTC)
        signatures = [Webhook(one).sign(headers["webhook-id"], at, body) for one in (new, SECRET)]
        assert headers["webhook-signature"].split() == signatures

    @pytest.mark.parametrize("status", [300, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503])
    def test_what_is_not_2xx_is_a_failure_redirects_too(self, outbox, receiver, status):
        with running_receiver() as elsewhere:
            receiver.status, receiver.headers = status, {"location": elsewhere.url}
            outbox.escalate()
            outbox.run()
        assert elsewhere.received == []
        (delivery,) = outbox.deliveries
        assert (delivery.state, delivery.error) == ("retrying", f"http_{status}")

    def test_what_a_receiver_asks_to_wait_is_waited_at_most_an_hour(self, outbox, receiver, clock):
        receiver.status, receiver.headers = 503, {"retry-after": "86400"}
        outbox.escalate()
        outbox.run()
        assert outbox.deliveries[0].next_at == clock() + dt.timedelta(hours=1)


def test_rows_hold_no_address_and_no_secret(outbox, receiver):
    receiver.status = 500
    outbox.escalate()
    outbox.run()
    with outbox.database.read() as session:
        rows = [
            *session.execute(text("SELECT * FROM deliveries")),
            *session.execute(text("SELECT * FROM delivery_attempts")),
        ]
        assert session.query(AttemptRow).count() == 1
        assert session.query(DeliveryRow).count() == 1
    assert "url-secret" not in repr(rows)
    assert "127.0.0.1" not in repr(rows)
