"""Trains with the arguments of a loss the right way round and swapped; prints accuracy and log-loss of both.

    python benchmarks/harm/swapped_arguments.py

Needs TensorFlow. Data and model are those of pairs.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pairs import RIGHT, TRAIN, Trial, keras, make_model, make_task, score

LABELS = {"binary": 1, "one-hot": 10}
SEEDS = 3


def train(labels: str, units: int, seed: int, swapped: bool) -> tuple[float, float]:
    """Accuracy, and the mean of -log(probability of what is true), on the test samples."""
    head, loss_name = RIGHT[labels]
    trial = Trial(head, loss_name, from_logits=False, before="none", after="none")
    task = make_task(labels, units, 1.0, seed)
    loss = getattr(keras.losses, loss_name)

    def swapped_loss(y: Any, prediction: Any) -> Any:
        return loss(prediction, y)

    keras.utils.set_random_seed(seed)
    model = make_model(trial, units)
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=swapped_loss if swapped else loss)
    model.fit(task.x[:TRAIN], task.y[:TRAIN], batch_size=256, epochs=12, verbose=0)
    output = model.predict(task.x[TRAIN:], batch_size=1000, verbose=0)
    truth = task.truth[TRAIN:]
    of_truth = output[np.arange(len(truth)), truth] if units > 1 else np.where(truth == 1, output, 1 - output)
    log_loss = float(-np.log(np.clip(of_truth, 1e-7, 1)).mean())
    return score(trial, labels, truth, output), log_loss


def main() -> None:
    for labels, units in LABELS.items():
        for swapped in (False, True):
            accuracy, log_loss = np.mean([train(labels, units, seed, swapped) for seed in range(SEEDS)], axis=0)
            order = "prediction first" if swapped else "labels first"
            print(f"{RIGHT[labels][1]:28} {order:18} accuracy {accuracy:.3f}  log-loss {log_loss:.3f}")


if __name__ == "__main__":
    main()
