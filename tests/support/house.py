"""A whole Careline in one process, on a real database, with the repository's own content."""

from __future__ import annotations

import datetime as dt
import functools
import tempfile
from pathlib import Path
from typing import Any, Protocol

from fastapi.testclient import TestClient

from careline.app.content_releases import Content
from careline.app.migrations import migrate
from careline.app.services import Careline, build, open_database
from careline.app.web import create_app
from careline.clinical.rulebook import RuleBook, signed_protocols_only
from careline.clinical.understanding.lexicon import Lexicon
from careline.consultation.release import ContentRelease, ContentReleases
from careline.consultation.release_files import ReleaseFiles
from careline.guidance.article import Article
from careline.guidance.article_files import load_articles
from careline.guidance.search import Guidance
from careline.settings import Settings
from tests.support.dialogue import ScriptedDialogueEngine, plain_intentions
from tests.support.real_knowledge import real_book, real_lexicon

KNOWLEDGE = Path("knowledge")
START = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)


def rule_book() -> RuleBook:
    """The repository's rule book, loaded once for all tests of a process."""
    return real_book()


@functools.cache
def articles() -> dict[str, Article]:
    """The repository's articles, loaded once."""
    return load_articles(KNOWLEDGE / "articles")


def lexicon() -> Lexicon:
    """Its lexicon, built once."""
    return real_lexicon()


class Clock:
    """A clock that tests move."""

    def __init__(self, now: dt.datetime = START) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += dt.timedelta(**time)


def settings_for(folder: Path, **more: Any) -> Settings:
    """Settings of an installation in `folder`; nothing of the environment's."""
    given: dict[str, Any] = {"data_dir": folder / "var", "operator": "Test Clinic", "messages_per_minute": 1000} | more
    given.setdefault("conversations_per_hour", 1000)
    return Settings(_env_file=None, **given)


def content_for(folder: Path, guidance: Guidance | None = None, *, signed_only: bool = False) -> Content:
    """The repository's content; with the guidance that a test brings."""
    book = signed_protocols_only(rule_book()) if signed_only else rule_book()
    release = ContentRelease("testrelease", book, lexicon(), guidance)
    releases = ContentReleases(release, lambda _release_id: None)
    return Content(releases, ReleaseFiles(folder / "var" / "releases", KNOWLEDGE), None)


@functools.cache
def migrated_file() -> bytes:
    """An empty SQLite database at the newest step, made by the real migrations once per process."""
    with tempfile.TemporaryDirectory() as folder:
        database, _ = open_database(settings_for(Path(folder)))
        migrate(database)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        return (Path(folder) / "var" / "careline.db").read_bytes()


def furnished(
    folder: Path,
    dialogue: ScriptedDialogueEngine,
    *,
    clock: Clock | None = None,
    guidance: Guidance | None = None,
    **settings: Any,
) -> Careline:
    """All services on a migrated database in `folder`."""
    (folder / "var").mkdir(parents=True, exist_ok=True)
    given = settings_for(folder, **settings)
    content = content_for(folder, guidance, signed_only=given.signed_content_only)
    database = given.data_dir / "careline.db"
    if given.database_url is None and not database.exists():
        database.write_bytes(migrated_file())
    careline = build(given, dialogue, content=content, now=clock or Clock())
    if given.database_url is not None:
        migrate(careline.database)
    dialogue.actions = careline.turns
    return careline


class HttpClient(Protocol):
    """What `Patient` needs of a client: httpx's, or the test client of the web framework."""

    def get(self, url: str, *, headers: Any = ..., params: Any = ...) -> Any: ...

    def post(self, url: str, *, headers: Any = ..., json: Any = ...) -> Any: ...


class Patient:
    """A patient at the HTTP API: keeps the token, answers what is asked, remembers what was said."""

    def __init__(self, client: HttpClient, **opening: Any) -> None:
        self.client = client
        opened = client.post("/api/v1/conversations", json=opening)
        assert opened.status_code == 201, opened.text
        self.opened: dict[str, Any] = opened.json()
        self.id: str = self.opened["conversation_id"]
        self.headers = {"Authorization": f"Bearer {self.opened['token']}"}
        self.turn: dict[str, Any] = {**self.opened, "expects": self.opened["messages"][-1]["id"]}

    @property
    def path(self) -> str:
        return f"/api/v1/conversations/{self.id}"

    def post(self, body: dict[str, Any], **headers: str) -> Any:
        return self.client.post(f"{self.path}/messages", json=body, headers={**self.headers, **headers})

    def write(self, text: str, **headers: str) -> dict[str, Any]:
        return self._took(self.post({"text": text}, **headers))

    def press(self, value: Any, *, reply_to: int | None = None) -> dict[str, Any]:
        return self._took(self.post({"reply_to": reply_to or self.turn["expects"], "value": value}))

    def agree(self) -> dict[str, Any]:
        return self.press("agree")

    def read(self, what: str, **parameters: Any) -> Any:
        answer = self.client.get(f"{self.path}/{what}", headers=self.headers, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def question(self) -> dict[str, Any]:
        """The message that is waited for an answer to."""
        return next(m for m in reversed(self.read("messages")["messages"]) if m["id"] == self.turn["expects"])

    def answer_all(self, answers: dict[str, Any], *, most: int = 40) -> dict[str, Any]:
        """Answer by buttons until triage ends: what is not listed gets the reassuring answer."""
        for _ in range(most):
            if self.turn["final"] or self.turn["state"] == "closed":
                return self.turn
            question = self.question
            question_id = question["data"]["question_id"]
            if question_id == "complaint":
                self.write(answers["complaint"])
            else:
                self.press(answers.get(question_id, reassuring(question_id)))
        raise AssertionError(f"no end after {most} questions")

    def _took(self, answer: Any) -> dict[str, Any]:
        assert answer.status_code == 200, answer.text
        self.turn = answer.json()
        return self.turn


@functools.cache
def _questions() -> dict[str, Any]:
    book = rule_book()
    everywhere = (*book.intake.questions, *(q for p in book.protocols.values() for q in p.questions))
    return {compiled.question.id: compiled.question for compiled in everywhere}


def reassuring(question_id: str) -> Any:
    """The answer that worries least."""
    question = _questions()[question_id]
    if question.input == "yes_no":
        return "no" if question.worrying == "yes" else "yes"
    if question.input in ("multi", "text"):
        return "none"
    if question.input == "single":
        return min(question.options, key=lambda option: len(option.present)).value
    return "unsure"


def client_for(careline: Careline) -> TestClient:
    """A client in process; enter it, so that the app starts and stops."""
    return TestClient(create_app(careline), client=("127.0.0.1", 50000))


def scripted() -> ScriptedDialogueEngine:
    """A dialogue engine that understands a few plain words."""
    return ScriptedDialogueEngine(plain_intentions)
