"""Checkpoints in a bucket."""

from __future__ import annotations

from pathlib import Path

from rung._checkpoints.store import Content, Stored


class S3Store:
    """A bucket that speaks S3. Not there yet: who names one is told so."""

    def __init__(self, base: str, bucket: str, prefix: str, most_bytes: int) -> None:
        """Raises ValueError, always."""
        raise ValueError(
            f"expected a folder for checkpoints, but {base} is a bucket, which Python nodes do not"
            " reach in this version: give this node --checkpoints with a folder"
        )

    def write(self, place: str, content: Content) -> Stored:
        """As Store.write."""
        raise NotImplementedError

    def fetch(self, stored: Stored, scratch: Path) -> Path:
        """As Store.fetch."""
        raise NotImplementedError

    def delete(self, place: str) -> None:
        """As Store.delete."""
        raise NotImplementedError
