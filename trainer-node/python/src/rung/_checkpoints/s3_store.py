"""Checkpoints as objects in a bucket of S3, or of anything that speaks it."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from typing import Any, BinaryIO, cast

from rung._checkpoints.place import Place
from rung._checkpoints.store import Content, Digested, Stored, check
from rung.errors import CheckpointError, Fault

# S3 takes 10,000 parts of at least 5 MiB: with this size 78 GiB.
_PART_BYTES = 8 << 20
_FULL = {"XMinioStorageFull", "QuotaExceeded", "XMinioAdminBucketQuotaExceeded"}

_lock = threading.Lock()
_clients: list[Any] = []


class S3Store:
    """A bucket. Credentials, region and endpoint are those of the environment, as boto3 reads it.

    A small checkpoint is one upload; a large one goes in parts, of which one at a time is in
    memory, and nothing of them is to be seen before the last. Both end with If-None-Match, so that
    an attempt that is not valid any more writes over nothing.
    """

    def __init__(self, base: str, bucket: str, prefix: str, most_bytes: int) -> None:
        """``prefix`` of keys is empty or ends with a slash.

        Raises ValueError where boto3 is not installed.
        """
        self._base = base
        self._bucket = bucket
        self._prefix = prefix
        self._most_bytes = most_bytes
        self._client = _client()

    def write(self, place: str, content: Content) -> Stored:
        """Writes a checkpoint. Raises CheckpointError, or what the content raised."""
        upload = _Upload(self._client, self._bucket, self._key(place), place)
        try:
            out = Digested(cast("BinaryIO", upload), self._most_bytes)
            content(cast("BinaryIO", out))
            stored = Stored(place, out.size, out.digest())
            complete = upload.complete()
        finally:
            upload.give_up()
        if not complete:
            self._expect_same(stored)
        return stored

    def fetch(self, stored: Stored, scratch: Path) -> Path:
        """A copy of the checkpoint in ``scratch``, verified. Raises CheckpointError."""
        expected = f"expected to read the checkpoint at {stored.place}"
        copy = scratch / stored.place.rpartition("/")[2]
        try:
            got = self._client.get_object(Bucket=self._bucket, Key=self._key(stored.place))
            with copy.open("xb") as file:
                for block in got["Body"].iter_chunks(1 << 20):
                    file.write(block)
        except _errors() as e:
            raise _fault(e, expected) from e
        check(stored, copy)
        return copy

    def delete(self, place: str) -> None:
        """Deletes a checkpoint; one that is not there is fine. Raises CheckpointError."""
        try:
            self._client.delete_object(Bucket=self._bucket, Key=self._key(place))
        except _errors() as e:
            raise _fault(e, f"expected to delete the checkpoint at {place}") from e

    def _expect_same(self, stored: Stored) -> None:
        """A try whose answer got lost has written it already; anything else there is another's."""
        import tempfile

        with tempfile.TemporaryDirectory(prefix="rung-") as scratch:
            try:
                self.fetch(stored, Path(scratch))
            except CheckpointError as e:
                raise CheckpointError(
                    Fault.TAKEN,
                    f"expected no other checkpoint there, but {stored.place} is one: {e}",
                ) from e

    def _key(self, place: str) -> str:
        parts = Place.of(place)
        if parts.base != self._base:
            raise ValueError(f"expected a checkpoint below {self._base}, but got '{place}'")
        return self._prefix + parts.key


class _Upload:
    """One object on its way into a bucket."""

    def __init__(self, client: Any, bucket: str, key: str, place: str) -> None:
        self._client = client
        self._where = {"Bucket": bucket, "Key": key}
        self._expected = f"expected to write a checkpoint at {place}"
        self._buffer = bytearray()
        self._parts: list[dict[str, Any]] = []
        self._id: str | None = None

    def write(self, data: bytes) -> int:
        self._buffer += data
        while len(self._buffer) > _PART_BYTES:
            self._send_part(bytes(self._buffer[:_PART_BYTES]))
            del self._buffer[:_PART_BYTES]
        return len(data)

    def flush(self) -> None:
        pass

    def _send_part(self, body: bytes) -> None:
        try:
            if self._id is None:
                self._id = self._client.create_multipart_upload(**self._where)["UploadId"]
            number = len(self._parts) + 1
            sent = self._client.upload_part(
                **self._where, UploadId=self._id, PartNumber=number, Body=body
            )
        except _errors() as e:
            raise _fault(e, self._expected) from e
        sums = {name: sent[name] for name in ("ETag", "ChecksumCRC32") if name in sent}
        self._parts.append({"PartNumber": number, **sums})

    def complete(self) -> bool:
        """Makes the object appear, whole; False: there is one already, which stays as it is."""
        try:
            if self._id is None:
                self._client.put_object(**self._where, Body=bytes(self._buffer), IfNoneMatch="*")
            else:
                self._send_part(bytes(self._buffer))
                self._client.complete_multipart_upload(
                    **self._where,
                    UploadId=self._id,
                    IfNoneMatch="*",
                    MultipartUpload={"Parts": self._parts},
                )
                self._id = None
        except _errors() as e:
            if _status(e) == 412:
                return False
            raise _fault(e, self._expected) from e
        return True

    def give_up(self) -> None:
        """Gives up what is not complete."""
        if self._id is not None:
            # Nobody sees the parts; a rule of the bucket's life cycle removes them.
            with contextlib.suppress(*_errors()):
                self._client.abort_multipart_upload(**self._where, UploadId=self._id)
            self._id = None


def _client() -> Any:
    """One for all stores of the process, since it takes a while to make."""
    with _lock:
        if not _clients:
            try:
                import boto3
                from botocore.config import Config
            except ImportError:
                raise ValueError(
                    "expected boto3 for checkpoints in a bucket, but it is not installed:"
                    " pip install 'rung[s3]'"
                ) from None
            own = any(os.environ.get(n) for n in ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"))
            session = boto3.session.Session()
            options: dict[str, Any] = {"connect_timeout": 10, "read_timeout": 60}
            if own:
                # As most other stores need it: buckets in the path, and no newer checksums.
                options["s3"] = {"addressing_style": "path"}
            config = Config(**options)
            if own and hasattr(config, "request_checksum_calculation"):
                config = config.merge(Config(request_checksum_calculation="when_required"))
            region = session.region_name or ("us-east-1" if own else None)
            _clients.append(session.client("s3", config=config, region_name=region))
        return _clients[0]


def _errors() -> tuple[type[Exception], ...]:
    from botocore.exceptions import BotoCoreError, ClientError

    return BotoCoreError, ClientError


def _status(error: Any) -> int:
    response = getattr(error, "response", None) or {}
    return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _fault(error: Any, expected: str) -> CheckpointError:
    response = getattr(error, "response", None) or {}
    code = response.get("Error", {}).get("Code", "")
    status = _status(error)
    fault = Fault.UNAVAILABLE
    # A bucket that is not there says nothing of what was written.
    if status == 404 and code != "NoSuchBucket":
        return CheckpointError(Fault.MISSING, f"{expected}, but there is no object")
    if status in (401, 403):
        fault = Fault.DENIED
    elif status == 412:
        fault = Fault.TAKEN
    elif status == 507 or code in _FULL:
        fault = Fault.NO_SPACE
    return CheckpointError(fault, f"{expected}, but {error}")
