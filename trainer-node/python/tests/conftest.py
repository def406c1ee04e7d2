from __future__ import annotations

from collections.abc import Iterator

import pytest
from fake_server import Fixture


@pytest.fixture
def nodes() -> Iterator[Fixture]:
    fixture = Fixture()
    yield fixture
    fixture.close()
