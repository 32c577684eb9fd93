"""The editors' console with people at it: a small content in the database, and a browser for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from fastapi.testclient import TestClient

from careline.app.services import Careline
from careline.editorial.item import Revision
from careline.editorial.life_cycle import TERMINAL, Actor
from careline.guidance.search import Guidance
from tests.support.console import ConsoleBrowser, signed_in_browser
from tests.support.editorial import ARTICLE, newsroom, small_content
from tests.support.house import Clock, client_for, furnished, scripted
from tests.support.staff import Person, person

PEOPLE = {
    "eddie": ("Eddie Example", ("editor",)),
    "otto": ("Otto Example", ("editor",)),
    "doctor": ("Dr Example", ("clinician",)),
    "both": ("Dr Both", ("clinician", "editor")),
    "ada": ("Ada Example", ("admin",)),
}
LIST = "/console/content"


@dataclass
class Desk:
    """A Careline whose content is edited in the database, and the people of `PEOPLE` signed in to it."""

    careline: Careline
    clock: Clock
    people: dict[str, Person]
    browsers: dict[str, ConsoleBrowser]

    def of(self, name: str) -> ConsoleBrowser:
        """The browser of one of them."""
        return self.browsers[name]

    def actor(self, name: str) -> Actor:
        """One of them as who takes steps."""
        return Actor.of(self.people[name].account)

    def newest(self, path: str) -> Revision:
        """The revision that work goes on from."""
        item = self.careline.editorial.editing.item(path)
        return item.revision(item.newest)

    def edit(self, path: str, old: str, new: str, *, by: str = "eddie") -> Revision:
        """Save a text in which some words are others."""
        newest = self.newest(path)
        assert old in newest.text
        text = newest.text.replace(old, new)
        return self.careline.editorial.editing.save(self.actor(by), path, text, base=newest.number)

    def copy(self, name: str, *, by: str = "eddie") -> str:
        """Write a new article like the one about earache; return its path."""
        text = (
            self.newest(ARTICLE).text.replace("id: ear_pain", f"id: {name}").replace("title: Earache", f"title: {name}")
        )
        path = f"articles/{name}.md"
        self.careline.editorial.editing.save(self.actor(by), path, text, base=None)
        return path

    def open(self, who: str, path: str) -> ConsoleBrowser:
        """Somebody's browser with an item's page open."""
        browser = self.of(who)
        browser.open(f"{LIST}/item?path={path}")
        return browser

    def step(self, who: str, path: str, step: str, **fields: object) -> ConsoleBrowser:
        """Send one of the forms of an item's page."""
        browser = self.open(who, path)
        newest = self.newest(path)
        sent = {"path": path, "number": newest.number} | ({"read": newest.text_hash} if step == "sign" else {})
        browser.send(f"{LIST}/{step}", **(sent | fields))
        return browser

    def submit(self, path: str, *, by: str = "eddie") -> Revision:
        """Ask for the review of the newest text."""
        self.careline.editorial.editing.submit(self.actor(by), path, self.newest(path).number)
        return self.newest(path)

    def sign(self, path: str, *, by: str = "doctor") -> Revision:
        """Have the newest text signed."""
        newest = self.newest(path)
        self.careline.editorial.editing.sign(self.actor(by), path, newest.number, read=newest.text_hash)
        return self.newest(path)


def take_in(careline: Careline, folder: Path) -> None:
    """Have a small content edited in the database."""
    careline.editorial.folder.import_from(TERMINAL, small_content(folder / "small"))


@contextmanager
def asked_careline(folder: Path, *, guidance: Guidance | None = None, takes_in: bool = True) -> Iterator[TestClient]:
    """A Careline whom patients ask and clinicians judge; the client has it as `careline`, and its `clock`."""
    clock = Clock()
    careline = furnished(folder, scripted(), clock=clock, country="GB", guidance=guidance)
    if takes_in:
        take_in(careline, folder)
    with client_for(careline) as client:
        client.careline, client.clock = careline, clock  # type: ignore[attr-defined]
        yield client
    careline.database.close()


def editor_of(client: TestClient) -> ConsoleBrowser:
    """The browser of an editor at such a Careline."""
    careline, clock = client.careline, client.clock  # type: ignore[attr-defined]
    return signed_in_browser(client, person(careline.staff, clock, "editor", user_name="eddie"))


@contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    """A desk in process; what is published there is checked and built in this process too, and so at once."""
    clock = Clock()
    furniture = furnished(folder, scripted(), clock=clock)
    news = newsroom(furniture.database, folder / "news", clock)
    news.room.folder.import_from(TERMINAL, news.knowledge)
    careline = replace(furniture, editorial=news.room)
    with client_for(careline) as client:
        people = {
            user: person(careline.staff, clock, *roles, user_name=user, name=name)
            for user, (name, roles) in PEOPLE.items()
        }
        yield Desk(careline, clock, people, {user: signed_in_browser(client, one) for user, one in people.items()})
    careline.database.close()
