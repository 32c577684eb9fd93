"""Where a webhook may go: no address of the inside is reached, however it is written, and none is even knocked at."""

import asyncio
import contextlib
import datetime as dt
import ipaddress
import socket

import httpx
import pytest

from careline.escalation.delivery.addresses import is_allowed
from careline.escalation.delivery.channel import Letter, Outcome
from careline.escalation.delivery.configuration import WebhookSettings
from careline.escalation.delivery.occasion import Occasion
from careline.escalation.delivery.webhook import WebhookChannel
from tests.support.outbox import SECRET
from tests.support.receivers import running_receiver

pytestmark = pytest.mark.slow  # takes long

FORBIDDEN = """
    127.0.0.1 127.0.0.2 127.1.2.3 127.255.255.254 0.0.0.0 0.1.2.3
    10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 192.168.255.255
    100.64.0.1 100.127.255.255 169.254.0.1 169.254.169.254 169.254.170.2 100.100.100.200 192.0.0.192 168.63.129.16
    192.0.0.1 192.0.2.1 198.51.100.1 203.0.113.1 198.18.0.1 198.19.255.255
    224.0.0.1 224.0.0.251 239.255.255.250 240.0.0.1 250.1.2.3 255.255.255.255
    :: ::1 ::2 ::127.0.0.1 ::7f00:1 ::10.0.0.1 ::8.8.8.8
    ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 ::ffff:192.168.0.1 ::ffff:169.254.169.254 ::ffff:0.0.0.0
    ::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::169.254.169.254 64:ff9b::192.168.1.1
    64:ff9b:1::127.0.0.1 64:ff9b:1::8.8.8.8 64:ff9b:1::a9fe:a9fe
    2002:7f00:1:: 2002:7f00:0001::1 2002:a00:1:: 2002:c0a8:1:: 2002:a9fe:a9fe::
    2001:0:7f00:1:: 2001:0:4136:e378:8000:63bf:80ff:fffe 2001::1 2001:db8::1 2001:db8:ffff::1 2001:10::1
    fc00::1 fd00::1 fdff:ffff::1 fd00:ec2::254 fd20:ce::254 fe80::1 fe80::a9fe:a9fe febf::1 fec0::1 feff::1
    ff01::1 ff02::1 ff02::fb ff05::2 ff0e::1 100::1 100::ffff
""".split()

# As somebody would write them into an address to get past a check of the text.
SPELLINGS = """
    2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001 127.1 127.0.1 0 0x0 0.0 127.0.0.1. localhost
    localhost. LOCALHOST 2852039166 0xa9fea9fe 0xA9.0xFE.0xA9.0xFE 0251.0376.0251.0376 169.16689662 3232235521
    0300.0250.0.1 192.168.1 10.1 167772161 0x0a000001 012.0.0.1 127。0。0。1 ①②⑦.⓪.⓪.①
""".split()

PUBLIC = "8.8.8.8 1.1.1.1 93.184.216.34 2606:4700:4700::1111 2a00:1450:4001::1 64:ff9b::8.8.8.8 2002:808:808::".split()

LETTER = Letter("msg_1", Occasion.OPENED, dt.datetime(2026, 11, 21, tzinfo=dt.UTC), {"acuity": "ed_now"}, "https://x")


def sent(url, *, networks=(), resolve=None, plain_http=True):
    async def send():
        settings = WebhookSettings(url=url, plain_http=plain_http)
        given = {} if resolve is None else {"resolve": resolve}
        channel = WebhookChannel("hook", settings, [SECRET], [ipaddress.ip_network(one) for one in networks], **given)
        try:
            return await channel.send(LETTER, now=LETTER.at)
        finally:
            await channel.aclose()

    return asyncio.run(send())


@pytest.fixture(scope="module")
def listening():
    """A receiver on loopback; nothing may knock at it."""
    with running_receiver() as receiver:
        yield receiver


@pytest.fixture
def knocks(listening, monkeypatch):
    """Every connection that this process tries to make."""
    made = []
    connect = socket.socket.connect

    def watched(self, address):
        made.append(address)
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", watched)
    return made


def test_there_are_more_than_a_hundred_cases():
    assert len(FORBIDDEN) + len(SPELLINGS) >= 100
    assert len(set(FORBIDDEN)) == len(FORBIDDEN)


@pytest.mark.parametrize("text", FORBIDDEN)
def test_an_address_of_the_inside_is_not_allowed(text):
    assert not is_allowed(ipaddress.ip_address(text), ())


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_one_is(text):
    assert is_allowed(ipaddress.ip_address(text), ())


@pytest.mark.parametrize("text", FORBIDDEN)
def test_nothing_is_sent_to_it_whatever_name_leads_there(listening, text):
    before = len(listening.received)
    outcome = sent(f"http://hook.example:{listening.port}/", resolve=lambda _host, _port: [text])
    assert outcome == Outcome("forbidden_address")
    assert len(listening.received) == before


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_it_gets_through(listening, host):
    before = len(listening.received)
    with contextlib.suppress(httpx.InvalidURL):  # refused as an address already: then nothing can be sent to it
        assert sent(f"http://{host}:{listening.port}/").error in ("forbidden_address", "name_unknown")
    assert len(listening.received) == before


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "2130706433"])
def test_no_port_is_even_knocked_at(listening, knocks, host):
    assert sent(f"http://{host}:{listening.port}/").error == "forbidden_address"
    assert [address for address in knocks if isinstance(address, tuple) and address[1] == listening.port] == []


def test_one_forbidden_address_among_several_is_enough(listening):
    found = ["8.8.8.8", "127.0.0.1"]
    assert sent(f"http://hook.example:{listening.port}/", resolve=lambda _h, _p: found).error == "forbidden_address"


def test_a_name_that_changes_its_meaning_is_asked_once_and_the_judged_address_is_the_one_used(listening):
    """DNS rebinding: the second answer leads inside, and nobody asks for it."""
    asked = []

    def rebinding(_host, _port):
        asked.append(None)
        return ["192.0.2.1" if len(asked) > 1 else "127.0.0.1"]

    before = len(listening.received)
    outcome = sent(f"http://hook.example:{listening.port}/a", networks=["127.0.0.1/32"], resolve=rebinding)
    assert (outcome.error, len(asked)) == (None, 1)
    assert len(listening.received) == before + 1
    assert listening.received[-1].headers["host"] == f"hook.example:{listening.port}"


def test_a_redirect_into_the_inside_is_not_followed(listening):
    before = len(listening.received)
    with running_receiver(status=302, headers={"location": listening.url}) as outside:
        outcome = sent(outside.url, networks=["127.0.0.0/8"])
    assert outcome.error == "http_302"
    assert len(listening.received) == before


def test_a_network_that_the_operator_allows_is_reached_and_others_still_not(listening):
    assert sent(listening.url, networks=["127.0.0.0/8"]).error is None
    assert sent(listening.url, networks=["10.0.0.0/8"]).error == "forbidden_address"


@pytest.mark.parametrize("text", ["169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254", "168.63.129.16"])
def test_no_setting_opens_the_addresses_at_which_cloud_machines_give_credentials(text):
    everything = [ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")]
    assert not is_allowed(ipaddress.ip_address(text), everything)


def test_a_certificate_has_to_bear_the_name_not_the_address(listening):
    """An address that was judged is reached under the name of the webhook: a plain server fails the handshake."""
    url = f"https://hook.example:{listening.port}/"
    assert sent(url, networks=["127.0.0.0/8"], resolve=lambda _h, _p: ["127.0.0.1"]).error == "no_connection"
