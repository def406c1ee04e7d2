"""Fits y = a x + b by gradient descent: a training script that knows nothing of Rung.

It takes its hyper-parameters as options, prints a line of JSON an epoch, keeps its state in one
file of a folder, and goes on from such a file.
"""

import argparse
import json
import os
import random
import time

parser = argparse.ArgumentParser()
parser.add_argument("--learning_rate", type=float, required=True)
parser.add_argument("--momentum", type=float, required=True)
parser.add_argument("--epochs", type=int, required=True)
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--folder", required=True, help="where the state is kept")
parser.add_argument("--resume", help="the folder of an earlier run")
parser.add_argument("--seconds", type=float, default=0.0, help="how much longer an epoch takes")
options = parser.parse_args()

random.seed(1)
points = [(x / 50, 3 * x / 50 - 1 + random.gauss(0, 0.1)) for x in range(100)]
train, valid = points[::2], points[1::2]

a, b, velocity_a, velocity_b, done = 0.0, 0.0, 0.0, 0.0, 0
if options.resume:
    with open(os.path.join(options.resume, "state.json"), encoding="utf-8") as file:
        a, b, velocity_a, velocity_b, done = json.load(file)

order = random.Random(options.seed)
for epoch in range(done + 1, options.epochs + 1):
    for x, y in order.sample(train, len(train)):
        error = a * x + b - y
        velocity_a = options.momentum * velocity_a - options.learning_rate * error * x
        velocity_b = options.momentum * velocity_b - options.learning_rate * error
        a, b = a + velocity_a, b + velocity_b
    time.sleep(options.seconds)

    # Whole or not at all, whenever this is killed.
    state = os.path.join(options.folder, "state.json")
    with open(state + ".new", "w", encoding="utf-8") as file:
        json.dump([a, b, velocity_a, velocity_b, epoch], file)
    os.replace(state + ".new", state)

    loss = sum((a * x + b - y) ** 2 for x, y in valid) / len(valid)
    print(json.dumps({"step": epoch, "val_loss": loss}), flush=True)
