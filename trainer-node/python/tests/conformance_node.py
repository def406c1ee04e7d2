"""A node that trains what ``rung conformance`` asks for: see docs/protocol.md, "Check a node".

python conformance_node.py SERVER NAME DATA SLOTS [ISOLATION]
"""

from __future__ import annotations

import math
import sys
import time

import rung


@rung.trainer("conformance")
def train(trial: rung.Trial) -> None:
    """loss = x / step, total = 1 + 2 + ... + step, which a checkpoint keeps."""
    total = 0 if trial.resume_path is None else int(trial.resume_path.read_text())
    for step in trial.steps():
        time.sleep(trial.config.get("step_millis", 0) / 1_000)
        if step == trial.config.get("fail_at"):
            raise RuntimeError(f"failed as told at step {step}")
        total += step
        trial.log(f"step {step}")
        if trial.checkpoint_due(step):
            with trial.checkpoint() as path:
                path.write_text(str(total))
        loss = math.nan if step == trial.config.get("nan_at") else trial.params.x / step
        trial.report(step, loss=loss, total=total)


if __name__ == "__main__":
    server, name, data, slots, *isolation = sys.argv[1:]
    outcome = rung.run_node(
        train,
        server=server,
        name=name,
        data_folder=data,
        slots=int(slots),
        isolation=isolation[0] if isolation else "thread",
    )
    sys.exit(outcome.exit_code)
