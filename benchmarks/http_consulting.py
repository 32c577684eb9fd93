"""A consultation over the HTTP interface of a running installation: what a patient's client sends and sees."""

from __future__ import annotations

from typing import Any

import httpx

from careline.clinical.acuity import Acuity
from careline.clinical.rulebook import RuleBook
from careline.consultation.rehearsal.conversation import MOST_QUESTIONS, Counted, Outcome, Waiting

_CLOSED = "closed"


class HttpConsultation:
    """One patient's conversation at `/api/v1`."""

    def __init__(self, client: httpx.Client, book: RuleBook, country: str | None = "GB") -> None:
        """Open the conversation.

        Raises:
            httpx.HTTPStatusError: The installation refuses.
        """
        self._client = client
        self._counted = Counted(book)
        self._said: list[str] = []
        self._flags: set[str] = set()
        self._waiting: dict[str, Any] | None = None
        self._is_carded_at_once: bool | None = None
        opened = self._post("/conversations", {"country": country} if country else {})
        self._path = f"/conversations/{opened['conversation_id']}/messages"
        client_headers = {"Authorization": f"Bearer {opened['token']}"}
        self._headers = client_headers
        self._turn: dict[str, Any] = {
            "final": False, "state": opened["state"], "expects": opened["messages"][-1]["id"], "acuity": None,
            "escalation": None,
        }  # fmt: skip
        self._hear(opened["messages"])

    @property
    def waiting(self) -> Waiting | None:
        """What waits for an answer; None when nothing does."""
        if self._waiting is None:
            return None
        data = self._waiting.get("data") or {}
        return Waiting(
            self._waiting["kind"],
            data.get("question_id"),
            tuple(option["value"] for option in self._waiting.get("options", ())),
            tuple(flag["id"] for flag in data.get("red_flags", ())),
        )

    @property
    def is_over(self) -> bool:
        """Whether there is a level, or nothing more to say."""
        return self._turn["final"] or self._turn["state"] == _CLOSED or self._counted.questions > MOST_QUESTIONS

    @property
    def outcome(self) -> Outcome:
        """How it stands."""
        acuity = self._turn["acuity"]
        return Outcome(
            acuity=Acuity(acuity) if acuity and self._turn["final"] else None,
            questions=self._counted.questions,
            red_flags=frozenset(self._flags),
            understood=self._counted.understood,
            transcript=tuple(self._said),
            interview_questions=self._counted.interview_questions,
            items=self._counted.items,
            carded_at_once=bool(self._is_carded_at_once),
            handed_over=self._turn["escalation"] is not None,
        )

    def write(self, text: str) -> None:
        """Send words."""
        self._said.append(f"patient: {text}")
        self._take({"text": text})
        if self._is_carded_at_once is None:
            self._is_carded_at_once = bool(self._turn["acuity"]) and Acuity(self._turn["acuity"]).is_emergency

    def press(self, value: Any) -> None:  # noqa: ANN401 - the contract's `value`
        """Press a button of what waits."""
        self._said.append(f"patient: {value}")
        self._take({"reply_to": self._turn["expects"], "value": value})

    def _take(self, body: dict[str, Any]) -> None:
        self._turn = self._post(self._path, body, self._headers)
        self._hear(self._turn["messages"])

    def _hear(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            self._said.append(f"{message['kind']}: {message['text'].splitlines()[0]}")
            data = message.get("data") or {}
            if message["kind"] in ("emergency", "crisis"):
                self._flags.update(flag["id"] for flag in data.get("red_flags", ()))
            if message["id"] == self._turn["expects"]:
                self._waiting = message
            if message["kind"] == "question" and not self._turn["final"]:
                self._counted.ask(data.get("question_id"))

    def _post(self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> dict[str, Any]:
        answer = self._client.post(f"/api/v1{path}", json=body, headers=headers or {})
        answer.raise_for_status()
        turn: dict[str, Any] = answer.json()
        return turn
