from __future__ import annotations

import os
import signal
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from rung._node import log_file
from rung._node.folder import NodeFolder
from rung._node.log_file import LogFile
from rung.errors import FolderInUseError
from rung.v1 import attempt_pb2

NAME = attempt_pb2.AttemptRef(trial="study/7", attempt=2)


def point(step: int) -> attempt_pb2.Entry:
    return attempt_pb2.Entry(point=attempt_pb2.Point(step=step, metrics={"loss": 1 / step}))


def written(path: Path, count: int) -> bytes:
    log = LogFile(path, NAME, 1 << 20)
    for step in range(1, count + 1):
        log.append(point(step).SerializeToString())
    log.close()
    return path.read_bytes()


def steps(path: Path) -> list[int]:
    content = log_file.read(path)
    assert content is not None
    first, last = content.entries.acked + 1, content.entries.last
    return [content.entries.get(seq)[0].point.step for seq in range(first, last + 1)]


def test_writes_the_format_that_it_names(tmp_path: Path) -> None:
    data = written(tmp_path / "a.log", 0)
    body = b"\x01" + NAME.SerializeToString()
    assert data == len(body).to_bytes(4, "big") + zlib.crc32(body).to_bytes(4, "big") + body


def test_loses_only_the_last_record_when_it_is_cut_at_any_byte(tmp_path: Path) -> None:
    data = written(tmp_path / "whole.log", 3)
    ends = [len(written(tmp_path / f"{n}.log", n)) for n in range(4)]
    for cut in range(len(data) + 1):
        file = tmp_path / "cut.log"
        file.write_bytes(data[:cut])
        whole = sum(end <= cut for end in ends)
        content = log_file.read(file)
        if whole == 0:
            assert content is None
        else:
            assert steps(file) == list(range(1, whole))


def test_reads_a_prefix_and_nothing_wrong_when_any_byte_is_another(tmp_path: Path) -> None:
    data = written(tmp_path / "whole.log", 3)
    file = tmp_path / "damaged.log"
    for at in range(len(data)):
        file.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        if log_file.read(file) is not None:
            found = steps(file)
            assert found == list(range(1, len(found) + 1))
            assert len(found) < 3


def test_does_not_read_again_what_is_noted_as_acknowledged(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.log", NAME, 1 << 20)
    for step in range(1, 200):
        log.append(point(step).SerializeToString())
        log.ack(step)
    log.close()
    found = steps(tmp_path / "a.log")
    assert found[-1] == 199
    assert len(found) <= 65


def test_stays_small_when_everything_is_acknowledged(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.log", NAME, 1_000)
    for step in range(1, 1_000):
        log.append(point(step).SerializeToString())
        log.ack(step - 2)
    log.close()
    assert (tmp_path / "a.log").stat().st_size < 5_000
    assert steps(tmp_path / "a.log")[-1] == 999
    assert [file.name for file in tmp_path.iterdir()] == ["a.log"]


def test_goes_on_without_a_gap_when_a_write_failed_in_part(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.log", NAME, 1 << 20)
    log.append(point(1).SerializeToString())
    file = log._file

    class Full:
        def tell(self) -> int:
            return file.tell()

        def seek(self, at: int) -> int:
            return file.seek(at)

        def write(self, data: bytes) -> int:
            file.write(data[:5])
            raise OSError(28, "No space left on device")

    log._file = Full()  # type: ignore[assignment]
    with pytest.raises(OSError, match="No space left"):
        log.append(point(2).SerializeToString())
    log._file = file
    log.append(point(3).SerializeToString())
    log.close()
    assert steps(tmp_path / "a.log") == [1, 3]


def test_does_not_take_a_file_that_is_there(tmp_path: Path) -> None:
    written(tmp_path / "a.log", 1)
    with pytest.raises(FileExistsError):
        LogFile(tmp_path / "a.log", NAME, 1 << 20)


def test_refuses_an_entry_that_no_server_takes(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.log", NAME, 1 << 20)
    with pytest.raises(ValueError, match="less than 4194304 bytes"):
        log.append(bytes(5 << 20))
    log.close()


def test_a_folder_belongs_to_one_node_at_a_time(tmp_path: Path) -> None:
    folder = NodeFolder(tmp_path)
    with pytest.raises(FolderInUseError):
        NodeFolder(tmp_path)
    folder.close()
    NodeFolder(tmp_path).close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="expected a system that forks")
def test_a_folder_is_free_when_its_node_is_gone_and_what_that_forked_is_not(
    tmp_path: Path,
) -> None:
    # A node that forks a process which holds on for longer than itself, as loaders of data do.
    node = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from rung._node.folder import NodeFolder\n"
        "folder = NodeFolder(Path(sys.argv[1]))\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    time.sleep(60)\n"
        "print(child, flush=True)\n"
        "os.close(1)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", node, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        try:
            with pytest.raises(FolderInUseError):
                NodeFolder(tmp_path)
            process.kill()
            process.wait()
            NodeFolder(tmp_path).close()
        finally:
            os.kill(child, signal.SIGKILL)


def test_incarnations_count_up_when_the_clock_goes_back(tmp_path: Path) -> None:
    folder = NodeFolder(tmp_path)
    assert [folder.next_incarnation(now) for now in (100, 50, 300)] == [100, 101, 300]
    (tmp_path / "incarnation").write_text("nonsense")
    assert folder.next_incarnation(400) == 400
    folder.close()


def test_a_folder_of_another_format_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "format").write_text("rung-trainer-1\n")
    with pytest.raises(OSError, match="found 'rung-trainer-1'"):
        NodeFolder(tmp_path)
    assert (tmp_path / "format").read_text() == "rung-trainer-1\n"


def test_a_folder_never_leaves_itself_whatever_a_trial_is_called(tmp_path: Path) -> None:
    folder = NodeFolder(tmp_path / "node")
    log = folder.create(attempt_pb2.AttemptRef(trial="../../x", attempt=1))
    assert log.path.parent == (tmp_path / "node" / "attempts").resolve()
    log.close()
    found = folder.left_over()
    assert [one.content.attempt.trial for one in found] == ["../../x"]
    folder.close()


def test_has_every_confirmed_entry_when_its_process_is_killed(tmp_path: Path) -> None:
    writer = (
        "import sys\n"
        "from pathlib import Path\n"
        "from rung._node.log_file import LogFile\n"
        "from rung.v1 import attempt_pb2\n"
        "name = attempt_pb2.AttemptRef(trial='study/7', attempt=2)\n"
        "log = LogFile(Path(sys.argv[1]), name, 1 << 20)\n"
        "for step in range(1, 1_000_000):\n"
        "    entry = attempt_pb2.Entry(point=attempt_pb2.Point(step=step))\n"
        "    log.append(entry.SerializeToString())\n"
        "    print(step, flush=True)\n"
    )
    for confirmed in (1, 7, 300):
        file = tmp_path / f"{confirmed}.log"
        with subprocess.Popen(
            [sys.executable, "-c", writer, str(file)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for _ in range(confirmed):
                last = int(process.stdout.readline())
            process.kill()
        found = steps(file)
        assert found == list(range(1, len(found) + 1))
        assert len(found) >= last == confirmed
