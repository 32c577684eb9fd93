"""Conversations below the HTTP API, in one event loop."""

import pytest

from tests.support.house import furnished
from tests.support.talk import Talk, with_deadlines


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def furnish(tmp_path, clock):
    """Furnishes a Careline around a dialogue engine, with other deadlines where given."""
    made = []

    def furnish_one(engine, **deadlines):
        house = furnished(tmp_path, engine, clock=clock, country="GB")
        made.append(house)
        return with_deadlines(house, engine, **deadlines) if deadlines else house

    yield furnish_one
    for house in made:
        house.database.close()


@pytest.fixture
def talk(careline):
    """A patient who has just opened a conversation; the scripted dialogue engine is up."""
    return Talk(careline)
