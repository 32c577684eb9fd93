"""An outbox with a worker that tests drive: real channels from a real file, a clock of their own."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from careline.clinical.acuity import Acuity
from careline.escalation.delivery.channels import build_channels
from careline.escalation.delivery.configuration import load_delivery_file
from careline.escalation.delivery.health import OutboxHealth, outbox_health
from careline.escalation.delivery.notice import Notice
from careline.escalation.delivery.record import Delivery, list_deliveries
from careline.escalation.delivery.worker import DeliveryWorker
from careline.escalation.escalation import EscalationRequest, Reason
from careline.escalation.opening import escalate
from careline.escalation.tables import EscalationRow
from careline.storage.database import Database

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LINK = "https://console.test/console/cases/{id}"
LOOPBACK = "private_networks: [127.0.0.0/8]\n"


class InMemoryNotices:
    """Keeps what patients were told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Notice]] = []
        self.woken: list[str] = []
        self.fails = False

    def write(
        self, session: Session, conversation_id: str, notice: Notice, *, escalation_id: str, now: dt.datetime
    ) -> bool:
        if self.fails:
            raise RuntimeError("no words")
        self.told.append((conversation_id, notice))
        return True

    def wake(self, conversation_id: str) -> None:
        self.woken.append(conversation_id)

    @property
    def notices(self) -> list[Notice]:
        return [notice for _, notice in self.told]


def webhook_file(*urls: str, more: str = "", **keys: Any) -> str:
    """A delivery file with webhooks `hook`, `hook2`, … in one ladder, all at once."""
    names = ["hook", *(f"hook{number}" for number in range(2, len(urls) + 1))]
    extra = "".join(f", {key}: {str(value).lower()}" for key, value in keys.items())
    channels = "".join(
        f"  {name}: {{type: webhook, url: '{url}', plain_http: true, secret: hook{extra}}}\n"
        for name, url in zip(names, urls, strict=True)
    )
    steps = "".join(f"      - {{after_minutes: 0, channel: {name}}}\n" for name in names)
    return (
        f"channels:\n{channels}ladders:\n  default:\n    tell_patient_after_minutes: 10\n    steps:\n{steps}"
        f"{LOOPBACK}{textwrap.dedent(more)}"
    )


class Outbox:
    """A database with escalations, and the worker that tells of them."""

    def __init__(self, database: Database, folder: Path, clock: Callable[[], dt.datetime], text: str) -> None:
        self.database = database
        self.clock = clock
        self.notices = InMemoryNotices()
        self.path = folder / "delivery.yml"
        self.path.write_text(text, encoding="utf-8")
        self.secrets = {"hook": [SECRET], "mail": ["a-password"], "chat": ["12345:a-token"]}

    @contextmanager
    def worker(self, **given: Any) -> Iterator[DeliveryWorker]:
        content = load_delivery_file(self.path)
        yield DeliveryWorker(
            self.database,
            content,
            build_channels(content, self.secrets),
            self.notices,
            link=LINK,
            now=self.clock,
            chance=random.Random(7),
            **given,
        )

    def run(self, **given: Any) -> int:
        """Send all that is due now, with a worker of its own, as after a restart; return how many attempts."""

        async def run() -> int:
            with self.worker(**given) as worker:
                try:
                    return await worker.run_once()
                finally:
                    await worker.aclose()

        return asyncio.run(run())

    def escalate(self, conversation_id: str | None = "con_1", **more: Any) -> str:
        given: dict[str, Any] = {"reason": Reason.RED_FLAG, "acuity": Acuity.ED_NOW} | more
        with self.database.write() as session:
            request = EscalationRequest(conversation_id=conversation_id, **given)
            return escalate(session, request, now=self.clock()).escalation.id

    def set_state(self, escalation_id: str, state: str) -> None:
        """As a clinician's acknowledging, claiming or closing does."""
        with self.database.write() as session:
            session.query(EscalationRow).filter_by(id=escalation_id).one().state = state

    @property
    def deliveries(self) -> list[Delivery]:
        with self.database.read() as session:
            return list_deliveries(session)[::-1]

    @property
    def states(self) -> list[tuple[str, str]]:
        return [(one.channel, one.state) for one in self.deliveries]

    @property
    def health(self) -> OutboxHealth:
        with self.database.read() as session:
            return outbox_health(session, now=self.clock())


Open = Callable[[str], Outbox]  # opens an outbox with a file of channels
