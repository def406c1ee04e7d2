"""Trains what the conformance kit asks for, as a script that knows nothing of the protocol."""

import json
import os
import sys
import time

with open(os.environ["RUNG_PARAMS_FILE"], encoding="utf-8") as file:
    x = json.load(file)["x"]
with open(os.environ["RUNG_CONFIG_FILE"], encoding="utf-8") as file:
    config = json.load(file)
start, last = int(os.environ["RUNG_START_STEP"]), int(os.environ["RUNG_MAX_RESOURCE"])
total = 0
if "RUNG_RESUME" in os.environ:
    with open(os.environ["RUNG_RESUME"], encoding="utf-8") as file:
        total = int(file.read())

for step in range(start + 1, last + 1):
    time.sleep(config.get("step_millis", 0) / 1000)
    if step == config.get("fail_at"):
        sys.exit("failed as told at step %d" % step)
    total += step
    name = "%d.txt" % step
    with open(os.path.join(os.environ["RUNG_CHECKPOINT_DIR"], name), "w", encoding="utf-8") as file:
        file.write(str(total))
    loss = float("nan") if step == config.get("nan_at") else x / step
    print(json.dumps({"step": step, "loss": loss, "total": total, "checkpoint": name}), flush=True)
