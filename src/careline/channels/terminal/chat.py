"""A chat in the terminal, over the same HTTP API as every other channel."""

from __future__ import annotations

import secrets
from typing import Any

import httpx
from rich.console import Console
from rich.panel import Panel

_STYLES = {
    "emergency": "bold red",
    "crisis": "bold magenta",
    "error": "yellow",
    "assessment": "green",
    "handoff": "cyan",
}


class TerminalChat:
    """One conversation of a patient at a terminal.

    Numbers choose options ("1", or "1 3" in a checklist); anything else is sent as words.
    """

    def __init__(self, url: str, *, country: str | None = None, console: Console | None = None) -> None:
        """Talk to the app at `url`."""
        self._http = httpx.Client(base_url=f"{url}/api/v1", timeout=15, trust_env=False)
        self._country = country
        self._console = console or Console(highlight=False)
        self._options: list[dict[str, Any]] = []
        self._input = "text"
        self._expects: int | None = None
        self._quick_exit = False

    def run(self) -> int:
        """Talk until the patient leaves; return the exit code."""
        try:
            opened = self._http.post("/conversations", json={"channel": "terminal", "country": self._country})
        except httpx.HTTPError:
            self._console.print("Careline does not answer. Start it with: make run", style="red")
            return 1
        if opened.status_code != httpx.codes.CREATED:
            self._show_problem(opened)
            return 1
        conversation = opened.json()
        self._http.headers["Authorization"] = f"Bearer {conversation['token']}"
        self._show(conversation["messages"], conversation["messages"][-1]["id"])
        self._console.print("(Type your answer, or the number of an option. Ctrl-D leaves.)", style="dim")
        return self._talk(f"/conversations/{conversation['conversation_id']}/messages")

    def _talk(self, path: str) -> int:
        while True:
            try:
                words = self._console.input("[bold]> [/bold]").strip()
            except (EOFError, KeyboardInterrupt):
                self._leave()
                return 0
            if not words:
                continue
            key = secrets.token_hex(16)
            try:
                answer = self._http.post(path, json=self._body(words), headers={"Idempotency-Key": key})
            except httpx.HTTPError:
                self._console.print("No connection. In an emergency call your local emergency number.", style="red")
                continue
            if answer.status_code != httpx.codes.OK:
                self._show_problem(answer)
                continue
            turn = answer.json()
            self._show(turn["messages"], turn["expects"])
            self._offer_quick_exit(offered=turn["quick_exit"])
            if turn["state"] == "closed":
                return 0

    def _offer_quick_exit(self, *, offered: bool) -> None:
        if offered and not self._quick_exit:
            self._console.print("(If someone comes: Ctrl-D leaves at once and clears this screen.)", style="bold")
        self._quick_exit = offered

    def _leave(self) -> None:
        self._console.clear() if self._quick_exit else self._console.print()

    def _body(self, words: str) -> dict[str, Any]:
        chosen = [self._options[int(part) - 1] for part in words.replace(",", " ").split() if self._is_choice(part)]
        if self._expects is None or self._input == "number" or len(chosen) != len(words.replace(",", " ").split()):
            return {"text": words}
        values = [option["value"] for option in chosen]
        return {"reply_to": self._expects, "value": values if self._input == "multi" else values[0]}

    def _is_choice(self, part: str) -> bool:
        return part.isdigit() and 1 <= int(part) <= len(self._options)

    def _show(self, messages: list[dict[str, Any]], expects: int | None) -> None:
        self._options, self._expects, self._input = [], expects, "text"
        for message in messages:
            style = _STYLES.get(message["kind"], "")
            if style:
                self._console.print(Panel(message["text"], border_style=style, title=message["kind"]), markup=False)
            else:
                self._console.print(message["text"], markup=False)
            if message["id"] == expects:
                self._options = message.get("options", [])
                self._input = message.get("data", {}).get("input", {}).get("type", "single")
        for number, option in enumerate(self._options, start=1):
            self._console.print(f"  {number}. {option['title']}", style="bold", markup=False)

    def _show_problem(self, answer: httpx.Response) -> None:
        try:
            problem = answer.json()
        except ValueError:
            problem = {"title": f"Status {answer.status_code}", "detail": ""}
        self._console.print(f"{problem['title']}. {problem.get('detail', '')}", style="yellow", markup=False)
        if "emergency" in problem:
            self._console.print(problem["emergency"]["text"], markup=False)
