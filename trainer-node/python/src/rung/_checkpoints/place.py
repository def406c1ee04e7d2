"""Addresses of checkpoints.

An address is a base, which an operator chose, ``STUDY/TRIAL/ATTEMPT/``, which a server made of
numbers and its own ids, and a file's name, mostly ``STEP.ckpt``. Nothing else is ever written, read
or deleted, so no text of a user reaches a path or a key.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

_ATTEMPT = r"[A-Za-z0-9_-]{1,128}/[0-9]{1,10}/[0-9]{1,10}/"
_PREFIX = re.compile(rf"(.{{1,2048}}/)({_ATTEMPT})")
_PLACE = re.compile(rf"(.{{1,2048}}/)({_ATTEMPT}[A-Za-z0-9_-][A-Za-z0-9._-]{{0,127}})")
_FILE = re.compile(r"file:(?://([A-Za-z0-9._-]{0,128}))?(/(?:[^/?#]+/)*)")
# Buckets have names and not addresses (S3, rules for naming buckets).
_ADDRESS = r"(?!\d+\.\d+\.\d+\.\d+/)"
_S3 = re.compile(
    rf"s3://({_ADDRESS}[a-z0-9][a-z0-9.-]{{1,61}}[a-z0-9])/((?:[A-Za-z0-9._=-]+/){{0,32}})"
)


class Place(NamedTuple):
    """An address: ``base`` ends with a slash, ``key`` is what is below it."""

    base: str
    key: str

    @staticmethod
    def of(text: str) -> Place:
        """The parts of an address. Raises ValueError where it is no checkpoint's."""
        match = _PLACE.fullmatch(text)
        if match is None:
            raise ValueError(
                f"expected a checkpoint at BASE/STUDY/TRIAL/ATTEMPT/STEP.ckpt, but got '{text}'"
            )
        return Place(match.group(1), match.group(2))


def base_of(prefix: str) -> str:
    """The base of an attempt's prefix. Raises ValueError where it is none."""
    match = _PREFIX.fullmatch(prefix)
    if match is None:
        raise ValueError(
            f"expected a place for checkpoints as BASE/STUDY/TRIAL/ATTEMPT/, but got '{prefix}'"
        )
    return match.group(1)


def at(prefix: str, step: int, mark: str = "") -> str:
    """The address of an attempt's checkpoint of a step; ``mark`` keeps it apart from others."""
    return f"{prefix}{step}-{mark}.ckpt" if mark else f"{prefix}{step}.ckpt"


class FileBase(NamedTuple):
    """A base in folders; ``node`` is None where the folder is shared."""

    node: str | None
    folder: Path


class BucketBase(NamedTuple):
    """A base in a bucket; ``prefix`` is empty or ends with a slash."""

    bucket: str
    prefix: str


def parse_base(base: str) -> FileBase | BucketBase:
    """What a base means. Raises ValueError where it names no store."""
    match = _FILE.fullmatch(base)
    if match is not None and _is_plain(base):
        return FileBase(match.group(1) or None, Path(unquote(match.group(2))))
    match = _S3.fullmatch(base)
    if match is not None and _is_plain(base):
        return BucketBase(match.group(1), match.group(2))
    raise ValueError(
        "expected a place for checkpoints as s3://BUCKET/PREFIX/, file:///SHARED/FOLDER/ or"
        f" file://NODE/FOLDER/, but got '{base}'"
    )


def _is_plain(base: str) -> bool:
    """Whether no part of it climbs or says nothing."""
    path = unquote(base.split(":", 1)[1]).lstrip("/")
    return not any(part in (".", "..") for part in path.split("/")) and "\0" not in path


def base_from(text: str, node: str) -> str:
    """The base that an operator's word means.

    ``s3://BUCKET/PREFIX``, ``file:///SHARED/FOLDER``, the path of a shared folder, or
    ``node:/FOLDER`` for a folder of the node's own disk. Raises ValueError where it is none.
    """
    if text.startswith("node:"):
        path = text[len("node:") :]
        if not path.startswith("/"):
            raise ValueError(f"expected an absolute path as node:/FOLDER, got '{text}'")
        text = f"file://{node}{quote(str(Path(path)))}"
    elif text.startswith("/"):
        text = f"file://{quote(str(Path(text)))}"
    base = text if text.endswith("/") else text + "/"
    parse_base(base)
    return base
