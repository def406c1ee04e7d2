"""Generates rung.v1, the messages of the protocol, when a wheel is built.

The source of the messages is ``proto/src/main/protobuf`` of the repository; a source distribution
carries a copy of it as ``protobuf``. Only the messages are generated: rpcs are called by their
names, which needs no code.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Generated code refuses every runtime that is older than its generator or two major versions newer.
# Nothing in these files needs that: they hold a descriptor and hand it to the runtime. Without the
# check one wheel serves all versions that the tests were run with.
VERSION_CHECK = re.compile(
    r"^from google\.protobuf import runtime_version as _runtime_version\n"
    r"|^_runtime_version\.ValidateProtobufRuntimeVersion\(\n(?:    .*\n)*\)\n",
    re.MULTILINE,
)


class ProtocolHook(BuildHookInterface[Any]):
    """Adds the messages to a wheel, and their source to a source distribution."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Says what is to be included beside the package's own files."""
        protos = self._protos()
        if self.target_name == "sdist":
            build_data["force_include"][str(protos)] = "protobuf"
            return
        self._folder = tempfile.TemporaryDirectory()
        generated = Path(self._folder.name)
        if version == "editable":
            generated = Path(self.root) / "src"
        generate(protos, generated)
        if version != "editable":
            build_data["force_include"][str(generated / "rung" / "v1")] = "rung/v1"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Deletes what was generated."""
        if self.target_name != "sdist":
            self._folder.cleanup()

    def _protos(self) -> Path:
        root = Path(self.root)
        places = [root / "protobuf", root.parents[1] / "proto" / "src" / "main" / "protobuf"]
        for place in places:
            if (place / "rung" / "v1" / "trainer.proto").is_file():
                return place
        raise FileNotFoundError(f"expected the protocol's files in one of {places}")


def generate(protos: Path, target: Path) -> None:
    """Writes modules and type stubs of every file below ``protos`` to ``target``.

    Raises RuntimeError where the compiler does not take a file; it has said why by then.
    """
    import grpc_tools
    from grpc_tools import protoc

    files = sorted(str(file) for file in (protos / "rung" / "v1").glob("*.proto"))
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    arguments = [
        "protoc",
        f"--proto_path={protos}",
        f"--proto_path={well_known}",
        f"--python_out={target}",
        f"--pyi_out={target}",
        *files,
    ]
    if protoc.main(arguments) != 0:
        raise RuntimeError(f"expected protoc to take {files}, but it failed")
    package = target / "rung" / "v1"
    for module in package.glob("*_pb2.py"):
        module.write_text(VERSION_CHECK.sub("", module.read_text()))
    (package / "__init__.py").write_text('"""The messages of the protocol, generated."""\n')


if __name__ == "__main__":
    generate(Path(sys.argv[1]), Path(sys.argv[2]))
