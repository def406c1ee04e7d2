"""Trains a small network of PyTorch on the 1,797 images of digits that scikit-learn ships.

Needs PyTorch and scikit-learn. ``rung-trainer torch_net:train --isolation process`` runs it, where
the server is this machine's; with ``--gpus auto`` each trial has a GPU of its own.
"""

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

import rung
import rung.torch

BATCH = 64


@rung.trainer("torch-net")
def train(trial: rung.Trial) -> None:
    """Trains one assignment, an epoch a step."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    images, digits = load_digits(return_X_y=True)
    parts = train_test_split(images / 16, digits, test_size=0.25, random_state=0, stratify=digits)
    x, x_held_out = (torch.as_tensor(part).float().to(device) for part in parts[:2])
    y, y_held_out = (torch.as_tensor(part).to(device) for part in parts[2:])
    rung.torch.seed(trial)
    hidden = trial.params.hidden
    net = nn.Sequential(
        nn.Linear(64, hidden), nn.ReLU(), nn.Dropout(trial.params.dropout), nn.Linear(hidden, 10)
    ).to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=trial.params.rate, momentum=0.9)
    rates = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, trial.max_resource)

    def epoch(step: int) -> dict[str, float]:
        net.train()
        for rows in torch.randperm(len(x)).split(BATCH):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
        rates.step()
        net.eval()
        with torch.no_grad():
            accuracy = (net(x_held_out).argmax(1) == y_held_out).float().mean()
        return {"loss": loss.item(), "val_accuracy": accuracy.item()}

    rung.torch.fit(trial, epoch, net=net, optimizer=optimizer, rates=rates)
