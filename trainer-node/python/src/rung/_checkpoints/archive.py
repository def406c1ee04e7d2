"""Folders as one file.

A checkpoint is a sequence of bytes. Where a trainer gives a folder, they are a POSIX tar archive
whose first member, empty, is called ``.rung-folder``: by it a folder is told from a file that a
trainer wrote itself. Members are sorted and carry neither times nor owners, so the same folder
gives the same bytes.
"""

from __future__ import annotations

import tarfile
from pathlib import Path, PurePosixPath
from typing import BinaryIO

_MARK = ".rung-folder"
_HEAD_BYTES = 512


def write(folder: Path, out: BinaryIO) -> None:
    """Writes a folder's files and folders. Raises ValueError for anything else in it."""
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(_member(_MARK, tarfile.REGTYPE))
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise ValueError(f"expected only files and folders in a checkpoint, but got {path}")
            if path.is_dir():
                archive.addfile(_member(name, tarfile.DIRTYPE))
            else:
                member = _member(name, tarfile.REGTYPE)
                member.size = path.stat().st_size
                with path.open("rb") as content:
                    archive.addfile(member, content)


def _member(name: str, kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = kind
    member.mode = 0o755 if kind == tarfile.DIRTYPE else 0o644
    return member


def is_archive(path: Path) -> bool:
    """Whether a file is a folder that :func:`write` wrote."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    name = head[:100].split(b"\0", 1)[0]
    return len(head) == _HEAD_BYTES and name == _MARK.encode() and head[257:262] == b"ustar"


def extract(archive_file: Path, target: Path) -> None:
    """Makes the folder again below ``target``. Raises ValueError where a member leads outside."""
    with archive_file.open("rb") as file, tarfile.open(fileobj=file, mode="r|") as archive:
        for member in archive:
            if member.name != _MARK:
                _extract(archive, member, target)


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts or not name.parts:
        raise ValueError(f"expected a checkpoint's member to stay inside, but got '{member.name}'")
    path = target.joinpath(*name.parts)
    if member.isdir():
        path.mkdir(parents=True, exist_ok=True)
        return
    content = archive.extractfile(member) if member.isfile() else None
    if content is None:
        raise ValueError(f"expected only files and folders in a checkpoint, got '{member.name}'")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as out:
        for block in iter(lambda: content.read(1 << 20), b""):
            out.write(block)
