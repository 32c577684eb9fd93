from collections.abc import Iterator

import pytest

from tests.conversations.rasa_server import RunningRasa, running_rasa


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def rasa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRasa]:
    with running_rasa(tmp_path_factory.mktemp("rasa")) as running:
        yield running
