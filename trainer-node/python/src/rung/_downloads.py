"""Files that a server sends."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def whole(target: str | os.PathLike[str]) -> Iterator[Path]:
    """A path to write a file or a folder to, which is put at the target once it is whole.

    Raises FileExistsError where something is there already.
    """
    path = Path(target)
    if path.exists():
        raise FileExistsError(f"expected a path where nothing is, but there is {path}")
    with tempfile.TemporaryDirectory(prefix=".rung-", dir=path.parent) as beside:
        part = Path(beside) / "part"
        yield part
        os.rename(part, path)
