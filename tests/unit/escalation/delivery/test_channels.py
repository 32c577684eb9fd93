"""Mail and chat: real servers on loopback; level, time and link arrive, and no word of a patient."""

import asyncio
import datetime as dt
import email
import email.policy
import json
import socket
import ssl
import subprocess
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from careline.clinical.acuity import Acuity
from careline.escalation.delivery.channel import Letter
from careline.escalation.delivery.configuration import MailSettings, TelegramSettings
from careline.escalation.delivery.mail import MailChannel
from careline.escalation.delivery.occasion import Occasion
from careline.escalation.delivery.telegram_chat import TelegramChannel
from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys
from tests.support.house import migrated_file
from tests.support.outbox import Outbox
from tests.support.receivers import running_receiver

pytestmark = pytest.mark.slow  # real receivers on real sockets

AT = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
FACTS = {"acuity": "emergency_now", "deadline_at": "2026-11-21T09:01:00Z", "red_flags": ["rf_chest"]}
LETTER = Letter("msg_1", Occasion.OPENED, AT, FACTS, "https://console.test/console/cases/esc_1")
OK = json.dumps({"ok": True, "result": {"message_id": 1, "date": 1, "chat": {"id": -100, "type": "group"}}}).encode()


def send(channel):
    async def run():
        try:
            return await channel.send(LETTER, now=AT)
        finally:
            await channel.aclose()

    return asyncio.run(run())


