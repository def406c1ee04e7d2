"""With moto in place of S3, where boto3 and moto are installed."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rung._checkpoints import s3_store
from rung._checkpoints.node_checkpoints import NodeCheckpoints
from rung._checkpoints.place import parse_base
from rung.errors import CheckpointError, Fault

BASE = "s3://bucket/rung/"
PREFIX = BASE + "study/1/1/"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    moto = pytest.importorskip("moto")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(s3_store, "_clients", [])
    with moto.mock_aws():
        import boto3

        client = boto3.client("s3")
        client.create_bucket(Bucket="bucket")
        yield client


def store(most_bytes: int = 1 << 30) -> NodeCheckpoints:
    return NodeCheckpoints("node-1", BASE, most_bytes)


@pytest.mark.parametrize("size", [0, 1_000, 8 << 20, (20 << 20) + 1])
def test_goes_on_from_what_it_wrote(bucket: Any, tmp_path: Path, size: int) -> None:
    content = (bytes(range(251)) * (size // 251 + 1))[:size]
    (tmp_path / "weights").write_bytes(content)
    stored = store().write(PREFIX, 9, tmp_path / "weights")
    assert (stored.place, stored.bytes) == (PREFIX + "9.ckpt", size)
    assert stored.digest == hashlib.sha256(content).digest()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    assert store().fetch(stored, scratch).read_bytes() == content
    assert store().write(PREFIX, 9, tmp_path / "weights") == stored
    store().drop(stored.place)
    assert "Contents" not in bucket.list_objects_v2(Bucket="bucket")


def test_writes_over_nothing(bucket: Any, tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"weights")
    bucket.put_object(Bucket="bucket", Key="rung/study/1/1/9.ckpt", Body=b"another")
    with pytest.raises(CheckpointError) as error:
        store().write(PREFIX, 9, tmp_path / "weights")
    assert error.value.fault is Fault.TAKEN
    found = bucket.get_object(Bucket="bucket", Key="rung/study/1/1/9.ckpt")
    assert found["Body"].read() == b"another"


def test_says_what_is_wrong(bucket: Any, tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"weights")
    stored = store().write(PREFIX, 9, tmp_path / "weights")
    bucket.put_object(Bucket="bucket", Key="rung/study/1/1/9.ckpt", Body=b"damaged")
    for fault, change in (
        (Fault.DAMAGED, lambda: None),
        (Fault.MISSING, lambda: bucket.delete_object(Bucket="bucket", Key="rung/study/1/1/9.ckpt")),
        (Fault.UNAVAILABLE, lambda: bucket.delete_bucket(Bucket="bucket")),
    ):
        change()
        scratch = tmp_path / fault.name
        scratch.mkdir()
        with pytest.raises(CheckpointError) as error:
            store().fetch(stored, scratch)
        assert error.value.fault is fault


def test_leaves_nothing_behind_when_the_content_breaks_off(bucket: Any, tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(bytes(20 << 20))
    with pytest.raises(OSError, match="at most 18000000 bytes"):
        store(18_000_000).write(PREFIX, 9, tmp_path / "weights")
    assert "Contents" not in bucket.list_objects_v2(Bucket="bucket")
    assert "Uploads" not in bucket.list_multipart_uploads(Bucket="bucket")


def test_says_that_a_bucket_needs_boto3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_store, "_clients", [])
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(ValueError, match=r"pip install 'rung\[s3\]'"):
        store().check(PREFIX)


@pytest.mark.parametrize("base", ["s3://192.168.0.1/", "s3://b/", "s3://bucket", "s3://UP/x/"])
def test_a_bucket_has_a_name(base: str) -> None:
    with pytest.raises(ValueError, match="a place for checkpoints"):
        parse_base(base)
