from __future__ import annotations

from collections.abc import Iterator

import pytest
from fake_server import Fixture
from rung_server import RungServer, class_path, java

import rung


@pytest.fixture
def nodes() -> Iterator[Fixture]:
    fixture = Fixture()
    yield fixture
    fixture.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RungServer]:
    """The real one, of all tests."""
    classes = class_path()
    if classes is None or java() is None:
        pytest.skip("no server to test with: expected a build, as ./rung --help makes one")
    started = RungServer(classes, tmp_path_factory.mktemp("server"))
    yield started
    started.close()


@pytest.fixture
def client(server: RungServer) -> Iterator[rung.Client]:
    with rung.Client(server.address) as opened:
        yield opened


@pytest.fixture(autouse=True)
def no_node_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that fails leaves no node that would train for the next one."""
    if "server" not in request.fixturenames:
        yield
        return
    real: RungServer = request.getfixturevalue("server")
    before = real.started()
    yield
    real.kill_from(before)