class Mailbox:
    """Keeps the mails that a server took."""

    def __init__(self):
        self.mails = []
        self.refuse = None

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if self.refuse is not None and self.refuse in address:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((mail, session.ssl is not None, session.authenticated))
        return "250 OK"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of its own for localhost, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    subprocess.run(
        [*command.split(), "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True
    )
    return folder


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def serve(mailbox, certificate):
    """Starts a mail server with the mailbox; returns its port."""
    started = []

    def start(*, tls=False, password=None):
        given: Any = {}
        if tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
            given = {"tls_context": context, "require_starttls": True}
        if password is not None:

            def authenticate(_server, _session, _envelope, _mechanism, data):
                return AuthResult(success=data.password == password.encode(), handled=False)

            given |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": True}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = Controller(mailbox, hostname="127.0.0.1", port=port, ready_timeout=60, **given)
        server.start()
        started.append(server)
        return port

    yield start
    for server in started:
        server.stop()


class TestMail:
    def settings(self, port, **more):
        given = {"host": "localhost", "port": port, "sender": "careline@clinic.test", "to": ("duty@clinic.test",)}
        return MailSettings(**given | {"security": "none"} | more)

    def test_it_says_level_time_and_link(self, serve, mailbox):
        assert send(MailChannel("mail", self.settings(serve()), None)).error is None
        ((mail, _, _),) = mailbox.mails
        assert mail["Subject"] == "A patient needs a clinician: EMERGENCY NOW"
        assert mail["Message-ID"] == "<msg_1@clinic.test>"
        assert mail.get_content().splitlines() == [
            "A patient needs a clinician: EMERGENCY NOW",
            "Since 2026-11-21 09:00 UTC.",
            "Somebody should look by 2026-11-21 09:01 UTC.",
            "Acknowledge it here, else the next one is called:",
            "https://console.test/console/cases/esc_1",
        ]

    def test_with_starttls_the_password_and_the_mail_go_encrypted(self, serve, mailbox, certificate):
        port = serve(tls=True, password="a-password")
        settings = self.settings(port, security="starttls", user="careline", ca_file=str(certificate / "cert.pem"))
        assert send(MailChannel("mail", settings, "a-password")).error is None
        assert mailbox.mails[0][1:] == (True, True)

    def test_a_wrong_password_is_a_failure_with_its_code(self, serve, mailbox, certificate):
        port = serve(tls=True, password="a-password")
        settings = self.settings(port, security="starttls", user="careline", ca_file=str(certificate / "cert.pem"))
        assert send(MailChannel("mail", settings, "another")).error == "smtp_535"
        assert mailbox.mails == []

    def test_a_server_without_encryption_is_not_trusted_with_it(self, serve, mailbox):
        assert send(MailChannel("mail", self.settings(serve(), security="starttls"), None)).error == (
            "SMTPNotSupportedError"
        )
        assert mailbox.mails == []

    def test_a_certificate_that_nobody_vouches_for_is_refused(self, serve, mailbox):
        settings = self.settings(serve(tls=True), security="starttls")
        assert send(MailChannel("mail", settings, None)).error == "SSLCertVerificationError"
        assert mailbox.mails == []

    def test_where_all_addresses_are_refused_it_failed_and_where_some_are_it_went(self, serve, mailbox):
        mailbox.refuse = "duty@"
        port = serve()
        assert send(MailChannel("mail", self.settings(port), None)).error == "recipients_refused"
        both = self.settings(port, to=("duty@clinic.test", "second@clinic.test"))
        assert send(MailChannel("mail", both, None)).error is None

    def test_a_server_that_is_not_there_is_a_failure(self):
        with running_receiver() as gone:
            port = gone.port
        assert send(MailChannel("mail", self.settings(port), None)).error == "no_connection"


class TestTelegram:
    def settings(self, receiver, **more):
        return TelegramSettings(chat_id=-100, base_url=f"http://127.0.0.1:{receiver.port}/bot", **more)

    def test_the_note_reaches_the_chat(self):
        with running_receiver(answer=OK, headers={"content-type": "application/json"}) as api:
            assert send(TelegramChannel("chat", self.settings(api), "12345:a-token")).error is None
            (one,) = api.received
        assert one.path == "/bot12345:a-token/sendMessage"
        assert b"EMERGENCY" in one.body
        assert b"esc_1" in one.body

    @pytest.mark.parametrize(
        ("status", "answer", "error"),
        [
            (403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was kicked"}, "Forbidden"),
            (401, {"ok": False, "error_code": 401, "description": "Unauthorized"}, "InvalidToken"),
            (500, {"ok": False, "error_code": 500, "description": "oh"}, "NetworkError"),
            (
                429,
                {"ok": False, "error_code": 429, "description": "Too Many", "parameters": {"retry_after": 30}},
                "RetryAfter",
            ),
        ],
    )
    def test_a_failure_is_named_by_its_kind_alone(self, status, answer, error):
        with running_receiver(status=status, answer=json.dumps(answer).encode()) as api:
            outcome = send(TelegramChannel("chat", self.settings(api), "12345:a-token"))
        assert outcome.error == error
        assert outcome.not_before_seconds == (30 if error == "RetryAfter" else 0)


FILE = """
channels:
  mail: {{type: email, host: localhost, port: {mail}, security: none, sender: careline@c.test, to: [duty@c.test]}}
  chat: {{type: telegram, chat_id: -100, base_url: 'http://127.0.0.1:{chat}/bot'}}
ladders:
  default:
    steps: [{{after_minutes: 0, channel: chat}}, {{after_minutes: 5, channel: mail}}]
    tell_patient_after_minutes: 10
"""


def test_no_word_of_the_patient_goes_out_on_any_channel(serve, mailbox, tmp_path, clock):
    (tmp_path / "careline.db").write_bytes(migrated_file())
    database = Database(f"sqlite:///{tmp_path / 'careline.db'}", load_or_make_keys(tmp_path / "keys.json")[0])
    with running_receiver(answer=OK, headers={"content-type": "application/json"}) as api:
        outbox = Outbox(database, tmp_path, clock, FILE.format(mail=serve(), chat=api.port))
        outbox.escalate(acuity=Acuity.EMERGENCY_NOW, note="my budgerigar Quillfeather bit me")
        outbox.run()
        clock.pass_by(minutes=5)
        outbox.run()
        chat = b"".join(one.body for one in api.received)
    assert outbox.states == [("chat", "sent"), ("mail", "sent")]
    assert b"Quillfeather" not in chat + mailbox.mails[0][0].as_bytes()
    database.close()


def test_a_person_is_spared_what_was_acknowledged_before_it_could_be_sent(tmp_path, clock):
    (tmp_path / "careline.db").write_bytes(migrated_file())
    database = Database(f"sqlite:///{tmp_path / 'careline.db'}", load_or_make_keys(tmp_path / "keys.json")[0])
    with running_receiver(status=500, answer=b"{}") as api:
        outbox = Outbox(database, tmp_path, clock, FILE.format(mail=1, chat=api.port))
        escalation_id = outbox.escalate()
        outbox.run()
        outbox.set_state(escalation_id, "acknowledged")
        clock.pass_by(minutes=5)
        outbox.run()
        assert outbox.states == [("chat", "withdrawn"), ("mail", "withdrawn")]
        assert len(api.received) == 1
    database.close()
