"""The program ``rung-trainer``: runs a function as a trainer node."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from rung._node.settings import TrainFunction
from rung.errors import FolderInUseError
from rung.node import run_node

_DEFAULT_SERVER = "127.0.0.1:7350"

_USAGE = 2
_FAILED = 1

_EPILOG = """\
Exit codes: 0 ended as asked, 1 failed, 2 wrong usage, 5 a newer node of the
same name took over, 75 no contact with the server for longer than it lets nodes
train on: start it again.
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rung-trainer",
        description="Trains trials for a Rung server with functions of yours.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "functions",
        nargs="+",
        metavar="MODULE:FUNCTION",
        help="a function that takes a trial; @rung.trainer(KIND) says of what kind it is, else its"
        " own name does",
    )
    add(
        "--server",
        default=os.environ.get("RUNG_SERVER", _DEFAULT_SERVER),
        metavar="HOST:PORT",
        help=f"default $RUNG_SERVER, else {_DEFAULT_SERVER}; it is dialled again for ever",
    )
    add("--ca", metavar="FILE", help="who vouches for the server; default $RUNG_CA")
    add("--cert", metavar="FILE", help="certificate of the node; default $RUNG_CERT")
    add("--cert-key", metavar="FILE", help="its key; default $RUNG_CERT_KEY")
    add("--token-file", metavar="FILE", help="the token to show; default the one in $RUNG_TOKEN")
    add("--name", help="of the node; default the host's name and 6 digits")
    add("--pool", default="", help="the pool of nodes that are alike")
    add(
        "--label",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what distinguishes its slots, for instance gpu=a100; may be given several times",
    )
    add("--slot-price", type=float, default=0.0, metavar="N", help="money a slot costs an hour")
    add(
        "--slots",
        type=int,
        metavar="N",
        help="trials at the same time; default the number of --gpus, or 1",
    )
    add("--data", metavar="DIR", help="what nodes keep, each below its name")
    add(
        "--checkpoints",
        default="",
        metavar="URL",
        help="where it keeps checkpoints: s3://BUCKET/PREFIX, file:///SHARED/FOLDER, or"
        " node:/FOLDER of its own;"
        " default where the server says",
    )
    add(
        "--drain-deadline",
        type=float,
        default=20.0,
        metavar="S",
        help="seconds to the next checkpoint when it is told to end; default 20",
    )
    add(
        "--isolation",
        choices=["thread", "process"],
        default="thread",
        help="process: one a trial, so that a crash ends only that; default thread",
    )
    add(
        "--gpus",
        metavar="auto|0,1,..",
        help="with --isolation process: each trial sees GPUs of its own, one a slot, as nvidia-smi"
        " counts them; the labels gpu and gpu_memory_gb say what they are, unless given",
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the program; exits with its code."""
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    parser = _parser()
    given = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
    )
    try:
        functions = [_function(name) for name in given.functions]
        labels = dict(_pair(text) for text in given.label)
        return run_node(
            functions,
            server=given.server,
            slots=given.slots,
            name=given.name,
            pool=given.pool,
            labels=labels,
            slot_hour_price=given.slot_price,
            data_folder=given.data,
            checkpoints=given.checkpoints,
            drain_deadline=given.drain_deadline,
            ca=given.ca,
            certificate=given.cert,
            key=given.cert_key,
            token_file=given.token_file,
            isolation=given.isolation,
            gpus=given.gpus,
        ).exit_code
    except ValueError as e:
        parser.print_usage(sys.stderr)
        print(f"rung-trainer: {e}", file=sys.stderr)
        return _USAGE
    except OSError as e:
        hint = "; --data names another folder" if isinstance(e, FolderInUseError) else ""
        print(f"rung-trainer: {e}{hint}", file=sys.stderr)
        return _FAILED


def _function(name: str) -> TrainFunction:
    """A function by its name. Raises ValueError where there is none."""
    module, _, path = name.partition(":")
    if not module or not path:
        raise ValueError(f"expected MODULE:FUNCTION, got '{name}'")
    # As python -m does, which a program that is installed elsewhere does not.
    if "" not in sys.path and os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        found: Any = importlib.import_module(module)
    except ImportError as e:
        raise ValueError(f"expected a module '{module}' with a trainer, but: {e}") from e
    for part in path.split("."):
        if not hasattr(found, part):
            raise ValueError(f"expected a function '{path}' in module '{module}', but it has none")
        found = getattr(found, part)
    if not callable(found):
        raise ValueError(f"expected '{name}' to be a function, but it is {found!r}")
    function: TrainFunction = found
    return function


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals or not value:
        raise ValueError(f"expected NAME=VALUE after --label, got '{text}'")
    return name, value


if __name__ == "__main__":
    main()
