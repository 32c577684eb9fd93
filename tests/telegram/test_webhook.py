"""Updates that Telegram brings: only with the secret token, over several connections, put in order, each once."""

import random
import threading

import httpx
import pytest

from careline.channels.telegram.identity import webhook_secret
from careline.channels.telegram.tables import TelegramChatRow, TelegramUpdateRow
from careline.consultation.tables import MessageRow
from tests.support.bot_api import running_bot_api
from tests.telegram.conftest import serving

pytestmark = pytest.mark.slow

PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture(scope="module")
def hooked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hooked")
    with (
        running_bot_api() as api,
        serving(folder, api, telegram_webhook=True, public_url="https://care.test") as running,
    ):
        yield running


@pytest.fixture
def secret(hooked):
    return webhook_secret(hooked.careline.database.keys)


@pytest.fixture
def door(hooked):
    with httpx.Client(base_url=hooked.url, timeout=20, trust_env=False) as client:
        yield client


def taken(bot):
    """Queued updates, taken out of the server's queue: the test brings them itself."""
    with bot.api.lock:
        updates, bot.api.queue = bot.api.queue, []
    return updates


def test_telegram_is_told_address_and_token_and_nothing_is_fetched(hooked, secret, wait_until):
    wait_until(lambda: hooked.api.of("setWebhook"))
    given = hooked.api.of("setWebhook")[0].given
    assert given["url"] == "https://care.test/telegram/webhook"
    assert given["secret_token"] == secret
    assert hooked.api.of("getUpdates") == []


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: "wrong"}, {HEADER: "x" * 5000}])
def test_without_the_token_nothing_is_taken(hooked, door, headers):
    patient = hooked.patient()
    patient.post(text="I have crushing chest pain")
    answer = door.post(PATH, json=taken(hooked)[0], headers=headers)
    assert answer.status_code == 403
    with hooked.careline.database.read() as session:
        assert all(int(row.address) != patient.chat for row in session.query(TelegramChatRow))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"update_id": "x"}', b"\xff\xfe"])
def test_what_is_no_update_is_refused(door, secret, body):
    assert door.post(PATH, content=body, headers={HEADER: secret}).status_code == 400


def test_when_the_webhook_is_off_there_is_nothing_at_its_address(bot):
    secret = webhook_secret(bot.careline.database.keys)
    answer = httpx.post(f"{bot.url}{PATH}", json={"update_id": 1}, headers={HEADER: secret}, trust_env=False)
    assert answer.status_code == 404


def test_updates_brought_up_to_five_times_and_out_of_order_have_one_effect_each_in_order(hooked, secret, wait_until):
    patients = [hooked.patient() for _ in range(3)]
    for step in range(6):
        for patient in patients:
            patient.post(text=f"m{step} my hair feels odd")
    updates = taken(hooked)
    order = iter(_near_order(updates, random.Random(3)))
    lock = threading.Lock()

    def bring():
        with httpx.Client(base_url=hooked.url, timeout=30, trust_env=False) as client:
            while True:
                with lock:
                    update = next(order, None)
                if update is None:
                    return
                assert client.post(PATH, json=update, headers={HEADER: secret}).status_code == 200

    threads = [threading.Thread(target=bring) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [update["update_id"] for update in updates]

    def all_done():
        with hooked.careline.database.read() as session:
            rows = session.query(TelegramUpdateRow).filter(TelegramUpdateRow.update_id.in_(numbers))
            return [row.state for row in rows] == ["done"] * len(numbers)

    wait_until(all_done)
    with hooked.careline.database.read() as session:
        for chat in session.query(TelegramChatRow):
            if int(chat.address) in [patient.chat for patient in patients]:
                rows = session.query(MessageRow).filter_by(conversation_id=chat.conversation_id, sender="patient")
                assert [row.text[:2] for row in rows.order_by(MessageRow.number)] == [f"m{n}" for n in range(6)]


def _near_order(updates, chance):
    """Each update one to five times, each time out of place by up to as many as there are connections."""
    places = [place for place in range(len(updates)) for _ in range(chance.randint(1, 5))]
    return [updates[place] for _, place in sorted((place + chance.uniform(0, 8), place) for place in places)]
