"""A trainer that says which GPUs its process saw when it was imported."""

from __future__ import annotations

import os
import time
from pathlib import Path

import rung

VISIBLE = os.environ.get("CUDA_VISIBLE_DEVICES", "")
ORDER = os.environ.get("CUDA_DEVICE_ORDER", "")


def train(trial: rung.Trial) -> None:
    """Reports them, and goes on until a file lets it end."""
    gpus = [float(index) for index in VISIBLE.split(",")]
    trial.report(1, first=gpus[0], last=gpus[-1], by_bus=float(ORDER == "PCI_BUS_ID"))
    while not Path(trial.params.until).exists():
        time.sleep(0.01)
