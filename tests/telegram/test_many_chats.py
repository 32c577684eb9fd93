"""Many chats at once: nobody waits until others have said all they want to say."""

import time

import pytest

from careline.channels.telegram.tables import TelegramUpdateRow
from tests.support.bot_api import running_bot_api
from tests.telegram.conftest import serving

pytestmark = pytest.mark.slow

TALKATIVE, EACH = 10, 12  # more chats than are handled at once
GIVE_UP_SECONDS = 120


def test_an_emergency_does_not_wait_until_others_have_written_all_they_want(tmp_path):
    with running_bot_api() as api, serving(tmp_path, api) as bot:
        others = [bot.patient() for _ in range(TALKATIVE)]
        for patient in others:
            patient.post(text="/start")
        late = bot.patient()
        late.post(text="I have crushing chest pain and it goes into my left arm")
        for number in range(1, EACH):
            for patient in others:
                patient.post(text=f"my hair feels odd {number}")

        def is_told():
            return any(text.startswith("<b>EMERGENCY") for text in api.texts(late.chat))

        give_up = time.monotonic() + GIVE_UP_SECONDS
        while not is_told() and done(bot) <= TALKATIVE * EACH / 2 and time.monotonic() < give_up:
            time.sleep(0.05)
        assert is_told()
        assert done(bot) <= TALKATIVE * EACH / 2


def done(bot):
    with bot.careline.database.read() as session:
        return session.query(TelegramUpdateRow).filter_by(state="done").count()
