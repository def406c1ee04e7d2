"""What the adapters to training libraries have in common."""

from __future__ import annotations

import importlib
from typing import Any


def library(module: str, name: str) -> Any:
    """A training library, which is imported only where it is used.

    Raises ImportError in words where it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as e:
        raise ImportError(f"expected {name} to be installed, but: {e}", name=module) from e
